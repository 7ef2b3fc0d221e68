//! Token exchange (RFC 8693): what is asked, and what may come of it: never more than was there. Pure. Never here: whether
//! the tokens are valid.

use crate::{Error, ErrorCode, Params, Scope, params};
use serde_json::{Value, json};

/// The grant type (section 2.1).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// The name of the only kind of token that is taken and given (section 3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// How many may act for one another in a row.
pub const ACTORS_MAX: usize = 5;

/// What is asked. `Debug` does not show the tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The token of the one on whose behalf.
    pub subject_token: String,
    /// The token of the one who acts; without it the client itself does.
    pub actor_token: Option<String>,
    /// For whom the new token is: some of those for whom the old one was; empty: all of them.
    pub audience: Vec<String>,
    /// What it allows: the same or less.
    pub scope: Option<Scope>,
}

impl Exchange {
    /// Reads the request's form.
    ///
    /// # Errors
    /// `invalid_request` for what is missing or of a kind that is not exchanged here, `invalid_scope`.
    pub fn read(form: &Params) -> Result<Self, Error> {
        let kind = |name: &str| match form.get(name) {
            None | Some(ACCESS_TOKEN) => Ok(()),
            Some(_) => Err(Error::invalid_request(format!("{name} must be {ACCESS_TOKEN}"))),
        };
        form.required("subject_token_type")?;
        for name in ["subject_token_type", "actor_token_type", "requested_token_type"] {
            kind(name)?;
        }
        let actor_token = form.bounded("actor_token", params::MAX_VALUE_BYTES)?;
        if actor_token.is_some() != form.get("actor_token_type").is_some() {
            return Err(Error::invalid_request("actor_token and actor_token_type are sent together"));
        }
        let mut audience: Vec<String> = Vec::new();
        for one in form.all("audience").chain(form.all("resource")) {
            if !audience.iter().any(|own| own == one) {
                audience.push(one.to_owned());
            }
        }
        Ok(Self {
            subject_token: form.required("subject_token")?.to_owned(),
            actor_token: actor_token.map(str::to_owned),
            audience,
            scope: form.get("scope").map(Scope::parse).transpose()?,
        })
    }
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (audience, scope) = (&self.audience, &self.scope);
        f.debug_struct("Exchange").field("audience", audience).field("scope", scope).finish_non_exhaustive()
    }
}

/// What the subject's token allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its scope.
    pub scope: Scope,
    /// For whom it is.
    pub audience: Vec<String>,
    /// When it ends, in seconds.
    pub expires_at_s: i64,
    /// Who acts in it already.
    pub act: Option<Value>,
}

/// What the new token may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// Its scope.
    pub scope: Scope,
    /// For whom it is.
    pub audience: Vec<String>,
    /// When it ends at the latest, in seconds.
    pub expires_at_s: i64,
}

/// What may come of an exchange: scope, audience and life shrink or stay. Without a scope in the request the token has
/// the subject's, but never the right to refresh.
///
/// # Errors
/// `invalid_scope` and `invalid_target` for more than the subject's token has.
pub fn shrink(subject: &Subject, asked: &Exchange, life_s: i64, now_s: i64) -> Result<Exchanged, Error> {
    let scope = subject.scope.shrink_to(asked.scope.as_ref())?.without("offline_access");
    if asked.audience.iter().any(|one| !subject.audience.contains(one)) {
        let why = "the audience is none of those for whom the subject's token is";
        return Err(Error::new(ErrorCode::InvalidTarget, why));
    }
    let audience = if asked.audience.is_empty() { subject.audience.clone() } else { asked.audience.clone() };
    Ok(Exchanged { scope, audience, expires_at_s: subject.expires_at_s.min(now_s.saturating_add(life_s)) })
}

/// The `act` claim of the new token (section 4.1): who acts now, with those before inside.
///
/// # Errors
/// `invalid_request` when [`ACTORS_MAX`] act already.
pub fn act(actor: &str, before: Option<&Value>) -> Result<Value, Error> {
    let mut depth = 1;
    let mut inner = before;
    while let Some(one) = inner {
        depth += 1;
        inner = one.get("act");
    }
    if depth > ACTORS_MAX {
        return Err(Error::invalid_request("too many act for one another in the subject's token"));
    }
    Ok(match before {
        None => json!({ "sub": actor }),
        Some(before) => json!({ "sub": actor, "act": before }),
    })
}
