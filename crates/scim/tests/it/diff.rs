use muster_scim::patch::{Dialect, Removal, Style, apply, diff};
use muster_scim::resource::same;
use muster_scim::{Definition, Resource};
use serde_json::{Value, json};

use super::{barbara, group, users};

fn with(changes: Value) -> Resource {
    let mut out = barbara();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => out.0.remove(name),
            value => out.0.insert(name.clone(), value.clone()),
        };
    }
    out
}

/// The operations, once it is sure that they lead there.
fn operations(to: &Resource, style: Style) -> Value {
    let patch = diff(&barbara(), to, &users(), style);
    let done = apply(&barbara(), &patch, &users(), Dialect::STRICT).unwrap();
    assert!(same(&done, to), "{:?}", patch.json());
    patch.json()["Operations"].clone()
}

fn standard(changes: Value) -> Value {
    operations(&with(changes), Style::STANDARD)
}

#[test]
fn equal_resources_need_nothing() {
    assert!(diff(&barbara(), &barbara(), &users(), Style::STANDARD).is_empty());
    let mut turned = barbara();
    turned.0["emails"].as_array_mut().unwrap().reverse();
    assert!(diff(&barbara(), &turned, &users(), Style::STANDARD).is_empty());
    // What only the server sets is no difference.
    let mut answered = barbara();
    answered.0.insert("id".into(), json!("other"));
    answered.0.insert("groups".into(), json!([{ "value": "g" }]));
    answered.0.insert("meta".into(), json!({ "version": "9" }));
    assert!(diff(&answered, &barbara(), &users(), Style::STANDARD).is_empty());
}

#[test]
fn one_operation_for_one_change() {
    assert_eq!(standard(json!({"title": "Guide"})), json!([{"op": "replace", "path": "title", "value": "Guide"}]));
    assert_eq!(standard(json!({"displayName": null})), json!([{"op": "remove", "path": "displayName"}]));
    let name = json!({ "familyName": "Jensen", "givenName": "Bea" });
    assert_eq!(standard(json!({"name": name})), json!([{"op": "replace", "path": "name.givenName", "value": "Bea"}]));
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let manager =
        json!({ enterprise: { "employeeNumber": "701984", "department": "Sales", "manager": {"value": "9"} } });
    let expected = json!([
        {"op": "replace", "path": format!("{enterprise}:department"), "value": "Sales"},
        {"op": "replace", "path": format!("{enterprise}:manager.value"), "value": "9"},
    ]);
    assert_eq!(standard(manager), expected);
}

#[test]
fn lists_change_the_shortest_way() {
    let (work, home) = (barbara().0["emails"][0].clone(), barbara().0["emails"][1].clone());
    let mut renamed = home.clone();
    renamed["value"] = json!("b@jensen.example");
    let part = json!([{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "b@jensen.example"}]);
    assert_eq!(standard(json!({"emails": [work, renamed]})), part);
    let gone = json!([{"op": "remove", "path": "emails[type eq \"home\"]"}]);
    assert_eq!(standard(json!({"emails": [work]})), gone);
    let other = json!({ "value": "o@x", "type": "other" });
    assert_eq!(
        standard(json!({"emails": [work, home, other]})),
        json!([{"op": "add", "path": "emails", "value": [other]}])
    );
    assert_eq!(standard(json!({"emails": null})), json!([{"op": "remove", "path": "emails"}]));
    // A new value that is primary would take that from the other: the whole list says what is meant.
    let twice = json!([{"op": "replace", "path": "emails", "value": [other]}]);
    assert_eq!(standard(json!({"emails": [other]})), twice);
    let plain = Style { value_paths: false, removal: Removal::ValuePath };
    let whole = operations(&with(json!({"emails": [work]})), plain);
    assert_eq!(whole, json!([{"op": "replace", "path": "emails", "value": [work]}]));
}

#[test]
fn members_are_added_and_removed_one_by_one_however_many_stay() {
    let many: Vec<_> = (0..5000).map(|i| json!({ "value": format!("m{i}") })).collect();
    let from = group(json!({ "displayName": "G", "members": many }));
    let mut to = from.clone();
    let members = to.0["members"].as_array_mut().unwrap();
    members.remove(7);
    members.push(json!({ "value": "new" }));
    let patch = diff(&from, &to, &Definition::group(), Style::STANDARD);
    let expected = json!([
        {"op": "add", "path": "members", "value": [{"value": "new"}]},
        {"op": "remove", "path": "members[value eq \"m7\"]"},
    ]);
    assert_eq!(patch.json()["Operations"], expected);
    assert!(same(&apply(&from, &patch, &Definition::group(), Dialect::STRICT).unwrap(), &to));
}
