//! What we do as a client of a foreign provider: send the person there, read what comes back, redeem the code, judge
//! the ID token. Never here: fetching, signatures, and whether the identity belongs to anybody here.

mod authorization_url;
mod callback;
mod id_token;
mod identity;
mod token_request;

pub use authorization_url::{AuthorizationParams, authorization_url};
pub use callback::{Callback, IssProblem, Outcome, check_iss};
pub use id_token::{IdTokenChecks, IdTokenError, SubjectRule, check_id_token};
pub use identity::{EmailVerified, IdentityClaims, UserinfoError};
pub use token_request::{Credentials, ProviderError, TokenRequest, code_request, other_method, read_answer};
