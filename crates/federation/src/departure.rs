//! The address at the provider to which a person is sent: with the whole request in it, or, where the provider demands
//! pushed requests (RFC 9126), with a reference to it: where it merely takes them, a request more at each sign-in would buy
//! little, and its own pages tell people best what is wrong. And what of the waiting application's wishes is passed on.

use muster_directory::Result;
use muster_directory::flow::Flow;
use muster_directory::identity_provider::IdentityProvider;
use muster_http::Site;
use muster_oauth::Params;
use muster_oauth::relying_party::{
    AuthorizationParams, Credentials, ProviderError, authorization_pairs, authorization_url, other_method,
    pushed_request, read_pushed, redirect_to_pushed,
};
use serde_json::Value;

use crate::authenticate;
use crate::provider::{Documents, Providers};

/// The longest list of wished authentication classes that is passed on, in bytes.
const ACR_VALUES_MAX: usize = 1024;

/// What the application that waits wants of the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// `prompt`.
    pub prompt: Option<&'static str>,
    /// `max_age`, in seconds.
    pub max_age_s: Option<u32>,
    /// `acr_values`.
    pub acr_values: Option<String>,
}

impl Wishes {
    /// Of the request that waits. A choice of accounts is the provider's, since the accounts are there.
    pub fn of(flow: Option<&Flow>) -> Self {
        let Some(flow) = flow else { return Self::default() };
        let request = flow.payload.get("request").and_then(Value::as_str).and_then(|text| Params::parse(text).ok());
        let asked = |name: &str| request.as_ref().and_then(|params| params.get(name)).unwrap_or_default();
        let chooses = asked("prompt").split(' ').any(|prompt| prompt == "select_account");
        let acr_values = flow.payload.get("acr_values").and_then(Value::as_str);
        let acr_values = acr_values.filter(|text| !text.is_empty() && text.len() <= ACR_VALUES_MAX);
        Self {
            prompt: if chooses { Some("select_account") } else { flow.fresh.then_some("login") },
            max_age_s: asked("max_age").parse().ok(),
            acr_values: acr_values.map(str::to_owned),
        }
    }
}

/// The address; the inner error is the provider's, in words.
///
/// # Errors
/// The database's, where our secret or key is read.
pub async fn address(
    site: &Site,
    providers: &Providers,
    idp: &IdentityProvider,
    documents: &Documents,
    params: &AuthorizationParams<'_>,
) -> Result<std::result::Result<String, String>> {
    let metadata = &documents.metadata;
    let none = || "no authorization endpoint".to_owned();
    if metadata.require_pushed_authorization_requests != Some(true) {
        return Ok(authorization_url(metadata, params).ok_or_else(none));
    }
    let secret = authenticate::secret(site.directory(), idp).await?;
    let client_secret = secret.as_ref().map(muster_base::Secret::expose);
    let credentials = Credentials { client_id: &idp.doc.client_id, client_secret };
    let pairs = authorization_pairs(params);
    let (mut method, mut tried) = (providers.method(idp.org, idp.id), false);
    loop {
        let Some(request) = pushed_request(metadata, credentials, &pairs, method) else {
            return Ok(Err("the provider requires pushed requests, but names no endpoint for them".into()));
        };
        let used = request.method;
        let request = authenticate::asserted(site.directory(), idp, metadata, request).await?;
        let sent = providers.egress().post_form(&request.url, request.body, request.authorization.as_deref()).await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error.to_string())),
        };
        match read_pushed(answer.status, &answer.body) {
            Ok(uri) => {
                if secret.is_some() {
                    providers.remember_method(idp.org, idp.id, used);
                }
                return Ok(redirect_to_pushed(metadata, &idp.doc.client_id, &uri).ok_or_else(none));
            }
            // Which way to show the secret it wants is not in its metadata: as at the token endpoint, the other is tried.
            Err(ProviderError::Refused { ref error, .. })
                if error == "invalid_client"
                    && !tried
                    && secret.is_some()
                    && other_method(metadata, used).is_some() =>
            {
                (method, tried) = (other_method(metadata, used), true);
            }
            Err(refused) => return Ok(Err(format!("the pushed request was not taken: {refused}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_base::{Id, Micros};
    use serde_json::json;

    fn of(request: &str, acr_values: &str, fresh: bool) -> Wishes {
        let id: Id = "0123456789abcdef01234567".parse().unwrap();
        Wishes::of(Some(&Flow {
            org: id,
            id,
            browser: id,
            app: None,
            login_hint: None,
            payload: json!({"request": request, "acr_values": acr_values}),
            return_to: String::new(),
            fresh,
            created_at: Micros(0),
        }))
    }

    #[test]
    fn the_applications_wishes_are_passed_on() {
        assert_eq!(Wishes::of(None), Wishes::default());
        assert_eq!(of("scope=openid", "", false), Wishes::default());
        assert_eq!(of("scope=openid", "", true).prompt, Some("login"));
        let all = of("prompt=select_account&max_age=60", "a b", true);
        let acr_values = Some("a b".to_owned());
        assert_eq!(all, Wishes { prompt: Some("select_account"), max_age_s: Some(60), acr_values });
        assert_eq!(of("max_age=-1", "", true).max_age_s, None);
        assert_eq!(of("", &"a".repeat(2000), false).acr_values, None);
    }
}
