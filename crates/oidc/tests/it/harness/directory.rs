//! Organizations, people, groups and applications for tests.

use muster_base::Id;
use muster_directory::application::{self, AccessTokens, ClientAuthentication, Doc, GrantType, Oidc};
use muster_directory::event::Event;
use muster_directory::group::{self, Group};
use muster_directory::organization;
use muster_directory::organization::settings::RegistrationMode;
use muster_directory::user::{self, State, User};
use muster_directory::{Actor, Directory, Verb, event};
use serde_json::{Map, Value, json};

use super::{Rp, Test};

/// An organization.
#[derive(Clone)]
pub struct Org {
    pub id: Id,
    pub slug: String,
}

pub async fn organization(d: &Directory, name: &str) -> Org {
    let create = organization::create::Create { id: d.env().id(), name: name.into(), slug: None, provider_id: None };
    let made = organization::create::create(d, Actor::system(), create, None).await.unwrap();
    Org { id: made.id, slug: made.slug }
}

/// The OpenID Connect side of an application that authenticates by POST and may have refresh tokens.
pub fn oidc() -> Oidc {
    Oidc {
        redirect_uris: vec![Rp::REDIRECT_URI.into()],
        post_logout_redirect_uris: vec![Rp::LOGGED_OUT_URI.into()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..Oidc::default()
    }
}

/// The same for a public client.
pub fn public() -> Oidc {
    Oidc { token_endpoint_auth_method: ClientAuthentication::None, ..oidc() }
}

/// The OpenID Connect side of a program without people: client credentials, and the scopes it may ask for.
pub fn machine() -> Oidc {
    Oidc {
        grant_types: vec![GrantType::ClientCredentials],
        access: AccessTokens { scope: "reports.read reports.write".into(), ..AccessTokens::default() },
        ..Oidc::default()
    }
}

impl Test {
    /// Whether clients may register themselves, and whose people may then use them.
    pub async fn set_registration(&self, org: &Org, mode: RegistrationMode, groups: &[&Group]) {
        let ids: Vec<String> = groups.iter().map(|group| group.id.text()).collect();
        let settings = json!({"clientRegistration": {"mode": mode, "userGroups": ids}});
        let settings = settings.as_object().cloned().unwrap();
        let patch = organization::update::Update { name: None, settings };
        self.write(org, patch).await;
    }

    pub async fn write<V: Verb>(&self, org: &Org, verb: V) -> V::Out {
        self.d.write(Actor::system(), org.id, verb).await.unwrap()
    }

    /// An active person `name@example.test`.
    pub async fn person(&self, org: &Org, name: &str) -> User {
        self.person_with(org, name, json!({"firstname": "Ana", "lastname": "Example"})).await
    }

    pub async fn person_with(&self, org: &Org, name: &str, profile: Value) -> User {
        let profile: Map<String, Value> = profile.as_object().unwrap().clone();
        let email = format!("{name}@example.test");
        let state = Some(State::Activated);
        let create = user::create::Create { username: name.into(), email, state, profile, password_hash: None };
        self.write(org, create).await
    }

    pub async fn set_state(&self, org: &Org, user: &User, state: State) {
        self.write(org, user::state::SetState { id: user.id, state }).await;
    }

    /// A static group with these members.
    pub async fn group(&self, org: &Org, name: &str, members: &[&User]) -> Group {
        let input = group::Input { name: Some(name.into()), ..group::Input::default() };
        let group = self.write(org, group::create::Create::of_users(input)).await;
        for user in members {
            self.write(org, group::members::Change::of_user(group.id, user.id, true)).await;
        }
        group
    }

    pub async fn leave(&self, org: &Org, group: &Group, user: &User) {
        self.write(org, group::members::Change::of_user(group.id, user.id, false)).await;
    }

    pub async fn bind(&self, org: &Org, rp: &Rp, group: &Group) {
        let bind = application::bind::Bind { app: rp.id, kind: "user_group", subject: group.id, add: true };
        self.write(org, bind).await;
    }

    /// An application to which nobody has access yet.
    pub async fn app(&self, org: &Org, oidc: Oidc) -> Rp {
        let doc = Doc { display_label: "Wiki".into(), oidc: Some(oidc.clone()), ..Doc::default() };
        let app = self.write(org, application::create::Create { name: "oidc".into(), doc, active: true }).await;
        let secret = self.d.env().secret();
        if oidc.has_secret() {
            self.write(org, application::secret::Add { app: app.id, secret: secret.clone() }).await;
        }
        Rp { id: app.id, org: org.clone(), secret: secret.expose().to_owned(), method: oidc.token_endpoint_auth_method }
    }

    /// An application, and a person who may use it by the group "Readers".
    pub async fn app_for(&self, org: &Org, user: &User, oidc: Oidc) -> Rp {
        let rp = self.app(org, oidc).await;
        let group = self.group(org, &format!("Readers of {}", rp.id), &[user]).await;
        self.bind(org, &rp, &group).await;
        rp
    }

    pub async fn set_active(&self, rp: &Rp, active: bool) {
        let app = application::store::get(&mut self.d.read(), rp.org.id, rp.id).await.unwrap();
        let update = application::update::Update {
            id: rp.id,
            display_label: app.doc.display_label,
            display_name: app.doc.display_name,
            description: app.doc.description,
            hidden: false,
            active,
        };
        self.write(&rp.org, update).await;
    }

    pub async fn set_oidc(&self, rp: &Rp, oidc: Oidc) {
        self.write(&rp.org, application::update::SetOidc { id: rp.id, hidden: None, oidc }).await;
    }

    /// The person's events, the newest first.
    pub async fn events(&self, org: &Org, user: &User) -> Vec<Event> {
        event::store::of_user(&mut self.d.read(), org.id, user.id, "", 20).await.unwrap()
    }
}
