use muster_scim::resource::{MetaOf, User, same};
use muster_scim::{Definition, Reading, ScimType};
use serde_json::{Value, json};

use super::{CUSTOM, barbara, user, users};

fn request(value: Value) -> Result<Value, muster_scim::Error> {
    users().read(value, Reading::REQUEST).map(Into::into)
}

#[test]
fn names_take_the_schemas_letters_and_values_its_types() {
    let read = request(json!({
        "Schemas": ["URN:ietf:params:scim:schemas:core:2.0:user"],
        "USERNAME": "x",
        "active": "False",
        "Name": { "GivenName": "A", "familyname": "B" },
        "emails": { "Value": "a@b", "Primary": "True", "type": null },
        "phoneNumbers": "+1 555",
        "title": [{ "$ref": null, "value": "Lead" }],
        "locale": ["de"],
        "URN:ietf:params:scim:schemas:extension:enterprise:2.0:user": { "EMPLOYEENUMBER": 42, "manager": "m1" },
        "displayName": null,
        "roles": [],
        "nonsense": { "deep": [1] },
    }));
    let expected = json!({
        "schemas": ["URN:ietf:params:scim:schemas:core:2.0:user"],
        "userName": "x",
        "active": false,
        "name": { "givenName": "A", "familyName": "B" },
        "emails": [{ "value": "a@b", "primary": true }],
        "phoneNumbers": [{ "value": "+1 555" }],
        "title": "Lead",
        "locale": "de",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "42", "manager": { "value": "m1" }
        },
    });
    assert_eq!(read.unwrap(), expected);
}

#[test]
fn urn_and_dotted_keys_find_their_place() {
    let read = request(json!({
        "userName": "x",
        "name.givenName": "A",
        "name.familyName": "B",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Sales",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "division": "D" },
        "urn:acme:params:scim:hr.v1.2:User:badge": "7",
    }))
    .unwrap();
    assert_eq!(read["name"], json!({ "givenName": "A", "familyName": "B" }));
    assert_eq!(
        read["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        json!({ "department": "Sales", "division": "D" })
    );
    assert_eq!(read[CUSTOM], json!({ "badge": "7" }));
}

#[test]
fn what_cannot_be_meant_is_refused_by_its_name() {
    for (value, scim_type, words) in [
        (json!([]), ScimType::InvalidSyntax, "must be a User object"),
        (json!({ "userName": {} }), ScimType::InvalidValue, "userName: an object"),
        (json!({ "userName": ["a", "b"] }), ScimType::InvalidValue, "userName: a list"),
        (json!({ "userName": [["a"]] }), ScimType::InvalidValue, "userName: a list of lists"),
        (json!({ "active": "maybe" }), ScimType::InvalidValue, "active: \"maybe\""),
        (json!({ "name": "A B" }), ScimType::InvalidValue, "name: a bare value"),
        (json!({ "userName": "a\u{0}" }), ScimType::InvalidValue, "U+0000"),
        (json!({ "userName": "x".repeat(1_000_000) }), ScimType::InvalidValue, "at most 65536 bytes"),
        (json!({ "emails": vec!["x"; 1001] }), ScimType::InvalidValue, "at most 1000 values"),
        (json!({ "userName": "a", "username": "b" }), ScimType::InvalidSyntax, "userName is there twice"),
        (json!({ "name": {"givenName": "a", "givenname": "b"} }), ScimType::InvalidSyntax, "there twice"),
        (json!({ "schemas": ["urn:x"] }), ScimType::InvalidSyntax, "schemas must name"),
        (
            json!({ "emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}] }),
            ScimType::InvalidValue,
            "at most one value may be primary",
        ),
        (
            json!({ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "x" }),
            ScimType::InvalidValue,
            "must be an object",
        ),
    ] {
        let error = request(value.clone()).unwrap_err();
        assert_eq!(error.scim_type, Some(scim_type), "{error}");
        assert!(error.detail.contains(words), "{error}");
    }
    assert!(users().read_bytes(b"<html>", Reading::REQUEST).is_err());
}

#[test]
fn what_only_the_server_sets_is_passed_over_in_requests_and_kept_in_answers() {
    let sent = json!({ "userName": "x", "id": "1", "meta": { "version": "9" }, "groups": [{ "value": "g" }], "x": 1 });
    assert_eq!(request(sent.clone()).unwrap(), json!({ "userName": "x" }));
    let answer = users().read(sent, Reading::ANSWER).unwrap();
    assert_eq!((answer.id(), answer.version()), (Some("1"), Some("9")));
    assert_eq!(answer.0["x"], json!(1));
}

#[test]
fn required_attributes_are_asked_for() {
    assert!(users().check_required(&barbara()).is_ok());
    assert!(users().check_required(&user(json!({ "displayName": "x" }))).unwrap_err().detail.starts_with("userName"));
    assert!(users().check_required(&user(json!({ "userName": " " }))).is_err());
    let group = Definition::group();
    assert!(group.check_required(&group.read(json!({}), Reading::OWN).unwrap()).is_err());
}

#[test]
fn writing_names_the_schemas_in_use_and_never_a_password() {
    let mut resource = barbara();
    resource.0.insert("password".into(), json!("secret"));
    let body = users().request(&resource);
    assert_eq!(body["schemas"].as_array().unwrap().len(), 2);
    assert!(body.get("id").is_none() && body.get("meta").is_none());
    assert_eq!(body["password"], json!("secret"));
    let meta = MetaOf { created: "c", last_modified: "m", location: "https://x/Users/1", version: "W/\"1\"" };
    let answer = users().answer(resource, &meta);
    assert!(answer.get("password").is_none());
    assert_eq!(answer["meta"]["resourceType"], json!("User"));
    assert_eq!(answer["schemas"][1], json!("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"));
}

#[test]
fn order_does_not_make_a_difference() {
    let a = user(json!({ "userName": "x", "emails": [{"value": "1", "type": "a"}, {"type": "b", "value": "2"}] }));
    let b = user(json!({ "emails": [{"value": "2", "type": "b"}, {"value": "1", "type": "a"}], "userName": "x" }));
    assert!(same(&a, &b) && a != b);
    let c = user(json!({ "emails": [{"value": "2", "type": "b"}, {"value": "2", "type": "b"}], "userName": "x" }));
    assert!(!same(&a, &c));
}

#[test]
fn typed_users_lose_nothing() {
    let mut resource = barbara();
    resource.0.insert(CUSTOM.into(), json!({ "badge": "7" }));
    let typed = User::from_resource(&resource).unwrap();
    assert_eq!(typed.enterprise.as_ref().unwrap().manager.as_ref().unwrap().value.as_deref(), Some("26118915"));
    assert_eq!(typed.email(), Some("bjensen@example.com"));
    assert!(same(&typed.to_resource(), &resource));
}
