use muster_directory::user::{Authority, State, User, create::Create, store};
use muster_directory::{listing, organization};
use serde_json::json;

use crate::harness::{HASH, Test, attributes, conflict, denied, fields};

fn named(username: &str, email: &str) -> Create {
    Create {
        username: username.into(),
        email: email.into(),
        state: None,
        profile: attributes(json!({})),
        password_hash: None,
    }
}

/// Changes Acme's settings.
async fn settings(t: &Test, patch: serde_json::Value) {
    t.write(t.acme, organization::update::Update { name: None, settings: attributes(patch) }).await.unwrap();
}

both! {
    async fn takes_the_organizations_defaults(t) {
        let first = t.write(t.acme, named("ana", "Ana@Example.test")).await.unwrap();
        assert_eq!((first.state, first.authority()), (State::Activated, Authority::Muster));
        let federated = json!([{"field": "password", "type": "federated_identity_provider"}]);
        settings(t, json!({
            "newSystemUserStateDefaults": {"manualEntry": "STAGED"},
            "systemUserDefaults": {"restrictedFields": federated},
        })).await;
        let second = t.write(t.acme, named("bo", "bo@example.test")).await.unwrap();
        assert_eq!((second.state, second.authority()), (State::Staged, Authority::Federated));
        let own = Create { profile: attributes(json!({"restrictedFields": []})), ..named("cy", "cy@example.test") };
        let third = t.write(t.acme, Create { state: Some(State::Suspended), ..own }).await.unwrap();
        assert_eq!((third.state, third.authority()), (State::Suspended, Authority::Muster));
    }

    async fn what_was_written_is_read_back(t) {
        let profile = json!({
            "firstname": "Ana", "lastname": "Müller", "department": "漢字", "unix_uid": 5001, "sudo": true,
            "attributes": [{"name": "level", "value": "Senior"}, {"name": "Level", "value": "2"}],
            "addresses": [{"type": "work", "locality": "Bern"}], "phoneNumbers": [{"type": "mobile", "number": "+41 1"}],
        });
        let made = t.user_with(t.acme, "ana", profile.clone()).await;
        let read = t.stored(t.acme, made.id).await;
        assert_eq!(read.profile, made.profile);
        assert_eq!((read.username.as_str(), read.email.as_str()), ("ana", "ana@example.test"));
        assert_eq!((read.created_at, read.state, read.tokens_from.0), (t.clock.now(), State::Activated, 0));
        let out = serde_json::to_value(&read.profile).unwrap();
        for (name, value) in profile.as_object().unwrap() {
            assert_eq!(&out[name], value, "{name}");
        }
    }

    async fn a_value_that_is_taken_is_named(t) {
        t.user_with(t.acme, "ana", json!({"employeeIdentifier": "E1"})).await;
        let email = conflict(t.write(t.acme, named("other", "ANA@example.test")).await);
        assert_eq!(email, "email: another person of this organization has this e-mail");
        let username = conflict(t.write(t.acme, named("ANA", "other@example.test")).await);
        assert_eq!(username, "username: another person of this organization has this user name");
        let id = Create { profile: attributes(json!({"employeeIdentifier": "E1"})), ..named("bo", "bo@example.test") };
        assert_eq!(conflict(t.write(t.acme, id).await), "employeeIdentifier: another person of this organization has it");
        // An empty one is none: many may have it.
        for name in ["cy", "dee"] {
            t.user_with(t.acme, name, json!({"employeeIdentifier": ""})).await;
        }
        assert_eq!(listing::count::<User>(&mut t.d.read(), t.acme.id).await.unwrap(), 3);
    }

    async fn e_mail_is_unique_in_an_organization_not_across(t) {
        let here = t.user_with(t.acme, "ana", json!({"employeeIdentifier": "E1"})).await;
        let there = t.user_with(t.blue, "ana", json!({"employeeIdentifier": "E1"})).await;
        let mut found = store::organizations_of(&mut t.d.read(), &"ANA@example.test".parse().unwrap()).await.unwrap();
        found.sort_unstable();
        let mut should = vec![(t.acme.id, here.id), (t.blue.id, there.id)];
        should.sort_unstable();
        assert_eq!(found, should);
    }

    async fn every_wrong_field_is_named_at_once(t) {
        let wrong = Create {
            profile: attributes(json!({"unix_uid": -1, "location": "x".repeat(1025)})),
            ..named("two words", "not an address")
        };
        assert_eq!(fields(t.write(t.acme, wrong).await), ["username", "email", "location", "unix_uid"]);
        assert_eq!(fields(t.write(t.acme, named("", "a@b.test")).await), ["username"]);
        assert_eq!(fields(t.write(t.acme, named(&"x".repeat(129), "a@b.test")).await), ["username"]);
        assert_eq!(fields(t.write(t.acme, named("a\u{0}b", "a@b.test")).await), ["username"]);
    }

    async fn a_password_is_refused_where_another_system_decides(t) {
        for kind in ["federated_identity_provider", "scim", "active_directory"] {
            let restricted = json!({"restrictedFields": [{"field": "password", "type": kind}]});
            let create = Create {
                profile: attributes(restricted),
                password_hash: Some(HASH.into()),
                ..named("ana", "ana@example.test")
            };
            assert!(denied(t.write(t.acme, create).await).contains("Password Authority"));
        }
        assert_eq!(listing::count::<User>(&mut t.d.read(), t.acme.id).await.unwrap(), 0);
    }

    async fn the_manager_is_a_person_here(t) {
        let boss = t.user(t.acme, "boss").await;
        let foreign = t.user(t.blue, "foreign").await;
        let ana = t.user_with(t.acme, "ana", json!({"manager": boss.id})).await;
        assert_eq!(ana.profile.manager, Some(boss.id.text()));
        for wrong in [json!(foreign.id), json!(t.d.env().id()), json!("boss")] {
            let create = Create { profile: attributes(json!({"manager": wrong})), ..named("bo", "bo@example.test") };
            assert_eq!(fields(t.write(t.acme, create).await), ["manager"]);
        }
        // Upper case is the same id.
        let shouting = t.user_with(t.acme, "cy", json!({"manager": boss.id.text().to_uppercase()})).await;
        let managed = store::managed_by(&mut t.d.read(), t.acme.id, boss.id).await.unwrap();
        let mut both = [ana.id, shouting.id];
        both.sort();
        assert_eq!(managed, both);
    }
}
