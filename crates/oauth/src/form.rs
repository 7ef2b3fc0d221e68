//! The `application/x-www-form-urlencoded` text form (RFC 6749 appendix B), read strictly. Never here: what the names
//! mean.

/// The text behind one encoded name or value: `+` is a space, `%XX` a byte of UTF-8. `None` for a broken escape,
/// text that is not UTF-8, or U+0000 (which no database of ours keeps).
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => bytes.push(digit(rest.next()?)? << 4 | digit(rest.next()?)?),
            0 => return None,
            other => bytes.push(other),
        }
    }
    if bytes.contains(&0) {
        return None;
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The encoded form that every decoder reads alike: unreserved characters (RFC 3986 section 2.3) stay, all others
/// become `%XX`, so that neither a space nor `~` depends on the reader's flavour.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Letters, digits, `-`, `.`, `_`, `~`.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// `name=value` pairs joined with `&`, for a query or a request body.
pub(crate) fn write<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The address with the pairs added to its query; the query it already has is kept as it is (RFC 6749 section 3.1.2).
pub(crate) fn append<'a>(address: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{}", write(pairs))
}
