//! Comparing two values: as text with or without regard to case, and in order as numbers, as dates or as text.
//!
//! Case is folded character by character with Unicode's lowercase (both Greek sigmas alike), so that a part of a text
//! folds as it does within the whole. Nothing is trimmed or normalised (NFC) here: that is done where values are kept.

use std::borrow::Cow;
use std::cmp::Ordering;

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// Whether the two are the same text.
pub(crate) fn equal(a: &str, b: &str, case_sensitive: bool) -> bool {
    if case_sensitive {
        a == b
    } else if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        a.chars().flat_map(fold).eq(b.chars().flat_map(fold))
    }
}

/// The text to search in, folded unless case counts.
pub(crate) fn folded(text: &str, case_sensitive: bool) -> Cow<'_, str> {
    if case_sensitive { Cow::Borrowed(text) } else { Cow::Owned(text.chars().flat_map(fold).collect()) }
}

fn fold(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

/// The order of the two: as numbers if both are numbers, else as dates if both are dates, else as text.
pub(crate) fn order(a: &str, b: &str, case_sensitive: bool) -> Ordering {
    if let (Ok(a), Ok(b)) = (a.parse::<i128>(), b.parse::<i128>()) {
        return a.cmp(&b);
    }
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return a.total_cmp(&b);
    }
    if let (Some(a), Some(b)) = (date(a), date(b)) {
        return a.cmp(&b);
    }
    folded(a, case_sensitive).cmp(&folded(b, case_sensitive))
}

/// A finite decimal number; zero has one sign only, so that `-0` equals `0`.
pub(crate) fn number(text: &str) -> Option<f64> {
    // Rust also reads "inf" and "nan", which are words in a directory.
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n + 0.0)
}

/// Nanoseconds since 1970 of an ISO 8601 date (midnight UTC) or an RFC 3339 time.
pub(crate) fn date(text: &str) -> Option<i128> {
    // The shortest is 2024-01-31; this also spares most texts the parser.
    if text.len() < 10 || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    if text.len() == 10 {
        let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        return Some(date.midnight().assume_utc().unix_timestamp_nanos());
    }
    OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_unicode() {
        assert!(equal("ÄRGER", "ärger", false));
        assert!(!equal("ÄRGER", "ärger", true));
        assert!(equal("ΟΔΟΣ", "οδος", false));
        assert!(folded("İstanbul", false).starts_with('i'));
    }

    #[test]
    fn order_by_what_both_are() {
        assert_eq!(order("9", "10", false), Ordering::Less);
        assert_eq!(order("9007199254740993", "9007199254740992", false), Ordering::Greater);
        assert_eq!(order("2.50", "2.5", false), Ordering::Equal);
        assert_eq!(order("-0", "0.0", false), Ordering::Equal);
        assert_eq!(order("2024-01-31", "2024-01-31T00:00:00+01:00", false), Ordering::Greater);
        assert_eq!(order("inf", "9", false), Ordering::Greater, "a word");
        assert_eq!(order("Beta", "alpha", false), Ordering::Greater);
        assert_eq!(order("Beta", "alpha", true), Ordering::Less);
    }

    #[test]
    fn dates() {
        assert_eq!(date("1970-01-02"), Some(86_400_000_000_000));
        assert_eq!(date("1970-01-01T00:00:01Z"), Some(1_000_000_000));
        assert_eq!(date("2024-02-30"), None);
        assert_eq!(date("2024-2-3"), None);
        assert_eq!(date("yesterday, 4-5"), None);
    }
}
