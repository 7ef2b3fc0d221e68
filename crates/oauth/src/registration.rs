//! Dynamic client registration (RFC 7591, RFC 7592, OpenID Connect Registration): which members a client may say of
//! itself. Never here: the application they become, and who may register.
//!
//! The members are handed on in camel case, as an application's settings are named. What is not on the list is passed
//! over (RFC 7591 section 2), so that nobody gives themselves more than an administrator would.

use crate::{Error, ErrorCode};
use serde_json::{Map, Value};

/// The longest name of a client, in characters.
pub const NAME_MAX: usize = 255;

/// What a client may say of itself.
const MEMBERS: [&str; 40] = [
    "redirect_uris",
    "post_logout_redirect_uris",
    "grant_types",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "jwks",
    "jwks_uri",
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
    "tls_client_certificate_bound_access_tokens",
    "dpop_bound_access_tokens",
    "id_token_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "introspection_signed_response_alg",
    "request_object_signing_alg",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "require_signed_request_object",
    "require_pushed_authorization_requests",
    "authorization_signed_response_alg",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "request_uris",
    "subject_type",
    "sector_identifier_uri",
    "default_max_age",
    "require_auth_time",
    "default_acr_values",
    "initiate_login_uri",
    "backchannel_logout_uri",
    "frontchannel_logout_uri",
    "backchannel_logout_session_required",
    "frontchannel_logout_session_required",
];
/// The grant types that a client may give itself. Exchanging tokens is for an administrator to allow.
const GRANT_TYPES: [&str; 4] =
    ["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"];

/// What a client says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registration {
    /// Its name for people.
    pub client_name: String,
    /// The rest, in camel case, with the defaults of RFC 7591 section 2.
    pub settings: Map<String, Value>,
}

fn refuse(why: &str) -> Error {
    Error::new(ErrorCode::InvalidClientMetadata, why)
}

impl Registration {
    /// Reads the document that a client sends.
    ///
    /// # Errors
    /// `unapproved_software_statement`, `invalid_client_metadata`; types of single members are left to the settings.
    pub fn read(mut document: Map<String, Value>) -> Result<Self, Error> {
        if document.contains_key("software_statement") {
            let why = "software statements are not accepted here: send the members themselves";
            return Err(Error::new(ErrorCode::UnapprovedSoftwareStatement, why));
        }
        let client_name = match document.remove("client_name") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(name)) if name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control) => {
                name
            }
            Some(_) => return Err(refuse("client_name must be a text of at most 255 characters")),
        };
        for kind in texts(&document, "response_types")?.unwrap_or_default() {
            if kind != "code" {
                return Err(refuse("response_types: only code is spoken here"));
            }
        }
        for grant in texts(&document, "grant_types")?.unwrap_or_default() {
            if !GRANT_TYPES.contains(&grant) {
                return Err(refuse("grant_types names one that a client cannot register by itself"));
            }
        }
        let mut settings = Map::new();
        for name in MEMBERS {
            if let Some(value) = document.remove(name).filter(|value| !value.is_null()) {
                settings.insert(camel(name), value);
            }
        }
        settings.entry("tokenEndpointAuthMethod").or_insert_with(|| "client_secret_basic".into());
        settings.entry("grantTypes").or_insert_with(|| vec!["authorization_code"].into());
        Ok(Self { client_name, settings })
    }

    /// Settings with what the client says in place of what it said before: members that it leaves out are as if it had
    /// never named them (RFC 7592 section 2.2), those that it cannot name stay.
    #[must_use]
    pub fn over(self, mut base: Map<String, Value>) -> Map<String, Value> {
        for name in MEMBERS {
            base.remove(&camel(name));
        }
        base.extend(self.settings);
        base
    }

    /// The members of an application's settings that a client may see, under their registered names.
    #[must_use]
    pub fn shown(client_name: &str, settings: &Map<String, Value>) -> Map<String, Value> {
        let mut out = Map::new();
        if !client_name.is_empty() {
            out.insert("client_name".to_owned(), client_name.into());
        }
        for name in MEMBERS {
            if let Some(value) = settings.get(&camel(name)).filter(|value| !value.is_null()) {
                out.insert(name.to_owned(), value.clone());
            }
        }
        out.insert("response_types".to_owned(), vec!["code"].into());
        out
    }
}

fn texts<'a>(document: &'a Map<String, Value>, name: &str) -> Result<Option<Vec<&'a str>>, Error> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => {
            let all: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            all.map(Some).ok_or_else(|| refuse(&format!("{name} must be a list of texts")))
        }
        Some(_) => Err(refuse(&format!("{name} must be a list of texts"))),
    }
}

/// `jwks_uri` is `jwksUri`.
fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
        } else if std::mem::take(&mut upper) {
            out.push(letter.to_ascii_uppercase());
        } else {
            out.push(letter);
        }
    }
    out
}
