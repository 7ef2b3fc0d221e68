//! Lists that are narrowed by a rule in the language of rules, and the count of a rule that is being written.

use serde_json::{Value, json};

use crate::harness::ask::id;

fn names(list: &Value, by: &str) -> Vec<String> {
    let rows = list["results"].as_array().unwrap();
    rows.iter().map(|row| row[by].as_str().unwrap_or_default().to_owned()).collect()
}

/// A list with an expression, as it stands in an address.
fn with(path: &str, expression: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("expression", expression).finish();
    format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' })
}

both! {
    async fn people_devices_and_members_are_listed_by_a_rule(t) {
        let person = |name: &str, department: &str, level: &str| json!({
            "username": name, "email": format!("{name}@acme.example"), "state": "ACTIVATED", "department": department,
            "attributes": [{"name": "level", "value": level}]});
        t.put("/api/v2/attributes", json!({"name": "level", "type": "number"})).ok().await;
        let mut people = Vec::new();
        for (name, department, level) in [("ana", "Sales", "9"), ("bo", "Sales", "10"), ("cy", "Legal", "10"), ("di", "Sales", "11")] {
            people.push(id(&t.post("/api/systemusers", person(name, department, level)).ok().await));
        }
        let high = r#"department equals "sales" and attributes.level greater than "9""#;
        let list = t.get(&with("/api/systemusers?limit=100", high)).ok().await;
        // In the order of ids, which those of one moment have by chance.
        let mut found = names(&list, "username");
        let last = found[1].clone();
        found.sort();
        assert_eq!((found, list["totalCount"].as_i64()), (vec!["bo".into(), "di".into()], Some(2)));
        // With everything else that a list takes.
        let page = t.get(&with("/api/systemusers?limit=1&sort=-username", high)).ok().await;
        assert_eq!((names(&page, "username"), page["totalCount"].as_i64()), (vec!["di".into()], Some(2)));
        let page = t.get(&with("/api/systemusers?limit=1&skip=1&sort=username", high)).ok().await;
        assert_eq!(names(&page, "username"), ["di"]);
        let page = t.get(&with(&format!("/api/systemusers?cursor={}", list["results"][0]["_id"].as_str().unwrap()), high)).ok().await;
        assert_eq!(names(&page, "username"), [last]);
        assert_eq!(names(&t.get(&with("/api/systemusers?search=bo", high)).ok().await, "username"), ["bo"]);
        assert_eq!(names(&t.get(&with("/api/systemusers?filter=username:$ne:bo", high)).ok().await, "username"), ["di"]);
        // What is changed is seen at once, though the columns are kept.
        t.put(&format!("/api/systemusers/{}", people[1]), json!({"department": "Legal"})).ok().await;
        assert_eq!(names(&t.get(&with("/api/systemusers", high)).ok().await, "username"), ["di"]);
        // What cannot be read is told with its place; what does not fit too.
        let refused = t.get(&with("/api/systemusers", r#"department equal "x""#)).expect(400).await.body;
        assert!(refused["fields"][0]["message"].as_str().unwrap().starts_with("at character 12:"), "{refused}");
        let ill = with("/api/systemusers", r#"attributes.level contains "1""#);
        assert_eq!(t.get(&ill).fields().await, ["expression"]);
        assert_eq!(t.get(&with("/api/systemusers", &"x".repeat(9000))).fields().await, ["expression"]);
        // Another organization's people are not among them.
        let everyone = t.ask("GET", &with("/api/systemusers", "email is not empty")).key(&t.blue.key).ok().await;
        assert!(!names(&everyone, "username").contains(&"ana".to_owned()), "{everyone}");
        // Members of a group.
        let group = id(&t.post("/api/v2/usergroups", json!({"name": "Hand"})).ok().await);
        for person in &people[..3] {
            t.post(&format!("/api/v2/usergroups/{group}/members"), json!({"op": "add", "type": "user", "id": person})).expect(204).await;
        }
        let legal = r#"department equals "Legal""#;
        let members = t.get(&with(&format!("/api/v2/usergroups/{group}/memberlist?limit=1"), legal)).ok().await;
        assert_eq!((names(&members, "username"), members["totalCount"].as_i64()), (vec!["bo".into()], Some(2)));
        let edges = t.get(&with(&format!("/api/v2/usergroups/{group}/members"), legal)).ok().await;
        assert_eq!(edges.as_array().unwrap().len(), 2);
        // Devices.
        for (name, os) in [("desk", "darwin"), ("lap", "linux")] {
            t.device(json!({"displayName": name, "osFamily": os, "owner": people[0]})).await;
        }
        let macs = t.get(&with("/api/systems?sort=displayName", r#"osFamily equals "darwin" and owner.department equals "Sales""#)).ok().await;
        assert_eq!((names(&macs, "displayName"), macs["totalCount"].as_i64()), (vec!["desk".into()], Some(1)));
        let shown = t.get(&with("/api/systems?filter=displayName:search:a", r#"osFamily in ("linux", "darwin")"#)).ok().await;
        assert_eq!(names(&shown, "displayName"), ["lap"]);
    }

    async fn a_rule_that_is_being_written_is_counted(t) {
        for (name, department) in [("ana", "Sales"), ("bo", "Sales"), ("cy", "Legal")] {
            let person = json!({"username": name, "email": format!("{name}@acme.example"), "department": department});
            t.post("/api/systemusers", person).ok().await;
        }
        let text = |expression: &str| json!({"queryType": "Expression", "expression": expression});
        let all = t.get("/api/systemusers").ok().await["totalCount"].clone();
        let rule = json!({"memberQuery": text(r#"department equals "Sales""#), "excludeQuery": text(r#"username equals "bo""#)});
        let counted = t.post("/api/v2/usergroups/count", rule).ok().await;
        assert_eq!(counted, json!({"matches": 1, "population": all}));
        let rule = json!({"memberQuery": text("osFamily is not empty")});
        assert_eq!(t.post("/api/v2/systemgroups/count", rule).ok().await["matches"], 0);
        let wrong = json!({"memberQuery": text(r#"department equals "Sales""#), "excludeQuery": text("nonsense is empty")});
        assert!(t.post("/api/v2/usergroups/count", wrong).fields().await[0].starts_with("excludeQuery"));
        assert_eq!(t.post("/api/v2/usergroups/count", json!({"memberQuery": null})).fields().await, ["memberQuery"]);
    }
}
