use std::collections::HashMap;

use muster_scim::message::{
    BulkRequest, BulkResult, Method, SearchRequest, bulk_response, resolve_bulk_ids, unresolved,
};
use muster_scim::schema::{Schema, ServiceProviderConfig};
use muster_scim::{Definition, Error, ListResponse, Op, PatchOp, ScimType};
use serde_json::{Value, json};

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[test]
fn an_error_says_status_keyword_and_detail() {
    let error = Error::new(ScimType::Uniqueness, "userName is taken");
    assert_eq!(error.status, 409);
    assert_eq!(
        error.json(),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "409", "scimType": "uniqueness", "detail": "userName is taken",
        })
    );
    assert_eq!(Error::read(409, &bytes(&error.json())), error);
    assert!(Error::status(404, "x").json().get("scimType").is_none());
}

#[test]
fn foreign_errors_are_told_in_their_own_words_and_bounded() {
    let detail = |status, body: &str| Error::read(status, body.as_bytes()).detail;
    assert_eq!(detail(409, r#"{"Errors":[{"description":"User exists","code":"409"}]}"#), "User exists");
    assert_eq!(detail(400, r#"{"errors":[{"message":"bad"}]}"#), "bad");
    assert_eq!(detail(403, r#"{"message":"rate limited"}"#), "rate limited");
    assert!(detail(200, "<!DOCTYPE html><html>").contains("web page"));
    assert_eq!(detail(500, ""), "no detail was given");
    assert_eq!(detail(500, "oh\r\nno\u{1b}[31m"), "oh  no [31m");
    assert_eq!(detail(500, &"ä".repeat(100_000)).chars().count(), 501);
    assert_eq!(Error::read(400, br#"{"scimType":"InvalidFilter"}"#).scim_type, Some(ScimType::InvalidFilter));
}

#[test]
fn lists_are_read_as_servers_write_them() {
    let read = |value: Value| ListResponse::read(&bytes(&value)).unwrap();
    let list = read(json!({ "totalResults": "2", "itemsPerPage": 1, "startIndex": "1", "resources": [{"id": "1"}] }));
    assert_eq!(
        (list.total, list.items_per_page, list.start_index, list.resources.len()),
        (Some(2), Some(1), Some(1), 1)
    );
    assert!(read(json!({ "totalResults": 0 })).resources.is_empty());
    assert_eq!(read(json!([{ "id": "1" }])).total, Some(1));
    assert_eq!(read(json!({ "id": "1", "userName": "x" })).resources.len(), 1);
    assert_eq!(read(json!({ "Resources": [], "nextCursor": "c" })).next_cursor.as_deref(), Some("c"));
    assert!(ListResponse::read(br#"{"ok":true}"#).is_err());
    assert!(ListResponse::read(b"<html>").is_err());
    let written = ListResponse { total: Some(1), resources: vec![json!({})], ..ListResponse::default() }.json();
    assert_eq!(written["schemas"][0], json!("urn:ietf:params:scim:api:messages:2.0:ListResponse"));
    assert!(written.get("startIndex").is_none());
}

#[test]
fn patch_bodies_are_read_in_any_case() {
    let read = PatchOp::read(br#"{"operations":[{"OP":"Add","PATH":" ","Value":{"a":1}},{"op":"REMOVE","path":"x"}]}"#);
    let patch = read.unwrap();
    assert_eq!((patch.operations[0].op, patch.operations[0].path.as_deref()), (Op::Add, None));
    assert_eq!((patch.operations[1].op, patch.operations[1].path.as_deref()), (Op::Remove, Some("x")));
    for (body, words) in [
        ("[]", "PatchOp object"),
        ("{}", "Operations is required"),
        (r#"{"Operations":[]}"#, "at least one"),
        (r#"{"Operations":[{"op":"move"}]}"#, "Operations[0]: op must be"),
        (r#"{"Operations":[{"op":"add","path":5}]}"#, "path must be a text"),
        (r#"{"schemas":["urn:x"],"Operations":[{"op":"add"}]}"#, "schemas must name"),
    ] {
        let error = PatchOp::read(body.as_bytes()).unwrap_err();
        assert!(error.scim_type == Some(ScimType::InvalidSyntax) && error.detail.contains(words), "{body}: {error}");
    }
    let long = json!({ "Operations": vec![json!({"op": "remove", "path": "x"}); 10_001] });
    assert!(PatchOp::read(&bytes(&long)).is_err());
}

#[test]
fn searches_become_query_parameters() {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "attributes": ["a", "b"],
        "filter": "a pr", "startIndex": 1, "sortBy": null });
    let expected = [("attributes", "a,b"), ("filter", "a pr"), ("startIndex", "1")];
    let read = SearchRequest::read(&bytes(&body)).unwrap().parameters;
    assert_eq!(read, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    assert!(SearchRequest::read(br#"{"filter":{}}"#).is_err());
}

#[test]
fn bulk_ids_are_put_in_place_of_their_names() {
    let body = json!({ "failOnErrors": 1, "Operations": [
        { "method": "post", "path": "/Users", "bulkId": "q", "data": { "userName": "a" } },
        { "method": "PATCH", "path": "/Groups/bulkId:g", "version": "W/\"1\"",
          "data": { "members": [{ "value": "bulkId:q" }] } },
    ]});
    let bulk = BulkRequest::read(&bytes(&body)).unwrap();
    assert_eq!((bulk.fail_on_errors, bulk.operations.len()), (Some(1), 2));
    let mut made = HashMap::from([("q".to_owned(), "11".to_owned())]);
    assert_eq!(resolve_bulk_ids(&bulk.operations[1], &made), Err("g".to_owned()));
    made.insert("g".to_owned(), "22".to_owned());
    let resolved = resolve_bulk_ids(&bulk.operations[1], &made).unwrap();
    assert_eq!(resolved.path, "/Groups/22");
    assert_eq!(resolved.data.unwrap()["members"][0]["value"], json!("11"));
}

#[test]
fn bulk_beyond_its_limits_or_malformed_is_refused() {
    let status = |value: Value| BulkRequest::read(&bytes(&value)).unwrap_err().status;
    let delete = json!({ "method": "DELETE", "path": "/Users/1" });
    assert_eq!(status(json!({ "Operations": vec![delete.clone(); 1001] })), 413);
    assert_eq!(BulkRequest::read(&vec![b' '; 5_000_000]).unwrap_err().status, 413);
    for operation in [
        json!({ "method": "GET", "path": "/Users" }),
        json!({ "method": "POST", "path": "/Users", "data": {} }),
        json!({ "method": "PUT", "path": "/Users/1" }),
        json!({ "method": "DELETE" }),
        json!({ "method": "DELETE", "path": "Users/1" }),
        json!(5),
    ] {
        assert_eq!(status(json!({ "Operations": [operation] })), 400);
    }
    assert_eq!(status(json!({ "Operations": [delete], "failOnErrors": 0 })), 400);
    let result = BulkResult {
        method: Method::Post,
        bulk_id: Some("q".into()),
        location: None,
        version: None,
        status: 409,
        response: Some(Error::new(ScimType::Uniqueness, "taken").json()),
    };
    let answer = bulk_response(&[result]);
    assert_eq!(answer["Operations"][0]["status"], json!("409"));
    assert_eq!(answer["Operations"][0]["response"]["scimType"], json!("uniqueness"));
}

#[test]
fn bulk_ids_are_given_once_and_paths_begin_with_a_slash() {
    let refused = |operations: Value| BulkRequest::read(&bytes(&json!({ "Operations": operations }))).unwrap_err();
    let post = |path: &str| json!({ "method": "POST", "path": path, "bulkId": "q", "data": {} });
    let twice = refused(json!([post("/Users"), post("/Groups")]));
    assert_eq!(twice.scim_type, Some(ScimType::InvalidValue));
    assert!(twice.detail.starts_with("Operations[1]: bulkId \"q\": "), "{twice}");
    for (path, words) in [
        ("", "path is required, such as /Users"),
        ("Users", "path must begin with a slash, such as /Users"),
        ("https://id.example/scim/v2/d/Users", "path must begin with a slash, such as /Users"),
    ] {
        let error = refused(json!([post(path)]));
        assert!(error.scim_type == Some(ScimType::InvalidSyntax) && error.detail.contains(words), "{error}");
    }
}

#[test]
fn what_cannot_be_resolved_is_told_why() {
    let post = |name: &str, of: &str| {
        let data = json!({ "members": [{ "value": "bulkId:done" }, { "value": format!("bulkId:{of}") }] });
        json!({ "method": "POST", "path": "/Groups", "bulkId": name, "data": data })
    };
    let circle: Vec<Value> = (0..9).map(|n| post(&n.to_string(), &((n + 1) % 9).to_string())).collect();
    let mut all =
        vec![post("a", "b"), post("b", "a"), post("c", "a"), post("d", "failed"), post("e", "d"), post("f", "x")];
    all.extend(circle);
    let bulk = BulkRequest::read(&bytes(&json!({ "Operations": all }))).unwrap();
    let left: Vec<_> = bulk.operations.iter().collect();
    let names = ["a", "b", "c", "d", "e", "f", "failed", "done"].map(str::to_owned).into();
    let made = HashMap::from([("done".to_owned(), "11".to_owned())]);
    let why = unresolved(&left, &names, &made);
    for (error, words) in why.iter().zip([
        "the references are circular: \"b\" refers to \"a\" refers to \"b\"",
        "the references are circular: \"a\" refers to \"b\" refers to \"a\"",
        "the references are circular: \"a\" refers to \"b\" refers to \"a\"",
        "nothing was made under the bulkId \"failed\": its operation made nothing",
        "nothing was made under the bulkId \"d\", which waits for \"failed\": its operation made nothing",
        "nothing was made under the bulkId \"x\": no operation of this request has it",
        "\"5\" refers to … refers to \"1\"; make one of them",
    ]) {
        assert!((error.status, error.scim_type) == (409, None) && error.detail.contains(words), "{error}");
    }
    assert_eq!(why.len(), left.len());
}

#[test]
fn discovery_documents_are_written_and_read() {
    let base = "https://id.example/scim/v2/d";
    let config = ServiceProviderConfig::ours();
    assert_eq!(ServiceProviderConfig::read(&config.json(base)), config);
    let foreign = json!({ "Patch": { "supported": true }, "filter": { "supported": "yes" }, "sort": null });
    let read = ServiceProviderConfig::read(&foreign);
    assert!(read.patch.supported && !read.filter.supported && !read.sort.supported);

    let user = Definition::user();
    let schema = user.core.json(base);
    assert_eq!(schema["meta"]["location"], json!(format!("{base}/Schemas/{}", user.core.id)));
    assert_eq!(Schema::read(schema.clone()).unwrap(), user.core);
    let password = schema["attributes"].as_array().unwrap().iter().find(|a| a["name"] == "password").unwrap();
    assert_eq!((&password["mutability"], &password["returned"]), (&json!("writeOnly"), &json!("never")));
    assert_eq!(user.resource_type().json(base)["schemaExtensions"][0]["required"], json!(false));
    assert!(Schema::read(json!({ "attributes": vec![json!({ "name": "a" }); 1001] })).is_err());
}

#[test]
fn a_receivers_own_schemas_join_ours() {
    let told = |id: &str, name: &str| {
        Schema::read(json!({ "id": id, "attributes": [{ "name": name, "type": "boolean" }] })).unwrap()
    };
    let custom = "urn:acme:params:scim:schemas:2.0:User";
    let schemas = vec![
        told("urn:ietf:params:scim:schemas:core:2.0:User", "isOwner"),
        told("urn:ietf:params:scim:schemas:core:2.0:User", "active"),
        told(custom, "vip"),
        told("urn:acme:params:scim:schemas:2.0:Device", "serial"),
    ];
    let user = Definition::user().discovered(schemas, &[]);
    let kind = |path: &str| user.locate(&path.parse().unwrap()).map(|l| l.leaf().kind);
    let boolean = Some(muster_scim::schema::Kind::Boolean);
    assert_eq!((kind("isOwner"), kind(&format!("{custom}:vip"))), (boolean, boolean));
    assert_eq!((kind("urn:acme:params:scim:schemas:2.0:Device:serial"), user.extensions.len()), (None, 2));
    let paths = ["urn:x:hr:User:badge", "urn:x:hr:User:desk.floor", "urn:x:hr:User:desk.seat", "userName", "nonsense"];
    let paths = paths.map(|p| p.parse().unwrap());
    let mapped = Definition::user().with_paths(&paths);
    let found = paths.iter().filter(|p| mapped.locate(p).is_some()).count();
    assert_eq!((found, mapped.extensions.len()), (4, 2));
}
