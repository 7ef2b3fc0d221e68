//! People from tables and into them.

use serde_json::{Value, json};

use crate::harness::ask::each;

fn rows() -> Value {
    json!([
        {"E-Mail": "ana@acme.example", "Abteilung": "Sales", "Note": "x"},
        {"E-Mail": "no address", "Abteilung": "Sales", "Note": ""},
        {"E-Mail": "bo@acme.example", "Abteilung": "'=Legal", "Note": ""},
    ])
}

both! {
    async fn a_table_is_planned_and_then_taken_in(t) {
        t.person("bo").await;
        let group = t.post("/api/v2/usergroups", json!({"name": "Sales", "membershipMethod": "DYNAMIC_AUTOMATED",
            "memberQuery": {"queryType": "Expression", "expression": "department = Sales"}})).v2().ok().await;
        let mapping = json!({"Abteilung": "department", "Note": null});
        let ask = |dry_run: bool| t.post("/api/v2/users/import", json!({"rows": rows(), "mapping": mapping, "dryRun": dry_run}));
        let plan = ask(true).ok().await;
        assert_eq!(each(&plan["results"], "outcome"), ["created", "refused", "updated"]);
        let sales = json!({"id": group["id"], "name": "Sales", "joins": 1, "leaves": 0});
        assert!(plan["groups"].as_array().unwrap().contains(&sales), "{plan}");
        assert_eq!((&plan["results"][0]["id"], plan["results"][2]["id"].is_string()), (&json!(null), true));
        assert_eq!(t.get("/api/systemusers?search=ana").ok().await["totalCount"], 0, "a plan keeps nothing");
        let done = ask(false).ok().await;
        assert_eq!((&done["created"], &done["updated"], &done["refused"], &done["dryRun"]), (&json!(1), &json!(1), &json!(1), &json!(false)));
        assert_eq!(done["results"][2]["changes"]["department"], json!({"from": null, "to": "=Legal"}));
        assert_eq!(each(&done["results"][1]["fields"], "field"), ["email"]);
        let only_new = json!({"rows": [{"email": "bo@acme.example", "department": "X"}], "updateExisting": false});
        assert_eq!(each(&t.post("/api/v2/users/import", only_new).ok().await["results"], "outcome"), ["passedOver"]);
        let by_name = json!({"rows": [{"username": "bo", "email": "bo2@acme.example"}], "knownBy": "username"});
        assert_eq!(each(&t.post("/api/v2/users/import", by_name).ok().await["results"], "outcome"), ["updated"]);
    }

    async fn a_row_whose_manager_is_unknown_is_taken_and_what_was_left_out_is_told(t) {
        t.person("bo").await;
        let body = |dry_run: bool| json!({"dryRun": dry_run, "rows": [
            {"email": "ana@acme.example", "department": "Sales", "manager": "nobody"},
            {"email": "bo@acme.example", "department": "Legal", "manager": "nobody@acme.example"},
            {"email": "cy@acme.example", "manager": "bo@acme.example"},
            {"email": "no address"},
        ]});
        for dry_run in [true, false] {
            let told = t.post("/api/v2/users/import", body(dry_run)).ok().await;
            assert_eq!(each(&told["results"], "outcome"), ["created", "updated", "created", "refused"]);
            let counts = ["created", "updated", "refused", "incomplete"].map(|name| told[name].as_u64().unwrap());
            assert_eq!(counts, [2, 1, 1, 2], "{told}");
            let fields = [0, 1, 2, 3].map(|row| each(&told["results"][row]["fields"], "field"));
            assert_eq!(fields, [vec!["manager"], vec!["manager"], vec![], vec!["email"]]);
            assert_eq!(told["results"][1]["changes"]["department"]["to"], "Legal");
            assert_eq!(told["results"][0]["id"].is_null(), dry_run, "whom a plan would make has no id yet");
        }
        let again = t.post("/api/v2/users/import", body(false)).ok().await;
        assert_eq!((&again["unchanged"], &again["incomplete"]), (&json!(3), &json!(2)), "{again}");
    }

    async fn a_column_that_means_nothing_is_named(t) {
        let ask = |body: Value| t.post("/api/v2/users/import", body);
        assert_eq!(ask(json!({"rows": rows()})).fields().await, ["mapping.Abteilung", "mapping.Note"]);
        assert_eq!(ask(json!({"rows": [{"email": "a@b.example", "mail": "c@d.example"}]})).fields().await, ["mapping.mail"]);
        assert_eq!(ask(json!({"rows": []})).fields().await, ["rows"]);
        assert_eq!(ask(json!({"rows": [{"email": "a@b.example"}], "mapping": {"email": "colour"}})).fields().await, ["mapping.email"]);
        let many: Vec<Value> = (0..1_001).map(|n| json!({"email": format!("a{n}@b.example")})).collect();
        assert_eq!(ask(json!({"rows": many})).fields().await, ["rows"]);
    }

    async fn what_is_exported_can_be_imported(t) {
        let ana = json!({"username": "ana", "email": "ana@acme.example", "displayname": "=cmd|x", "firstname": "A \"B\", C",
            "phoneNumbers": [{"type": "work", "number": "+41 1"}], "attributes": [{"name": "room", "value": "12"}]});
        t.post("/api/systemusers", ana).ok().await;
        let answer = t.get("/api/v2/users/export").expect(200).await;
        let csv = String::from_utf8(answer.bytes).unwrap();
        let mut lines = csv.lines();
        assert!(lines.next().unwrap().ends_with(",attributes.room,phoneNumbers.work"), "{csv}");
        assert!(csv.contains("'=cmd|x") && csv.contains("'+41 1") && csv.contains("\"A \"\"B\"\", C\""), "{csv}");
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<std::collections::BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
        let again = t.post("/api/v2/users/import", json!({"rows": rows})).ok().await;
        assert_eq!(each(&again["results"], "outcome"), ["unchanged"], "{again}");
    }
}
