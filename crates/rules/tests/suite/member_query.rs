//! The four wire forms by example: good ones mean the same, bad ones are refused at their place.

use muster_rules::member_query::{canonical_attribute, read_expression};
use muster_rules::{Form, MemberQuery, Node, Operator, Rule, Test};
use serde_json::{Value, json};

use crate::{lines, paths, read};

#[test]
fn one_rule_in_four_forms() {
    let queries = [
        json!({"queryType": "FilterQuery", "filters": [
            {"field": "department", "operator": "eq", "value": "Sales"},
            {"field": "location", "operator": "in", "value": "Lima|Oslo"},
            {"field": "attributes.level", "operator": "ne", "value": "senior"},
            {"field": "userState", "operator": "eq", "value": "active"}]}),
        json!({"queryType": "Filter", "filters": ["department:$eq:Sales", "location:$in:Lima|Oslo",
            "attributes[name=level].value:$ne:senior", "state:$eq:ACTIVATED"]}),
        json!({"queryType": "Filter", "filters": "[\"department:$eq:Sales\",\"location:$in:Lima|Oslo\",\
            \"attributes.level:$ne:senior\",\"state:$eq:activated\"]"}),
        json!({"queryType": "Search", "searchFilters": "{\"filter\":{\"and\":[\"department:$eq:Sales\",\
            \"location:$in:Lima|Oslo\",\"attributes[name=level].value:$ne:senior\",\"userState:$eq:active\"]}}"}),
        json!({"filters": [
            {"field": "user.user_department", "operation": "equals", "value": "Sales"},
            {"field": "user.user_location", "operation": "in", "value": ["Lima", "Oslo"]},
            {"field": "user.attributes.level", "operation": "not_equals", "value": "senior"},
            {"field": "user.user_state", "operation": "equals", "value": "ACTIVATED"}]}),
    ];
    let meant = Rule::new(Node::All(vec![
        Node::Test(Test::new("department", Operator::Equals, ["Sales"])),
        Node::Test(Test::new("location", Operator::In, ["Lima", "Oslo"])),
        Node::Test(Test::new("attributes.level", Operator::NotEquals, ["senior"])),
        Node::Test(Test::new("state", Operator::Equals, ["ACTIVATED"])),
    ]))
    .unwrap();
    for written in queries {
        let query = read(&written).unwrap();
        assert_eq!(query.rule(), &meant, "{written}");
        assert_eq!(query.write(), written, "it comes back as it was written");
        assert_eq!(MemberQuery::from_rule(meant.clone(), query.form()).unwrap().rule(), &meant);
        let stored = serde_json::to_string(&query).unwrap();
        assert_eq!(serde_json::from_str::<MemberQuery>(&stored).unwrap(), query);
        assert_eq!(query.write_v2()["filters"][0]["field"], "department");
    }
}

#[test]
fn nesting() {
    let v2 = read(&json!({"filters": [{"operation": "or", "filters": [
        {"field": "company", "operation": "contains", "value": "Toast"},
        {"operation": "and", "filters": [
            {"field": "email", "operation": "is_not_empty"},
            {"field": "email", "operation": "is_null", "value": false}]}]}]}))
    .unwrap();
    let search = read(&json!({"queryType": "Search", "searchFilters":
        "{\"filter\":{\"or\":[\"company:$co:Toast\",{\"and\":[\"email:$is_not_empty:\",\"email:$is_empty:false\"]}]}}"}))
    .unwrap();
    assert_eq!(v2.rule(), search.rule());
    assert!(matches!(&v2.rule().node, Node::Any(children) if children.len() == 2));
    assert_eq!(MemberQuery::from_rule(v2.rule().clone(), Form::V2).unwrap().write()["filters"][0]["operation"], "or");
}

#[test]
fn everyone_in_every_form() {
    for form in [Form::FilterQuery, Form::Filter, Form::Search, Form::V2] {
        assert!(MemberQuery::from_rule(Rule::everyone(), form).unwrap().rule().is_everyone());
    }
    assert_eq!(MemberQuery::from_rule(Rule::everyone(), Form::V2).unwrap().write(), json!({"filters": []}));
}

#[test]
fn what_a_form_cannot_say_is_refused() {
    let any = Rule::new(Node::Any(vec![Node::Test(Test::new("email", Operator::Equals, ["a"]))])).unwrap();
    let pipe = Rule::new(Node::Test(Test::new("email", Operator::In, ["a|b"]))).unwrap();
    let dollar = Rule::new(Node::Test(Test::new("attributes.a:$eq:b", Operator::Equals, ["c"]))).unwrap();
    assert!(MemberQuery::from_rule(any.clone(), Form::FilterQuery).is_err());
    assert!(MemberQuery::from_rule(any.clone(), Form::Filter).is_err());
    assert!(MemberQuery::from_rule(pipe.clone(), Form::FilterQuery).is_err());
    assert!(MemberQuery::from_rule(pipe.clone(), Form::Search).is_err());
    assert!(MemberQuery::from_rule(dollar.clone(), Form::Search).is_err());
    for rule in [any, pipe, dollar] {
        assert!(MemberQuery::from_rule(rule, Form::V2).is_ok());
    }
}

#[test]
fn the_form_follows_header_and_query_type() {
    let v2 = json!({"filters": []});
    assert_eq!(lines(MemberQuery::read(&v2, false)), ["memberQuery.queryType: memberQuery.queryType is required"]);
    assert_eq!(MemberQuery::read(&v2, true).unwrap().form(), Form::V2);
    let old = json!({"queryType": "FilterQuery", "filters": []});
    assert_eq!(paths(MemberQuery::read(&old, true)), ["memberQuery.queryType"]);
    assert_eq!(paths(read(&json!({"queryType": "Filters", "filters": []}))), ["memberQuery.queryType"]);
    assert_eq!(paths(read(&json!({"queryType": 7, "filters": []}))), ["memberQuery.queryType"]);
    for no_object in [json!(null), json!([]), json!("x"), json!(1)] {
        assert_eq!(paths(MemberQuery::read(&no_object, true)), ["memberQuery"]);
        assert_eq!(paths(MemberQuery::read(&no_object, false)), ["memberQuery"]);
    }
}

/// Each body with the paths of its problems, "memberQuery" left out.
fn refused() -> Vec<(Value, &'static [&'static str])> {
    let search = |text: &str| json!({"queryType": "Search", "searchFilters": text});
    vec![
        (json!({}), &[".filters"]),
        (json!({"filters": {}}), &[".filters"]),
        (json!({"filters": [], "filter": []}), &[""]),
        (json!({"filters": [3]}), &[".filters[0]"]),
        (json!({"filters": [{}]}), &[".filters[0].field", ".filters[0].operation"]),
        (json!({"filters": [{"field": 1, "operation": 2}]}), &[".filters[0].field", ".filters[0].operation"]),
        (json!({"filters": [{"field": "email", "operation": "equals"}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "equals", "value": null}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "equals", "value": ["a"]}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "equals", "value": {}}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "in", "value": ["a", []]}]}), &[".filters[0].value[1]"]),
        (json!({"filters": [{"field": "email", "operation": "in", "value": vec!["a"; 101]}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "in", "value": "|".repeat(100)}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "is_empty", "value": "x"}]}), &[".filters[0].value"]),
        (json!({"filters": [{"field": "email", "operation": "equals", "value": "\0"}]}), &[".filters[0].value"]),
        (
            json!({"filters": [{"field": "email", "operation": "equals", "value": "x".repeat(1025)}]}),
            &[".filters[0].value"],
        ),
        (json!({"filters": [{"field": "f".repeat(1025), "operation": "is_empty"}]}), &[".filters[0].field"]),
        (json!({"filters": [{"field": "email", "operation": "like", "value": "a"}]}), &[".filters[0].operation"]),
        (
            json!({"filters": [{"field": "email", "operator": "eq", "value": "a"}]}),
            &[".filters[0]", ".filters[0].operation"],
        ),
        (json!({"filters": [{"operation": "or", "filters": []}]}), &[".filters[0].filters"]),
        (json!({"filters": [{"operation": "not", "filters": []}]}), &[".filters[0].operation", ".filters[0].filters"]),
        (json!({"filters": [{"operation": "and"}]}), &[".filters[0].filters"]),
        (json!({"filters": [{"filters": [{"field": "email", "operation": "is_empty"}]}]}), &[".filters[0].operation"]),
        (json!({"queryType": "FilterQuery"}), &[".filters"]),
        (
            json!({"queryType": "FilterQuery", "filters": [{"operation": "or", "filters": []}]}),
            &[".filters[0]", ".filters[0].field", ".filters[0].operator"],
        ),
        (
            json!({"queryType": "Filter", "filters": [1, "email", "email:eq:a", "email:$like:a", "email:$eq"]}),
            &[".filters[0]", ".filters[1]", ".filters[2]", ".filters[3]", ".filters[4]"],
        ),
        (json!({"queryType": "Filter", "filters": "email:$eq:a"}), &[".filters"]),
        (json!({"queryType": "Search"}), &[".searchFilters"]),
        (json!({"queryType": "Search", "searchFilters": {"filter": {"and": []}}}), &[".searchFilters"]),
        (search("{"), &[".searchFilters"]),
        (search("1"), &[".searchFilters"]),
        (search("{}"), &[".searchFilters.filter"]),
        (search("{\"filter\":\"x\"}"), &[".searchFilters.filter"]),
        (search("{\"filter\":{\"and\":[],\"or\":[]}}"), &[".searchFilters.filter"]),
        (search("{\"filter\":{\"not\":[]}}"), &[".searchFilters.filter"]),
        (search("{\"filter\":{\"and\":{}}}"), &[".searchFilters.filter.and"]),
        (search("{\"filter\":{\"or\":[]}}"), &[".searchFilters.filter.or"]),
        (
            search("{\"filter\":{\"or\":[3,{\"and\":[]},{\"and\":[\"x\"]}]}}"),
            &[".searchFilters.filter.or[0]", ".searchFilters.filter.or[1].and", ".searchFilters.filter.or[2].and[0]"],
        ),
        (search("{\"filter\":[\"email\"],\"limit\":3}"), &[".searchFilters", ".searchFilters.filter[0]"]),
    ]
}

#[test]
fn bad_queries_are_refused_at_their_place() {
    for (query, expected) in refused() {
        let expected: Vec<_> = expected.iter().map(|path| format!("memberQuery{path}")).collect();
        assert_eq!(paths(read(&query)), expected, "{query}");
    }
}

fn v2_nested(groups: usize) -> Value {
    let test = json!({"field": "email", "operation": "is_empty"});
    json!({"filters": [(0..groups).fold(test, |inner, _| json!({"operation": "or", "filters": [inner]}))]})
}

#[test]
fn depth_is_refused_at_the_place() {
    assert!(read(&v2_nested(8)).is_ok(), "the outermost filters hold the rule's own group");
    assert_eq!(paths(read(&v2_nested(9))), [format!("memberQuery{}", ".filters[0]".repeat(9))]);
    assert_eq!(paths(read(&v2_nested(100))), [format!("memberQuery{}", ".filters[0]".repeat(9))]);
    let search = |groups: usize| {
        let text = format!("{}\"email:$is_empty\"{}", "{\"or\":[".repeat(groups), "]}".repeat(groups));
        read(&json!({"queryType": "Search", "searchFilters": format!("{{\"filter\":{text}}}")}))
    };
    assert!(search(8).is_ok());
    assert_eq!(paths(search(9)), [format!("memberQuery.searchFilters.filter.or{}", "[0].or".repeat(7) + "[0]")]);
    assert_eq!(paths(search(100_000)), ["memberQuery.searchFilters"], "JSON itself ends before that");
}

#[test]
fn numbers_of_tests_and_problems_are_bounded() {
    let many = |count| json!({"filters": vec![json!({"field": "email", "operation": "is_empty"}); count]});
    assert!(read(&many(200)).is_ok());
    assert_eq!(paths(read(&many(100_000))), ["memberQuery.filters[200]"]);
    assert_eq!(read(&json!({"filters": vec![1; 100_000]})).unwrap_err().len(), 50);
}

#[test]
fn numbers_and_truths_are_texts() {
    let query = read(&json!({"filters": [
        {"field": "attributes.level", "operation": "in", "value": [1, 2.5, true, "x"]},
        {"field": "attributes.level", "operation": "greater_than", "value": 7}]}))
    .unwrap();
    let values: Vec<_> = query.rule().tests().into_iter().flat_map(|test| test.values.clone()).collect();
    assert_eq!(values, ["1", "2.5", "true", "x", "7"]);
}

#[test]
fn names() {
    for (written, canonical) in [
        ("user.email", "email"),
        ("user.user_job_title", "jobTitle"),
        ("user.employee_id", "employeeIdentifier"),
        ("user.costCenter", "costCenter"),
        ("userState", "state"),
        ("attributes[name=T-shirt size].value", "attributes.T-shirt size"),
        ("user.attributes.level", "attributes.level"),
        ("attributes.", "attributes."),
        ("user_department", "user_department"),
        ("user.shoe", "user.shoe"),
        ("user.user.email", "user.user.email"),
        ("", ""),
    ] {
        assert_eq!(canonical_attribute(written), canonical);
    }
}

#[test]
fn expressions_of_list_filters() {
    let test = read_expression("email:$ew:@a.test:8080", "filter").unwrap();
    assert_eq!(test, Test::new("email", Operator::EndsWith, ["@a.test:8080"]));
    assert_eq!(read_expression("email", "filter").unwrap_err().path, "filter");
    assert_eq!(read_expression("email:$eq:x\0", "filter").unwrap_err().path, "filter");
}
