//! Whether a foreign provider's metadata can be used. Never here: fetching it, and judging its keys.

use super::{IssuerRule, Metadata, is_entra_host, well_known_url};
use crate::redirect_uri::{MAX_BYTES, is_loopback};
use url::Url;

/// One thing that is wrong with a metadata document, for the administrator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Problem {
    /// The member of the document.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// Signature algorithms of ID tokens that are accepted.
const ALGS: [&str; 5] = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

/// Judges the metadata found under the configured address (the issuer or the metadata's own, as pasted).
///
/// The issuer in the document has to equal the configured one but for one trailing slash (Discovery section 4.3); the
/// answer holds it exactly as the document writes it, since that is what stands in tokens. Entra's template is accepted
/// from Entra's hosts only. Every endpoint has to be https; `allow_http` also accepts http on loopback.
///
/// # Errors
/// Everything that is wrong, not only the first.
pub fn check(metadata: &Metadata, configured_url: &str, allow_http: bool) -> Result<IssuerRule, Vec<Problem>> {
    let mut problems = Vec::new();
    if let Err(message) = check_issuer(&metadata.issuer, configured_url, allow_http) {
        problems.push(Problem { field: "issuer", message });
    }
    let endpoints = [
        ("authorization_endpoint", &metadata.authorization_endpoint, true),
        ("token_endpoint", &metadata.token_endpoint, true),
        ("jwks_uri", &metadata.jwks_uri, true),
        ("userinfo_endpoint", &metadata.userinfo_endpoint, false),
        ("end_session_endpoint", &metadata.end_session_endpoint, false),
        ("revocation_endpoint", &metadata.revocation_endpoint, false),
        ("pushed_authorization_request_endpoint", &metadata.pushed_authorization_request_endpoint, false),
    ];
    for (field, address, required) in endpoints {
        let outcome = match address {
            Some(address) => check_address(address, allow_http),
            None if required => Err("is missing; the provider cannot be used without it".to_owned()),
            None => Ok(()),
        };
        problems.extend(outcome.err().map(|message| Problem { field, message }));
    }
    problems.extend(check_lists(metadata));
    if problems.is_empty() { Ok(IssuerRule::from_metadata(&metadata.issuer)) } else { Err(problems) }
}

fn check_issuer(issuer: &str, configured_url: &str, allow_http: bool) -> Result<(), String> {
    let configured = well_known_url(configured_url)?.issuer;
    if issuer.is_empty() {
        return Err("is missing; this is no metadata document of OpenID Connect".to_owned());
    }
    if let IssuerRule::EntraTenant(template) = IssuerRule::from_metadata(issuer) {
        return check_template(&template, &configured, allow_http);
    }
    check_address(issuer, allow_http)?;
    if issuer.strip_suffix('/').unwrap_or(issuer) == configured {
        return Ok(());
    }
    let entra = Url::parse(&configured).is_ok_and(|url| url.host_str().is_some_and(is_entra_host));
    // Without /v2.0 Entra answers with the metadata of its older protocol, whose issuer cannot be configured here.
    let advice = if entra && !configured.ends_with("/v2.0") {
        "for Microsoft Entra configure https://login.microsoftonline.com/TENANT-ID/v2.0"
    } else {
        "configure the address that the document says"
    };
    Err(format!("the document says {}, but {configured} is configured: {advice}", shown(issuer)))
}

/// The template differs from the configured address in one segment only, where that says `common` or
/// `organizations`; and only Entra (or a stand-in on loopback) may have one, since it makes one key set speak for many
/// issuers.
fn check_template(template: &str, configured: &str, allow_http: bool) -> Result<(), String> {
    check_address(configured, allow_http)?;
    let url = Url::parse(configured).map_err(|_| "the configured address is not a URL".to_owned())?;
    let allowed_host = url.host_str().is_some_and(is_entra_host) || (allow_http && is_loopback(&url));
    let same = ["common", "organizations"].iter().any(|name| template.replace("{tenantid}", name) == configured);
    if allowed_host && same {
        return Ok(());
    }
    Err(format!(
        "the template {} is accepted from Microsoft Entra's common or organizations endpoint only",
        shown(template)
    ))
}

fn check_address(address: &str, allow_http: bool) -> Result<(), String> {
    let url = Url::parse(address).map_err(|_| format!("{} is not a URL", shown(address)))?;
    let secure = match url.scheme() {
        "https" => true,
        "http" => allow_http && is_loopback(&url),
        _ => false,
    };
    if address.len() > MAX_BYTES || !secure {
        return Err(format!("{} must be an https URL of at most {MAX_BYTES} characters", shown(address)));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(format!("{} must not have a user name, password or fragment", shown(address)));
    }
    Ok(())
}

fn check_lists(metadata: &Metadata) -> Vec<Problem> {
    let lacks = |list: &Option<Vec<String>>, any_of: &[&str]| {
        list.as_ref().is_some_and(|list| !list.iter().any(|value| any_of.contains(&value.as_str())))
    };
    let mut problems = Vec::new();
    if lacks(&metadata.response_types_supported, &["code"]) {
        let message = "does not contain code; the provider must offer the authorization code flow".to_owned();
        problems.push(Problem { field: "response_types_supported", message });
    }
    if lacks(&metadata.id_token_signing_alg_values_supported, &ALGS) {
        let message = format!("contains none of {}", ALGS.join(", "));
        problems.push(Problem { field: "id_token_signing_alg_values_supported", message });
    }
    let methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
    if lacks(&metadata.token_endpoint_auth_methods_supported, &methods) {
        let message = format!("contains none of {}", methods.join(", "));
        problems.push(Problem { field: "token_endpoint_auth_methods_supported", message });
    }
    problems
}

/// Foreign text made fit for a message.
fn shown(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { '?' } else { c }).collect()
}
