//! How an application learns that a session ended (OpenID Connect Back-Channel and Front-Channel Logout). Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Oidc;
use crate::FieldError;
use crate::application::page::check_url;

/// How an application learns that a session ended (OpenID Connect Back-Channel and Front-Channel Logout).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Logout {
    /// Where it is told by us, server to server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether it wants to know which session (`sid`). We always say.
    pub backchannel_logout_session_required: bool,
    /// What the person's browser opens, in a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether it wants `iss` and `sid` in that address.
    pub frontchannel_logout_session_required: bool,
}

impl Logout {
    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, oidc: &Oidc, out: &mut Vec<FieldError>) {
        let uris = [
            ("backchannelLogoutUri", &self.backchannel_logout_uri),
            ("frontchannelLogoutUri", &self.frontchannel_logout_uri),
        ];
        for (field, uri) in uris {
            let Some(uri) = uri else { continue };
            if uri.is_empty() || check_url(uri).is_err() || uri.contains('#') {
                let message = "an https:// address without a fragment is needed; null for none";
                out.push(FieldError::new(format!("oidc.{field}"), message));
            }
        }
        // Front-Channel Logout section 2: scheme, host and port of a redirect URI, so that no other site is framed.
        if let Some(uri) = self.frontchannel_logout_uri.as_deref()
            && origin(uri).is_some()
            && !oidc.redirect_uris.iter().any(|redirect| origin(redirect) == origin(uri))
        {
            let message = "its scheme, host and port must be those of one of the redirect URIs";
            out.push(FieldError::new("oidc.frontchannelLogoutUri", message));
        }
    }
}

/// Scheme, host and port of an address.
#[must_use]
pub fn origin(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    url.origin().is_tuple().then(|| url.origin().ascii_serialization())
}
