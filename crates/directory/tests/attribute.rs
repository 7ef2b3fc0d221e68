//! Declared custom attributes: what fits, through every door, and what rules make of it.

use muster_directory::attribute::{Type, declare::Declare, remove::Remove, store};
use muster_directory::directory_provider;
use muster_directory::fed_user::{self, Feed};
use muster_directory::group::{self, GroupKind, Input, ruleset::Flag};
use muster_directory::user::import::{Done, Import, KnownBy};
use muster_directory::user::{create::Create, update::Update};
use muster_rules::{Form, MemberQuery, language};
use serde_json::json;

use crate::group::dynamic;
use crate::harness::{Test, attributes, fields, is_missing, members};

fn declare(name: &str, kind: Type) -> Declare {
    Declare { name: name.into(), kind, description: String::new() }
}

fn level(value: &str) -> serde_json::Value {
    json!({"attributes": [{"name": "level", "value": value}]})
}

fn rule(text: &str) -> MemberQuery {
    MemberQuery::from_rule(language::parse(text).unwrap(), Form::Expression).unwrap()
}

async fn flags(t: &Test, group: muster_base::Id) -> Vec<Flag> {
    let asked =
        group::explain::Question { kind: GroupKind::User, group, member: t.user(t.acme, "asker").await.id, at: None };
    let now = t.d.env().clock.now();
    group::explain::membership(&mut t.d.read(), t.acme.id, &asked, now).await.unwrap().flags
}

both! {
    async fn a_value_that_does_not_fit_is_refused_through_every_door(t) {
        t.write(t.acme, declare("level", Type::Number)).await.unwrap();
        let bo = t.user_with(t.acme, "bo", level("007")).await;
        assert_eq!(bo.profile.attributes[0].value, "7", "one spelling");
        // By a change and a creation.
        let patch = |value: &str| Update::profile(bo.id, attributes(level(value)));
        assert_eq!(fields(t.write(t.acme, patch("seven")).await), ["attributes[0].value"]);
        let create = Create { username: "cy".into(), email: "cy@example.test".into(), state: None, profile: attributes(level("high")), password_hash: None };
        assert_eq!(fields(t.write(t.acme, create).await), ["attributes[0].value"]);
        // From a table.
        let line = |value: &str| [("email", "di@example.test"), ("attributes.level", value)].map(|(n, v)| (n.to_owned(), v.to_owned())).into();
        let table = Import { lines: vec![line("much"), line("1e1")], known_by: KnownBy::Email, update: true };
        let out = t.write(t.acme, table).await.unwrap();
        let Done::Refused(wrong) = &out[0].done else { panic!("{:?}", out[0].done) };
        assert!(wrong[0].message.contains("level is a number: \"much\" is no number"), "{wrong:?}");
        assert_eq!(out[1].user.as_ref().unwrap().profile.attributes[0].value, "10");
        // From a directory.
        let provider = t.d.env().id();
        let kind = directory_provider::ProviderType::Generic;
        t.write(t.acme, directory_provider::create::Create { id: provider, name: "HR".into(), kind }).await.unwrap();
        let feed = |value: &str| Feed {
            username: "ed".into(), active: Some(true), doc: "{}".into(),
            attributes: vec![("level".to_owned(), value.to_owned())],
            email: Some("ed@example.test".into()),
            ..Feed::default()
        };
        let push = |value: &str| fed_user::push::Push::new(provider, feed(value));
        assert_eq!(fields(t.write(t.acme, push("low")).await), ["attributes[0].value"]);
        t.write(t.acme, push("3")).await.unwrap();
        // Elsewhere it is text as before.
        t.user_with(t.blue, "eve", level("seven")).await;
    }

    async fn what_is_there_has_to_fit_before_a_type_is_declared(t) {
        let bo = t.user_with(t.acme, "bo", level("seven")).await.id;
        let cy = t.user_with(t.acme, "cy", level("007")).await.id;
        t.user_with(t.blue, "eve", level("none of Acme's")).await;
        let refused = t.write(t.acme, declare("level", Type::Number)).await.unwrap_err().to_string();
        assert!(refused.contains("1 person has a value that does not fit") && refused.contains("bo: \"seven\" is no number"), "{refused}");
        assert_eq!(store::all(&mut t.d.read(), t.acme.id).await.unwrap().len(), 0);
        t.patch(t.acme, bo, level("")).await;
        let made = t.group(t.acme, dynamic("Sevens", rule("attributes.level equals \"007\""))).await.id;
        let refused = t.write(t.acme, declare("level", Type::Number)).await.unwrap_err().to_string();
        assert!(refused.contains("the rule of \"Sevens\" does not fit"), "{refused}");
        t.change_group(t.acme, made, Input { member_query: Some(Some(rule("attributes.level equals \"7\""))), ..Input::default() }).await;
        assert!(members(t, t.acme, made).await.is_empty());
        t.write(t.acme, declare("level", Type::Number)).await.unwrap();
        // The value has its spelling now, and the group who has it.
        assert_eq!(t.stored(t.acme, cy).await.profile.attributes[0].value, "7");
        assert_eq!(members(t, t.acme, made).await, [cy].into());
    }

    async fn rules_are_checked_against_the_type_and_compare_by_it(t) {
        for (name, kind) in [("level", Type::Number), ("lead", Type::Boolean), ("hired", Type::Date)] {
            t.write(t.acme, declare(name, kind)).await.unwrap();
        }
        for wrong in [
            "attributes.level contains \"7\"", "attributes.level greater than \"high\"", "attributes.lead equals \"yes\"",
            "attributes.hired equals \"2024-01-31\"", "manager.attributes.level starts with \"7\"",
        ] {
            let made = t.write(t.acme, group::create::Create::of_users(dynamic("X", rule(wrong)))).await;
            assert!(fields(made)[0].starts_with("memberQuery"), "{wrong}");
        }
        let person = |level: &str, lead: &str, hired: &str| json!({"attributes": [
            {"name": "level", "value": level}, {"name": "lead", "value": lead}, {"name": "hired", "value": hired}]});
        let bo = t.user_with(t.acme, "bo", person("9", "TRUE", "2020-01-01")).await.id;
        let cy = t.user_with(t.acme, "cy", person("10", "false", "2025-11-18")).await.id;
        for (text, who) in [
            ("attributes.level greater than \"9.5\"", cy), ("attributes.level less than \"10\"", bo),
            ("attributes.level in (\"9\", \"11\")", bo), ("attributes.lead equals \"true\"", bo),
            ("attributes.hired within the last \"30 days\"", cy), ("attributes.hired less than \"2021-01-01\"", bo),
        ] {
            let made = t.group(t.acme, dynamic(text, rule(text))).await.id;
            assert_eq!(members(t, t.acme, made).await, [who].into(), "{text}");
        }
    }

    async fn rules_on_a_removed_declaration_are_flagged_and_hold_their_members(t) {
        t.write(t.acme, declare("level", Type::Number)).await.unwrap();
        let bo = t.user_with(t.acme, "bo", level("9")).await.id;
        let made = t.group(t.acme, dynamic("High", rule("attributes.level greater than \"5\""))).await.id;
        assert!(is_missing(t.write(t.blue, Remove { name: "level".into() }).await), "another organization's");
        t.write(t.acme, Remove { name: "level".into() }).await.unwrap();
        t.patch(t.acme, bo, level("low")).await;
        assert_eq!(members(t, t.acme, made).await, [bo].into());
        assert_eq!(flags(t, made).await, [Flag::InvalidAttribute]);
        // Declared again it is decided again.
        t.patch(t.acme, bo, level("3")).await;
        t.write(t.acme, declare("level", Type::Number)).await.unwrap();
        assert!(members(t, t.acme, made).await.is_empty());
        // Saved anew it is decided as text.
        t.write(t.acme, Remove { name: "level".into() }).await.unwrap();
        t.change_group(t.acme, made, Input { member_query: Some(Some(rule("attributes.level starts with \"3\""))), ..Input::default() }).await;
        assert_eq!(members(t, t.acme, made).await, [bo].into());
        assert!(is_missing(t.write(t.acme, Remove { name: "level".into() }).await));
    }
}
