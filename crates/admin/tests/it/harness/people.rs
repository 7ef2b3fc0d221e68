//! People, devices, groups and applications made over the API, and browsers that are signed in.

use muster_base::Id;
use muster_directory::Actor;
use muster_directory::consent::Allowed;
use muster_directory::consent::give::Give;
use muster_directory::event::{Detail, Event};
use muster_directory::session::start::{Start, start};
use muster_directory::session::{Kind, Method};
use serde_json::{Value, json};

use super::ask::id;
use super::{PASSWORD, Test};

impl Test {
    /// A person of Acme with a password.
    pub async fn person(&self, name: &str) -> String {
        let body = json!({"username": name, "email": format!("{name}@acme.example"), "password": PASSWORD, "state": "ACTIVATED"});
        id(&self.post("/api/systemusers", body).ok().await)
    }

    /// A static group of Acme.
    pub async fn group(&self, name: &str) -> String {
        id(&self.post("/api/v2/usergroups", json!({"name": name})).ok().await)
    }

    /// A device of Acme, imported.
    pub async fn device(&self, facts: Value) -> String {
        let made = self.post("/api/v2/systems/import", json!([facts])).ok().await;
        assert_eq!(made["created"], 1, "{made}");
        id(&made["results"][0])
    }

    /// An application of Acme with its sign-on set up; the answer that holds the secret.
    pub async fn application(&self, label: &str) -> (String, Value) {
        let body =
            json!({"name": "oidc", "displayLabel": label, "active": true, "config": {}, "sso": {"type": "oidc"}});
        let app = id(&self.post("/api/applications", body).ok().await);
        let sso = json!({"type": "oidc", "oidc": {"redirectUris": ["https://app.example/cb"]}});
        let made = self.post(&format!("/api/v2/applications/{app}/sso"), sso).ok().await;
        (app, made)
    }

    /// A person of Acme allows an application scopes.
    pub async fn allow(&self, user: &str, app: &str, scope: &[&str]) {
        let (user, app) = (user.parse().unwrap(), app.parse().unwrap());
        let allowed = Allowed { scope: scope.iter().map(|scope| (*scope).to_owned()).collect(), ..Allowed::default() };
        self.d.write(Actor::user(user, None), self.acme.id, Give { user, app, allowed }).await.unwrap();
    }

    /// An identity provider of Acme.
    pub async fn identity_provider(&self, name: &str) -> String {
        let body = json!({"name": name, "type": "OIDC", "oidc": {"clientId": "c", "clientSecret": "s", "url": "https://login.example"}});
        id(&self.post("/api/v2/identity-providers", body).ok().await)
    }

    /// The cookie of a browser in which this person of Acme is signed in.
    pub async fn signed_in(&self, user: &str) -> String {
        self.session(Some(self.acme.id), Kind::User, user.parse().unwrap(), "user_login_attempt").await
    }

    /// The cookie of a browser in which an administrator is signed in.
    pub async fn signed_in_admin(&self, admin: Id) -> String {
        self.session(None, Kind::Admin, admin, "admin_login_attempt").await
    }

    async fn session(&self, org: Option<Id>, kind: Kind, principal: Id, event: &str) -> String {
        let at = self.d.env().clock.now();
        let detail = Detail { success: true, summary: "signed in".into(), ..Detail::default() };
        let event = Event { org, id: self.d.env().id(), at, kind: event.into(), user: Some(principal), detail };
        let begin = Start {
            browser: None,
            org,
            kind,
            principal,
            method: Method::Password,
            idp: None,
            prefix: "192.0.2.0/24".into(),
            client_ip: "192.0.2.7".into(),
            user_agent: "test".into(),
            event,
        };
        let started = start(&self.d, begin).await.unwrap();
        format!("__Host-muster_browser={}", started.cookie.expose())
    }
}
