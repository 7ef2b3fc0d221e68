//! The explanation as the API shows it.

use muster_rules::{Explanation, explain};
use serde_json::json;

use crate::{person, read, schema};

#[test]
fn shows_every_clause_and_what_it_saw() {
    let query = read(&json!({"filters": [
        {"field": "department", "operation": "equals", "value": "Sales"},
        {"operation": "or", "filters": [
            {"field": "location", "operation": "in", "value": ["Lima", "Oslo"]},
            {"field": "attributes.level", "operation": "is_empty"},
        ]},
    ]}))
    .unwrap();
    let explanation =
        explain(query.rule(), &person(&[("department", "sales"), ("attributes.level", "senior")]), crate::NOW);
    let shown = json!({"matched": false, "all": [
        {"matched": true,
         "test": {"attribute": "department", "operator": "equals", "values": ["Sales"], "saw": "sales"}},
        {"matched": false, "any": [
            {"matched": false,
             "test": {"attribute": "location", "operator": "in", "values": ["Lima", "Oslo"], "saw": null}},
            {"matched": false, "test": {"attribute": "attributes.level", "operator": "is_empty", "saw": "senior"}},
        ]},
    ]});
    assert_eq!(serde_json::to_value(&explanation).unwrap(), shown);
    assert_eq!(serde_json::from_value::<Explanation>(shown).unwrap(), explanation);
    let clauses = explanation.clauses();
    assert_eq!(clauses.iter().map(|(matched, _)| *matched).collect::<Vec<_>>(), [true, false, false]);
    let words: Vec<_> = clauses.iter().map(|(_, clause)| schema().describe(&clause.test)).collect();
    assert_eq!(words, ["Department equals \"Sales\"", "Location in \"Lima\", \"Oslo\"", "level is empty"]);
}
