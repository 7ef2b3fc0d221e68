//! What dynamic groups have beside a rule: text, exclusions, held groups, review, explanations, exemptions, copies; of people
//! and of devices.

use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::id;

fn text(rule: &str) -> Value {
    json!({"queryType": "Expression", "expression": rule})
}

async fn person(t: &Test, name: &str, fields: Value) -> String {
    let user = t.person(name).await;
    t.put(&format!("/api/systemusers/{user}"), fields).ok().await;
    user
}

async fn make(t: &Test, body: Value) -> String {
    id(&t.post("/api/v2/usergroups", body).v2().expect(201).await.body)
}

async fn members(t: &Test, path: &str) -> Vec<String> {
    let list = t.get(&format!("{path}/memberlist?limit=100")).ok().await;
    list["results"].as_array().unwrap().iter().map(id).collect()
}

both! {
    async fn a_rule_may_be_text_and_is_shown_as_text_whatever_its_form(t) {
        let ana = person(t, "ana", json!({"department": "Sales"})).await;
        let hand = make(t, json!({"name": "By hand"})).await;
        let rule = r#"department equals "Sales" and not member of "By hand""#;
        let body = json!({"name": "S", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text(rule), "excludeQuery": text("description contains \"admin\"")});
        let path = format!("/api/v2/usergroups/{}", make(t, body).await);
        let shown = t.get(&path).ok().await;
        assert_eq!(shown["memberQuery"], text(rule), "as it was written");
        assert_eq!(shown["memberQueryText"], r#"department equals "Sales" and not member of "By hand""#);
        assert_eq!(shown["excludeQueryText"], "description contains \"admin\"");
        assert_eq!(members(t, &path).await, std::slice::from_ref(&ana));
        // Renaming what it speaks of changes the text, not the rule.
        t.put(&format!("/api/v2/usergroups/{hand}"), json!({"name": "Hands"})).ok().await;
        assert_eq!(t.get(&path).ok().await["memberQueryText"], r#"department equals "Sales" and not member of "Hands""#);
        let as_v2 = t.get(&path).v2().ok().await;
        assert_eq!(as_v2["memberQuery"]["filters"][1], json!({"field": "groups", "operation": "not_member_of", "value": [hand]}));
        t.put(&path, as_v2).v2().ok().await;
        t.put(&format!("/api/systemusers/{ana}"), json!({"description": "An Admin"})).ok().await;
        assert!(members(t, &path).await.is_empty());
        for (rule, field) in [("department equals", "memberQuery.expression"), ("shoe = 4", "memberQuery.expression"), ("member of \"No\"", "memberQuery")] {
            let body = json!({"name": "X", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text(rule)});
            assert_eq!(t.post("/api/v2/usergroups", body).fields().await, [field], "{rule}");
        }
        let body = json!({"name": "X", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text("created is set"), "excludeQuery": text("shoe is set")});
        assert_eq!(t.post("/api/v2/usergroups", body).fields().await, ["excludeQuery.expression"]);
    }

    async fn a_text_is_read_while_it_is_written(t) {
        t.group("Sales").await;
        let ask = async |body: Value| t.post("/api/v2/usergroups/expression", body).ok().await;
        let read = ask(json!({"expression": "department equals \"Sales\""})).await;
        assert_eq!(read["memberQuery"]["filters"][0]["field"], "department");
        assert_eq!(read["faults"], json!([]));
        let wrong = ask(json!({"expression": "depärtment equals \"Sales\" und"})).await;
        assert_eq!((&wrong["memberQuery"], &wrong["faults"][0]["from"]), (&Value::Null, &json!(26)), "characters, not bytes: {wrong}");
        let completions = ask(json!({"expression": "department not eq", "cursor": 11})).await["completions"].clone();
        assert!(completions.as_array().unwrap().iter().any(|c| c["insert"] == "equals" && c["from"] == 11), "{completions}");
        let groups = ask(json!({"expression": "member of ", "cursor": 10})).await["completions"].clone();
        assert!(groups.as_array().unwrap().iter().any(|c| c["insert"] == "\"Sales\""), "{groups}");
        let written = ask(json!({"memberQuery": {"filters": [{"operation": "none", "filters": [{"field": "department", "operation": "is_empty"}]}]}})).await;
        assert_eq!(written["expression"], "not department is empty");
        assert_eq!(t.post("/api/v2/usergroups/expression", json!({"memberQuery": {"filters": 5}})).fields().await, ["memberQuery.filters"]);
    }

    async fn suggestions_are_listed_accepted_and_rejected(t) {
        let ana = person(t, "ana", json!({"department": "Sales"})).await;
        let bo = person(t, "bo", json!({"department": "Sales"})).await;
        let body = json!({"name": "S", "membershipMethod": "DYNAMIC_REVIEW_REQUIRED", "memberQuery": text("department = Sales")});
        let path = format!("/api/v2/usergroups/{}", make(t, body).await);
        assert_eq!(t.get(&path).ok().await["suggestionCounts"], json!({"add": 2, "remove": 0, "total": 2}));
        let listed = t.get(&format!("{path}/suggestions")).ok().await;
        let about: Vec<&Value> = listed.as_array().unwrap().iter().map(|s| &s["object"]["id"]).collect();
        assert!(about.contains(&&json!(ana)) && about.contains(&&json!(bo)));
        assert_eq!((&listed[0]["op"], &listed[0]["object"]["type"]), (&json!("add"), &json!("user")));
        let stranger = "5f3a1c2e9d8b7a6f5e4d3c2b";
        let done = t.post(&format!("{path}/suggestions"), json!({"user_ids": [ana, stranger]})).ok().await;
        assert_eq!(done, json!({"suggestions_found": [ana], "suggestions_not_found": [stranger]}));
        assert_eq!(members(t, &path).await, std::slice::from_ref(&ana));
        assert_eq!(t.post(&format!("{path}/suggestions"), json!({})).fields().await, ["user_ids"]);
        t.post(&format!("{path}/suggestions/reject"), json!({"user_ids": [bo]})).ok().await;
        assert_eq!(t.get(&path).ok().await["suggestionCounts"]["total"], 0);
        assert_eq!(t.get(&format!("{path}/suggestions")).ok().await[0]["rejected"], true);
        let still = format!("/api/v2/usergroups/{}", make(t, json!({"name": "still"})).await);
        assert_eq!(t.post(&format!("{still}/suggestions"), json!({"all": true})).fields().await, ["membershipMethod"]);
    }

    async fn a_membership_is_explained_now_and_then(t) {
        let ana = person(t, "ana", json!({"department": "Sales"})).await;
        let body = json!({"name": "S", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text("department = Sales or location = Graz")});
        let path = format!("/api/v2/usergroups/{}", make(t, body).await);
        let why = t.get(&format!("{path}/members/{ana}/explain")).ok().await;
        assert_eq!((&why["member"], &why["via"], &why["sentence"]), (&json!(true), &json!("rule"), &json!("A member by the rule")));
        let clauses = why["memberQuery"]["clauses"].as_array().unwrap();
        assert_eq!(clauses[0], json!({"matched": true, "text": "Department equals \"Sales\"", "saw": "Sales"}));
        assert_eq!(clauses[1], json!({"matched": false, "text": "Location equals \"Graz\"", "saw": null}));
        assert_eq!((&why["history"][0]["beganBy"]["event"], &why["history"][0]["beganBy"]["actorType"]), (&json!("group_create"), &json!("admin")));
        let then = t.get(&format!("{path}/members/{ana}/explain?at=2020-01-01")).ok().await;
        assert_eq!((&then["member"], &then["history"]), (&json!(false), &why["history"]));
        assert_eq!(t.get(&format!("{path}/members/{ana}/explain?at=tuesday")).fields().await, ["at"]);
        t.get(&format!("{path}/members/5f3a1c2e9d8b7a6f5e4d3c2b/explain")).expect(404).await;
        t.get(&format!("{path}/members/nobody/explain")).expect(404).await;
    }

    async fn an_exemption_has_a_reason_an_author_and_an_end(t) {
        let (ana, bo) = (person(t, "ana", json!({"department": "Sales"})).await, t.person("bo").await);
        let body = json!({"name": "S", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text("department = Sales")});
        let path = format!("/api/v2/usergroups/{}", make(t, body).await);
        let exempt = json!({"id": bo, "type": "USER", "mode": "in", "reason": "Project", "until": "2999-01-01"});
        t.put(&format!("{path}/exemptions/{bo}"), exempt).expect(204).await;
        t.put(&format!("{path}/exemptions/{ana}"), json!({"id": ana, "type": "USER", "mode": "out"})).expect(204).await;
        assert_eq!(members(t, &path).await, std::slice::from_ref(&bo));
        let shown = t.get(&path).ok().await["memberQueryExemptions"].clone();
        let of_bo = shown.as_array().unwrap().iter().find(|e| e["id"] == json!(bo)).unwrap();
        assert_eq!((&of_bo["reason"], &of_bo["until"], &of_bo["setBy"]), (&json!("Project"), &json!("2999-01-01T00:00:00.000Z"), &json!(t.acme.admin.text())));
        // As it was shown it can be sent back, and keeps who set it.
        let whole = t.get(&path).v2().ok().await;
        assert_eq!(t.put(&path, whole.clone()).v2().ok().await["memberQueryExemptions"], whole["memberQueryExemptions"]);
        t.delete(&format!("{path}/exemptions/{bo}")).expect(204).await;
        t.delete(&format!("{path}/exemptions/{bo}")).expect(404).await;
        assert!(members(t, &path).await.is_empty());
        let wrong = |body: Value| t.put(&format!("{path}/exemptions/{bo}"), body);
        assert_eq!(wrong(json!({"id": bo, "type": "SYSTEM"})).fields().await, ["memberQueryExemptions[0].type"]);
        assert_eq!(wrong(json!({"id": bo, "type": "USER", "until": "soon"})).fields().await, ["memberQueryExemptions[0].until"]);
        assert_eq!(wrong(json!({"id": bo, "type": "USER", "until": "2001-01-01"})).fields().await, ["memberQueryExemptions[0].until"]);
    }

    async fn a_preview_tells_what_else_follows(t) {
        person(t, "ana", json!({"department": "Sales"})).await;
        let (app, _) = t.application("Wiki").await;
        let s = make(t, json!({"name": "S"})).await;
        let body = json!({"name": "Holder", "memberGroups": [s]});
        let holder = make(t, body).await;
        t.post(&format!("/api/v2/applications/{app}/associations"), json!({"op": "add", "type": "user_group", "id": holder})).expect(204).await;
        let ask = json!({"groupId": s, "memberQuery": text("department = Sales and attributes.badge is empty")});
        let told = t.post("/api/v2/usergroups/preview", ask).v2().ok().await;
        assert_eq!((&told["joins"], &told["population"], &told["needsConfirmation"]), (&json!(1), &json!(1), &json!(false)));
        assert_eq!(told["groups"], json!([{"id": holder, "name": "Holder", "gains": 1, "loses": 0}]));
        assert_eq!(told["applications"], json!([{"id": app, "name": "Wiki", "gains": 1, "loses": 0}]));
        assert_eq!(told["accounts"], json!([]));
        assert_eq!(told["unusedAttributes"], json!(["attributes.badge"]));
        assert_eq!(members(t, &format!("/api/v2/usergroups/{s}")).await, Vec::<String>::new(), "nothing is written");
        let searched = t.post("/api/v2/usergroups/preview", json!({"groupId": s, "memberQuery": text("department = Sales"), "search": "nobody"})).v2().ok().await;
        assert_eq!((&searched["joins"], &searched["members"]), (&json!(1), &json!([])));
        // An application that accounts are sent to.
        let target = format!("/api/v2/applications/{app}/provision");
        t.put(&target, json!({"baseUrl": "https://a.example/scim", "authentication": {"type": "bearer", "secret": "token"}})).ok().await;
        t.post(&format!("{target}/activate"), json!({})).ok().await;
        let ask = json!({"groupId": s, "memberQuery": text("department = Sales")});
        let told = t.post("/api/v2/usergroups/preview", ask).v2().ok().await;
        assert_eq!(told["accounts"], json!([{"id": app, "name": "Wiki", "gains": 1, "loses": 0}]));
        let cycle = t.post("/api/v2/usergroups/preview", json!({"groupId": s, "memberQuery": text("member of \"Holder\"")})).v2().ok().await;
        assert!(cycle["problems"][0]["message"].as_str().unwrap().contains("S → Holder → S"), "{cycle}");
    }

    async fn a_copy_is_another_group(t) {
        let ana = person(t, "ana", json!({"department": "Sales"})).await;
        let body = json!({"name": "S", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text("department = Sales")});
        let path = format!("/api/v2/usergroups/{}", make(t, body).await);
        let copy = t.post(&format!("{path}/copy"), json!({"name": "S2"})).expect(201).await.body;
        assert_eq!((&copy["memberQueryText"], &copy["memberCount"]), (&json!("department equals \"Sales\""), &json!(1)));
        t.post(&format!("{path}/copy"), json!({"name": "S2"})).expect(409).await;
        let still = t.post(&format!("{path}/copy"), json!({"name": "S3", "rule": false, "members": true})).expect(201).await.body;
        assert_eq!((&still["membershipMethod"], &still["memberCount"]), (&json!("STATIC"), &json!(1)));
        assert_eq!(members(t, &format!("/api/v2/usergroups/{}", id(&still))).await, [ana]);
    }

    async fn device_groups_answer_as_user_groups_do(t) {
        let ana = person(t, "ana", json!({"department": "Sales"})).await;
        let mac = t.device(json!({"displayName": "mac", "osFamily": "darwin", "owner": ana})).await;
        let all = t.get("/api/v2/systemgroups?sort=name").ok().await;
        let named = |name: &str| all.as_array().unwrap().iter().find(|g| g["name"] == name).unwrap().clone();
        assert_eq!((&named("All Devices")["memberCount"], &named("Mac Devices")["memberCount"], &named("Mac Devices")["type"]), (&json!(1), &json!(1), &json!("system_group")));
        let body = json!({"name": "D", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": text("owner.department = Sales and osFamily = darwin")});
        let made = t.post("/api/v2/systemgroups", body).expect(201).await.body;
        let path = format!("/api/v2/systemgroups/{}", id(&made));
        assert_eq!(t.get(&format!("{path}/members")).ok().await, json!([{"to": {"id": mac, "type": "system"}}]));
        assert_eq!(t.get(&format!("{path}/members/{mac}/explain")).ok().await["sentence"], "A member by the rule");
        t.put(&format!("/api/systemusers/{ana}"), json!({"department": "Legal"})).ok().await;
        assert_eq!(t.get(&format!("{path}/membership")).ok().await, json!([]));
        // By hand, at both addresses that clients use.
        let hand = format!("/api/v2/systemgroups/{}", id(&t.post("/api/v2/systemgroups", json!({"name": "H"})).ok().await));
        t.post(&format!("{hand}/membership"), json!({"op": "add", "type": "system", "id": mac})).expect(204).await;
        t.post(&format!("{hand}/members"), json!({"op": "add", "type": "system", "id": mac})).expect(409).await;
        assert_eq!(t.post(&format!("{hand}/members"), json!({"op": "add", "type": "user", "id": ana})).fields().await, ["type"]);
        t.get(&format!("/api/v2/usergroups/{}", id(&made))).expect(404).await;
        let kinds = t.get("/api/v2/groups?limit=100").ok().await;
        let kinds: std::collections::BTreeSet<&str> = kinds.as_array().unwrap().iter().filter_map(|g| g["type"].as_str()).collect();
        assert_eq!(Vec::from_iter(kinds), ["system_group", "user_group"]);
        let body = json!({"name": "R", "membershipMethod": "DYNAMIC_REVIEW_REQUIRED", "memberQuery": text("osFamily = darwin")});
        let review = format!("/api/v2/systemgroups/{}", id(&t.post("/api/v2/systemgroups", body).ok().await));
        let done = t.post(&format!("{review}/suggestions"), json!({"system_ids": [mac]})).ok().await;
        assert_eq!(done["suggestions_found"], json!([mac]));
    }
}
