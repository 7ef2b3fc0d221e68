//! Custom attributes with declared types, through the API.

use serde_json::json;

both! {
    async fn a_declared_type_holds_for_people_tables_and_rules(t) {
        let declare = |kind: &str| json!({"name": "Badge/No", "type": kind, "description": "on the card"});
        t.put("/api/v2/attributes", declare("integer")).expect(400).await;
        assert_eq!(t.put("/api/v2/attributes", json!({"name": " ", "type": "date"})).fields().await, ["name"]);
        let made = t.put("/api/v2/attributes", declare("number")).ok().await;
        assert_eq!(made, json!({"name": "Badge/No", "type": "number", "description": "on the card", "declared": true}));
        let person = |value: &str| json!({"username": "bo", "email": "bo@acme.example", "state": "ACTIVATED",
            "attributes": [{"name": "Badge/No", "value": value}, {"name": "shoe", "value": "any"}]});
        assert_eq!(t.post("/api/systemusers", person("A7")).fields().await, ["attributes[0].value"]);
        let bo = t.post("/api/systemusers", person("042")).ok().await;
        assert_eq!(bo["attributes"][0]["value"], "42");
        let rows = json!({"rows": [{"email": "bo@acme.example", "attributes.Badge/No": "none"}]});
        let imported = t.post("/api/v2/users/import", rows).send().await.body.to_string();
        assert!(imported.contains("Badge/No is a number"), "{imported}");
        let list = t.get("/api/v2/attributes").ok().await;
        assert_eq!((list[0]["type"].as_str(), list[1]["name"].as_str(), list[1]["declared"].as_bool()),
            (Some("number"), Some("shoe"), Some(false)), "{list}");
        let vocabulary = t.get("/api/v2/usergroups/attributes").ok().await.to_string();
        assert!(vocabulary.contains("manager.attributes.Badge/No"), "{vocabulary}");
        let rule = json!({"name": "x", "membershipMethod": "DYNAMIC_AUTOMATED",
            "memberQuery": {"queryType": "Expression", "expression": "\"attributes.Badge/No\" contains \"4\""}});
        let refused = t.post("/api/v2/usergroups", rule).expect(400).await.body.to_string();
        assert!(refused.contains("does not apply"), "{refused}");
        assert_eq!(t.ask("GET", "/api/v2/attributes").key(&t.blue.key).ok().await, json!([]));
        t.delete("/api/v2/attributes/Badge%2FNo").expect(204).await;
        t.delete("/api/v2/attributes/Badge%2FNo").expect(404).await;
    }
}
