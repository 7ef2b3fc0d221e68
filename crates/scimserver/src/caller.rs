//! Who asks: a directory provider, by the bearer token that it was given. Decided before anything of the request is read.

use http::header;
use http::request::Parts;
use muster_base::{Digest, Id, Secret};
use muster_directory::Actor;
use muster_directory::directory_provider::{DirectoryProvider, store};
use muster_http::Site;
use muster_scim::Error;
use muster_scim::server::Caller;

use crate::answer::from_directory;
use crate::seen::Seen;

/// The longest header that is looked at.
const HEADER_MAX: usize = 1024;

/// A directory provider that asks, and in which request.
pub(crate) struct Asking {
    /// Which.
    pub provider: DirectoryProvider,
    /// As the one who acts.
    pub actor: Actor,
    /// The token, where it was known from a moment ago: the transaction of the change has to ask whether it holds, and
    /// nothing but what such a transaction answers may be told.
    pub unproven: Option<Digest>,
}

/// The token of a request.
fn token(request: &Parts) -> Option<Secret> {
    let header = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.filter(|h| h.len() <= HEADER_MAX)?.split_once(' ')?;
    let token = Secret::new(token.trim());
    (scheme.eq_ignore_ascii_case("Bearer") && !token.expose().is_empty()).then_some(token)
}

/// Which software asks.
fn software(request: &Parts) -> Option<&'static str> {
    let agent = request.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Caller::recognise(agent, request.uri.query().unwrap_or_default()).map(Caller::name)
}

/// The directory provider of this address, if the token that the request shows was seen a moment ago. Nothing is asked.
pub(crate) fn recognise(site: &Site, seen: &Seen, request: &Parts, directory: &str) -> Option<Asking> {
    let token = token(request)?.digest();
    let provider = seen.find(token, site.directory().env().clock.now())?;
    let is_same = directory.parse().ok() == Some(provider.id)
        && software(request).is_none_or(|caller| provider.recognized_caller.as_deref() == Some(caller));
    let actor = Actor::directory_provider(provider.id, Some(request_id(request)));
    is_same.then_some(Asking { provider, actor, unproven: Some(token) })
}

/// The directory provider of this address, if the request shows one of its tokens.
///
/// # Errors
/// 401 for an unknown address, no token, an unknown one, one that has ended and one of another directory provider alike;
/// 403 while the directory provider is turned off.
pub(crate) async fn authenticate(site: &Site, seen: &Seen, request: &Parts, directory: &str) -> Result<Asking, Error> {
    let refused = || Error::status(401, "show a bearer token of this directory provider: Authorization: Bearer …");
    let token = token(request).ok_or_else(refused)?.digest();
    let (ours, now) = (site.directory(), site.directory().env().clock.now());
    let shown = store::by_token(&mut ours.read(), token, now).await.map_err(from_directory)?;
    let named = directory.parse::<Id>().ok();
    let shown = shown.filter(|shown| Some(shown.provider.id) == named).ok_or_else(refused)?;
    let caller = software(request);
    store::seen(ours, &shown, caller).await.map_err(from_directory)?;
    if !shown.provider.doc.active {
        return Err(Error::status(403, "this directory provider is turned off: an administrator turns it on again"));
    }
    let actor = Actor::directory_provider(shown.provider.id, Some(request_id(request)));
    seen.keep(token, now, &shown.provider);
    Ok(Asking { provider: shown.provider, actor, unproven: None })
}

fn request_id(request: &Parts) -> String {
    request.extensions.get::<muster_http::context::RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}
