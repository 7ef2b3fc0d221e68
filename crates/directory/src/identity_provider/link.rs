//! Who here is the person that an identity provider vouches for. The key is (organization, provider, issuer, subject).
//! The first link is made only for a person whom a routing policy sends to this very provider, on the configured match.

use muster_base::{Email, Id};
use serde_json::{Map, Value, json};

use super::store::{self, Link};
use super::{IdentityProvider, Jit};
use crate::change::{Kind, Subject};
use crate::trace::{Step, Trace};
use crate::user::{self, State, User};
use crate::{Error, Result, Verb, Write, routing};

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

const NOT_HERE: &str =
    "Your account there is not known here. Ask your administrator to add you, or to check the e-mail address.";
const NOT_ROUTED: &str = "Nothing sends you to this identity provider. Ask your administrator for a routing policy.";
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
        if let Some(user) = store::linked(w, w.org(), idp.id, &id.issuer, &id.subject).await? {
            trace.push(Step::new("The subject is linked to a person here", user.text(), true));
            let user = user::store::get(w, w.org(), user).await?;
            return admit(w, &idp, user, trace).await;
        }
        trace.push(Step::new("The subject is linked to a person here", "not yet: this is the first sign-in", true));
        if !email_may_link(id, &mut trace) {
            return Ok(refused(trace, UNVERIFIED));
        }
        let Some(user) = matching(w, &idp, id, &mut trace).await? else {
            let may_create = may_create(&idp.doc.jit, id, &mut trace);
            return Ok(Resolution { user: None, refusal: Some(NOT_HERE), may_create, trace });
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

async fn link(w: &mut Write<'_>, idp: &IdentityProvider, user: &User, id: &Identity) -> Result<()> {
    let link = Link { issuer: id.issuer.clone(), subject: id.subject.clone(), linked_name: id.linked_name.clone() };
    store::insert_link(w, idp.id, user.id, &link).await?;
    let fields = json!({"identityProvider": idp.id, "issuer": link.issuer, "subject": link.subject});
    w.log(Kind::IdpLink, Subject::user(user.id), fields);
    Ok(())
}

fn refused(trace: Trace, refusal: &'static str) -> Resolution {
    Resolution { user: None, refusal: Some(refusal), may_create: false, trace }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The nOAuth rule: an e-mail links only where the provider vouches for it.
fn email_may_link(id: &Identity, trace: &mut Trace) -> bool {
    let (saw, passed) = match id.email_verified {
        EmailVerified::True => ("email_verified: true", true),
        EmailVerified::False => ("email_verified: false", false),
        EmailVerified::Absent if id.issuer_is_one_organizations => {
            ("absent, and the issuer belongs to one organization", true)
        }
        EmailVerified::Absent => ("absent, and the issuer serves more than one organization", false),
    };
    trace.push(Step::new("The provider vouches for the e-mail", saw, passed));
    passed
}

/// The one person whose attribute has the claim's value.
async fn matching(w: &mut Write<'_>, idp: &IdentityProvider, id: &Identity, trace: &mut Trace) -> Result<Option<User>> {
    let rule = &idp.doc.matching;
    let step = format!("One person's {} equals the claim \"{}\"", rule.attribute, rule.claim);
    let page = format!("identity-providers/{}", idp.id);
    let Some(value) = id.match_value.as_deref().map(str::trim).filter(|v| !v.is_empty()) else {
        trace.push(Step::new(step, "the claim is missing", false).with("the match", page));
        return Ok(None);
    };
    let found = candidates(w, &rule.attribute, value).await?;
    let saw = match found.len() {
        0 => format!("nobody has \"{value}\""),
        1 => value.to_owned(),
        n => format!("{n} people have \"{value}\""),
    };
    trace.push(Step::new(step, saw, found.len() == 1).with("the match", page));
    match found.as_slice() {
        [one] => user::store::by_id(w, w.org(), *one).await,
        _ => Ok(None),
    }
}

async fn candidates(w: &mut Write<'_>, attribute: &str, value: &str) -> Result<Vec<Id>> {
    if let Some(name) = attribute.strip_prefix("attributes.") {
        return user::store::by_attribute(w, w.org(), name, value, 2).await;
    }
    if attribute == "email" {
        let Ok(email) = value.parse::<Email>() else { return Ok(Vec::new()) };
        return Ok(user::store::by_email(w, w.org(), email.normal()).await?.map(|u| u.id).into_iter().collect());
    }
    let mut found = Vec::new();
    for user in user::store::everyone(w, w.org()).await? {
        if user.attribute(attribute).is_some_and(|v| v.to_lowercase() == value.to_lowercase()) {
            found.push(user.id);
        }
    }
    Ok(found)
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

fn may_create(jit: &Jit, id: &Identity, trace: &mut Trace) -> bool {
    if !jit.enabled {
        return false;
    }
    let domain = id.email.as_deref().and_then(|e| e.parse::<Email>().ok()).map(|e| e.domain().to_owned());
    let passed = domain.as_ref().is_some_and(|d| jit.domains.iter().any(|allowed| allowed.to_lowercase() == *d));
    trace.push(Step::new(
        "People of this domain are created at their first sign-in",
        domain.unwrap_or_else(|| "no e-mail".into()),
        passed,
    ));
    passed
}

/// Makes and links a person whom the provider vouches for, within the provider's domains. The caller resolves again
/// afterwards: whether a policy routes the new person is seen when their groups stand.
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
        if !idp.enabled || !email_may_link(id, &mut trace) || !may_create(&idp.doc.jit, id, &mut trace) {
            return Err(Error::Denied(NOT_HERE.into()));
        }
        let email = id.email.clone().unwrap_or_default();
        let local: String = email.split('@').next().unwrap_or_default().chars().take(100).collect();
        let mut profile = id.profile.clone();
        let federated = json!([{"field": "password", "type": "federated_identity_provider", "id": idp.id}]);
        profile.insert("restrictedFields".into(), federated);
        profile.insert("creationSource".into(), json!("jumpcloud:federation"));
        let mut username = local.clone();
        let taken: std::collections::BTreeSet<String> =
            user::store::everyone(w, w.org()).await?.into_iter().map(|u| u.username.to_lowercase()).collect();
        for n in 2..10_000 {
            if !taken.contains(&username.to_lowercase()) {
                break;
            }
            username = format!("{local}{n}");
        }
        let create =
            user::create::Create { username, email, state: Some(State::Activated), profile, password_hash: None };
        let user = create.run(w).await?;
        link(w, &idp, &user, id).await?;
        Ok(user)
    }
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
