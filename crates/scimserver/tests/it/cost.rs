//! What a request costs, in statements: each is a part of the time that a directory of a million people takes to be fed.

use muster_testkit::{Test, both};
use serde_json::json;

use crate::world::{Feeder, op};

fn statements(t: &Test) -> u64 {
    t.directory.db().counts().statements
}

both! {
    async fn a_group_without_rules_is_made_without_a_look_at_the_others(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.group("first", &[]).await;
        let before = statements(t);
        hr.group("second", &[]).await;
        let made = statements(t) - before;
        assert!(made <= 15, "{made}");
    }

    async fn people_are_made_and_changed_by_few_statements(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.person("first", json!({})).await;
        let before = statements(t);
        let ana = hr.person("ana", json!({"externalId": "7", "title": "Clerk"})).await;
        let made = statements(t) - before;
        assert!(made <= 20, "{made}");
        // Rules, addresses and names that stay as they are are not written again.
        let before = statements(t);
        hr.patch(&format!("/Users/{ana}"), op("replace", "title", json!("Head"))).await.expect(200);
        let changed = statements(t) - before;
        assert!(changed <= 11, "{changed}");
        assert_eq!(hr.stored(&ana).await.unwrap().profile.job_title.as_deref(), Some("Head"));
        // What is changed of them is found by what it is now.
        let emails = json!([{"value": "ana.adams@acme.test", "primary": true}]);
        hr.patch(&format!("/Users/{ana}"), op("replace", "emails", emails)).await.expect(200);
        assert_eq!(hr.find("/Users", "emails.value eq \"ANA.adams@acme.test\"").await, ["ana"]);
        assert!(hr.find("/Users", "emails.value eq \"ana@acme.test\"").await.is_empty());
    }
}
