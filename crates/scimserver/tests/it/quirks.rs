//! What the known senders do otherwise than the RFC, and how they are recognised.

use axum::body::Body;
use muster_directory::directory_provider::store;
use muster_directory::user::State;
use muster_testkit::both;
use serde_json::json;

use crate::world::{Feeder, op};

const WORK: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

both! {
    async fn entra_is_understood(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({"emails": [{"value": "ana@acme.test", "type": "work"}]})).await;
        let path = format!("/Users/{ana}");
        let operations = json!([
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "ana.new@acme.test"},
            {"op": "Add", "value": {"name.givenName": "Ana", "name.familyName": "Lopez", format!("{WORK}:department"): "R&D"}},
            {"op": "Add", "path": format!("{WORK}:manager"), "value": "not-one-of-ours"},
            {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+49"},
        ]);
        let told = hr.patch(&path, operations).await.expect(200);
        assert_eq!((&told["name"]["familyName"], &told[WORK]["department"]), (&json!("Lopez"), &json!("R&D")));
        let user = hr.stored(&ana).await.unwrap();
        assert_eq!((user.email.as_str(), user.state), ("ana.new@acme.test", State::Suspended));
        assert_eq!((user.profile.manager, user.profile.phone_numbers[0].number.as_deref()), (None, Some("+49")));
        let group = hr.group("Staff", &[]).await;
        hr.patch(&format!("/Groups/{group}"), op("Add", "members", json!([{"$ref": null, "value": ana}]))).await.expect(204);
        hr.patch(&format!("/Groups/{group}"), op("Remove", "members", json!([{"$ref": null, "value": ana}]))).await.expect(204);
        assert!(hr.get(&format!("/Groups/{group}")).await.expect(200).get("members").is_none());
    }

    async fn okta_is_understood(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({"locale": "en-US", "groups": [], "password": "x", "meta": {"resourceType": "User"}})).await;
        hr.patch(&format!("/Users/{ana}"), json!([{"op": "replace", "value": {"active": false}}])).await.expect(200);
        assert_eq!(hr.stored(&ana).await.unwrap().state, State::Suspended);
        let group = hr.group("Staff", &[&ana]).await;
        hr.patch(&format!("/Groups/{group}"), op("replace", "", json!({"id": group, "displayName": "All"}))).await.expect(204);
        assert_eq!(hr.find("/Groups", "displayName eq \"All\"").await, ["All"]);
    }

    async fn callers_are_recognised(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.send(hr.request("GET", "/Users").header("user-agent", "Okta SCIM Client 1.0.0").body(Body::empty()).unwrap()).await.expect(200);
        let shown = store::get(&mut t.directory.read(), t.acme.id, hr.id).await.unwrap();
        assert_eq!((shown.recognized_caller.as_deref(), shown.last_request_at), (Some("Okta"), Some(t.clock.now())));
        t.later(120);
        hr.get("/Users").await.expect(200);
        let shown = store::get(&mut t.directory.read(), t.acme.id, hr.id).await.unwrap();
        assert_eq!((shown.recognized_caller.as_deref(), shown.last_request_at), (Some("Okta"), Some(t.clock.now())));
        hr.get("/Users?aadOptscim062020").await.expect(200);
        let shown = store::get(&mut t.directory.read(), t.acme.id, hr.id).await.unwrap();
        assert_eq!(shown.recognized_caller.as_deref(), Some("Microsoft Entra ID"));
    }
}
