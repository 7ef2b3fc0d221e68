//! Lengths of time as JumpCloud writes them: `1h`, `1h30m`, `45s`.

use muster_http::ApiError;

/// Writes seconds.
pub(super) fn write(seconds: i64) -> String {
    let parts = [(seconds / 3600, 'h'), (seconds % 3600 / 60, 'm'), (seconds % 60, 's')];
    let text: String = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    if text.is_empty() { "0s".into() } else { text }
}

/// Reads seconds.
///
/// # Errors
/// 400 on `field`.
pub(super) fn read(field: &str, text: &str) -> Result<i64, ApiError> {
    seconds(text).ok_or_else(|| ApiError::field(field, "a length of time such as 1h, 1h30m or 45s"))
}

fn seconds(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut digits = String::new();
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let part = digits.parse::<i64>().ok()?.checked_mul(unit)?;
        total = total.checked_add(part)?;
        digits.clear();
    }
    (digits.is_empty() && !text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_back() {
        for (text, seconds) in [("1h", 3600), ("1h30m", 5400), ("45s", 45), ("720h", 2_592_000), ("0s", 0)] {
            assert_eq!(super::seconds(text), Some(seconds));
            assert_eq!(write(seconds), text);
        }
        assert_eq!(super::seconds("90m"), Some(5400));
        for wrong in ["", "h", "1", "1d", "-1h", "1h30", "99999999999999999999h", "9223372036854775807h"] {
            assert_eq!(super::seconds(wrong), None, "{wrong}");
        }
    }
}
