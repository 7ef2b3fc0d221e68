//! Who asks: a directory provider, by the bearer token that it was given. Decided before anything of the request is read.

use http::header;
use http::request::Parts;
use muster_base::{Id, Secret};
use muster_directory::Actor;
use muster_directory::directory_provider::{DirectoryProvider, store};
use muster_http::Site;
use muster_scim::Error;
use muster_scim::server::Caller;

use crate::answer::from_directory;

/// The longest header that is looked at.
const HEADER_MAX: usize = 1024;

/// A directory provider that asks, and in which request.
pub(crate) struct Asking {
    /// Which.
    pub provider: DirectoryProvider,
    /// As the one who acts.
    pub actor: Actor,
}

/// The directory provider of this address, if the request shows one of its tokens.
///
/// # Errors
/// 401 for an unknown address, no token, an unknown one, one that has ended and one of another directory provider alike;
/// 403 while the directory provider is turned off.
pub(crate) async fn authenticate(site: &Site, request: &Parts, directory: &str) -> Result<Asking, Error> {
    let refused = || Error::status(401, "show a bearer token of this directory provider: Authorization: Bearer …");
    let header = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) =
        header.filter(|h| h.len() <= HEADER_MAX).and_then(|h| h.split_once(' ')).ok_or_else(refused)?;
    let token = Secret::new(token.trim());
    if !scheme.eq_ignore_ascii_case("Bearer") || token.expose().is_empty() {
        return Err(refused());
    }
    let (ours, now) = (site.directory(), site.directory().env().clock.now());
    let shown = store::by_token(&mut ours.read(), token.digest(), now).await.map_err(from_directory)?;
    let named = directory.parse::<Id>().ok();
    let shown = shown.filter(|shown| Some(shown.provider.id) == named).ok_or_else(refused)?;
    let agent = request.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let caller = Caller::recognise(agent, request.uri.query().unwrap_or_default()).map(Caller::name);
    store::seen(ours, &shown, caller).await.map_err(from_directory)?;
    if !shown.provider.doc.active {
        return Err(Error::status(403, "this directory provider is turned off: an administrator turns it on again"));
    }
    let actor = Actor::directory_provider(shown.provider.id, Some(request_id(request)));
    Ok(Asking { provider: shown.provider, actor })
}

fn request_id(request: &Parts) -> String {
    request.extensions.get::<muster_http::context::RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}
