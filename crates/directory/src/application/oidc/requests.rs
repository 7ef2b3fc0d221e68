//! What the authorization requests of an application must be like, and what is asked of the person. Pure.

use muster_base::limits;
use muster_jose::Alg;
use muster_oauth::redirect_uri;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LIST_MAX, Oidc, SigningAlg};
use crate::FieldError;

/// Whether people are asked before an application learns of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// The organization's own application: an administrator decided for everybody, nobody is asked.
    #[default]
    Trusted,
    /// A third party's: each person is asked once, and may take it back.
    Required,
}

/// What the authorization requests of an application must be like, and what is asked of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Requests {
    /// Codes are given only with PKCE (RFC 7636); a public application has to use it in any case.
    pub require_pkce: bool,
    /// Requests have to be pushed (RFC 9126).
    pub require_pushed_authorization_requests: bool,
    /// Requests have to be signed by the application (RFC 9101).
    pub require_signed_request_object: bool,
    /// The one algorithm of its request objects; without it any that its keys fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<String>,
    /// How signed answers are signed (JARM); `RS256` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_signed_response_alg: Option<SigningAlg>,
    /// How old a sign-in may be where the request does not say it, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    /// `auth_time` stands in ID tokens. It always does; kept as it was registered.
    pub require_auth_time: bool,
    /// Authentication classes where the request does not name any, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// Where the application begins a sign-in by itself (OpenID Connect Core section 4): the portal's tile leads there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub initiate_login_uri: String,
    /// What its access tokens may be asked for (RFC 8707), compared exactly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Whether people are asked.
    pub consent: Consent,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            require_pkce: true,
            require_pushed_authorization_requests: false,
            require_signed_request_object: false,
            request_object_signing_alg: None,
            authorization_signed_response_alg: None,
            default_max_age: None,
            require_auth_time: false,
            default_acr_values: Vec::new(),
            initiate_login_uri: String::new(),
            resources: Vec::new(),
            consent: Consent::default(),
        }
    }
}

impl Requests {
    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, _oidc: &Oidc, out: &mut Vec<FieldError>) {
        let mut wrong = |field: &str, message: String| out.push(FieldError::new(format!("oidc.{field}"), message));
        if self.request_object_signing_alg.as_deref().is_some_and(|name| Alg::parse(name).is_none()) {
            let known = Alg::ALL.map(Alg::name).join(", ");
            wrong("requestObjectSigningAlg", format!("one of {known}"));
        }
        if !self.initiate_login_uri.is_empty()
            && let Err(message) = redirect_uri::check_registration(&self.initiate_login_uri, false)
        {
            wrong("initiateLoginUri", message);
        }
        for (i, resource) in self.resources.iter().enumerate() {
            if let Err(message) = check_resource(resource) {
                wrong(&format!("resources[{i}]"), message);
            }
        }
        if self.resources.len() > LIST_MAX {
            wrong("resources", format!("at most {LIST_MAX}"));
        }
        let is_class = |class: &String| (1..=200).contains(&class.len()) && class.bytes().all(|b| b.is_ascii_graphic());
        if self.default_acr_values.len() > 16 || !self.default_acr_values.iter().all(is_class) {
            wrong("defaultAcrValues", "at most 16, each of 1 to 200 characters without spaces".into());
        }
    }
}

/// RFC 8707 section 2: an absolute URI without a fragment.
fn check_resource(resource: &str) -> Result<(), String> {
    let plain = resource.len() <= limits::URL_MAX && resource.bytes().all(|b| b.is_ascii_graphic());
    if !plain || resource.contains('#') || url::Url::parse(resource).is_err() {
        return Err("an absolute URI without a fragment is needed: https://api.example.com/".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkce_is_asked_for_unless_an_administrator_says_otherwise() {
        assert!(serde_json::from_str::<Requests>("{}").unwrap().require_pkce);
        assert!(serde_json::from_str::<Oidc>("{}").unwrap().requests.require_pkce);
        assert!(!serde_json::from_str::<Oidc>(r#"{"requirePkce": false}"#).unwrap().requests.require_pkce);
    }

    #[test]
    fn each_problem_names_its_field() {
        let requests = Requests {
            request_object_signing_alg: Some("none".into()),
            initiate_login_uri: "http://app.example/start".into(),
            resources: vec!["https://api.example/".into(), "api".into(), "https://api.example/#x".into()],
            default_acr_values: vec!["a b".into()],
            ..Requests::default()
        };
        let mut out = Vec::new();
        requests.problems(&Oidc::default(), &mut out);
        let fields: Vec<&str> = out.iter().map(|f| f.field.as_str()).collect();
        let wanted =
            ["requestObjectSigningAlg", "initiateLoginUri", "resources[1]", "resources[2]", "defaultAcrValues"];
        assert_eq!(fields, wanted.map(|name| format!("oidc.{name}")));
        out.clear();
        Requests::default().problems(&Oidc::default(), &mut out);
        assert!(out.is_empty());
    }
}
