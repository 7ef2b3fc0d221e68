use muster_directory::change;
use muster_directory::group::{ExemptionMode, Input, Method, model, update::Update};
use serde_json::{Value, json};

use super::{dynamic, exempt, in_department};
use crate::harness::{Test, conflict, fields, members};

async fn log(t: &Test) -> Vec<(String, Value)> {
    let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    entries.into_iter().map(|e| (e.kind, e.fields)).collect()
}

both! {
    async fn what_is_not_given_stays(t) {
        let made = t.group(t.acme, Input { description: Some("d".into()), ..dynamic("Sales", in_department("Sales")) }).await;
        let after = t.change_group(t.acme, made.id, Input { email: Some("s@example.test".into()), ..Input::default() }).await;
        assert_eq!((after.name.as_str(), after.doc.description.as_str()), ("Sales", "d"));
        assert_eq!((after.method, after.member_query), (Method::DynamicAutomated, made.member_query));
    }

    async fn the_log_tells_every_change_and_none_where_nothing_changed(t) {
        let made = t.static_group(t.acme, "Sales").await;
        let before = log(t).await.len();
        t.change_group(t.acme, made.id, Input { name: Some("Sales".into()), ..Input::default() }).await;
        assert_eq!(log(t).await.len(), before);
        let attributes = model::Attributes { samba_enabled: Some(true), ..model::Attributes::default() };
        t.change_group(t.acme, made.id, Input {
            name: Some("Sellers".into()),
            description: Some("d".into()),
            email: Some("s@example.test".into()),
            attributes: Some(attributes),
            suggestions_notify: Some(true),
            ..Input::default()
        }).await;
        let entries = log(t).await;
        assert_eq!(entries.len(), before + 1);
        let (kind, changed) = entries.last().unwrap();
        assert_eq!(kind, "group_update");
        let names: Vec<&String> = changed.as_object().unwrap().keys().collect();
        assert_eq!(names, ["name", "description", "email", "attributes", "memberSuggestionsNotify"]);
        assert_eq!(changed["name"], json!({"from": "Sales", "to": "Sellers"}));
    }

    async fn is_refused_as_a_creation_is(t) {
        t.static_group(t.acme, "Legal").await;
        let sales = t.static_group(t.acme, "Sales").await.id;
        let try_to = async |input| t.write(t.acme, Update::of_users(sales, input)).await;
        assert!(conflict(try_to(Input { name: Some("legal".into()), ..Input::default() }).await).starts_with("name:"));
        assert_eq!(fields(try_to(Input { name: Some(String::new()), ..Input::default() }).await), ["name"]);
        let ruleless = Input { method: Some(Method::DynamicAutomated), ..Input::default() };
        assert_eq!(fields(try_to(ruleless).await), ["memberQuery"]);
        // Dropping the rule of a dynamic group asks for the other method with it.
        let group = t.group(t.acme, dynamic("Dynamic", in_department("Sales"))).await.id;
        let drop = Input { member_query: Some(None), ..Input::default() };
        assert_eq!(fields(t.write(t.acme, Update::of_users(group, drop.clone())).await), ["memberQuery"]);
        t.change_group(t.acme, group, Input { method: Some(Method::Static), ..drop }).await;
    }

    async fn what_else_moves_many_is_confirmed_too(t) {
        use muster_directory::group::suggestion::Decide;
        use muster_directory::group::update::SetExemption;
        use muster_directory::group::{GroupKind, copy, create::Create};
        let mut people = Vec::new();
        for name in ["ana", "bo", "cy", "di"] {
            people.push(t.user_with(t.acme, name, json!({"department": "Sales"})).await.id);
        }
        let reviewed = Input { method: Some(Method::DynamicReviewRequired), ..dynamic("Reviewed", in_department("Sales")) };
        let reviewed = t.group(t.acme, reviewed).await.id;
        let settings = json!({"groupChanges": {"confirmAbovePercent": 20}});
        let percent = muster_directory::organization::update::Update { name: None, settings: settings.as_object().unwrap().clone() };
        t.write(t.acme, percent).await.unwrap();
        let said = |result: muster_directory::Result<model::Group>| result.unwrap_err().to_string();
        // A group that is made with a rule, or holds one.
        let made = |confirmed| Create::of_users(Input { confirmed, ..dynamic("Sales", in_department("Sales")) });
        let refused = said(t.write(t.acme, made(false)).await);
        assert!(refused.contains("confirmed: 4 would join and 0 leave, of 4"), "{refused}");
        let of = t.write(t.acme, made(true)).await.unwrap();
        let holder = Input { name: Some("Holder".into()), nested: Some(vec![of.id]), ..Input::default() };
        assert_eq!(fields(t.write(t.acme, Create::of_users(holder)).await), ["confirmed"]);
        t.group(t.acme, Input { name: Some("By hand".into()), ..Input::default() }).await;
        // A copy of one.
        let parts = copy::Parts { rule: true, exclusions: true, exemptions: true, nested: true, members: false, bindings: true };
        let copied = |confirmed| copy::Copy { kind: GroupKind::User, id: of.id, name: "Copy".into(), parts, confirmed };
        assert_eq!(fields(t.write(t.acme, copied(false)).await), ["confirmed"]);
        t.write(t.acme, copied(true)).await.unwrap();
        // One exemption, where one is so great a part.
        let out = |confirmed| SetExemption { kind: GroupKind::User, group: of.id, member: people[0], exempt: Some(exempt(people[0], ExemptionMode::Out)), confirmed };
        assert_eq!(fields(t.write(t.acme, out(false)).await), ["confirmed"]);
        t.write(t.acme, out(true)).await.unwrap();
        // Suggestions in bulk; one by one they are decided as they are.
        let accept = |members: Vec<_>, confirmed| Decide { kind: GroupKind::User, group: reviewed, members, accept: true, confirmed };
        t.write(t.acme, accept(vec![people[0]], false)).await.unwrap();
        let refused = t.write(t.acme, accept(vec![], false)).await.unwrap_err().to_string();
        assert!(refused.contains("confirmed: 3 would join and 0 leave, of 4"), "{refused}");
        t.write(t.acme, accept(vec![], true)).await.unwrap();
        assert_eq!(members(t, t.acme, reviewed).await.len(), 4);
    }

    async fn a_change_that_moves_many_is_confirmed_where_the_organization_says_so(t) {
        use muster_directory::organization::update::Update as Settings;
        let mut everybody = Vec::new();
        for (name, department) in [("ana", "Sales"), ("bo", "Sales"), ("cy", "Sales"), ("di", "Sales"), ("ed", "Legal")] {
            let id = t.user_with(t.acme, name, json!({"department": department})).await.id;
            everybody.push(exempt(id, ExemptionMode::In));
        }
        let group = t.group(t.acme, dynamic("Sales", in_department("None"))).await.id;
        let rule = |department: &str, confirmed| Update::of_users(group, Input {
            member_query: Some(Some(in_department(department))), confirmed, ..Input::default()
        });
        let percent = |percent: i64| Settings {
            name: None,
            settings: json!({"groupChanges": {"confirmAbovePercent": percent}}).as_object().unwrap().clone(),
        };
        t.write(t.acme, percent(20)).await.unwrap();
        t.write(t.acme, rule("Legal", false)).await.unwrap();
        let refused = t.write(t.acme, rule("Sales", false)).await.unwrap_err().to_string();
        assert!(refused.contains("confirmed: 4 would join and 1 leave, of 5"), "{refused}");
        // A pinned list is a change like any other; a name is none.
        let pinned = Input { exemptions: Some(everybody), ..Input::default() };
        assert_eq!(fields(t.write(t.acme, Update::of_users(group, pinned)).await), ["confirmed"]);
        let renamed = Input { name: Some("Sales people".into()), ..Input::default() };
        t.write(t.acme, Update::of_users(group, renamed)).await.unwrap();
        t.write(t.acme, rule("Sales", true)).await.unwrap();
        assert_eq!(members(t, t.acme, group).await.len(), 4);
        assert_eq!(fields(t.write(t.acme, percent(101)).await), ["settings.groupChanges.confirmAbovePercent"]);
    }
}
