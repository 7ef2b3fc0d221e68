//! User groups: the object, rules in every form, exemptions, members, preview.

use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{each, id};

/// People whose department is Sales, in the v2 form.
fn sales() -> Value {
    json!({"filters": [{"field": "department", "operation": "equals", "value": "Sales"}]})
}

async fn in_sales(t: &Test, name: &str) -> String {
    let user = t.person(name).await;
    t.put(&format!("/api/systemusers/{user}"), json!({"department": "Sales"})).ok().await;
    user
}

both! {
    async fn a_group_is_made_changed_and_removed(t) {
        let body = json!({"name": " Sales ", "description": "d", "email": "sales@acme.example", "attributes": {"posixGroups": [{"id": 5, "name": "sales"}], "sudo": {"enabled": true, "withoutPassword": false}}});
        let made = t.post("/api/v2/usergroups", body).expect(201).await.body;
        assert_eq!((&made["name"], &made["type"], &made["membershipMethod"]), (&json!("Sales"), &json!("user_group"), &json!("STATIC")));
        let path = format!("/api/v2/usergroups/{}", id(&made));
        let shown = t.get(&path).ok().await;
        assert_eq!(t.put(&path, shown.clone()).ok().await, shown, "an answer can be sent back");
        assert_eq!(t.put(&path, json!({"name": "Sales", "attributes": {"posixGroups": [{"id": 6, "name": "sales"}]}})).fields().await, ["attributes.posixGroups"]);
        let replaced = t.put(&path, json!({"name": "Selling"})).ok().await;
        assert_eq!((&replaced["description"], &replaced["email"]), (&json!(""), &json!("")), "PUT replaces");
        assert_eq!(t.put(&path, json!({"description": "x"})).fields().await, ["name"]);
        assert_eq!(t.put(&path, json!({"name": "x", "email": "no"})).fields().await, ["email"]);
        assert_eq!(t.post("/api/v2/usergroups", json!({"name": ""})).fields().await, ["name"]);
        t.post("/api/v2/usergroups", json!({"name": "SELLING"})).expect(409).await;
        t.post("/api/v2/usergroups", json!({"name": "x", "membershipMethod": "DYNAMIC_REVIEW_REQUIRED"})).expect(400).await;
        assert_eq!(id(&t.delete(&path).expect(200).await.body), id(&made));
        t.get(&path).expect(404).await;
        t.put(&path, json!({"name": "x"})).expect(404).await;
    }

    async fn rules_are_read_in_every_form(t) {
        let ana = in_sales(t, "ana").await;
        let forms = [
            (json!({"queryType": "FilterQuery", "filters": [{"field": "department", "operator": "eq", "value": "Sales"}]}), false),
            (json!({"queryType": "Filter", "filters": ["department:$eq:Sales"]}), false),
            (json!({"queryType": "Search", "searchFilters": "{\"filter\":{\"and\":[\"department:$eq:Sales\"]}}"}), false),
            (sales(), true),
        ];
        for (n, (query, v2)) in forms.into_iter().enumerate() {
            let body = json!({"name": format!("g{n}"), "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": query});
            let ask = t.post("/api/v2/usergroups", body);
            let made = if v2 { ask.v2() } else { ask }.expect(201).await.body;
            assert_eq!(made["memberQuery"], query, "as it was written");
            assert_eq!(made["memberCount"], 1, "members at once");
            let path = format!("/api/v2/usergroups/{}", id(&made));
            let as_v2 = t.get(&path).v2().ok().await;
            assert_eq!(as_v2["memberQuery"]["filters"][0]["operation"], "equals", "the console reads every form as v2");
            let members = t.get(&format!("{path}/members")).ok().await;
            assert_eq!(members, json!([{"to": {"id": ana, "type": "user"}}]));
            t.put(&path, as_v2.clone()).v2().expect(200).await;
        }
        let wrong = |query: Value| t.post("/api/v2/usergroups", json!({"name": "w", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": query}));
        assert_eq!(wrong(sales()).fields().await, ["memberQuery.queryType"]);
        assert_eq!(wrong(sales()).v2().send().await.status, 201);
        for (query, field) in [
            (json!({"filters": [{"field": "shoe", "operation": "equals", "value": "x"}]}), "memberQuery.filters[0].field"),
            (json!({"filters": [{"field": "department", "operation": "resembles", "value": "x"}]}), "memberQuery.filters[0].operation"),
            (json!({"filters": []}), "memberQuery.filters"),
            (json!(5), "memberQuery"),
            (json!(null), "memberQuery"),
        ] {
            assert_eq!(wrong(query).v2().fields().await, [field]);
        }
    }

    async fn a_dynamic_group_becomes_static_and_keeps_its_members(t) {
        let (ana, bo) = (in_sales(t, "ana").await, t.person("bo").await);
        let body = json!({"name": "Sales", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": sales()});
        let path = format!("/api/v2/usergroups/{}", id(&t.post("/api/v2/usergroups", body).v2().ok().await));
        // As JumpCloud: the rule decides, the call succeeds and changes nothing.
        t.post(&format!("{path}/members"), json!({"op": "add", "type": "user", "id": bo})).expect(204).await;
        assert_eq!(t.get(&path).ok().await["memberCount"], 1);
        let kept = t.put(&path, json!({"name": "Sales", "membershipMethod": "STATIC"})).v2().ok().await;
        assert_eq!(kept["memberQuery"], sales(), "the rule is kept");
        t.put(&format!("/api/systemusers/{ana}"), json!({"department": "Support"})).ok().await;
        assert_eq!(t.get(&path).ok().await["memberCount"], 1);
        let dropped = t.put(&path, json!({"name": "Sales", "memberQuery": null, "memberQueryExemptions": []})).ok().await;
        assert_eq!(dropped["memberQuery"], Value::Null);
        t.post(&format!("{path}/members"), json!({"op": "add", "type": "user", "id": bo})).expect(204).await;
        assert_eq!(t.get(&format!("{path}/memberlist")).ok().await["totalCount"], 2);
    }

    async fn exemptions_go_before_the_rule(t) {
        let (ana, bo, cy) = (in_sales(t, "ana").await, t.person("bo").await, in_sales(t, "cy").await);
        let exempt = |list: Value| json!({"name": "Sales", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": sales(), "memberQueryExemptions": list});
        let list = json!([{"id": ana, "type": "USER", "mode": "out"}, {"id": bo, "type": "USER", "mode": "in"}]);
        let made = t.post("/api/v2/usergroups", exempt(list.clone())).v2().ok().await;
        let path = format!("/api/v2/usergroups/{}", id(&made));
        assert_eq!(made["memberQueryExemptions"].as_array().unwrap().len(), 2);
        let members = t.get(&format!("{path}/memberlist")).ok().await;
        assert_eq!(each(&members["results"], "username"), ["bo", "cy"]);
        assert_eq!(each(&members["results"], "via"), ["exemption", "rule"]);
        let refused = t.put(&path, exempt(json!([{"id": ana, "type": "user"}]))).v2().expect(400).await;
        assert!(refused.message().contains("member query exemptions must be of type user"), "{}", refused.message());
        t.put(&path, exempt(json!([{"id": "5f3a1c2e9d8b7a6f5e4d3c2b", "type": "USER"}]))).v2().expect(404).await;
        t.put(&path, exempt(json!([{"id": ana, "type": "USER"}, {"id": ana, "type": "USER"}]))).v2().expect(400).await;
        // JumpCloud's exemption: as they are, and an administrator may change it.
        t.put(&path, exempt(json!([{"id": cy, "type": "USER"}]))).v2().ok().await;
        t.post(&format!("{path}/members"), json!({"op": "remove", "type": "user", "id": cy})).expect(204).await;
        assert_eq!(each(&t.get(&format!("{path}/memberlist")).ok().await["results"], "username"), ["ana"]);
    }

    async fn a_preview_changes_nothing(t) {
        let (_, bo) = (in_sales(t, "ana").await, t.person("bo").await);
        let group = t.group("Sales").await;
        t.post(&format!("/api/v2/usergroups/{group}/members"), json!({"op": "add", "type": "user", "id": bo})).ok().await;
        let body = json!({"groupId": group, "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": sales(), "memberQueryExemptions": []});
        let preview = t.post("/api/v2/usergroups/preview", body).v2().ok().await;
        assert_eq!((&preview["totalCount"], &preview["joins"], &preview["leaves"], &preview["stays"]), (&json!(1), &json!(1), &json!(1), &json!(0)));
        assert_eq!(each(&preview["members"], "change"), ["leaves", "joins"], "what is lost first");
        assert_eq!(t.get(&format!("/api/v2/usergroups/{group}")).ok().await["membershipMethod"], "STATIC");
        let wrong = json!({"memberQuery": {"filters": [{"field": "shoe", "operation": "equals", "value": "x"}]}});
        let problems = t.post("/api/v2/usergroups/preview", wrong).v2().ok().await;
        assert_eq!(each(&problems["problems"], "path"), ["memberQuery.filters[0].field"]);
        assert_eq!(each(&t.post("/api/v2/usergroups/preview", json!({})).v2().ok().await["problems"], "path"), ["memberQuery"]);
        t.post("/api/v2/usergroups/preview", json!({"groupId": "5f3a1c2e9d8b7a6f5e4d3c2b"})).v2().expect(404).await;
    }

    async fn members_are_put_in_and_taken_out(t) {
        let (group, ana) = (t.group("Static").await, t.person("ana").await);
        let path = format!("/api/v2/usergroups/{group}");
        let change = |op: &str, user: &str| t.post(&format!("{path}/members"), json!({"op": op, "type": "user", "id": user}));
        change("add", &ana).expect(204).await;
        assert_eq!(change("add", &ana).expect(409).await.message(), "Already Exists");
        change("update", &ana).expect(204).await;
        let membership = t.get(&format!("{path}/membership")).ok().await;
        assert_eq!(membership[0]["paths"], json!([[{"to": {"id": ana, "type": "user"}}]]));
        change("remove", &ana).expect(204).await;
        change("remove", &ana).expect(404).await;
        change("update", &ana).expect(404).await;
        change("add", "5f3a1c2e9d8b7a6f5e4d3c2b").expect(404).await;
        change("add", "nonsense").expect(404).await;
        t.post(&format!("{path}/members"), json!({"op": "add", "type": "application", "id": ana})).expect(400).await;
        t.post(&format!("{path}/members"), json!({"op": "join", "type": "user", "id": ana})).expect(400).await;
        let unknown = "/api/v2/usergroups/5f3a1c2e9d8b7a6f5e4d3c2b/members";
        let answer = t.post(unknown, json!({"op": "add", "type": "user", "id": ana})).expect(400).await;
        assert_eq!((answer.message(), &answer.body["error"]), ("user_group not found", &json!("INVALID_ARGUMENT")));
        t.get(unknown).expect(404).await;
    }

    async fn the_vocabulary_names_custom_attributes(t) {
        let ana = t.person("ana").await;
        t.put(&format!("/api/systemusers/{ana}"), json!({"attributes": [{"name": "floor", "value": "3"}]})).ok().await;
        let words = t.get("/api/v2/usergroups/attributes").ok().await;
        let names = each(&words["attributes"], "name");
        assert!(names.contains(&"department") && names.contains(&"attributes.floor"), "{names:?}");
        assert!(each(&words["operators"], "name").contains(&"starts_with"));
    }

    async fn what_its_owner_writes_decides_nothing(t) {
        let rule = |field: &str| json!({"name": "Admins", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": {"filters": [{"field": field, "operation": "equals", "value": "Root"}]}});
        let refused = t.post("/api/v2/usergroups", rule("displayname")).v2().expect(400).await;
        assert!(refused.message().contains("Display Name") && refused.message().contains("systemUsersCanEdit"), "{}", refused.message());
        let preview = t.post("/api/v2/usergroups/preview", rule("firstname")).v2().ok().await;
        assert_eq!(preview["problems"].as_array().unwrap().len(), 1);
        let organization = format!("/api/organizations/{}", t.acme.id);
        t.put(&organization, json!({"settings": {"systemUsersCanEdit": false}})).ok().await;
        let made = t.post("/api/v2/usergroups", rule("displayname")).v2().expect(201).await.body;
        let on = json!({"settings": {"systemUsersCanEdit": true}});
        let refused = t.put(&organization, on.clone()).expect(400).await;
        assert!(refused.message().contains("Admins"), "{}", refused.message());
        // A rule that does not decide harms nobody.
        t.put(&format!("/api/v2/usergroups/{}", id(&made)), json!({"name": "Admins", "membershipMethod": "STATIC"})).ok().await;
        t.put(&organization, on).ok().await;
    }
}
