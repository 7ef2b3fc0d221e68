//! Authentication classes (OpenID Connect Core section 2, `acr`): what really happened when the person signed in, in a
//! word. Pure.

use muster_directory::session::Method;
use muster_oauth::authorize::Request;

/// With the password of the directory.
pub const PASSWORD: &str = "urn:muster:acr:password";
/// At an identity provider of the organization.
pub const FEDERATED: &str = "urn:muster:acr:federated";

/// Every class.
pub const ALL: [&str; 2] = [PASSWORD, FEDERATED];

/// The class of a sign-in.
#[must_use]
pub const fn of(method: Method) -> &'static str {
    match method {
        Method::Password => PASSWORD,
        Method::Federated => FEDERATED,
    }
}

/// Whether a sign-in will do for what is essential to the application (section 5.5.1.1). What is only wished for
/// (`acr_values`) never stops anybody: the ID token says what happened.
#[must_use]
pub fn is_met(request: &Request, method: Method) -> bool {
    request
        .claims
        .acr()
        .is_none_or(|(essential, classes)| !essential || classes.is_empty() || classes.contains(&of(method)))
}
