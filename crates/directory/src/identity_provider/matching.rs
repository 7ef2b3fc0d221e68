//! Whom an identity means at its first sign-in: what the provider vouches for, and the match of claim and attribute.

use muster_base::{Email, Id};

use super::link::{EmailVerified, Identity};
use super::{IdentityProvider, Jit};
use crate::trace::{Step, Trace};
use crate::user::{self, User};
use crate::{Result, Write, listing};

/// What the match found.
pub(super) enum Found {
    /// The one person.
    One(Box<User>),
    /// Nobody has the value.
    Nobody,
    /// There is no value, or several people have it: nobody may be linked, nor made.
    Unclear,
}

/// The nOAuth rule: an e-mail links only where the provider vouches for it.
pub(super) fn email_may_link(id: &Identity, trace: &mut Trace) -> bool {
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
pub(super) async fn find(w: &mut Write<'_>, idp: &IdentityProvider, id: &Identity, trace: &mut Trace) -> Result<Found> {
    let rule = &idp.doc.matching;
    let step = format!("One person's {} equals the claim \"{}\"", rule.attribute, rule.claim);
    let page = format!("identity-providers/{}", idp.id);
    let Some(value) = id.match_value.as_deref().map(str::trim).filter(|v| !v.is_empty() && !v.contains('\0')) else {
        trace.push(Step::new(step, "the claim is missing", false).with("the match", page));
        return Ok(Found::Unclear);
    };
    let found = candidates(w, &rule.attribute, value).await?;
    let saw = match found.len() {
        0 => format!("nobody has \"{value}\""),
        1 => value.to_owned(),
        n => format!("{n} people have \"{value}\""),
    };
    trace.push(Step::new(step, saw, found.len() == 1).with("the match", page));
    match found.as_slice() {
        [] => Ok(Found::Nobody),
        [one] => Ok(user::store::by_id(w, w.org(), *one).await?.map_or(Found::Nobody, |u| Found::One(Box::new(u)))),
        _ => Ok(Found::Unclear),
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
    if attribute == "username" {
        return Ok(user::store::by_username(w, w.org(), value).await?.map(|u| u.id).into_iter().collect());
    }
    let mut found = Vec::new();
    for user in listing::everyone::<User>(w, w.org()).await? {
        if user.attribute(attribute).is_some_and(|v| v.to_lowercase() == value.to_lowercase()) {
            found.push(user.id);
        }
    }
    Ok(found)
}

/// Whether people of this domain are made at their first sign-in.
pub(super) fn may_create(jit: &Jit, id: &Identity, trace: &mut Trace) -> bool {
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
