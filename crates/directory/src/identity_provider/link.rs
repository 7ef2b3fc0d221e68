//! Who here is the person that an identity provider vouches for. The key is (organization, provider, issuer, subject).
//! The first link is made only for a person whom a routing policy sends to this very provider, on the configured match.

use muster_base::{Id, limits};
use serde_json::{Map, Value, json};

use super::IdentityProvider;
pub use super::just_in_time::CreateFromIdentity;
use super::matching::{self, Found};
use super::store::{self, Link};
use crate::change::{Kind, Subject};
use crate::trace::{Step, Trace};
use crate::user::{self, State, User};
use crate::{Error, Result, Verb, Write, routing};

/// The longest subject (OIDC Core section 2: at most 255 ASCII characters).
const SUBJECT_MAX: usize = 255;

/// What the provider says of the e-mail (OIDC Core section 5.1). Only the JSON booleans count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerified {
    /// `true`.
    True,
    /// `false`: always refuses.
    False,
    /// Nothing, or something that is not a boolean.
    Absent,
}

/// An identity that was verified: signature, issuer, audience, nonce and times were right.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The issuer as the token names it.
    pub issuer: String,
    /// The subject (Entra: `tid:oid`).
    pub subject: String,
    /// The value of the claim that the match uses.
    pub match_value: Option<String>,
    /// The e-mail, if it was given.
    pub email: Option<String>,
    /// What the provider says of it.
    pub email_verified: EmailVerified,
    /// Whether the issuer belongs to one organization, so that its silence about `email_verified` may be trusted.
    pub issuer_is_one_organizations: bool,
    /// The name to hint with at the next sign-in.
    pub linked_name: Option<String>,
    /// Names for a person made at the first sign-in: members of the v1 object.
    pub profile: Map<String, Value>,
}

/// What became of it.
#[derive(Debug)]
pub struct Resolution {
    /// The person, when they may come in.
    pub user: Option<User>,
    /// In words for the person, when not.
    pub refusal: Option<&'static str>,
    /// Whether the person is unknown and may be made ([`CreateFromIdentity`]).
    pub may_create: bool,
    /// The steps.
    pub trace: Trace,
}

pub(super) const NOT_HERE: &str =
    "Your account there is not known here. Ask your administrator to add you, or to check the e-mail address.";
pub(super) const NOT_ROUTED: &str =
    "Nothing sends you to this identity provider. Ask your administrator for a routing policy.";
const UNVERIFIED: &str = "The identity provider has not verified your e-mail address.";
const INACTIVE: &str = "Your account here is not active. Ask your administrator.";
const LINKED_ELSEWHERE: &str =
    "Your account here belongs to another account of the identity provider. Ask your administrator.";

/// Finds the person, linking them at the first sign-in.
pub struct Resolve {
    /// The provider.
    pub idp: Id,
    /// What it vouched for.
    pub identity: Identity,
}

impl Verb for Resolve {
    type Out = Resolution;

    async fn run(&self, w: &mut Write<'_>) -> Result<Resolution> {
        let idp = store::get(w, w.org(), self.idp).await?;
        let mut trace = Trace::new();
        let page = format!("identity-providers/{}", idp.id);
        trace.push(
            Step::new(format!("The identity provider \"{}\" is enabled", idp.name), on_off(idp.enabled), idp.enabled)
                .with("the identity provider", page.clone()),
        );
        if !idp.enabled {
            return Ok(refused(trace, "This identity provider is turned off. Ask your administrator."));
        }
        let id = &self.identity;
        if !key_is_sound(id, &mut trace) {
            return Ok(refused(trace, NOT_HERE));
        }
        if let Some(user) = store::linked(w, w.org(), idp.id, &id.issuer, &id.subject).await? {
            trace.push(Step::new("The subject is linked to a person here", user.text(), true));
            let user = user::store::get(w, w.org(), user).await?;
            return admit(w, &idp, user, trace).await;
        }
        trace.push(Step::new("The subject is linked to a person here", "not yet: this is the first sign-in", true));
        if !matching::email_may_link(id, &mut trace) {
            return Ok(refused(trace, UNVERIFIED));
        }
        let user = match matching::find(w, &idp, id, &mut trace).await? {
            Found::One(user) => *user,
            Found::Nobody => {
                let may_create = matching::may_create(&idp.doc.jit, id, &mut trace);
                return Ok(Resolution { user: None, refusal: Some(NOT_HERE), may_create, trace });
            }
            Found::Unclear => return Ok(refused(trace, NOT_HERE)),
        };
        let admitted = admit(w, &idp, user, trace).await?;
        let Resolution { user: Some(user), mut trace, .. } = admitted else { return Ok(admitted) };
        if store::link_of(w, w.org(), idp.id, user.id).await?.is_some() {
            trace.push(
                Step::new("The person has no other subject at this provider", "another one is linked", false)
                    .with("the person", format!("users/{}", user.id)),
            );
            return Ok(refused(trace, LINKED_ELSEWHERE));
        }
        link(w, &idp, &user, id).await?;
        trace.push(Step::new("The person is linked to the subject", "linked now", true));
        Ok(Resolution { user: Some(user), refusal: None, may_create: false, trace })
    }
}

pub(super) async fn link(w: &mut Write<'_>, idp: &IdentityProvider, user: &User, id: &Identity) -> Result<()> {
    let link = Link { issuer: id.issuer.clone(), subject: id.subject.clone(), linked_name: id.linked_name.clone() };
    store::insert_link(w, idp.id, user.id, &link).await?;
    let fields = json!({"identityProvider": idp.id, "issuer": link.issuer, "subject": link.subject});
    w.log(Kind::IdpLink, Subject::user(user.id), fields);
    Ok(())
}

/// The key of a link is within what the database can hold and index.
pub(super) fn key_is_sound(id: &Identity, trace: &mut Trace) -> bool {
    let plain = |text: &str, most: usize| !text.is_empty() && text.len() <= most && !text.chars().any(char::is_control);
    let sound = plain(&id.subject, SUBJECT_MAX) && plain(&id.issuer, limits::URL_MAX);
    if !sound {
        let saw = format!("a subject of {} bytes, an issuer of {} bytes", id.subject.len(), id.issuer.len());
        trace.push(Step::new("Issuer and subject are plain texts of at most 2048 and 255 characters", saw, false));
    }
    sound
}

fn refused(trace: Trace, refusal: &'static str) -> Resolution {
    Resolution { user: None, refusal: Some(refusal), may_create: false, trace }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The person is active, and a policy sends them to this provider.
async fn admit(w: &mut Write<'_>, idp: &IdentityProvider, user: User, mut trace: Trace) -> Result<Resolution> {
    let active = user.state == State::Activated;
    trace.push(
        Step::new("The person is active", user.state.word(), active)
            .with("the person's state", format!("users/{}", user.id)),
    );
    if !active {
        return Ok(refused(trace, INACTIVE));
    }
    let decision = routing::decide::load(w, &user).await?;
    let here = decision.provider() == Some(idp.id);
    trace.extend(decision.trace);
    trace.push(
        Step::new(
            format!("A routing policy sends the person to \"{}\"", idp.name),
            if here { "yes" } else { "no" },
            here,
        )
        .with("routing policies", format!("identity-providers/{}", idp.id)),
    );
    if !here {
        return Ok(refused(trace, NOT_ROUTED));
    }
    Ok(Resolution { user: Some(user), refusal: None, may_create: false, trace })
}

/// Removes a person's link: their next sign-in through the provider is a first one.
pub struct Unlink {
    /// The provider.
    pub idp: Id,
    /// The person.
    pub user: Id,
}

impl Verb for Unlink {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        if store::delete_link(w, self.idp, self.user).await? == 0 {
            return Err(Error::Missing("link"));
        }
        w.log(Kind::IdpLink, Subject::user(self.user), json!({"identityProvider": self.idp, "removed": true}));
        Ok(())
    }
}
