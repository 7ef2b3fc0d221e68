//! Devices over the API: the v1 object, its graph and the import.

use serde_json::{Value, json};

use crate::harness::ask::{Ask, each, id};

const NOBODY: &str = "5f3a1c2e9d8b7a6f5e4d3c2b";

fn edge(op: &str, kind: &str, id: &str) -> Value {
    json!({"op": op, "type": kind, "id": id})
}

fn with_sudo(op: &str, kind: &str, id: &str, enabled: bool, without_password: bool) -> Value {
    let mut edge = edge(op, kind, id);
    edge["attributes"] = json!({"sudo": {"enabled": enabled, "withoutPassword": without_password}});
    edge
}

both! {
    async fn is_shown_listed_and_removed(t) {
        let ana = t.person("ana").await;
        let facts = json!({"displayName": "desk", "hostname": "desk.local", "os": "Mac OS X", "serialNumber": "S1",
            "fde": {"active": true, "keyPresent": false}, "primarySystemUser": {"id": ana}});
        let desk = t.device(facts).await;
        let web = t.device(json!({"displayName": "Web", "os": "Ubuntu"})).await;
        let shown = t.get(&format!("/api/systems/{desk}")).ok().await;
        for (member, value) in [
            ("displayName", json!("desk")), ("osFamily", json!("darwin")), ("fde", json!({"active": true, "keyPresent": false})),
            ("active", json!(false)), ("allowSshRootLogin", json!(false)), ("organization", json!(t.acme.id)),
        ] {
            assert_eq!(shown[member], value, "{member}");
        }
        assert_eq!((&shown["primarySystemUser"]["id"], &shown["primarySystemUser"]["username"]), (&json!(ana), &json!("ana")));
        let names = |query: &'static str| async move {
            let list = t.get(&format!("/api/systems{query}")).ok().await;
            let names: Vec<String> = each(&list["results"], "displayName").into_iter().map(str::to_owned).collect();
            (names, list["totalCount"].as_i64().unwrap())
        };
        assert_eq!(names("?sort=displayName").await, (vec!["desk".into(), "Web".into()], 2));
        assert_eq!(names("?sort=-displayName&limit=1").await, (vec!["Web".into()], 2));
        assert_eq!(names("?search=UBUNTU").await, (vec!["Web".into()], 1));
        assert_eq!(names("?filter=fde.active:$eq:true").await, (vec!["desk".into()], 1));
        assert_eq!(names("?filter=osFamily:eq:linux&search=desk").await, (vec![], 0));
        assert_eq!(names("?filter[or][0]=os:$eq:Ubuntu&filter[or][1]=hostname:$eq:desk.local&sort=displayName").await.1, 2);
        assert_eq!(names("?filter=primarySystemUser.username:eq:ana").await, (vec!["desk".into()], 1));
        let one = t.get("/api/systems?fields=os&limit=1").expect(200).await;
        assert_eq!(one.body["results"][0].as_object().unwrap().len(), 2, "{}", one.body);
        assert!(one.header("link").unwrap().contains("cursor="));
        t.get("/api/systems?filter=os").expect(400).await;
        t.get(&format!("/api/systems/{NOBODY}")).expect(404).await;
        assert_eq!(id(&t.delete(&format!("/api/systems/{web}")).ok().await), web);
        t.delete(&format!("/api/systems/{web}")).expect(404).await;
        assert_eq!(names("").await.1, 1);
    }

    async fn a_put_merges_and_takes_its_own_answer_back(t) {
        let ana = t.person("ana").await;
        let desk = t.device(json!({"displayName": "desk", "os": "Ubuntu", "fde": {"active": false}})).await;
        let path = format!("/api/systems/{desk}");
        let body = json!({"displayName": "Desk", "allowSshRootLogin": true, "attributes": [{"name": "asset", "value": "7"}],
            "primarySystemUser": {"id": ana}, "os": "Plan 9", "fde": {"active": true}});
        let after = t.put(&path, body).ok().await;
        assert_eq!((&after["displayName"], &after["allowSshRootLogin"], &after["os"]), (&json!("Desk"), &json!(true), &json!("Ubuntu")));
        assert_eq!((&after["fde"]["active"], &after["primarySystemUser"]["id"]), (&json!(false), &json!(ana)));
        assert_eq!(t.put(&path, after.clone()).ok().await, after);
        assert_eq!(t.put(&path, json!({})).ok().await, after);
        let changes = t.get(&format!("/api/v2/systems/{desk}/changes")).ok().await;
        assert_eq!(each(&changes["results"], "type"), ["system_update", "system_create"], "an echo is no change");
        let fields = changes["results"][0]["fields"].as_object().unwrap();
        let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["allowSshRootLogin", "attributes.asset", "displayName", "primarySystemUser"]);
        assert_eq!((&changes["results"][0]["actor"], &changes["people"][&ana]), (&json!("root@acme.example"), &json!("ana")));
        let first = t.get(&format!("/api/v2/systems/{desk}/changes?limit=1")).ok().await;
        let next = format!("/api/v2/systems/{desk}/changes?limit=1&before={}", first["before"]);
        let last = t.get(&next).ok().await;
        assert_eq!((each(&last["results"], "type"), &last["before"]), (vec!["system_create"], &Value::Null));
        assert_eq!(t.put(&path, json!({"primarySystemUser": null})).ok().await["primarySystemUser"], Value::Null);
        for (body, field) in [
            (json!({"primarySystemUser": "x"}), "primarySystemUser"),
            (json!({"primarySystemUser": {"id": "x"}}), "primarySystemUser.id"),
            (json!({"primarySystemUser": {"id": NOBODY}}), "primarySystemUser.id"),
            (json!({"allowSshRootLogin": "yes"}), "allowSshRootLogin"),
            (json!({"displayName": "x".repeat(256)}), "displayName"),
            (json!({"attributes": [{"name": "", "value": "1"}]}), "attributes[0].name"),
        ] {
            assert_eq!(t.put(&path, body).fields().await, [field]);
        }
    }

    async fn people_and_devices_are_bound_from_both_sides(t) {
        let (ana, bo, desk) = (t.person("ana").await, t.person("bo").await, t.device(json!({"displayName": "desk"})).await);
        let (of_device, of_user) = (format!("/api/v2/systems/{desk}/associations"), format!("/api/v2/users/{ana}/associations"));
        t.post(&of_device, with_sudo("add", "user", &ana, true, false)).expect(204).await;
        assert_eq!(t.post(&of_user, edge("add", "system", &desk)).expect(409).await.message(), "Already Exists");
        let sudo = |enabled: bool, without: bool| json!({"sudo": {"enabled": enabled, "withoutPassword": without}});
        let list = t.get(&format!("{of_device}?targets=user,policy")).ok().await;
        assert_eq!(list, json!([{"to": {"id": ana, "type": "user"}, "attributes": sudo(true, false)}]));
        t.post(&of_user, with_sudo("update", "system", &desk, true, true)).expect(204).await;
        let list = t.get(&format!("{of_user}?targets=system,application")).ok().await;
        assert_eq!(list, json!([{"to": {"id": desk, "type": "system"}, "attributes": sudo(true, true)}]));
        let users = t.get(&format!("/api/v2/systems/{desk}/users")).ok().await;
        assert_eq!((each(&users, "id"), &users[0]["compiledAttributes"]), (vec![ana.as_str()], &sudo(true, true)));
        let systems = t.get(&format!("/api/v2/users/{ana}/systems")).ok().await;
        assert_eq!((each(&systems, "id"), each(&systems, "type")), (vec![desk.as_str()], vec!["system"]));
        t.put(&format!("/api/systems/{desk}"), json!({"primarySystemUser": {"id": bo}})).ok().await;
        let rows = t.get(&format!("/api/v2/systems/{desk}/userlist")).ok().await;
        assert_eq!((each(&rows, "username"), &rows[0]["owner"]), (vec!["ana"], &json!(false)));
        let rows = t.get(&format!("/api/v2/users/{bo}/devicelist")).ok().await;
        assert_eq!((&rows[0]["owner"], &rows[0]["bound"], &rows[0]["displayName"]), (&json!(true), &json!(false), &json!("desk")));
        t.post(&of_device, edge("remove", "user", &ana)).expect(204).await;
        t.post(&of_user, edge("remove", "system", &desk)).expect(404).await;
        t.post(&of_user, edge("update", "system", &desk)).expect(404).await;
        for (path, status) in [
            (of_device.clone(), 400), (format!("{of_device}?targets=system"), 400), (format!("{of_device}?targets=command"), 200),
            (format!("/api/v2/systems/{NOBODY}/associations?targets=user"), 404), (format!("/api/v2/systems/{NOBODY}/users"), 404),
            (format!("/api/v2/users/{NOBODY}/systems"), 404),
        ] {
            t.get(&path).expect(status).await;
        }
        t.post(&of_device, edge("add", "user_group", &ana)).expect(400).await;
        t.post(&of_device, edge("add", "user", NOBODY)).expect(404).await;
        t.post(&of_device, json!({"op": "add", "type": "user", "id": ana, "attributes": {"sudo": {"enabled": "yes"}}})).expect(400).await;
    }

    async fn a_file_is_imported_row_by_row(t) {
        t.person("ana").await;
        let csv = "Display Name,Serial Number,owner,fde.active,attributes.site\ndesk,S1,ana@acme.example,true,Bern\n,,,,\nlaptop,S2,nobody,false,\n";
        let send = |body: &str| t.ask("POST", "/api/v2/systems/import").key(&t.acme.key).raw("text/csv", body.as_bytes().to_vec());
        let done = send(csv).ok().await;
        assert_eq!(each(&done["results"], "outcome"), ["created", "refused", "refused"]);
        assert_eq!((&done["created"], &done["refused"], &done["results"][2]["row"]), (&json!(1), &json!(2), &json!(3)));
        assert_eq!(each(&done["results"][2]["fields"], "field"), ["owner"]);
        assert_eq!(each(&send(csv).ok().await["results"], "outcome")[0], "unchanged");
        let device = t.get("/api/systems?search=S1").ok().await["results"][0].clone();
        assert_eq!((&device["attributes"][0]["value"], &device["primarySystemUser"]["username"]), (&json!("Bern"), &json!("ana")));
        assert_eq!(send("").fields().await, ["body"]);
        assert_eq!(send("colour\nred\n").fields().await, ["column[1]"]);
        // JumpCloud's own list is a file, too.
        let list = t.get("/api/systems").ok().await;
        let again = t.post("/api/v2/systems/import", list).ok().await;
        assert_eq!(each(&again["results"], "outcome"), ["unchanged"]);
        t.ask("POST", "/api/v2/systems/import").key(&t.acme.key).raw("text/plain", b"displayName\nx\n".to_vec()).expect(415).await;
    }

    async fn only_a_server_for_developing_makes_devices_by_hand(t) {
        let body = json!({"displayName": "x"});
        assert!(t.post("/api/systems", body.clone()).expect(403).await.message().contains("/api/v2/systems/import"));
        let router = t.with_dev();
        let made = Ask::new(&router, "POST", "/api/systems").key(&t.acme.key).json(body).ok().await;
        assert_eq!(t.get(&format!("/api/systems/{}", id(&made))).ok().await["displayName"], "x");
        let nameless = Ask::new(&router, "POST", "/api/systems").key(&t.acme.key).json(json!({}));
        assert_eq!(nameless.fields().await, ["displayName"]);
    }
}
