//! Makes the person whom an identity provider vouches for, at their first sign-in.

use muster_base::Id;
use serde_json::json;

use super::link::{Identity, NOT_HERE, NOT_ROUTED, key_is_sound, link};
use super::matching::{self, Found};
use super::store;
use crate::trace::Trace;
use crate::user::{self, State, User};
use crate::{Error, Result, Verb, Write, group, routing};

/// Makes and links a person whom the provider vouches for, within the provider's domains: only one whom nobody here
/// matches, and whom a policy sends to this provider as soon as their groups stand. The caller resolves again afterwards.
pub struct CreateFromIdentity {
    /// The provider.
    pub idp: Id,
    /// What it vouched for.
    pub identity: Identity,
}

impl Verb for CreateFromIdentity {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let idp = store::get(w, w.org(), self.idp).await?;
        let id = &self.identity;
        let mut trace = Trace::new();
        let vouched = idp.enabled && key_is_sound(id, &mut trace) && matching::email_may_link(id, &mut trace);
        if !vouched || !matching::may_create(&idp.doc.jit, id, &mut trace) {
            return Err(Error::Denied(NOT_HERE.into()));
        }
        let linked = store::linked(w, w.org(), idp.id, &id.issuer, &id.subject).await?;
        if linked.is_some() || !matches!(matching::find(w, &idp, id, &mut trace).await?, Found::Nobody) {
            return Err(Error::Denied(NOT_HERE.into()));
        }
        let email = id.email.clone().unwrap_or_default();
        let mut profile = id.profile.clone();
        let federated = json!([{"field": "password", "type": "federated_identity_provider", "id": idp.id}]);
        profile.insert("restrictedFields".into(), federated);
        profile.insert("creationSource".into(), json!("jumpcloud:federation"));
        let username = free_username(w, email.split('@').next().unwrap_or_default()).await?;
        let create =
            user::create::Create { username, email, state: Some(State::Activated), profile, password_hash: None };
        let user = create.run(w).await?;
        // Their groups now, not at the end of the transaction: a policy may send them here by one.
        group::derive::users(w, &[user.id]).await?;
        if routing::decide::load(w, &user).await?.provider() != Some(idp.id) {
            return Err(Error::Denied(NOT_ROUTED.into()));
        }
        link(w, &idp, &user, id).await?;
        Ok(user)
    }
}

/// A user name that nobody has, from the part before the `@`: `ana`, else `ana2`, ...
async fn free_username(w: &mut Write<'_>, local: &str) -> Result<String> {
    let allowed = |c: &char| user::create::username_problems(&c.to_string()).is_empty();
    let mut base: String = local.chars().filter(allowed).take(100).collect();
    if base.is_empty() {
        base = "user".into();
    }
    let mut username = base.clone();
    for n in 2..10_000 {
        if user::store::by_username(w, w.org(), &username).await?.is_none() {
            break;
        }
        username = format!("{base}{n}");
    }
    Ok(username)
}
