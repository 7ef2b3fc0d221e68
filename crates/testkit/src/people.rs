//! People, devices, administrators, providers and policies for tests.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use muster_base::{Id, Secret};
use muster_directory::device::{self, Device};
use muster_directory::identity_provider::{self, Doc, IdentityProvider, Kind};
use muster_directory::mail;
use muster_directory::routing::{self, Policy, Target};
use muster_directory::session::start::{Start, Started};
use muster_directory::session::{self, Session};
use muster_directory::user::set_password::{Proof, SetPassword};
use muster_directory::user::{self, State, User};
use muster_directory::{administrator, event, group};
use serde_json::{Map, Value, json};

use crate::{Org, Test};

/// The password of everybody who has one: no rule refuses it.
pub const PASSWORD: &str = "vast-ocean-77-lantern";

/// A hash in PHC form that costs next to nothing: the costs stand in it, so verifying it costs nothing either.
#[must_use]
pub fn hash(password: &str) -> String {
    let salt = b"salt of the tests";
    let mut out = [0; 32];
    let params = Params::new(8, 1, 1, Some(out.len())).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), salt, &mut out).unwrap();
    let encode = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    format!("$argon2id$v=19$m=8,t=1,p=1${}${}", encode(salt), encode(&out))
}

/// The members of a JSON object.
#[must_use]
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

impl Test {
    /// Makes an active person `name@example.test` with [`PASSWORD`].
    pub async fn person(&self, org: Org, name: &str) -> User {
        let user = self.person_with(org, name, json!({}), State::Activated).await;
        self.set_password(org, user.id, PASSWORD).await;
        self.stored(org, user.id).await
    }

    /// Makes a person without a password.
    pub async fn person_with(&self, org: Org, name: &str, profile: Value, state: State) -> User {
        let create = user::create::Create {
            username: name.replace('@', "."),
            email: if name.contains('@') { name.into() } else { format!("{name}@example.test") },
            state: Some(state),
            profile: object(profile),
            password_hash: None,
        };
        self.write(org, create).await.unwrap()
    }

    /// Makes a device with these members of the v1 object, and its owner.
    pub async fn device(&self, org: Org, facts: Value, owner: Option<Id>) -> Device {
        let create = device::create::Create { id: None, facts: object(facts), owner, created_at: None };
        self.write(org, create).await.unwrap()
    }

    /// Tells of a device what an agent would report.
    pub async fn report(&self, org: Org, device: Id, facts: Value) -> Device {
        let report = device::update::Report { id: device, facts: object(facts), owner: None };
        self.write(org, report).await.unwrap()
    }

    /// Sets a password as the administrator does, without the rules.
    pub async fn set_password(&self, org: Org, user: Id, password: &str) {
        self.write(org, SetPassword { id: user, hash: hash(password), proof: Proof::Administrator }).await.unwrap();
    }

    /// Puts a person into a state.
    pub async fn set_state(&self, org: Org, user: Id, state: State) {
        self.write(org, user::state::SetState { id: user, state }).await.unwrap();
    }

    /// Removes a person.
    pub async fn remove(&self, org: Org, user: Id) {
        self.write(org, user::delete::Delete { id: user, cascade_manager: None }).await.unwrap();
    }

    /// Hands a person's password to an identity provider (*Federated Identity Provider*).
    pub async fn federate(&self, org: Org, user: Id) {
        let federated = json!({"restrictedFields": [{"field": "password", "type": "federated_identity_provider"}]});
        self.write(org, user::update::Update::profile(user, object(federated))).await.unwrap();
    }

    /// A person as stored.
    pub async fn stored(&self, org: Org, user: Id) -> User {
        user::store::get(&mut self.directory.read(), org.id, user).await.unwrap()
    }

    /// The id of the person with an e-mail.
    pub async fn id_of(&self, org: Org, email: &str) -> Id {
        user::store::by_email(&mut self.directory.read(), org.id, email).await.unwrap().unwrap().id
    }

    /// Starts a session in a new browser, as a sign-in with a password does; what its cookie holds.
    pub async fn session(&self, org: Option<Org>, principal: Id) -> Started {
        let start = Start {
            browser: None,
            org: org.map(|o| o.id),
            kind: if org.is_some() { session::Kind::User } else { session::Kind::Admin },
            principal,
            method: session::Method::Password,
            idp: None,
            prefix: "192.0.2.0/24".into(),
            client_ip: "192.0.2.7".into(),
            user_agent: "Test/1".into(),
            event: event::Event {
                org: org.map(|o| o.id),
                id: self.directory.env().id(),
                at: self.clock.now(),
                kind: "user_login_attempt".into(),
                user: Some(principal),
                detail: event::Detail { success: true, ..event::Detail::default() },
            },
        };
        session::start::start(&self.directory, start).await.unwrap()
    }

    /// A person's live rows of sessions.
    pub async fn sessions(&self, org: Org, user: Id) -> Vec<Session> {
        let kind = session::Kind::User;
        session::store::of_principal(&mut self.directory.read(), Some(org.id), kind, user).await.unwrap()
    }

    /// A person's events, the newest first.
    pub async fn events_of(&self, org: Org, user: Id) -> Vec<event::Event> {
        event::store::of_user(&mut self.directory.read(), org.id, user, "", 1000).await.unwrap()
    }

    /// Makes an administrator of an organization, with a password or not.
    pub async fn administrator(&self, org: Org, email: &str, password: Option<&str>) -> (Id, Option<Secret>) {
        let create = administrator::create::Create {
            email: email.into(),
            password: password.map(Secret::new),
            ..administrator::create::Create::default()
        };
        let (admin, token) = administrator::create::create(&self.directory, create).await.unwrap();
        self.write(org, administrator::grant::Grant::to(admin.id)).await.unwrap();
        (admin.id, token)
    }

    /// Makes an identity provider at an address.
    pub async fn provider(&self, org: Org, name: &str, url: &str) -> IdentityProvider {
        self.provider_of(org, name, url, |_| {}).await
    }

    /// Makes an identity provider, with what the test says of it.
    pub async fn provider_of(
        &self,
        org: Org,
        name: &str,
        url: &str,
        change: impl FnOnce(&mut Doc),
    ) -> IdentityProvider {
        let mut doc = Doc {
            kind: Kind::Oidc,
            url: url.into(),
            client_id: "muster-client".into(),
            saml: None,
            matching: identity_provider::Match::default(),
            jit: identity_provider::Jit::default(),
            iss_parameter: true,
            options: identity_provider::Options::default(),
        };
        change(&mut doc);
        let create = identity_provider::create::Create {
            id: None,
            name: name.into(),
            doc,
            client_secret: Some(Secret::new("upstream-client-secret")),
            enabled: true,
            http_allowed: true,
        };
        self.write(org, create).await.unwrap()
    }

    /// Turns an identity provider on or off.
    pub async fn turn(&self, org: Org, idp: &IdentityProvider, enabled: bool) {
        let change = identity_provider::update::Update {
            id: idp.id,
            name: idp.name.clone(),
            doc: idp.doc.clone(),
            client_secret: None,
            enabled,
            http_allowed: true,
        };
        self.write(org, change).await.unwrap();
    }

    /// Sends people to a provider.
    pub async fn route(&self, org: Org, idp: Id, users: &[Id]) -> Policy {
        self.route_targets(org, idp, users.iter().map(|id| Target::User(*id)).collect()).await
    }

    /// Sends everybody to a provider, by the group "All Users".
    pub async fn route_everybody(&self, org: Org, idp: Id) -> Policy {
        let groups = group::store::all(&mut self.directory.read(), org.id).await.unwrap();
        let everybody = groups.into_iter().find(|g| g.name == "All Users").unwrap().id;
        self.route_targets(org, idp, vec![Target::Group(everybody)]).await
    }

    async fn route_targets(&self, org: Org, idp: Id, targets: Vec<Target>) -> Policy {
        let present = routing::store::all(&mut self.directory.read(), org.id).await.unwrap().len();
        let input = routing::Input {
            name: Some(format!("Policy {}", present + 1)),
            idp: Some(idp),
            targets: Some(targets),
            ..routing::Input::default()
        };
        self.write(org, routing::create::Create { input }).await.unwrap()
    }

    /// The links in the mails that wait, the newest first: path and query.
    pub async fn mailed_links(&self) -> Vec<String> {
        let base = self.site.config().base();
        let mails = mail::recent(&self.directory).await.unwrap();
        mails.into_iter().map(|m| m.message.link.strip_prefix(base).unwrap().to_owned()).collect()
    }
}
