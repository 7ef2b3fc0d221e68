//! What a provider says of the sign-in there: when, how, and in which session. Pure.

use muster_base::{Micros, limits};
use muster_directory::identity_provider::IdentityProvider;
use muster_directory::session::Upstream;
use muster_oauth::relying_party::IdentityClaims;
use serde_json::Value;

use crate::store::Age;

/// The longest `sid` that is kept, in bytes.
const SID_MAX: usize = 512;
/// The longest class or method that is passed on, in bytes, and how many methods.
const WORD_MAX: usize = 255;
const METHODS_MAX: usize = 16;

/// What a provider says of a sign-in there.
#[derive(Clone, Copy, Debug, Default)]
pub struct There<'a> {
    /// The session.
    pub sid: Option<&'a str>,
    /// The class.
    pub acr: Option<&'a str>,
    /// The methods.
    pub amr: &'a [String],
    /// When, in seconds since 1970.
    pub at_s: Option<i64>,
}

impl<'a> There<'a> {
    /// By an ID token.
    pub fn of(claims: &'a IdentityClaims) -> Self {
        let sid = claims.raw.get("sid").and_then(Value::as_str);
        Self { sid, acr: claims.acr.as_deref(), amr: &claims.amr, at_s: claims.auth_time_s }
    }
}

/// What the session here keeps of it. The session there is needed to end it with that one; class and methods count where
/// the provider is trusted with them.
pub fn upstream(idp: &IdentityProvider, age: Age, there: There<'_>) -> Upstream {
    let sid = there.sid.filter(|sid| !sid.is_empty() && sid.len() <= SID_MAX && !sid.contains('\0')).map(str::to_owned);
    if !idp.doc.options.trust_authentication_context {
        return Upstream { sid, ..Upstream::default() };
    }
    let word = |text: &&str| !text.is_empty() && text.len() <= WORD_MAX && text.bytes().all(|b| b.is_ascii_graphic());
    let amr = there.amr.iter().map(String::as_str).filter(word).take(METHODS_MAX).map(str::to_owned).collect();
    // Where only a new sign-in counts, this is it: what waits compares it with a time of ours.
    let at_s = there.at_s.filter(|_| !age.fresh);
    let auth_at = at_s.map(|at_s| Micros(at_s.saturating_mul(1_000_000)));
    Upstream { sid, acr: there.acr.filter(word).map(str::to_owned), amr, auth_at }
}

/// Whether the sign-in there is as new as it was asked to be. A provider that does not say when is believed to have done
/// what it was asked.
///
/// # Errors
/// Why not, in words.
pub fn is_anew(age: Age, at_s: Option<i64>) -> Result<(), String> {
    match (age.anew_since_s, at_s) {
        (Some(since), Some(at)) if at.saturating_add(limits::CLOCK_SKEW_S) < since => {
            Err(format!("the provider was asked for a new sign-in, but tells of one {} seconds before", since - at))
        }
        _ => Ok(()),
    }
}
