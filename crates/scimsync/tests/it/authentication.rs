//! How we say who we are, and the connection test.

use muster_base::Secret;
use muster_directory::Error;
use muster_directory::provision::report::Outcome;
use muster_directory::provision::settings::Set;
use muster_directory::provision::{AuthenticationKind, ObjectState, ScimVersion, Settings};
use muster_http::provisioning::{Draft, Provisioning};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::receiver::Trick;
use crate::world::{TOKEN, World, setup};

both! {
    async fn the_connection_test_tells_a_good_token_from_a_bad_one(t) with setup(); {
        let w = World::off(t, Quirks::default(), |s| {
            s.test_user_email = "muster-test@example.test".into();
            s.manage_groups = true;
        }).await;
        let report = w.provisioner.test(t.acme.id, w.app, None).await.unwrap();
        assert!(report.ok, "{report:?}");
        assert!(report.lines.iter().any(|l| l.check == "Create the test user" && l.outcome == Outcome::Passed));
        let left = { let inside = w.receiver.inside(); inside.users.resources.len() + inside.groups.resources.len() };
        assert_eq!(left, 0, "what was made for the test is taken away");
        let settings = Settings { base_url: w.receiver.address.clone(), ..Settings::default() };
        let bad = Draft { settings, secret: Some(Secret::new("another-token")) };
        let report = w.provisioner.test(t.acme.id, w.app, Some(bad)).await.unwrap();
        assert!(!report.ok, "{report:?}");
        let failed = report.lines.iter().find(|l| l.outcome == Outcome::Failed).unwrap();
        assert!(failed.message.contains("the token was refused (401"), "{failed:?}");
    }

    async fn basic_header_and_oauth(t) with setup(); {
        for (kind, wanted) in [
            (AuthenticationKind::Basic, ("authorization", format!("Basic {}", "YW5hOmtleS1hbmQtc2NpbS1rZXktb2YtcHJvZml0"))),
            (AuthenticationKind::Header, ("x-api-key", TOKEN.to_owned())),
            (AuthenticationKind::OAuth, ("authorization", "Bearer t1".to_owned())),
        ] {
            let w = World::new(t, Quirks::default(), |s| {
                let a = &mut s.authentication;
                (a.kind, a.username, a.header_name) = (kind, "ana".into(), "X-Api-Key".into());
                (a.client_id, a.token_url) = ("muster".into(), s.base_url.replace("/scim/v2", "/token"));
            }).await;
            w.receiver.inside().authorization = None;
            let told = r#"{"access_token":"t1","expires_in":3600}"#;
            if kind == AuthenticationKind::OAuth {
                w.receiver.next(Trick::Say(200, told, Vec::new()));
            }
            let ana = w.member(&format!("ana-{}", w.app)).await;
            w.settle().await;
            assert_eq!(w.state(ana.id).await, ObjectState::InStep, "{kind:?} {}", w.error(ana.id).await);
            let headers = w.receiver.inside().headers.clone();
            assert_eq!(headers.last().unwrap()[wanted.0], wanted.1, "{kind:?}");
            if kind == AuthenticationKind::OAuth {
                assert_eq!(headers.len(), 4, "one token for all");
                w.receiver.next(Trick::Say(401, "{}", Vec::new()));
                w.receiver.next(Trick::Say(200, r#"{"access_token":"t2"}"#, Vec::new()));
                w.update(ana.id, json!({"jobTitle": "Lead"})).await;
                w.settle().await;
                assert_eq!(w.receiver.inside().headers.last().unwrap()["authorization"], "Bearer t2");
                assert_eq!(w.state(ana.id).await, ObjectState::InStep);
            }
        }
    }

    /// Class of security-cases.md: a secret goes where it was entered for, and nowhere else.
    async fn the_saved_secret_goes_to_no_other_address(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        let settings = Settings { base_url: "http://elsewhere.example/scim".into(), ..Settings::default() };
        let set = Set { app: w.app, settings, secret: None, http_allowed: true };
        match t.write(t.acme, set).await {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, "authentication.secret"),
            other => panic!("{other:?}"),
        }
    }

    /// The same class: a token that is got with the secret is as good as the secret.
    async fn a_token_goes_where_its_secret_was_entered_for(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| {
            let a = &mut s.authentication;
            (a.kind, a.client_id) = (AuthenticationKind::OAuth, "muster".into());
            a.token_url = s.base_url.replace("/scim/v2", "/token");
        }).await;
        w.receiver.inside().authorization = None;
        w.receiver.next(Trick::Say(200, r#"{"access_token":"t1","expires_in":3600}"#, Vec::new()));
        w.member("ana").await;
        w.settle().await;
        let settings = muster_directory::provision::store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().settings;
        let elsewhere = Settings { base_url: "http://elsewhere.example/scim".into(), ..settings.clone() };
        match t.write(t.acme, Set { app: w.app, settings: elsewhere, secret: None, http_allowed: true }).await {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, "authentication.secret"),
            other => panic!("{other:?}"),
        }
        // Another secret is tried as such, not with the token that the saved one got.
        w.receiver.next(Trick::Say(401, r#"{"error":"invalid_client"}"#, Vec::new()));
        let wrong = Draft { settings, secret: Some(Secret::new("another-secret")) };
        let report = w.provisioner.test(t.acme.id, w.app, Some(wrong)).await.unwrap();
        assert!(!report.ok, "{report:?}");
    }

    async fn version_1_is_spoken_too(t) with setup(); {
        let w = World::new(t, Quirks { no_patch: true, ..Quirks::default() }, |s| s.scim_version = ScimVersion::V1).await;
        let ana = w.member("ana").await;
        w.settle().await;
        assert_eq!(w.receiver.inside().headers.last().unwrap()["content-type"], "application/json");
        w.update(ana.id, json!({"jobTitle": "Lead"})).await;
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Lead"), "{}", w.error(ana.id).await);
        assert!(w.receiver.calls().iter().any(|c| c.starts_with("PUT")));
    }
}
