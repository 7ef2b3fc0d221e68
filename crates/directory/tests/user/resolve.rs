use muster_base::Id;
use muster_directory::application::{Application, Mapping, Oidc, update::SetOidc};
use muster_directory::user::resolve::by_identifier;
use serde_json::{Value, json};

use crate::harness::Test;

fn alias(name: &str, value: &str) -> Value {
    json!({"attributes": [{"name": name, "value": value}]})
}

/// An application that "All Users" may use and that knows people's e-mail by this attribute.
async fn app(t: &Test, attribute: &str) -> Application {
    let app = t.app(t.acme, "Secondary").await;
    let all = t.all_users(t.acme).await;
    t.bind(t.acme, app.id, "user_group", all).await;
    let oidc = Oidc {
        dynamic_claims: vec![Mapping { name: "email".into(), value: attribute.into() }],
        ..app.doc.oidc.clone().unwrap()
    };
    t.write(t.acme, SetOidc { id: app.id, hidden: None, oidc }).await.unwrap()
}

async fn found(t: &Test, app: Option<&Application>, typed: &str) -> Option<Id> {
    by_identifier(&mut t.d.read(), t.acme.id, app, typed).await.unwrap().map(|u| u.id)
}

both! {
    async fn the_company_e_mail_comes_first(t) {
        let ana = t.user(t.acme, "ana").await.id;
        t.user_with(t.acme, "bo", alias("alias", "ana@example.test")).await;
        let app = app(t, "attributes.alias").await;
        assert_eq!(found(t, None, " ANA@example.test ").await, Some(ana));
        assert_eq!(found(t, Some(&app), "ana@example.test").await, Some(ana));
        assert_eq!(found(t, None, "nobody@example.test").await, None);
        assert_eq!(found(t, Some(&app), "ana").await, None);
        assert_eq!(found(t, Some(&app), "a\u{0}na@example.test").await, None);
    }

    /// Seed 000: the Secondary knows only the alias; both spellings of the mapping mean it.
    async fn an_alias_is_known_while_its_application_waits(t) {
        let ana = t.user_with(t.acme, "ana", alias("alias", "Ana+2@other.test")).await.id;
        t.user_with(t.blue, "ana", alias("alias", "ana+2@other.test")).await;
        for attribute in ["attributes.alias", "alias"] {
            let app = app(t, attribute).await;
            assert_eq!(found(t, Some(&app), "ana+2@other.test").await, Some(ana));
        }
        assert_eq!(found(t, None, "ana+2@other.test").await, None);
        let other = t.app(t.acme, "Other").await;
        assert_eq!(found(t, Some(&other), "ana+2@other.test").await, None);
    }

    async fn an_alias_of_several_or_of_an_outsider_names_nobody(t) {
        let app = app(t, "alias").await;
        let ana = t.user_with(t.acme, "ana", alias("alias", "x@other.test")).await.id;
        let bo = t.user_with(t.acme, "bo", alias("alias", "x@other.test")).await.id;
        assert_eq!(found(t, Some(&app), "x@other.test").await, None);
        t.patch(t.acme, bo, alias("alias", "y@other.test")).await;
        assert_eq!(found(t, Some(&app), "x@other.test").await, Some(ana));
        let all = t.all_users(t.acme).await;
        let unbind = muster_directory::application::bind::Bind { app: app.id, kind: "user_group", subject: all, add: false };
        t.write(t.acme, unbind).await.unwrap();
        t.bind(t.acme, app.id, "user", bo).await;
        assert_eq!(found(t, Some(&app), "x@other.test").await, None);
        assert_eq!(found(t, Some(&app), "y@other.test").await, Some(bo));
    }

    /// A custom attribute named like a fixed field does not speak for it.
    async fn a_fixed_field_is_not_a_custom_attribute(t) {
        t.user_with(t.acme, "ana", alias("company", "x@other.test")).await;
        let app = app(t, "company").await;
        assert_eq!(found(t, Some(&app), "x@other.test").await, None);
    }
}
