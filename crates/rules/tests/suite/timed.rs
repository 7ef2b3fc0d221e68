//! Durations: who matches now, and when time alone changes it.

use muster_rules::{Moment, Operator, evaluate, next_turn};

use crate::{lines, one, person, schema};

const DAY: i64 = 86_400_000_000;

/// Midnight of a day of January 2024.
fn january(day: i64) -> Moment {
    Moment(1_704_067_200_000_000 + (day - 1) * DAY)
}

#[test]
fn within_the_last_ends_when_the_duration_has_passed() {
    let rule = one("created", Operator::WithinLast, &["10 days"]);
    let bo = person(&[("created", "2024-01-05T00:00:00Z")]);
    assert!(!evaluate(&rule, &bo, january(4)), "not made yet");
    assert!(evaluate(&rule, &bo, january(5)));
    assert!(evaluate(&rule, &bo, january(15)));
    let turn = next_turn(&rule, &bo, january(6)).unwrap();
    assert_eq!(turn, Moment(january(15).0 + 1));
    assert!(!evaluate(&rule, &bo, turn));
    assert_eq!(next_turn(&rule, &bo, turn), None);
}

#[test]
fn what_expires_comes_in_and_goes_out() {
    let rule = one("attributes.level", Operator::WithinNext, &["1 week"]);
    let bo = person(&[("attributes.level", "2024-01-20")]);
    let turn = next_turn(&rule, &bo, january(1)).unwrap();
    assert_eq!(turn, january(13));
    assert!(evaluate(&rule, &bo, turn));
    let turn = next_turn(&rule, &bo, turn).unwrap();
    assert_eq!(turn, Moment(january(20).0 + 1));
    assert!(!evaluate(&rule, &bo, turn));
}

#[test]
fn longer_ago_is_not_met_by_who_has_no_time() {
    let rule = one("created", Operator::LongerAgo, &["1 day"]);
    assert!(evaluate(&rule, &person(&[("created", "2024-01-05")]), january(10)));
    assert!(!evaluate(&rule, &person(&[]), january(10)));
    assert!(!evaluate(&rule, &person(&[("created", "soon")]), january(10)));
    assert_eq!(next_turn(&rule, &person(&[]), january(10)), None);
}

#[test]
fn a_duration_that_cannot_be_read_is_refused() {
    let refused = lines(one("created", Operator::WithinLast, &["a month"]).check(&schema()));
    assert!(refused[0].starts_with("memberQuery.filters[0].value: write a duration as a number and a unit"));
}
