//! Patterns: what they match, and that none of them is dear.

use muster_rules::{Operator, evaluate};

use crate::{NOW, lines, one, person, schema};

#[test]
fn a_pattern_is_found_anywhere_unless_anchored() {
    let matches = |pattern: &str, value: &str| {
        evaluate(&one("jobTitle", Operator::Matches, &[pattern]), &person(&[("jobTitle", value)]), NOW)
    };
    assert!(matches("eng", "Senior Engineer"));
    assert!(matches("^(lead|senior) ", "Senior Engineer"));
    assert!(!matches("^eng", "Senior Engineer"));
    assert!(!matches("(", "("), "what cannot be read matches nothing");
    let not = one("jobTitle", Operator::NotMatches, &["^x"]);
    assert!(evaluate(&not, &person(&[]), NOW), "who has no value does not match it");
}

#[test]
fn a_pattern_that_cannot_be_read_is_refused_with_its_fault() {
    let refused = |pattern: &str| lines(one("jobTitle", Operator::Matches, &[pattern]).check(&schema()));
    assert_eq!(refused("a(b"), ["memberQuery.filters[0].value: this is no pattern: unclosed group"]);
    assert!(refused(r"(a)\1")[0].contains("backreferences are not supported"));
    assert!(refused(&"a".repeat(201))[0].contains("longer than 200"));
}

/// The class "ReDoS": neither building nor searching may cost more than its bound.
#[test]
fn redos_patterns_are_refused_or_linear() {
    for pattern in ["(a{1000}){1000}", r"(\w{200}){200}", "((a{99}){99}){99}"] {
        let refused = lines(one("jobTitle", Operator::Matches, &[pattern]).check(&schema()));
        assert!(refused[0].contains("too costly"), "{pattern}: {refused:?}");
    }
    // Each of these takes years where patterns are tried by backtracking.
    let text = "a".repeat(1000) + "!";
    for pattern in ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "^(.*a){12}$"] {
        assert!(!evaluate(&one("jobTitle", Operator::Matches, &[pattern]), &person(&[("jobTitle", &text)]), NOW));
    }
}
