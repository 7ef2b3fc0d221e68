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

    /// Dynamic-group privilege escalation: what people may edit themselves decides nothing, whichever is changed last.
    async fn what_people_edit_themselves_decides_nothing(t) {
        let query = |field: &str| {
            let filters = json!({"filters": [{"field": field, "operation": "equals", "value": "Boss"}]});
            muster_rules::MemberQuery::read(&filters, true).unwrap()
        };
        let group = |field: &str, method| muster_directory::group::Input {
            name: Some("Bosses".into()),
            method: Some(method),
            member_query: Some(Some(query(field))),
            ..muster_directory::group::Input::default()
        };
        let make = |input| t.write(t.acme, muster_directory::group::create::Create::of_users(input));
        use muster_directory::group::Method::{DynamicAutomated, Static};
        for field in ["displayname", "firstname", "lastname"] {
            assert_eq!(fields(make(group(field, DynamicAutomated)).await), ["memberQuery"], "{field}");
        }
        // A rule that does not decide yet is refused when it is to.
        let kept = make(group("displayname", Static)).await.unwrap().id;
        let turn = || muster_directory::group::Input { method: Some(DynamicAutomated), ..Default::default() };
        let turn_on = || muster_directory::group::update::Update::of_users(kept, turn());
        assert_eq!(fields(t.write(t.acme, turn_on()).await), ["memberQuery"]);
        t.write(t.acme, update(None, json!({"systemUsersCanEdit": false}))).await.unwrap();
        t.write(t.acme, turn_on()).await.unwrap();
        let on = || update(None, json!({"systemUsersCanEdit": true}));
        assert_eq!(fields(t.write(t.acme, on()).await), ["settings.systemUsersCanEdit"]);
        t.write(t.acme, muster_directory::group::delete::Delete::of_users(kept)).await.unwrap();
        t.write(t.acme, on()).await.unwrap();
    }
}
