//! Authentication classes (OpenID Connect Core section 2, `acr`): what really happened when the person signed in, in a
//! word. Pure.

use muster_directory::session::Method;
use muster_directory::session::model::{ACR_FEDERATED, ACR_PASSWORD};
use muster_oauth::authorize::Request;

/// Every class of our own. A provider whose word is believed brings others.
pub const ALL: [&str; 2] = [ACR_PASSWORD, ACR_FEDERATED];

/// The class of a sign-in of which nothing but the method is known any more.
#[must_use]
pub const fn of(method: Method) -> &'static str {
    match method {
        Method::Password => ACR_PASSWORD,
        Method::Federated => ACR_FEDERATED,
    }
}

/// Whether a sign-in will do for what is essential to the application (section 5.5.1.1). What is only wished for
/// (`acr_values`) never stops anybody: the ID token says what happened.
#[must_use]
pub fn is_met(request: &Request, class: &str) -> bool {
    request.claims.acr().is_none_or(|(essential, classes)| !essential || classes.is_empty() || classes.contains(&class))
}

/// The classes that the application would like best, for a provider that the person signs in with: those of the claim, or
/// else those of `acr_values`.
#[must_use]
pub fn wished(request: &Request) -> String {
    match request.claims.acr() {
        Some((_, classes)) if !classes.is_empty() => classes.join(" "),
        _ => request.acr_values.join(" "),
    }
}
