//! Durations in rules, "30 days", and where a time stands to one. The present is handed in: nothing here has a clock.

use crate::Operator;
use crate::compare::date;

/// Nanoseconds.
const SECOND: i128 = 1_000_000_000;
/// The units as they are written, each also in the singular, in seconds.
const UNITS: [(&str, i128); 5] =
    [("minutes", 60), ("hours", 3_600), ("days", 86_400), ("weeks", 604_800), ("years", 31_536_000)];
/// The longest duration.
const MOST: i128 = 100 * 31_536_000 * SECOND;

/// What a duration must look like.
pub(crate) const HOW: &str =
    "write a duration as a number and a unit, such as 30 days, 12 hours or 2 weeks (at most 100 years)";

/// Nanoseconds of `30 days`, `1 hour`; `None` where it is no duration.
pub(crate) fn duration(text: &str) -> Option<i128> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start().to_lowercase();
    let is = |plural: &str| unit == plural || Some(unit.as_str()) == plural.strip_suffix('s');
    let (_, seconds) = UNITS.into_iter().find(|(plural, _)| is(plural))?;
    let length = number.parse::<i128>().ok()?.checked_mul(seconds * SECOND)?;
    (1..=MOST).contains(&length).then_some(length)
}

/// Whether `value`, a time, stands to `now` (nanoseconds since 1970) as the operator and the duration say. What is no
/// time never does.
pub(crate) fn stands(operator: Operator, value: &str, length: i128, now: i128) -> bool {
    let Some(at) = date(value) else { return false };
    match operator {
        Operator::WithinLast => at <= now && now - at <= length,
        Operator::LongerAgo => now - at > length,
        Operator::WithinNext => at >= now && at - now <= length,
        _ => false,
    }
}

/// The first moment after `now` at which [`stands`] may answer otherwise of this value.
pub(crate) fn turns(operator: Operator, value: &str, length: i128, now: i128) -> Option<i128> {
    let at = date(value)?;
    let moments = match operator {
        Operator::WithinLast => [at, at + length + 1],
        Operator::LongerAgo => [at + length + 1; 2],
        Operator::WithinNext => [at - length, at + 1],
        _ => return None,
    };
    moments.into_iter().filter(|moment| *moment > now).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        assert_eq!(duration("30 days"), Some(30 * 86_400 * SECOND));
        assert_eq!(duration("1 hour"), Some(3_600 * SECOND));
        assert_eq!(duration("2weeks"), Some(14 * 86_400 * SECOND));
        for wrong in
            ["", "days", "-1 days", "1.5 days", "0 days", "101 years", "1 month", "30", "9".repeat(60).as_str()]
        {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_turns_where_it_stands_otherwise() {
        let day = 86_400 * SECOND;
        let value = "1970-01-11";
        for operator in [Operator::WithinLast, Operator::LongerAgo, Operator::WithinNext] {
            let mut now = 0;
            let mut turned = Vec::new();
            while let Some(next) = turns(operator, value, 3 * day, now) {
                assert_eq!(
                    stands(operator, value, 3 * day, now),
                    stands(operator, value, 3 * day, next - 1),
                    "{operator:?}"
                );
                assert_ne!(
                    stands(operator, value, 3 * day, next - 1),
                    stands(operator, value, 3 * day, next),
                    "{operator:?}"
                );
                now = next;
                turned.push(next / day);
            }
            assert_eq!(
                turned,
                if operator == Operator::LongerAgo {
                    vec![13]
                } else if operator == Operator::WithinLast {
                    vec![10, 13]
                } else {
                    vec![7, 10]
                }
            );
        }
    }
}
