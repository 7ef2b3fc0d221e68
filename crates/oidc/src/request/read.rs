//! Reads the parameters of a request by the rules of its client. Pure.

use muster_directory::application::GrantType;
use muster_oauth::authorize::{ClientRules, Request};
use muster_oauth::{Error, Params, resource};

use crate::client::Client;

/// What the client asks for: its parameters, its registered defaults, within what it may ask for.
///
/// # Errors
/// What [`Request::read`] refuses; `invalid_target` for a resource that is not registered.
pub fn read(client: &Client, params: &Params) -> Result<Request, Error> {
    let settings = &client.oidc.requests;
    let public = client.oidc.is_public();
    let code_allowed = client.oidc.may(GrantType::AuthorizationCode);
    let rules = ClientRules { public, pkce_required: settings.require_pkce, code_allowed };
    let mut request = Request::read(params, &rules)?;
    request.resource = resource::narrow(&request.resource, &settings.resources, &[])?;
    request.max_age_s = request.max_age_s.or(settings.default_max_age);
    if request.acr_values.is_empty() {
        request.acr_values.clone_from(&settings.default_acr_values);
    }
    Ok(request)
}
