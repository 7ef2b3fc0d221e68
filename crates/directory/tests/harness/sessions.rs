//! Signing in for tests.

use muster_base::Id;
use muster_directory::event::{Detail, Event};
use muster_directory::group;
use muster_directory::session::start::{self, Start, Started};
use muster_directory::session::{self, Kind, Method, Session};

use super::{Org, Test};

impl Test {
    /// What a sign-in with a password from a new browser looks like.
    pub fn sign_in_of(&self, org: Org, user: Id, prefix: &str) -> Start {
        Start {
            browser: None,
            org: Some(org.id),
            kind: Kind::User,
            principal: user,
            method: Method::Password,
            idp: None,
            prefix: prefix.into(),
            client_ip: "192.0.2.7".into(),
            user_agent: "Test/1".into(),
            event: Event {
                org: Some(org.id),
                id: self.d.env().id(),
                at: self.clock.now(),
                kind: "user_login_attempt".into(),
                user: Some(user),
                detail: Detail { success: true, ..Detail::default() },
            },
        }
    }

    /// Signs a person in from a new browser.
    pub async fn sign_in(&self, org: Org, user: Id, prefix: &str) -> Started {
        start::start(&self.d, self.sign_in_of(org, user, prefix)).await.unwrap()
    }

    /// Signs a person in with a browser that is there.
    pub async fn sign_in_with(&self, browser: Id, org: Org, user: Id) -> Started {
        let sign_in = Start { browser: Some(browser), ..self.sign_in_of(org, user, "192.0.2.0/24") };
        start::start(&self.d, sign_in).await.unwrap()
    }

    /// A person's sessions.
    pub async fn sessions(&self, org: Org, user: Id) -> Vec<Session> {
        session::store::of_principal(&mut self.d.read(), Some(org.id), Kind::User, user).await.unwrap()
    }

    /// The group "All Users".
    pub async fn all_users(&self, org: Org) -> Id {
        let groups = group::store::all(&mut self.d.read(), org.id).await.unwrap();
        groups.into_iter().find(|g| g.name == "All Users").unwrap().id
    }
}
