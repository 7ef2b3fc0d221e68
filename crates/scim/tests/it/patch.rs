use muster_scim::patch::{
    Dialect, MemberChange, MemberOperation, Removal, UnknownPath, apply, member_change, member_patches, split_members,
};
use muster_scim::resource::Member;
use muster_scim::{Definition, ScimType};
use serde_json::{Value, json};

use super::{barbara, group, patch, user, users};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The attribute after the operations on Barbara.
fn after(operations: Value, name: &str) -> Value {
    let done = apply(&barbara(), &patch(operations.clone()), &users(), Dialect::TOLERANT);
    let done = done.unwrap_or_else(|e| panic!("{operations}: {e}"));
    done.0.get(name).cloned().unwrap_or_default()
}

fn refused(operations: Value) -> (Option<ScimType>, String) {
    let error = apply(&barbara(), &patch(operations), &users(), Dialect::STRICT).unwrap_err();
    (error.scim_type, error.detail)
}

#[test]
fn single_values_are_set_and_removed() {
    assert_eq!(after(json!([{"op": "add", "path": "title", "value": "Guide"}]), "title"), json!("Guide"));
    assert_eq!(after(json!([{"op": "replace", "path": "DISPLAYNAME", "value": "B"}]), "displayName"), json!("B"));
    assert_eq!(after(json!([{"op": "remove", "path": "displayName"}]), "displayName"), Value::Null);
    assert_eq!(after(json!([{"op": "replace", "path": "displayName", "value": null}]), "displayName"), Value::Null);
    assert_eq!(after(json!([{"op": "add", "path": "displayName", "value": null}]), "displayName"), "Babs Jensen");
}

#[test]
fn parts_of_a_complex_value_that_are_not_named_stay() {
    let name = |operations| after(operations, "name");
    let expected = json!({ "familyName": "Jensen", "givenName": "Bea" });
    assert_eq!(name(json!([{"op": "replace", "path": "name.givenName", "value": "Bea"}])), expected);
    assert_eq!(name(json!([{"op": "replace", "path": "name", "value": {"givenName": "Bea"}}])), expected);
    assert_eq!(name(json!([{"op": "add", "value": {"name": {"GIVENNAME": "Bea"}}}])), expected);
    assert_eq!(name(json!([{"op": "remove", "path": "name.givenName"}])), json!({ "familyName": "Jensen" }));
    assert_eq!(
        name(json!([{"op": "replace", "path": "name", "value": {"givenName": null}}])),
        json!({ "familyName": "Jensen" })
    );
    let gone = json!([{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]);
    assert_eq!(name(gone), Value::Null);
}

#[test]
fn lists_take_values_in_and_lose_them() {
    let emails = |operations| after(operations, "emails");
    let other = json!({ "value": "o@x", "type": "other" });
    let added = emails(json!([{"op": "add", "path": "emails", "value": [other]}]));
    assert_eq!(added.as_array().unwrap().len(), 3);
    let same =
        emails(json!([{"op": "add", "path": "emails", "value": {"value": "BABS@jensen.example", "type": "home"}}]));
    assert_eq!(same.as_array().unwrap().len(), 2);
    assert_eq!(emails(json!([{"op": "replace", "path": "emails", "value": [other]}])), json!([other]));
    assert_eq!(emails(json!([{"op": "replace", "path": "emails", "value": []}])), Value::Null);
    assert_eq!(emails(json!([{"op": "remove", "path": "emails"}])), Value::Null);
    let work = json!([{ "value": "bjensen@example.com", "type": "work", "primary": true }]);
    assert_eq!(emails(json!([{"op": "remove", "path": "emails[type eq \"home\"]"}])), work);
    assert_eq!(emails(json!([{"op": "remove", "path": "emails", "value": [{"value": "babs@jensen.example"}]}])), work);
    // Nothing named is nothing removed.
    assert_eq!(emails(json!([{"op": "remove", "path": "emails", "value": []}])).as_array().unwrap().len(), 2);
}

#[test]
fn value_paths_change_the_values_they_fit() {
    let emails = |operations| after(operations, "emails");
    let changed = emails(json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@x"}]));
    assert_eq!(changed[0], json!({ "value": "new@x", "type": "work", "primary": true }));
    let made = emails(
        json!([{"op": "add", "path": "emails[type eq \"other\" and primary eq \"False\"].value", "value": "o@x"}]),
    );
    assert_eq!(made[2], json!({ "type": "other", "primary": false, "value": "o@x" }));
    let whole = json!({ "streetAddress": "1 Main", "locality": "Springfield" });
    let addresses =
        after(json!([{"op": "replace", "path": "addresses[type eq \"work\"]", "value": whole}]), "addresses");
    assert_eq!(addresses, json!([{ "streetAddress": "1 Main", "locality": "Springfield", "type": "work" }]));
    let merged =
        after(json!([{"op": "add", "path": "addresses[type eq \"work\"]", "value": {"country": "US"}}]), "addresses");
    assert_eq!(merged[0]["locality"], json!("Hollywood"));
    // The value taken from a value leaves nothing worth keeping.
    let left = emails(json!([{"op": "remove", "path": "emails[type eq \"work\"].value"}]));
    assert_eq!(left, json!([{ "value": "babs@jensen.example", "type": "home" }]));
    let street = json!([
        {"op": "remove", "path": "addresses[type eq \"work\"].streetAddress"},
        {"op": "remove", "path": "addresses[type eq \"work\"].locality"},
    ]);
    assert_eq!(after(street, "addresses"), Value::Null);
    assert_eq!(emails(json!([{"op": "replace", "path": "emails.type", "value": "x"}]))[1]["type"], json!("x"));
}

#[test]
fn there_is_one_primary_value() {
    let flags = |operations| {
        let emails = after(operations, "emails");
        emails.as_array().unwrap().iter().map(|e| e["primary"] == json!(true)).collect::<Vec<_>>()
    };
    let by_path = json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True"}]);
    assert_eq!(flags(by_path), [false, true]);
    let by_value = json!([{"op": "add", "path": "emails", "value": [{"value": "n@x", "primary": true}]}]);
    assert_eq!(flags(by_value), [false, false, true]);
}

#[test]
fn extensions_are_reached_by_path_and_as_a_whole() {
    let held = |operations| after(operations, ENTERPRISE);
    let department = json!([{"op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "Sales"}]);
    assert_eq!(held(department)["department"], json!("Sales"));
    let merged = held(json!([{"op": "add", "path": ENTERPRISE, "value": {"division": "D"}}]));
    assert_eq!((&merged["division"], &merged["employeeNumber"]), (&json!("D"), &json!("701984")));
    assert_eq!(held(json!([{"op": "remove", "path": ENTERPRISE}])), Value::Null);
    let manager = |value: Value| held(json!([{"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": value}]));
    assert_eq!(manager(json!("m2"))["manager"], json!({ "value": "m2" }));
    assert_eq!(manager(json!({ "value": "m2", "displayName": "ignored" }))["manager"], json!({ "value": "m2" }));
    assert_eq!(manager(json!(""))["manager"], Value::Null);
    let sub = json!([{"op": "Replace", "path": format!("{ENTERPRISE}:manager.value"), "value": "m3"}]);
    assert_eq!(held(sub)["manager"], json!({ "value": "m3" }));
    let custom = json!([{"op": "add", "value": {"urn:acme:params:scim:hr.v1.2:User:shoeSize": 43}}]);
    assert_eq!(after(custom, super::CUSTOM), json!({ "shoeSize": "43" }));
    let last = json!([{"op": "add", "path": format!("{}:badge", super::CUSTOM), "value": "x"},
        {"op": "remove", "path": format!("{}:badge", super::CUSTOM)}]);
    assert_eq!(after(last, super::CUSTOM), Value::Null);
}

#[test]
fn refusals_name_the_operation_and_the_reason() {
    for (operations, scim_type, words) in [
        (json!([{"op": "remove"}]), ScimType::NoTarget, "path is required"),
        (json!([{"op": "add", "value": "x"}]), ScimType::InvalidValue, "must be an object"),
        (json!([{"op": "add", "path": "title"}]), ScimType::InvalidValue, "value is required"),
        (json!([{"op": "add", "path": "unknown", "value": 1}]), ScimType::InvalidPath, "unknown is not an attribute"),
        (json!([{"op": "add", "path": "name.unknown", "value": 1}]), ScimType::InvalidPath, "name.unknown"),
        (json!([{"op": "add", "path": "emails[", "value": 1}]), ScimType::InvalidPath, "character 8"),
        (json!([{"op": "add", "path": "title[a eq 1]", "value": 1}]), ScimType::InvalidPath, "has one value"),
        (json!([{"op": "replace", "path": "id", "value": "1"}]), ScimType::Mutability, "id is read-only"),
        (json!([{"op": "add", "path": "groups", "value": []}]), ScimType::Mutability, "groups is read-only"),
        (json!([{"op": "remove", "path": "userName"}]), ScimType::Mutability, "required"),
        (json!([{"op": "replace", "path": "active", "value": "x"}]), ScimType::InvalidValue, "active"),
        (
            json!([{"op": "replace", "path": "emails[type eq \"fax\"].value", "value": "x"}]),
            ScimType::NoTarget,
            "no value fits",
        ),
        (
            json!([{"op": "add", "path": "emails[not (type eq \"home\") and type eq \"x\"].value", "value": "x"}]),
            ScimType::NoTarget,
            "what to make",
        ),
    ] {
        let (found, detail) = refused(json!([{"op": "add", "path": "title", "value": "x"}, operations[0]]));
        assert_eq!(found, Some(scim_type), "{operations}: {detail}");
        assert!(detail.starts_with("Operations[1]: ") && detail.contains(words), "{detail}");
    }
    let lenient = Dialect { unknown: UnknownPath::Ignore, make_missing: true };
    let unknown = patch(json!([{"op": "add", "path": "unknown", "value": 1}]));
    assert_eq!(apply(&barbara(), &unknown, &users(), lenient).unwrap(), barbara());
}

#[test]
fn a_member_is_never_changed_in_place() {
    let tea = group(json!({ "displayName": "Tea", "members": [{ "value": "a" }, { "value": "b" }] }));
    let definition = Definition::group();
    let run = |operations| apply(&tea, &patch(operations), &definition, Dialect::TOLERANT);
    let error = run(json!([{"op": "replace", "path": "members[value eq \"a\"].value", "value": "c"}])).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::Mutability));
    let removed = run(json!([{"op": "remove", "path": "members[value eq \"a\"].value"}])).unwrap();
    assert_eq!(removed.0["members"], json!([{ "value": "b" }]));
    let twice =
        run(json!([{"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "c"}, {"value": "c"}]}]));
    assert_eq!(twice.unwrap().0["members"], json!([{ "value": "a" }, { "value": "b" }, { "value": "c" }]));
}

#[test]
fn a_failed_patch_changes_nothing_and_a_repeated_one_nothing_more() {
    let before = barbara();
    let failing = patch(json!([{"op": "remove", "path": "emails"}, {"op": "remove", "path": "userName"}]));
    assert!(apply(&before, &failing, &users(), Dialect::STRICT).is_err());
    assert_eq!(before, barbara());
    let made = patch(json!([{"op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "1"}]));
    let once = apply(&before, &made, &users(), Dialect::TOLERANT).unwrap();
    assert_eq!(apply(&once, &made, &users(), Dialect::TOLERANT).unwrap(), once);
}

fn member(id: &str) -> Member {
    Member { value: Some(id.into()), ..Member::default() }
}

#[test]
fn member_changes_are_taken_out_of_a_patch() {
    let operations = patch(json!([
        {"op": "Add", "path": "members", "value": [{"value": "a", "$ref": null}]},
        {"op": "remove", "path": "members[value eq \"b\"]"},
        {"op": "remove", "path": "members[value eq \"c\" or value eq \"d\"].value"},
        {"op": "Remove", "path": "members", "value": [{"value": "e"}]},
        {"op": "remove", "path": "members[display sw \"x\"]"},
        {"op": "replace", "value": {"id": "1", "displayName": "New", "members": [{"value": "f"}]}},
        {"op": "remove", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members"},
        {"op": "replace", "path": "displayName", "value": "Newer"},
    ]));
    let (steps, rest) = split_members(operations, &Definition::group()).unwrap();
    assert_eq!(
        steps,
        [
            MemberOperation::Add(vec![member("a")]),
            MemberOperation::Remove(vec!["b".into()]),
            MemberOperation::Remove(vec!["c".into(), "d".into()]),
            MemberOperation::Remove(vec!["e".into()]),
            MemberOperation::RemoveMatching("display sw \"x\"".parse().unwrap()),
            MemberOperation::Replace(vec![member("f")]),
            MemberOperation::RemoveAll,
        ]
    );
    assert_eq!(rest.operations.len(), 2);
    let error = split_members(
        patch(json!([{"op": "add", "path": "members", "value": [{"display": "x"}]}])),
        &Definition::group(),
    );
    assert!(error.unwrap_err().detail.contains("members.value is required"));
}

#[test]
fn changed_members_become_small_patches() {
    let change = member_change(["a", "b", "c"], ["d", "b", "e", "f"]);
    assert_eq!(
        change,
        MemberChange { add: vec!["d".into(), "e".into(), "f".into()], remove: vec!["a".into(), "c".into()] }
    );
    let standard = member_patches(&change, Removal::ValuePath, 2);
    assert_eq!(standard.len(), 3);
    assert_eq!(standard[0].json()["Operations"][0]["value"], json!([{"value": "d"}, {"value": "e"}]));
    assert_eq!(standard[2].json()["Operations"][1], json!({"op": "remove", "path": "members[value eq \"c\"]"}));
    let listed = member_patches(&change, Removal::ValueList, 100);
    assert_eq!(
        listed[1].json()["Operations"],
        json!([{"op": "remove", "path": "members", "value": [{"value": "a"}, {"value": "c"}]}])
    );
    assert!(member_patches(&MemberChange::default(), Removal::ValuePath, 0).is_empty());
    // What we send to ourselves means what it says.
    let from = group(json!({ "displayName": "G", "members": [{"value": "a"}, {"value": "b"}, {"value": "c"}] }));
    for patches in [standard, listed] {
        let mut to = from.clone();
        for p in &patches {
            to = apply(&to, p, &Definition::group(), Dialect::STRICT).unwrap();
        }
        let ids: Vec<_> = to.0["members"].as_array().unwrap().iter().map(|m| m["value"].as_str().unwrap()).collect();
        assert_eq!(ids, ["b", "d", "e", "f"]);
    }
}

#[test]
fn a_patch_of_a_user_is_read_as_a_user() {
    let made = user(json!({ "userName": "x" }));
    let all = patch(json!([{"op": "add", "value": {
        "schemas": ["urn:x"], "meta": {"version": "1"}, "unknown": 1, "bad path!": 2, "roles": ["admin"],
        "emails[type eq \"work\"].value": "w@x", "name.formatted": "X Y" }}]));
    let done = apply(&made, &all, &users(), Dialect::TOLERANT).unwrap();
    let expected = json!({ "userName": "x", "roles": [{"value": "admin"}],
        "emails": [{"type": "work", "value": "w@x"}], "name": {"formatted": "X Y"} });
    assert_eq!(Value::from(done), expected);
}

#[test]
fn a_filter_in_a_path_asks_for_parts_that_there_are() {
    for (op, path) in [("replace", "phoneNumbers[foo eq \"work\"].value"), ("remove", "phoneNumbers[foo eq \"work\"]")]
    {
        let (kind, why) = refused(json!([{"op": op, "path": path, "value": "3"}]));
        assert_eq!(kind, Some(ScimType::InvalidFilter), "{why}");
    }
}

#[test]
fn complexity_of_many_operations_on_many_values_is_refused() {
    let values: Vec<Value> = (0..900).map(|n| json!({"value": n.to_string()})).collect();
    let many = |number: usize, path: &str| {
        let one = json!({"op": "remove", "path": path});
        let mut operations = vec![json!({"op": "add", "path": "roles", "value": values})];
        operations.extend(std::iter::repeat_n(one, number));
        apply(&barbara(), &patch(json!(operations)), &users(), Dialect::TOLERANT).map(|_| ())
    };
    many(500, "roles[value eq \"none\"]").unwrap();
    let refused = many(9_000, "roles[value eq \"none\"]").unwrap_err();
    assert_eq!(refused.scim_type, Some(ScimType::InvalidValue), "{refused}");
    // A long filter is more work.
    let long = format!("roles[value eq \"{}\"]", "x".repeat(3_000));
    assert_eq!(many(500, &long).unwrap_err().scim_type, Some(ScimType::InvalidValue));
}
