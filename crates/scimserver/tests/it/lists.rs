//! Filters, sorting, paging, attribute selection, searches and the discovery documents.

use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Feeder, id, names, op};

const WORK: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Five people: ana, bo, cy, di, ed.
async fn five(hr: &Feeder<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for (i, name) in ["ana", "bo", "cy", "di", "ed"].into_iter().enumerate() {
        let more = json!({
            "externalId": format!("e{i}"), "title": if i % 2 == 0 { "Engineer" } else { "Clerk" }, "active": i != 4,
            WORK: {"department": format!("D{}", 5 - i)},
        });
        out.push(hr.person(name, more).await);
        hr.t.later(60);
    }
    out
}

both! {
    async fn filters_find_by_index_and_by_looking(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ids = five(&hr).await;
        hr.person("two", json!({"emails": [{"value": "Two@Acme.test", "type": "work"}, {"value": "second@acme.test", "type": "home"}]})).await;
        for (filter, expected) in [
            ("userName eq \"ANA\"", vec!["ana"]),
            ("externalId eq \"e1\"", vec!["bo"]),
            ("externalId eq \"E1\"", vec![]),
            (&format!("id eq \"{}\"", ids[2]), vec!["cy"]),
            ("emails.value eq \"SECOND@acme.test\"", vec!["two"]),
            ("emails[type eq \"home\" and value sw \"second\"]", vec!["two"]),
            ("emails[type eq \"work\" and value eq \"second@acme.test\"]", vec![]),
            ("userName eq \"ana\" or externalId eq \"e1\"", vec!["ana", "bo"]),
            ("userName eq \"ana\" and title eq \"Clerk\"", vec![]),
            ("title eq \"clerk\"", vec!["bo", "di"]),
            ("active eq false", vec!["ed"]),
            ("active eq \"False\"", vec!["ed"]),
            ("not (title pr)", vec!["two"]),
            ("userName sw \"a\" or userName co \"w\"", vec!["ana", "two"]),
            ("department ge \"D4\"", vec!["ana", "bo"]),
            (&format!("{WORK}:department eq \"D1\""), vec!["ed"]),
            ("meta.lastModified gt \"2025-11-18T09:08:00Z\" and title pr", vec!["cy", "di", "ed"]),
            ("meta.lastModified gt \"2030-01-01T00:00:00Z\"", vec![]),
            ("password eq \"x\"", vec![]),
        ] {
            if filter.starts_with("password") {
                assert_eq!(hr.get("/Users?filter=password%20eq%20%22x%22").await.refused(400), "invalidFilter");
                continue;
            }
            assert_eq!(hr.find("/Users", filter).await, expected, "{filter}");
        }
        let group = hr.group("Staff", &[&ids[0]]).await;
        assert_eq!(hr.find("/Groups", "displayName eq \"staff\"").await, ["Staff"]);
        assert_eq!(hr.find("/Groups", &format!("members.value eq \"{}\"", ids[0])).await, ["Staff"]);
        assert_eq!(hr.find("/Groups", &format!("members[value eq \"{}\"]", ids[1])).await, Vec::<String>::new());
        assert_eq!(hr.find("/Users", &format!("groups.value eq \"{group}\"")).await, ["ana"]);
    }

    async fn what_changed_since_is_found_by_time(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ids = five(&hr).await;
        let third = hr.get(&format!("/Users/{}", ids[2])).await.expect(200)["meta"]["lastModified"].clone();
        let third = third.as_str().unwrap();
        assert_eq!(hr.find("/Users", &format!("meta.lastModified gt \"{third}\"")).await, ["di", "ed"]);
        assert_eq!(hr.find("/Users", &format!("meta.lastModified ge \"{third}\"")).await, ["cy", "di", "ed"]);
        hr.patch(&format!("/Users/{}", ids[0]), op("replace", "nickName", json!("An"))).await.expect(200);
        assert_eq!(hr.find("/Users", &format!("meta.lastModified gt \"{third}\"")).await, ["ana", "di", "ed"]);
    }

    async fn pages_by_index_and_by_cursor_hold_everybody_once(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        five(&hr).await;
        let page = hr.get("/Users?startIndex=2&count=2").await.expect(200);
        assert_eq!((names(&page), &page["totalResults"], &page["startIndex"]), (vec!["bo".into(), "cy".into()], &json!(5), &json!(2)));
        let none = hr.get("/Users?count=0").await.expect(200);
        assert_eq!((&none["totalResults"], names(&none).len()), (&json!(5), 0));
        assert_eq!(names(&hr.get("/Users?startIndex=9").await.expect(200)).len(), 0);
        for question in ["count=2", "count=2&filter=title%20pr", "count=2&sortBy=userName&sortOrder=descending"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = hr.get(&format!("/Users?{question}&cursor={cursor}")).await.expect(200);
                seen.extend(names(&page));
                match page["nextCursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            if question.contains("sort") {
                seen.reverse();
            }
            assert_eq!(seen, ["ana", "bo", "cy", "di", "ed"], "{question}");
        }
        assert_eq!(hr.get("/Users?cursor=rubbish").await.refused(400), "invalidCursor");
    }

    async fn lists_are_sorted_and_attributes_chosen(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ids = five(&hr).await;
        let sorted = hr.get(&format!("/Users?sortBy={WORK}:department")).await.expect(200);
        assert_eq!(names(&sorted), ["ed", "di", "cy", "bo", "ana"]);
        let some = hr.get(&format!("/Users/{}?attributes=userName,emails.value", ids[0])).await.expect(200);
        let keys: Vec<&String> = some.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["schemas", "id", "userName", "emails"]);
        assert_eq!(some["emails"], json!([{"value": "ana@acme.test"}]));
        let most = hr.get("/Users?excludedAttributes=emails,title").await.expect(200);
        assert!(most["Resources"][0].get("title").is_none() && most["Resources"][0].get("active").is_some());
        let group = hr.group("Staff", &[&ids[0]]).await;
        assert!(hr.get(&format!("/Groups/{group}?excludedAttributes=members")).await.expect(200).get("members").is_none());
    }

    async fn searches_ask_in_a_body(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        five(&hr).await;
        hr.group("Staff", &[]).await;
        let asked = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "title eq \"Clerk\"", "attributes": ["userName"], "count": 10});
        assert_eq!(names(&hr.post("/Users/.search", asked.clone()).await.expect(200)), ["bo", "di"]);
        assert_eq!(names(&hr.post("/.search", asked).await.expect(200)), ["bo", "di"]);
        let everything = hr.post("/.search", json!({"startIndex": 4, "count": 3})).await.expect(200);
        assert_eq!((names(&everything), &everything["totalResults"]), (vec!["di".into(), "ed".into(), "Staff".into()], &json!(6)));
        assert_eq!(names(&hr.post("/.search", json!({"filter": "displayName eq \"Staff\""})).await.expect(200)), ["Staff"]);
    }

    async fn the_schemas_say_unique_of_what_is_and_of_nothing_else(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.person("ana", json!({"emails": [{"value": "ana@acme.test", "primary": true}, {"value": "both@acme.test"}], WORK: {"employeeNumber": "7"}})).await;
        hr.group("Staff", &[]).await;
        for (path, again) in [
            ("/Users", json!({"userName": "ANA"})),
            ("/Users", json!({"userName": "bo", "emails": [{"value": "ANA@acme.test"}]})),
            ("/Users", json!({"userName": "bo", WORK: {"employeeNumber": "7"}})),
            ("/Groups", json!({"displayName": "STAFF"})),
        ] {
            assert_eq!(hr.post(path, again.clone()).await.refused(409), "uniqueness", "{again}");
        }
        // Of several addresses the one that a person has here.
        hr.person("bo", json!({"emails": [{"value": "bo@acme.test", "primary": true}, {"value": "both@acme.test"}]})).await;
        let schemas = hr.get("/Schemas").await.expect(200);
        let mut unique = Vec::new();
        for schema in schemas["Resources"].as_array().unwrap() {
            for attribute in schema["attributes"].as_array().unwrap() {
                let parts = attribute["subAttributes"].as_array().into_iter().flatten();
                for (of, part) in std::iter::once((Value::Null, attribute)).chain(parts.map(|p| (attribute["name"].clone(), p))) {
                    if part["uniqueness"] != "none" {
                        assert_eq!(part["uniqueness"], "server");
                        unique.push(format!("{} {} {}", schema["name"].as_str().unwrap(), of.as_str().unwrap_or_default(), part["name"].as_str().unwrap()));
                    }
                }
            }
        }
        unique.sort();
        assert_eq!(unique, ["EnterpriseUser  employeeNumber", "Group  displayName", "User  userName", "User emails value"]);
    }

    async fn the_discovery_documents_tell_what_there_is(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.person("ana", json!({"urn:muster:params:scim:schemas:extension:custom:2.0:User": {"shoeSize": "4"}})).await;
        let config = hr.get("/ServiceProviderConfig").await.expect(200);
        for what in ["patch", "bulk", "filter", "sort", "etag"] {
            assert_eq!(config[what]["supported"], json!(true), "{what}");
        }
        let types = hr.get("/ResourceTypes").await.expect(200);
        assert_eq!(types["totalResults"], json!(2));
        assert_eq!(hr.get("/ResourceTypes/User").await.expect(200)["endpoint"], "/Users");
        let schemas = hr.get("/Schemas").await.expect(200);
        let custom = schemas["Resources"].as_array().unwrap().iter().find(|s| id(s).starts_with("urn:muster")).unwrap();
        assert_eq!(custom["attributes"][0]["name"], "shoeSize");
        hr.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").await.expect(200);
        hr.get("/Schemas/urn:nothing").await.refused(404);
        // RFC 7644 section 4: what is supported is told as a whole.
        for path in ["/Schemas", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/ResourceTypes", "/ResourceTypes/User", "/ServiceProviderConfig"] {
            for filter in ["filter=id%20pr", "FILTER=x", "count=1&Filter="] {
                hr.get(&format!("{path}?{filter}")).await.refused(403);
            }
            hr.get(&format!("{path}?filters=x")).await.expect(200);
        }
        hr.get("/Me").await.refused(501);
        let _: Value = hr.get("/nothing").await.expect(404);
    }
}
