//! What we do as a client of a foreign provider: send the person there, read what comes back, redeem the code, judge
//! the ID token. Never here: fetching, signatures, and whether the identity belongs to anybody here.

mod authorization_url;
mod callback;
mod client_assertion;
mod id_token;
mod identity;
mod logout_token;
mod pushed_request;
mod token_request;

pub use authorization_url::{AuthorizationParams, authorization_pairs, authorization_url};
pub use callback::{Callback, IssProblem, Outcome, check_iss};
pub use client_assertion::{AssertionAudience, assertion_claims, with_assertion};
pub use id_token::{IdTokenChecks, IdTokenError, SubjectRule, check_id_token};
pub use identity::{EmailVerified, IdentityClaims, UserinfoError};
pub use logout_token::{LogoutChecks, LogoutClaims, LogoutTokenError, check_logout_token};
pub use pushed_request::{pushed_request, read_pushed, redirect_to_pushed};
pub use token_request::{Credentials, ProviderError, TokenRequest, code_request, other_method, read_answer};
