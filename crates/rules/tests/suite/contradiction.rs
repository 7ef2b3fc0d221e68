//! Conditions that cannot hold together.

use muster_rules::language::parse;

use crate::{lines, schema};

fn is_refused(text: &str) -> bool {
    let found = lines(parse(text).unwrap().check(&schema()));
    assert!(found.iter().all(|line| line.contains("nobody can match")), "{found:?}");
    !found.is_empty()
}

#[test]
fn what_nobody_can_meet_is_refused() {
    for text in [
        r#"department equals "Sales" and department equals "Support""#,
        r#"department equals "Sales" and department not equals "sales""#,
        r#"department in ("a", "b") and department in ("c", "d")"#,
        r#"department equals "Sales" and (jobTitle is set and department contains "port")"#,
        r#"department is empty and department starts with "S""#,
        r#"department is empty and department is not empty"#,
        r#"created > "2024-02-01" and created < "2024-01-01""#,
        r#"attributes.level > "5" and attributes.level < "5""#,
        r#"jobTitle equals "x" or (location is empty and location equals "Graz")"#,
        r#"state not in ("STAGED", "ACTIVATED", "SUSPENDED")"#,
    ] {
        assert!(is_refused(text), "{text}");
    }
}

#[test]
fn what_somebody_may_meet_is_not() {
    for text in [
        r#"department equals "Sales" and department equals "SALES""#,
        r#"department equals "Sales" or department equals "Support""#,
        r#"department in ("a", "b") and department not equals "a""#,
        r#"department equals "sales" and department equals exactly "SALES""#,
        r#"attributes.level >= "5" and attributes.level <= "5""#,
        r#"department is empty and department not equals "Sales""#,
        r#"not (department equals "a" and jobTitle equals "b")"#,
        r#"created within the last "3 days" and created longer ago than "1 day""#,
        r#"member of "a" and member of "b""#,
    ] {
        assert!(!is_refused(text), "{text}");
    }
}

#[test]
fn the_place_is_the_later_condition() {
    let rule = parse(r#"jobTitle is set and (department equals "a" and department equals "b")"#).unwrap();
    assert_eq!(crate::paths(rule.check(&schema())), ["memberQuery.filters[1].filters[1].value"]);
}
