//! A change that is worked out in the transaction that does it, and one that is worked out before, since it is large.

use futures_util::future::join_all;
use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Answer, Feeder, op};

/// An attribute that fills so many bytes.
fn filling(bytes: usize) -> Value {
    json!("x".repeat(bytes))
}

async fn with_version(hr: &Feeder<'_>, path: &str, version: &str, operations: Value) -> Answer {
    let body = json!({ "Operations": operations }).to_string();
    hr.send(hr.request("PATCH", path).header("if-match", version).body(body.into()).unwrap()).await
}

both! {
    async fn small_and_large_changes_of_small_and_large_people(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let small = hr.person("ana", json!({})).await;
        let large = hr.person("bo", json!({"nickName": filling(20_000)})).await;
        for (of, name) in [(&small, "ana"), (&large, "bo")] {
            let path = format!("/Users/{of}");
            let told = hr.patch(&path, op("replace", "title", json!("Head"))).await.expect(200);
            assert_eq!(told["title"], "Head");
            let operations = json!([{"op": "replace", "path": "title", "value": "Lead"},
                {"op": "add", "path": "locale", "value": filling(9_000)}]);
            let told = hr.patch(&path, operations).await.expect(200);
            assert_eq!((&told["title"], told["locale"].as_str().map(str::len)), (&json!("Lead"), Some(9_000)));
            hr.patch(&path, op("remove", "locale", Value::Null)).await.expect(200);
            let kept = hr.get(&path).await.expect(200);
            assert_eq!((&kept["title"], kept.get("locale")), (&json!("Lead"), None));
            assert_eq!(hr.find("/Users", &format!("emails.value eq \"{name}@acme.test\"")).await, [name]);
            let sent = json!({"userName": name, "emails": [{"value": format!("{name}@acme.test")}], "nickName": "N"});
            let told = hr.put(&path, sent).await.expect(200);
            assert_eq!((told.get("title"), &told["nickName"]), (None, &json!("N")));
        }
    }

    async fn a_version_is_asked_for_whatever_the_size(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for (name, bytes) in [("ana", 10), ("bo", 20_000)] {
            let path = format!("/Users/{}", hr.person(name, json!({"nickName": filling(bytes)})).await);
            let version = hr.get(&path).await.headers["etag"].to_str().unwrap().to_owned();
            with_version(&hr, &path, &version, op("replace", "title", json!("Head"))).await.expect(200);
            let refused = with_version(&hr, &path, &version, op("replace", "title", json!("Lead"))).await;
            refused.refused(412);
            assert_eq!(hr.get(&path).await.expect(200)["title"], "Head");
        }
    }

    async fn of_changes_at_once_none_is_lost(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let path = format!("/Users/{}", hr.person("ana", json!({})).await);
        let add = |n: usize| {
            let number = json!([{"value": format!("+49 30 {n:04}"), "type": format!("line{n}")}]);
            let (hr, path) = (&hr, &path);
            async move { hr.patch(path, op("add", "phoneNumbers", number)).await.expect(200) }
        };
        join_all((0..20).map(add)).await;
        let kept = hr.get(&path).await.expect(200);
        assert_eq!(kept["phoneNumbers"].as_array().map(Vec::len), Some(20));
    }

    async fn the_answer_tells_the_groups_where_they_are_wanted(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let team = hr.group("Team", &[&ana]).await;
        let title = |title: &str| op("replace", "title", json!(title));
        let told = hr.patch(&format!("/Users/{ana}"), title("Head")).await.expect(200);
        assert_eq!((&told["groups"][0]["value"], &told["groups"][0]["type"]), (&json!(team), &json!("direct")));
        let told = hr.patch(&format!("/Users/{ana}?excludedAttributes=groups"), title("Lead")).await.expect(200);
        assert_eq!((&told["title"], told.get("groups")), (&json!("Lead"), None));
        let told = hr.patch(&format!("/Users/{ana}?attributes=groups"), title("Chief")).await.expect(200);
        assert_eq!((told.get("title"), &told["groups"][0]["display"]), (None, &json!("Team")));
    }

    async fn what_is_wrong_with_a_change_leaves_everything(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.person("bo", json!({})).await;
        let ana = hr.person("ana", json!({"title": "Clerk"})).await;
        let path = format!("/Users/{ana}");
        let before = hr.get(&path).await.expect(200);
        let title_and = |path: &str, value: Value| json!([{"op": "replace", "path": "title", "value": "Head"},
            {"op": "replace", "path": path, "value": value}]);
        assert_eq!(hr.patch(&path, title_and("userName", json!("BO"))).await.refused(409), "uniqueness");
        let own = "urn:ietf:params:scim:schemas:extension:muster:2.0:User:nothing";
        for wrong in [title_and("userName", json!("")), title_and("emails", json!("x")), title_and(own, json!([5]))] {
            hr.patch(&path, wrong).await.refused(400);
        }
        assert_eq!(hr.patch(&path, title_and("emails[type sw \"h\"].value", json!("a@b.c"))).await.refused(400), "noTarget");
        assert_eq!(hr.get(&path).await.expect(200), before);
    }
}
