use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_scim::patch::{Dialect, apply};
use muster_scim::schema::ServiceProviderConfig;
use muster_scim::server::{
    Discovery, Paging, Position, Projection, Query, Route, check_if_match, etag, is_not_modified, read_cursor, replace,
    sort, write_cursor,
};
use muster_scim::{Definition, Reading, ScimType};
use serde_json::{Value, json};

use super::{barbara, group, user, users};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn query(pairs: &[(&str, &str)]) -> Result<Query, muster_scim::Error> {
    Query::read(pairs.iter().copied(), &users())
}

#[test]
fn numbers_out_of_range_are_brought_into_it() {
    let paging = |pairs: &[(&str, &str)]| query(pairs).unwrap().paging;
    assert_eq!(paging(&[]), Paging::Index { start: 1, count: 100 });
    assert_eq!(paging(&[("startIndex", "-5"), ("COUNT", "-1")]), Paging::Index { start: 1, count: 0 });
    assert_eq!(paging(&[("startindex", "7"), ("count", "99999")]), Paging::Index { start: 7, count: 1000 });
    assert_eq!(paging(&[("cursor", ""), ("count", "5")]), Paging::Cursor { cursor: None, count: 5 });
    assert_eq!(paging(&[("cursor", "abc")]), Paging::Cursor { cursor: Some("abc".into()), count: 100 });
}

#[test]
fn a_query_that_cannot_be_answered_is_refused_by_its_parameter() {
    for (pairs, scim_type, words) in [
        (vec![("count", "many")], ScimType::InvalidValue, "count must be"),
        (vec![("startIndex", "1.5")], ScimType::InvalidValue, "startIndex must be"),
        (vec![("sortOrder", "up")], ScimType::InvalidValue, "sortOrder"),
        (vec![("sortBy", "nonsense")], ScimType::InvalidValue, "sortBy: nonsense"),
        (vec![("sortBy", "password")], ScimType::InvalidValue, "never told"),
        (vec![("filter", "userName eq")], ScimType::InvalidFilter, "at character"),
        (vec![("filter", "password sw \"a\"")], ScimType::InvalidFilter, "cannot be searched for"),
        (vec![("attributes", "user name")], ScimType::InvalidValue, "attributes:"),
        (vec![("cursor", "x"), ("startIndex", "1")], ScimType::InvalidCursor, "exclude each other"),
        (vec![("cursor", ""), ("count", "0")], ScimType::InvalidCount, "at least 1"),
        (vec![("count", "a"), ("cursor", "")], ScimType::InvalidCount, "count must be"),
    ] {
        let error = query(&pairs).unwrap_err();
        assert!(error.scim_type == Some(scim_type) && error.detail.contains(words), "{error}");
    }
    let many = vec!["a"; 201].join(",");
    assert!(query(&[("attributes", &many)]).is_err());
    let sorted = query(&[("sortBy", "NAME.familyname"), ("sortOrder", "Descending")]).unwrap();
    assert_eq!((sorted.sort_by.unwrap().to_string(), sorted.descending), ("name.familyName".to_owned(), true));
}

fn told(attributes: Option<&str>, excluded: Option<&str>) -> Value {
    let mut resource = barbara();
    resource.0.insert("schemas".into(), json!(["urn:ietf:params:scim:schemas:core:2.0:User"]));
    resource.0.insert("password".into(), json!("secret"));
    Projection::read(attributes, excluded).unwrap().apply(resource.0, &users()).into()
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).filter(|n| !["schemas", "id"].contains(n)).collect()
}

#[test]
fn what_is_asked_for_is_told_and_a_password_never() {
    assert_eq!(told(None, None).get("password"), None);
    assert_eq!(names(&told(Some("userName,PASSWORD"), None)), ["userName"]);
    let parts = told(Some("name.familyName, emails.value"), None);
    assert_eq!(parts["name"], json!({ "familyName": "Jensen" }));
    assert_eq!(parts["emails"], json!([{ "value": "bjensen@example.com" }, { "value": "babs@jensen.example" }]));
    assert_eq!(parts["id"], json!("2819c223"));
    assert_eq!(names(&told(Some("nothing"), None)), Vec::<&str>::new());
    let core = told(Some("urn:ietf:params:scim:schemas:core:2.0:User:displayName"), None);
    assert_eq!(names(&core), ["displayName"]);
    let manager = told(Some(&format!("{ENTERPRISE}:manager")), None);
    assert_eq!(manager[ENTERPRISE], json!({ "manager": { "value": "26118915" } }));
    assert_eq!(told(Some(ENTERPRISE), None)[ENTERPRISE].as_object().unwrap().len(), 3);
    assert_eq!(told(None, Some(ENTERPRISE)).get(ENTERPRISE), None);
    let without = told(None, Some("id,schemas,emails,name.givenName"));
    assert_eq!((without.get("emails"), &without["name"]), (None, &json!({ "familyName": "Jensen" })));
    assert_eq!((&without["id"], without["schemas"].is_array()), (&json!("2819c223"), true));
}

#[test]
fn members_need_not_be_loaded_when_they_are_not_asked_for() {
    let group = Definition::group();
    let wants = |attributes, excluded| Projection::read(attributes, excluded).unwrap().wants("members", &group);
    assert!(wants(None, None) && wants(Some("members.value"), None) && wants(None, Some("members.display")));
    assert!(!wants(None, Some("Members")) && !wants(Some("id,displayName"), None));
}

#[test]
fn resources_are_ordered_and_those_without_a_value_come_last() {
    let mut all = [("1", "b", "2@x", true), ("2", "A", "1@x", false), ("3", "", "", true), ("4", "a", "0@x", true)]
        .map(|(id, title, mail, active)| {
            let mut value = json!({ "id": id, "userName": "u", "active": active });
            if !title.is_empty() {
                value["title"] = json!(title);
                value["emails"] = json!([{ "value": "9@x" }, { "value": mail, "primary": true }]);
            }
            user(value)
        });
    let mut order = |by: &str, descending| {
        sort(&mut all, &by.parse().unwrap(), descending, &users());
        all.iter().map(|r| r.id().unwrap()).collect::<String>()
    };
    assert_eq!(order("title", false), "2413");
    assert_eq!(order("title", true), "1243");
    assert_eq!(order("emails", false), "4213");
    assert_eq!(order("emails.value", true), "1243");
    assert_eq!(order("active", false), "2134");
    assert_eq!(order("id", true), "4321");
}

#[test]
fn versions_are_compared_whatever_their_quotes() {
    let tag = etag("7");
    assert_eq!(tag, "W/\"7\"");
    for header in [None, Some("*"), Some("W/\"7\""), Some("\"7\""), Some("7"), Some("W/\"6\", W/\"7\"")] {
        assert!(check_if_match(header, &tag).is_ok(), "{header:?}");
    }
    for header in [Some("W/\"6\""), Some(""), Some("W/\"77\"")] {
        assert_eq!(check_if_match(header, &tag).unwrap_err().status, 412, "{header:?}");
    }
    assert!(
        is_not_modified(Some("W/\"7\""), &tag) && !is_not_modified(None, &tag) && !is_not_modified(Some("x"), &tag)
    );
}

#[test]
fn a_cursor_is_of_its_query_alone() {
    let by_name = [("sortBy", "userName")];
    let queries = [
        &[][..],
        &[("filter", "title pr")],
        &[("filter", "title eq \"a\"")],
        &by_name,
        &[("sortBy", "title")],
        &[("sortBy", "userName"), ("sortOrder", "descending")],
        &[("sortBy", "userName"), ("filter", "title pr")],
    ]
    .map(|pairs| query(pairs).unwrap());
    for position in [Position::After("id\"1".into()), Position::Offset(20)] {
        for (i, of) in queries.iter().enumerate() {
            let cursor = write_cursor(of, &users(), &position);
            assert!(cursor.len() < 80, "{cursor}");
            for (j, query) in queries.iter().enumerate() {
                let read = read_cursor(&cursor, query, &users());
                assert_eq!(read.is_ok(), i == j, "{i} {j}");
                let refused = read.err().and_then(|e| e.scim_type);
                assert_eq!(refused, (i != j).then_some(ScimType::InvalidCursor));
            }
            assert!(read_cursor(&cursor, of, &Definition::group()).is_err(), "another resource type");
        }
    }
    // What asks for other attributes or another number is the same query.
    let cursor = write_cursor(&queries[3], &users(), &Position::Offset(7));
    let wider = query(&[("sortBy", "USERNAME"), ("count", "3"), ("attributes", "title"), ("cursor", &cursor)]).unwrap();
    assert_eq!(read_cursor(&cursor, &wider, &users()), Ok(Position::Offset(7)));
}

#[test]
fn a_made_up_or_damaged_cursor_is_refused() {
    let query = query(&[("sortBy", "userName")]).unwrap();
    let ours = write_cursor(&query, &users(), &Position::Offset(20));
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&ours).unwrap()).unwrap();
    let made_up = ["[\"n\",\"abc\"]", "[\"n\",\"-1\"]", "[]", "{}", "null", "[\"\",\"n\",\"20\"]"].map(encoded);
    let damaged = ["\"21\"", "\"-1\"", "\"abc\"", "\"\"", "20"].map(|n| encoded(&text.replace("\"20\"", n)));
    let other = ["", "x", "%%%", &"a".repeat(5000), &ours[..ours.len() - 1], &ours[1..]].map(str::to_owned);
    for cursor in made_up.iter().chain(&damaged).chain(&other) {
        assert_eq!(
            read_cursor(cursor, &query, &users()).unwrap_err().scim_type,
            Some(ScimType::InvalidCursor),
            "{cursor}"
        );
    }
}

#[test]
fn put_replaces_what_may_be_changed() {
    let mut current = barbara();
    current.0.insert("password".into(), json!("secret"));
    current.0.insert("groups".into(), json!([{ "value": "g" }]));
    let sent =
        user(json!({ "id": "evil", "userName": "new", "groups": [{ "value": "admins" }], "meta": { "version": "x" } }));
    let after = replace(&current, sent, &users()).unwrap();
    let expected = json!({
        "id": "2819c223", "userName": "new", "groups": [{ "value": "g" }], "password": "secret", "meta": current.0["meta"],
    });
    assert_eq!(Value::from(after), expected);
    assert!(replace(&current, user(json!({ "title": "x" })), &users()).is_err());
    let mut fixed = Definition::group();
    fixed.core.attributes[0] = fixed.core.attributes[0].clone().immutable();
    let tea = group(json!({ "displayName": "Tea" }));
    let renamed = replace(&tea, group(json!({ "displayName": "Coffee" })), &fixed);
    assert_eq!(renamed.unwrap_err().scim_type, Some(ScimType::Mutability));
}

/// Class of security-cases.md: "SCIM takeover": what a caller says of ids, groups and versions is never believed.
#[test]
fn scim_takeover_a_request_names_neither_its_id_nor_its_groups() {
    let sent = json!({
        "id": "admin", "ID": "admin", "userName": "eve", "externalId": "1",
        "groups": [{ "value": "admins" }], "meta": { "version": "W/\"9\"", "location": "https://evil.example" },
    });
    let twice = users().read(sent, Reading::REQUEST).unwrap();
    assert_eq!(Value::from(twice), json!({ "userName": "eve", "externalId": "1" }));
    for path in ["id", "groups", "meta.version", "meta", "urn:ietf:params:scim:schemas:core:2.0:User:id"] {
        for op in ["add", "replace", "remove"] {
            let patch = super::patch(json!([{ "op": op, "path": path, "value": "admin" }]));
            let error = apply(&barbara(), &patch, &users(), Dialect::TOLERANT).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::Mutability), "{op} {path}");
        }
    }
    let quiet =
        super::patch(json!([{ "op": "replace", "value": { "id": "admin", "groups": [{ "value": "admins" }] } }]));
    assert_eq!(apply(&barbara(), &quiet, &users(), Dialect::TOLERANT), Ok(barbara()));
}

#[test]
fn routes_are_read_in_any_case_and_nothing_else() {
    for (path, route) in [
        ("/Users", Route::Users),
        ("users/", Route::Users),
        ("/Users/a@b.c", Route::User("a@b.c".into())),
        ("/Users/.search", Route::SearchUsers),
        ("/.search", Route::Search),
        ("/groups/1", Route::Group("1".into())),
        ("/Bulk", Route::Bulk),
        ("/Me", Route::Me),
        ("/ServiceProviderConfig", Route::ServiceProviderConfig),
        (
            "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
            Route::Schema("urn:ietf:params:scim:schemas:core:2.0:User".into()),
        ),
        ("/ResourceTypes/User", Route::ResourceType("User".into())),
    ] {
        assert_eq!(Route::read(path), Some(route), "{path}");
    }
    for path in ["", "/", "/Admins", "/Users/1/2", "/Bulk/1", "/ServiceProviderConfig/1"] {
        assert_eq!(Route::read(path), None, "{path}");
    }
}

#[test]
fn the_discovery_documents_list_what_there_is() {
    let definitions = [users(), Definition::group()];
    let config = ServiceProviderConfig::ours();
    let discovery = Discovery { base: "https://id.example/scim/v2/d", definitions: &definitions, config: &config };
    assert_eq!(discovery.resource_types()["totalResults"], json!(2));
    assert_eq!(discovery.schemas()["totalResults"], json!(4));
    assert_eq!(discovery.resource_type("User").unwrap()["endpoint"], json!("/Users"));
    assert_eq!(discovery.resource_type("Device").unwrap_err().status, 404);
    assert_eq!(discovery.schema("URN:ietf:params:scim:schemas:core:2.0:group").unwrap()["name"], json!("Group"));
    assert_eq!(discovery.schema("urn:x").unwrap_err().status, 404);
    let document = discovery.service_provider_config();
    assert_eq!((&document["patch"]["supported"], &document["pagination"]["cursor"]), (&json!(true), &json!(true)));
}
