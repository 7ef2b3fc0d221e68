//! The escapes of canonical XML (C14N 1.0 section 2.3), and which characters XML 1.0 can carry. Nothing else.

/// Appends character data as canonical XML has it.
pub(super) fn text(value: &str, out: &mut String) {
    append(value, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends an attribute's value (between double quotes) as canonical XML has it.
pub(super) fn attribute(value: &str, out: &mut String) {
    append(value, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends the content of a processing instruction as canonical XML has it.
pub(super) fn instruction(value: &str, out: &mut String) {
    append(value, out, |byte| (byte == b'\r').then_some("&#xD;"));
}

/// Copies in runs: nearly all text needs no escape. What is escaped is ASCII, so a byte's place is a character's.
fn append(value: &str, out: &mut String, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = value;
    while let Some((at, replacement)) =
        rest.bytes().enumerate().find_map(|(at, byte)| escape(byte).map(|text| (at, text)))
    {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        out.push_str(replacement);
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The first character that XML 1.0 cannot carry, not even escaped (section 2.2).
pub(super) fn unwritable(value: &str) -> Option<char> {
    value.chars().find(|c| {
        !matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
    })
}
