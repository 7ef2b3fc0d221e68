use muster_directory::change;
use muster_directory::organization::{store, update::Update};
use serde_json::{Value, json};

use crate::harness::{Test, attributes, fields};

fn update(name: Option<&str>, settings: Value) -> Update {
    Update { name: name.map(Into::into), settings: attributes(settings) }
}

async fn log(t: &Test) -> Vec<Value> {
    change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().into_iter().map(|e| e.fields).collect()
}

both! {
    async fn lays_settings_over_and_keeps_the_slug(t) {
        let settings = json!({"passwordPolicy": {"minLength": 16}, "contactName": "IT", "unknown": 1});
        let after = t.write(t.acme, update(Some("Acme 2"), settings)).await.unwrap();
        assert_eq!((after.display_name.as_str(), after.slug.as_str()), ("Acme 2", "acme"));
        let read = store::get(&mut t.d.read(), t.acme.id).await.unwrap();
        assert_eq!(read.settings.password_policy.min_length, 16);
        assert!(read.settings.password_policy.enable_min_length);
        assert_eq!(read.settings.contact_name.as_deref(), Some("IT"));
        assert_eq!(store::get(&mut t.d.read(), t.blue.id).await.unwrap().settings.password_policy.min_length, 12);
    }

    async fn the_log_tells_what_changed_only(t) {
        let before = log(t).await.len();
        t.write(t.acme, update(Some("Acme"), json!({}))).await.unwrap();
        assert_eq!(log(t).await.len(), before);
        t.write(t.acme, update(None, json!({"systemUsersCanEdit": false}))).await.unwrap();
        let last = log(t).await.pop().unwrap();
        assert_eq!(last, json!({"settings": {"systemUsersCanEdit": {"from": true, "to": false}}}));
    }

    async fn every_wrong_field_is_named(t) {
        let wrong = json!({"passwordPolicy": {"minLength": 2}, "contactEmail": "no"});
        let should = ["name", "settings.passwordPolicy.minLength", "settings.contactEmail"];
        assert_eq!(fields(t.write(t.acme, update(Some(" "), wrong)).await), should);
        let wrong = json!({"passwordPolicy": "strict"});
        assert_eq!(fields(t.write(t.acme, update(None, wrong)).await), ["settings.passwordPolicy"]);
    }
}
