//! A message for people to read: one element on a line. The text is not changed otherwise. Nothing is read from it.

use super::{Limits, Text};

/// The document with one element on a line; `None` for what is not XML within the limits.
#[must_use]
pub fn indented(xml: &str) -> Option<String> {
    let text = Text::new(xml.as_bytes(), Limits::METADATA).ok()?;
    text.parse().ok()?;
    Some(lay_out(text.as_str()))
}

/// A text that was parsed before, so that each `<` begins a tag.
fn lay_out(mut rest: &str) -> String {
    let mut out = String::with_capacity(rest.len() + rest.len() / 4);
    let mut depth = 0_usize;
    // Whether the last thing was a start tag or text: what ends an element goes on in the same line then.
    let mut inline = false;
    while let Some(at) = rest.find('<') {
        let (before, tag_on) = rest.split_at(at);
        if !before.trim().is_empty() {
            out.push_str(before);
            inline = true;
        }
        let (tag, after) = tag_on.split_at(length(tag_on));
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
            if !inline {
                line(&mut out, depth);
            }
            inline = false;
        } else {
            line(&mut out, depth);
            inline = !tag.ends_with("/>") && !tag.starts_with("<!") && !tag.starts_with("<?");
            depth += usize::from(inline);
        }
        out.push_str(tag);
        rest = after;
    }
    out.trim_start().to_owned()
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(40)));
}

/// How long the tag, comment, section or instruction is that the text begins with.
fn length(text: &str) -> usize {
    for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if text.starts_with(start) {
            return text.find(end).map_or(text.len(), |at| at + end.len());
        }
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_element_on_a_line() {
        let xml = "<a x='>'><b>text</b><c/><d><e> </e></d><!-- > --></a>";
        let lines = "<a x='>'>\n  <b>text</b>\n  <c/>\n  <d>\n    <e></e>\n  </d>\n  <!-- > -->\n</a>";
        assert_eq!(indented(xml).as_deref(), Some(lines));
        assert_eq!(indented("<!DOCTYPE x><x/>"), None);
        assert_eq!(indented("<a><b></a>"), None);
    }
}
