//! What known callers send, in the shapes that their documentation and their traffic show.

use muster_scim::patch::{Dialect, MemberOperation, apply, split_members};
use muster_scim::resource::User;
use muster_scim::server::{Caller, Query};
use muster_scim::{Definition, PatchOp, Reading, Resource};
use serde_json::{Value, json};

use super::{barbara, group, user, users};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn request(value: Value) -> Resource {
    users().read_bytes(&serde_json::to_vec(&value).unwrap(), Reading::REQUEST).unwrap()
}

fn patched(resource: &Resource, body: Value) -> Resource {
    let patch = PatchOp::read(&serde_json::to_vec(&body).unwrap()).unwrap();
    apply(resource, &patch, &users(), Dialect::TOLERANT).unwrap()
}

fn members(body: Value) -> Vec<MemberOperation> {
    let patch = PatchOp::read(&serde_json::to_vec(&body).unwrap()).unwrap();
    split_members(patch, &Definition::group()).unwrap().0
}

fn patch_op(operations: Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations })
}

#[test]
fn entra_creates_a_user() {
    let made = request(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "adele@contoso.example",
        "active": "True",
        "emails": [{ "primary": true, "type": "work", "value": "adele@contoso.example" }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": "Adele Vance", "familyName": "Vance", "givenName": "Adele" },
        "roles": [{ "primary": "True", "type": "WindowsAzureActiveDirectoryRole", "value": "Admin" }],
        "addresses": [{ "type": "work", "country": null, "locality": "Sydney" }],
        ENTERPRISE: { "department": "Retail", "manager": "b1c7" },
    }));
    let typed = User::from_resource(&made).unwrap();
    assert_eq!((typed.active, typed.email()), (Some(true), Some("adele@contoso.example")));
    assert_eq!(typed.roles[0].primary, Some(true));
    assert_eq!(made.0[ENTERPRISE]["manager"], json!({ "value": "b1c7" }));
    assert_eq!(made.0["addresses"], json!([{ "type": "work", "locality": "Sydney" }]));
}

#[test]
fn entra_changes_a_user_in_its_two_dialects() {
    let old = patch_op(json!([
        { "op": "Replace", "path": "active", "value": "False" },
        { "op": "Add", "path": "emails[type eq \"other\"].value", "value": "o@contoso.example" },
        { "op": "Replace", "path": "displayName", "value": [{ "$ref": null, "value": "Babs J" }] },
        { "op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": [{ "$ref": "http://x/Users/m9", "value": "m9" }] },
        { "op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "Reader" },
        { "op": "Remove", "path": "emails[type eq \"home\"].value" },
        { "op": "Remove", "path": format!("{ENTERPRISE}:department") },
    ]));
    let after = patched(&barbara(), old);
    assert_eq!((after.active(), after.text("displayName")), (Some(false), Some("Babs J")));
    let mails: Vec<_> = after.0["emails"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(mails, ["work", "other"]);
    assert_eq!(after.0[ENTERPRISE]["manager"]["value"], json!("m9"));
    assert_eq!(after.0[ENTERPRISE].get("department"), None);
    assert_eq!(after.0["roles"], json!([{ "primary": true, "value": "Reader" }]));

    let new = patch_op(json!([{ "op": "replace", "value": {
        "active": false, "displayName": "B", "name.givenName": "Bea", "emails[type eq \"work\"].value": "b@contoso.example",
        format!("{ENTERPRISE}:employeeNumber"): "7", format!("{ENTERPRISE}:manager"): { "value": "m3" },
    }}]));
    let after = patched(&barbara(), new);
    assert_eq!(after.0["name"], json!({ "familyName": "Jensen", "givenName": "Bea" }));
    assert_eq!(after.0["emails"][0]["value"], json!("b@contoso.example"));
    assert_eq!(
        (&after.0[ENTERPRISE]["employeeNumber"], &after.0[ENTERPRISE]["manager"]),
        (&json!("7"), &json!({ "value": "m3" }))
    );
}

#[test]
fn entra_asks_who_is_in_a_group_and_who_manages_whom() {
    let ask = |definition: &Definition, text: &str| {
        let pairs =
            [("filter", text), ("attributes", "id"), ("excludedAttributes", "members"), ("aadOptscim062020", "")];
        Query::read(pairs, definition).unwrap().filter.unwrap()
    };
    let tea = group(json!({ "id": "g1", "displayName": "Tea", "members": [{ "value": "m1" }, { "value": "m2" }] }));
    let fits = |text: &str| ask(&Definition::group(), text).matches(&tea.0, &Definition::group());
    assert!(fits(r#"id eq "g1" and members eq "m2""#) && !fits(r#"id eq "g1" and members eq "m3""#));
    assert!(fits(r#"displayName eq "TEA""#) && fits(r#"members[value eq "m1"]"#));
    let managed = ask(&users(), r#"id eq "2819c223" and manager eq "26118915""#);
    assert!(managed.matches(&barbara().0, &users()));
    let work = ask(&users(), r#"emails[type eq "work"].value eq "BJENSEN@example.com""#);
    assert!(work.matches(&barbara().0, &users()));
}

#[test]
fn entra_changes_members() {
    let member = |id: &str| json!([{ "$ref": null, "value": id }]);
    let steps = members(patch_op(json!([
        { "op": "Add", "path": "members", "value": member("a") },
        { "op": "Remove", "path": "members", "value": member("b") },
        { "op": "Remove", "path": "members[value eq \"c\"]" },
    ])));
    assert!(matches!(&steps[0], MemberOperation::Add(m) if m[0].value.as_deref() == Some("a")));
    assert_eq!(steps[1..], [MemberOperation::Remove(vec!["b".into()]), MemberOperation::Remove(vec!["c".into()])]);
}

#[test]
fn okta_creates_replaces_and_deactivates() {
    let sent = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "test.user@okta.local",
        "name": { "givenName": "Test", "familyName": "User" },
        "emails": [{ "primary": true, "value": "test.user@okta.local", "type": "work", "display": "test.user@okta.local" }],
        "displayName": "Test User",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": true,
    });
    let made = request(sent.clone());
    assert_eq!((made.text("password"), made.active()), (Some("1mz050nq"), Some(true)));
    let mut put = sent;
    put["id"] = json!("23a35c27");
    put["meta"] = json!({ "resourceType": "User" });
    put["name"]["middleName"] = json!("Another");
    let kept = request(put);
    assert_eq!((kept.id(), &kept.0["name"]["middleName"]), (None, &json!("Another")));
    assert_eq!(
        patched(&made, patch_op(json!([{ "op": "replace", "value": { "active": false } }]))).active(),
        Some(false)
    );
}

#[test]
fn okta_pushes_groups() {
    let patch = PatchOp::read(
        &serde_json::to_vec(&patch_op(json!([
            { "op": "replace", "value": { "id": "abf4dd94", "displayName": "Renamed" } },
            { "op": "remove", "path": "members[value eq \"89bb1940\"]" },
            { "op": "add", "value": [{ "value": "23a35c27", "display": "test.user@okta.local" }], "path": "members" },
            { "op": "replace", "path": "members", "value": [] },
        ])))
        .unwrap(),
    );
    let (steps, rest) = split_members(patch.unwrap(), &Definition::group()).unwrap();
    assert_eq!(steps[0], MemberOperation::Remove(vec!["89bb1940".into()]));
    assert!(matches!(&steps[1], MemberOperation::Add(m) if m[0].display.as_deref() == Some("test.user@okta.local")));
    assert_eq!(steps[2], MemberOperation::Replace(Vec::new()));
    let tea = group(json!({ "id": "abf4dd94", "displayName": "Tea" }));
    let renamed = apply(&tea, &rest, &Definition::group(), Dialect::TOLERANT).unwrap();
    assert_eq!((renamed.text("displayName"), renamed.id()), (Some("Renamed"), Some("abf4dd94")));
}

#[test]
fn onelogin_names_members_without_a_path() {
    let steps = members(patch_op(json!([
        { "op": "add", "value": { "members": [{ "value": "1" }, { "value": "2" }] } },
        { "op": "remove", "value": { "members": [{ "value": "3" }] } },
    ])));
    assert!(matches!(&steps[0], MemberOperation::Add(m) if m.len() == 2));
    assert_eq!(steps[1], MemberOperation::Remove(vec!["3".into()]));
    let made = request(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "one@login.example",
        "name": { "formatted": "One Login", "givenName": "One", "familyName": "Login" },
        "emails": [{ "type": "work", "value": "one@login.example", "primary": true }],
        "phoneNumbers": [{ "type": "work", "value": "" }],
        "roles": ["admin", "reader"],
        ENTERPRISE: { "manager": { "displayName": "Boss", "managerId": "5" }, "department": "" },
    }));
    assert_eq!(made.0["roles"], json!([{ "value": "admin" }, { "value": "reader" }]));
    assert_eq!(made.0[ENTERPRISE].get("manager"), None);
}

#[test]
fn google_sends_whole_users_with_odd_types() {
    let made = request(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE, "urn:ietf:params:scim:schemas:extension:google:2.0:User"],
        "userName": "g@google.example",
        "externalId": "105430607214910012345",
        "name": { "familyName": "Oogle", "givenName": "G", "formatted": "G Oogle" },
        "emails": [{ "value": "g@google.example", "type": "work", "primary": true }, { "value": "alias@google.example" }],
        "addresses": [{ "type": "work", "formatted": "1600 Parkway", "primary": false }],
        "phoneNumbers": [{ "type": "work", "value": 15550100 }],
        "active": true,
        ENTERPRISE: { "employeeNumber": 42, "organization": "Google", "manager": { "value": "" } },
        "urn:ietf:params:scim:schemas:extension:google:2.0:User": { "orgUnitPath": "/" },
    }));
    assert_eq!(made.0["phoneNumbers"][0]["value"], json!("15550100"));
    assert_eq!(made.0[ENTERPRISE]["employeeNumber"], json!("42"));
    assert_eq!(
        made.0.keys().filter(|k| k.starts_with("urn:")).count(),
        1,
        "an extension that nobody knows is passed over"
    );
}

#[test]
fn jumpcloud_sends_one_operation_an_attribute_and_members_as_values() {
    let after = patched(
        &user(json!({ "userName": "j" })),
        patch_op(json!([
            { "op": "replace", "path": "name.givenName", "value": "J" },
            { "op": "replace", "path": "name.familyName", "value": "C" },
            { "op": "replace", "path": "active", "value": true },
            { "op": "add", "path": "emails", "value": [{ "value": "j@c", "type": "work", "primary": true }] },
        ])),
    );
    assert_eq!(after.0["name"], json!({ "givenName": "J", "familyName": "C" }));
    let steps = members(patch_op(json!([{ "op": "remove", "path": "members", "value": [{ "value": "1" }] }])));
    assert_eq!(steps, [MemberOperation::Remove(vec!["1".into()])]);
}

#[test]
fn callers_are_recognised() {
    for (agent, query, name) in [
        ("Okta SCIM Client 1.0.0", "", "Okta"),
        ("OneLogin SCIM/2.0", "", "OneLogin"),
        ("JumpCloud-SCIM", "", "JumpCloud"),
        ("Google-Auto-Provisioning", "", "Google"),
        ("", "filter=x&aadOptscim062020", "Microsoft Entra ID"),
        ("muster/0.1", "", "Muster"),
    ] {
        assert_eq!(Caller::recognise(agent, query).map(Caller::name), Some(name));
    }
    assert_eq!(Caller::recognise("curl/8", "filter=x"), None);
    assert_eq!(Caller::recognise(&"ü".repeat(1000), ""), None);
}
