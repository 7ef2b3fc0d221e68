//! `POST /api/search/*`: the conditions of a body over what the lists show.

use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::each;

/// The user names that a search finds, in order.
async fn people(t: &Test, body: Value) -> Vec<String> {
    let found = t.post("/api/search/systemusers", body).ok().await;
    each(&found["results"], "username").into_iter().map(str::to_owned).collect()
}

async fn devices(t: &Test, body: Value) -> Vec<String> {
    let found = t.post("/api/search/systems", body).ok().await;
    each(&found["results"], "displayName").into_iter().map(str::to_owned).collect()
}

async fn three(t: &Test) {
    for (name, department, level) in [("ana", "Sales", "7"), ("bo", "Legal", "9"), ("cy", "sales", "7")] {
        let body = json!({"username": name, "email": format!("{name}@acme.example"), "department": department,
            "attributes": [{"name": "level", "value": level}]});
        t.post("/api/systemusers", body).ok().await;
    }
}

both! {
    async fn people_are_found_by_conditions_and_terms(t) {
        three(t).await;
        let by_name = |body: Value| {
            let mut body = body;
            body["sort"] = json!("username");
            body
        };
        for (body, expected) in [
            (json!({}), vec!["ana", "bo", "cy"]),
            (json!({"filter": {"department": "Sales"}}), vec!["ana"]),
            (json!({"filter": {"and": [{"department": {"$regex": "(?i)^sales$"}}, "username:$ne:ana"]}}), vec!["cy"]),
            (json!({"filter": {"or": [{"username": "ana"}, {"attributes.level": "9"}]}}), vec!["ana", "bo"]),
            (json!({"filter": [{"attributes.name": "level"}, {"attributes.value": {"$in": ["7"]}}]}), vec!["ana", "cy"]),
            (json!({"filter": {"account_locked": false, "state": "ACTIVATED"}}), vec!["ana", "bo", "cy"]),
            (json!({"searchFilter": {"searchTerm": "SALES", "fields": ["department"]}}), vec!["ana", "cy"]),
            (json!({"searchFilter": {"searchTerm": ["bo@", "cy"]}}), vec!["bo", "cy"]),
            (json!({"searchFilter": {"searchTerm": "sales"}, "filter": {"username": {"$gt": "b"}}}), vec!["cy"]),
            (json!({"limit": 1, "skip": 1}), vec!["bo"]),
            (json!({"filter": null, "searchFilter": {}}), vec!["ana", "bo", "cy"]),
        ] {
            assert_eq!(people(t, by_name(body.clone())).await, expected, "{body}");
        }
        let found = t.post("/api/search/systemusers", json!({"fields": "email department", "limit": 1})).ok().await;
        let mut members: Vec<&str> = found["results"][0].as_object().unwrap().keys().map(String::as_str).collect();
        members.sort();
        assert_eq!((members, &found["totalCount"]), (vec!["_id", "department", "email"], &json!(3)));
        assert_eq!(people(t, json!({"sort": "-department username"})).await, ["ana", "cy", "bo"]);
    }

    async fn devices_are_found_by_conditions_and_terms(t) {
        t.person("ana").await;
        t.device(json!({"displayName": "desk", "os": "Mac OS X", "fde": {"active": true}, "owner": "ana", "lastContact": "2025-11-01T00:00:00Z"})).await;
        t.device(json!({"displayName": "web", "os": "Ubuntu", "hostname": "web-1", "osVersionDetail": {"majorNumber": 24}})).await;
        for (body, expected) in [
            (json!({"filter": {"fde.active": true}}), vec!["desk"]),
            (json!({"filter": {"osVersionDetail.majorNumber": {"$gte": 9}}}), vec!["web"]),
            (json!({"filter": {"lastContact": {"$gt": "2025-10-31"}}}), vec!["desk"]),
            (json!({"filter": {"primarySystemUser.username": "ana"}}), vec!["desk"]),
            (json!({"filter": {"primarySystemUser.id": {"$exists": false}}}), vec!["web"]),
            (json!({"searchFilter": {"searchTerm": "WEB-"}}), vec!["web"]),
            (json!({"filter": {"hostname": {"$regex": "^(web|db)-[0-9]+$"}}}), vec!["web"]),
        ] {
            assert_eq!(devices(t, body.clone()).await, expected, "{body}");
        }
    }

    async fn what_cannot_be_read_is_refused_at_its_place(t) {
        for (body, field) in [
            (json!({"filter": "department:$eq:x"}), "filter"),
            (json!({"filter": {"and": [{"a": {"$like": 1}}]}}), "filter.and[0].a.$like"),
            (json!({"filter": {"a": {"$regex": "(a"}}}), "filter.a.$regex"),
            (json!({"filter": ["nothing"]}), "filter[0]"),
            (json!({"limit": 0}), "limit"),
            (json!({"limit": 1001}), "limit"),
            (json!({"skip": -1}), "skip"),
            (json!({"searchFilter": {"searchTerm": vec!["x"; 101]}}), "searchFilter.searchTerm"),
        ] {
            for path in ["/api/search/systemusers", "/api/search/systems"] {
                assert_eq!(t.post(path, body.clone()).fields().await, [field], "{body}");
            }
        }
    }

    async fn a_program_that_may_only_read_may_search(t) {
        t.person("ana").await;
        let (_, token) = crate::service_accounts::account(t, "Reports", "Read Only").await;
        let ask = |path: &str, body: Value| t.ask("POST", path).header("authorization", &*token).json(body);
        for path in ["/api/search/systemusers", "/api/search/systems"] {
            ask(path, json!({})).expect(200).await;
        }
        ask("/api/v2/systems/import", json!([{"displayName": "x"}])).expect(403).await;
        ask("/api/systems", json!({"displayName": "x"})).expect(403).await;
        ask("/api/systemusers", json!({"username": "x", "email": "x@acme.example"})).expect(403).await;
        assert_eq!(t.get("/api/systems").ok().await["totalCount"], 0);
    }

    async fn a_pattern_costs_no_more_than_its_bound(t) {
        t.person(&"a".repeat(100)).await;
        // Each of these takes a backtracking matcher for ever; here they are linear, or refused for their size.
        let found = people(t, json!({"filter": {"username": {"$regex": "^(a+)+$"}}})).await;
        assert_eq!(found.len(), 1);
        assert_eq!(people(t, json!({"filter": {"username": {"$regex": "^(a|aa)+b$"}}})).await.len(), 0);
        let large = json!({"filter": {"username": {"$regex": "((a{1,100}){1,100}){1,100}"}}});
        assert_eq!(t.post("/api/search/systemusers", large).fields().await, ["filter.username.$regex"]);
    }
}
