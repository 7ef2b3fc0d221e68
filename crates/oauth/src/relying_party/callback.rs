//! What the foreign provider sends back through the browser. Never here: the state's meaning; everything in it is
//! untrusted until the state is found.

use crate::authorize::MAX_STATE_BYTES;
use crate::redirect_uri;
use crate::token::MAX_GRANT_BYTES;
use crate::{Error, Params};
use subtle::ConstantTimeEq as _;

/// The answer at our callback. `Debug` shows neither code nor state.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    /// The state that we sent.
    pub state: String,
    /// The issuer (RFC 9207), if the provider says it.
    pub iss: Option<String>,
    /// A code or an error.
    pub outcome: Outcome,
}

/// How it went at the provider.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A code to be redeemed.
    Code(String),
    /// It refused. Both texts are foreign: at most 100 and 500 characters, without control characters.
    Refused {
        /// The error code, such as `access_denied`.
        error: String,
        /// Its description.
        description: Option<String>,
    },
}

impl Callback {
    /// Reads the answer.
    ///
    /// # Errors
    /// `invalid_request`: no state, neither code nor error, both at once, or oversized values.
    pub fn read(params: &Params) -> Result<Self, Error> {
        params.required("state")?;
        let state = params.bounded("state", MAX_STATE_BYTES)?.unwrap_or_default().to_owned();
        let iss = params.bounded("iss", redirect_uri::MAX_BYTES)?.map(str::to_owned);
        let outcome = match (params.bounded("code", MAX_GRANT_BYTES)?, params.get("error")) {
            (Some(code), None) => Outcome::Code(code.to_owned()),
            (None, Some(error)) => Outcome::Refused {
                error: clean(error, 100),
                description: params.get("error_description").map(|text| clean(text, 500)),
            },
            (Some(_), Some(_)) => return Err(Error::invalid_request("the answer has both a code and an error")),
            (None, None) => return Err(Error::invalid_request("the answer has neither a code nor an error")),
        };
        Ok(Self { state, iss, outcome })
    }
}

impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callback").field("iss", &self.iss).field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(_) => f.write_str("Code"),
            Self::Refused { error, description } => {
                f.debug_struct("Refused").field("error", error).field("description", description).finish()
            }
        }
    }
}

/// Foreign text fit for a page or a log.
pub(super) fn clean(text: &str, max_chars: usize) -> String {
    text.chars().take(max_chars).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What is wrong with the `iss` of a callback: the answer may come from another provider (mix-up, RFC 9207).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssProblem {
    /// The provider announces `iss`, but the answer has none.
    #[error("the provider announces the parameter iss in its answers, but this answer has none")]
    Missing,
    /// It is another issuer's.
    #[error("the answer is by {seen}, but the sign-in was started at {expected}")]
    Other {
        /// The `iss` of the answer.
        seen: String,
        /// The issuer of the provider.
        expected: String,
    },
}

/// Compares the `iss` of a callback with the provider's issuer (RFC 9207 section 2.4): when announced it has to be
/// there, and when there it has to be equal.
///
/// # Errors
/// See [`IssProblem`].
pub fn check_iss(callback_iss: Option<&str>, issuer: &str, announced: bool) -> Result<(), IssProblem> {
    match callback_iss {
        None if announced => Err(IssProblem::Missing),
        None => Ok(()),
        Some(seen) if bool::from(seen.as_bytes().ct_eq(issuer.as_bytes())) => Ok(()),
        Some(seen) => Err(IssProblem::Other { seen: clean(seen, 200), expected: issuer.to_owned() }),
    }
}
