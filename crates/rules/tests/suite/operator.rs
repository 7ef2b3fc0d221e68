//! Names, labels and aliases of operators.

use muster_rules::Operator;

#[test]
fn every_name_reads_as_its_operator() {
    for operator in Operator::ALL {
        assert_eq!(Operator::read(operator.name()), Some((operator, false)));
        assert_eq!(Operator::read(operator.short_name()), Some((operator, false)));
        let exact = Operator::read(&format!("{}_case_sensitive", operator.name()));
        let expected = operator.has_case().then_some((operator, true));
        assert_eq!(exact, expected, "{operator:?}");
        assert_eq!(serde_json::to_value(operator).unwrap(), operator.name());
    }
}

#[test]
fn aliases_and_strangers() {
    assert_eq!(Operator::read("is_null"), Some((Operator::IsEmpty, false)));
    assert_eq!(Operator::read("gte"), Some((Operator::GreaterOrEqual, false)));
    for stranger in ["", "EQ", "like", "_case_sensitive", "is_empty_case_sensitive", "member_of_case_sensitive"] {
        assert_eq!(Operator::read(stranger), None, "{stranger}");
    }
}

#[test]
fn negations_come_in_pairs() {
    for operator in Operator::ALL {
        if let Some(negation) = operator.negation() {
            assert_eq!(negation.negation(), Some(operator));
            assert_eq!(negation.value_kind(), operator.value_kind());
        }
    }
}

#[test]
fn labels_are_those_of_the_console() {
    let labels: Vec<_> = Operator::ALL.iter().map(|operator| operator.label()).collect();
    assert_eq!(
        labels[..9],
        [
            "equals",
            "not equals",
            "in",
            "not in",
            "contains",
            "does not contain",
            "starts with",
            "ends with",
            "is empty"
        ]
    );
}
