//! People and devices for tests, and what is read of them.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_directory::user::{self, State, User};
use muster_directory::{device, group};
use serde_json::{Map, Value, json};

use super::{Org, Test};

/// A hash in PHC form, of no password that any test knows.
pub const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The members of a JSON object.
pub fn attributes(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

/// A verb that makes `name@example.test`.
pub fn creation(name: &str, profile: Value) -> user::create::Create {
    user::create::Create {
        username: name.into(),
        email: format!("{name}@example.test"),
        state: Some(State::Activated),
        profile: attributes(profile),
        password_hash: None,
    }
}

impl Test {
    /// Makes an active person without a password.
    pub async fn user(&self, org: Org, name: &str) -> User {
        self.user_with(org, name, json!({})).await
    }

    /// Makes an active person with these members of the v1 object.
    pub async fn user_with(&self, org: Org, name: &str, profile: Value) -> User {
        self.write(org, creation(name, profile)).await.unwrap()
    }

    /// Makes an active person whose password hash is [`HASH`].
    pub async fn user_with_password(&self, org: Org, name: &str) -> User {
        let create = user::create::Create { password_hash: Some(HASH.into()), ..creation(name, json!({})) };
        self.write(org, create).await.unwrap()
    }

    /// Makes a person whose password a provider decides about.
    pub async fn federated_user(&self, org: Org, name: &str) -> User {
        let federated = json!([{"field": "password", "type": "federated_identity_provider"}]);
        self.user_with(org, name, json!({"restrictedFields": federated})).await
    }

    /// Tells of a device what it would report.
    pub async fn report(&self, org: Org, id: Id, facts: Value) -> device::Device {
        let report = device::update::Report { id, facts: attributes(facts), owner: None };
        self.write(org, report).await.unwrap()
    }

    /// Lays members over a person.
    pub async fn patch(&self, org: Org, user: Id, profile: Value) -> User {
        self.write(org, user::update::Update::profile(user, attributes(profile))).await.unwrap()
    }

    /// Makes a device with these members of the v1 object.
    pub async fn device(&self, org: Org, facts: Value) -> device::Device {
        let facts = attributes(facts);
        let create = device::create::Create { id: None, facts, owner: None, created_at: None };
        self.write(org, create).await.unwrap()
    }

    pub async fn set_state(&self, org: Org, user: Id, state: State) {
        self.write(org, user::state::SetState { id: user, state }).await.unwrap();
    }

    /// A person as stored.
    pub async fn stored(&self, org: Org, user: Id) -> User {
        user::store::get(&mut self.d.read(), org.id, user).await.unwrap()
    }
}

/// Who is in a group.
pub async fn members(t: &Test, org: Org, group: Id) -> BTreeSet<Id> {
    group::store::members(&mut t.d.read(), org.id, group).await.unwrap().into_keys().collect()
}
