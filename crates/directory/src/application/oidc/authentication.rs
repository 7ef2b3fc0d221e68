//! The keys and certificates by which an application authenticates (RFC 7523, RFC 8705). Pure.

use muster_jose::{Alg, Jwk, JwkSet, KeyAlg, recipient};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClientAuthentication, Oidc};
use crate::FieldError;
use crate::application::page::check_url;

/// The most keys of one application: two live side by side while one replaces the other, for each algorithm.
pub const KEYS_MAX: usize = 16;
/// The longest name of a certificate's subject.
const NAME_MAX: usize = 1024;

/// A public key of an application (RFC 7517 section 4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ClientKey {
    /// `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `sig` or `enc`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The one algorithm it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The curve, for `EC` and `OKP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The modulus, for `RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The exponent, for `RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// The first coordinate (`EC`), or the key (`OKP`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The second coordinate, for `EC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// The certificate over it, base64 of DER, the first one its own (for `self_signed_tls_client_auth`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub x5c: Vec<String>,
    /// The SHA-256 of its certificate, base64url (for `self_signed_tls_client_auth`).
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub x5t: Option<String>,
    /// Never kept: a key that has it is a private one, and refused.
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub d: Option<String>,
}

impl ClientKey {
    /// The key without its certificate.
    #[must_use]
    pub fn jwk(&self) -> Jwk {
        Jwk {
            kty: self.kty.clone(),
            kid: self.kid.clone(),
            usage: self.usage.clone(),
            alg: self.alg.clone(),
            crv: self.crv.clone(),
            n: self.n.clone(),
            e: self.e.clone(),
            x: self.x.clone(),
            y: self.y.clone(),
            ..Jwk::default()
        }
    }
}

/// The public keys of an application (RFC 7517 section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClientKeys {
    /// The keys.
    pub keys: Vec<ClientKey>,
}

impl ClientKeys {
    /// The keys as a set to check signatures with.
    #[must_use]
    pub fn set(&self) -> JwkSet {
        self.keys.iter().map(ClientKey::jwk).collect()
    }
}

/// The keys and certificates by which an application authenticates (RFC 7523, RFC 8705).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Authentication {
    /// Its public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<ClientKeys>,
    /// Where its public keys are fetched; instead of `jwks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The one algorithm with which it signs its assertions; any that is spoken when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// `tls_client_auth`: the subject of its certificate (RFC 4514), such as `CN=batch,O=Acme`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// `tls_client_auth`: a DNS name of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_dns: Option<String>,
    /// `tls_client_auth`: a URI of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_uri: Option<String>,
    /// `tls_client_auth`: an IP address of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_ip: Option<String>,
    /// `tls_client_auth`: an e-mail address of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_email: Option<String>,
    /// Its access tokens are bound to the certificate it shows (RFC 8705 section 3).
    pub tls_client_certificate_bound_access_tokens: bool,
    /// It must prove possession of a key at the token endpoint (RFC 9449 section 5.2).
    pub dpop_bound_access_tokens: bool,
}

impl Authentication {
    /// Its public keys, as far as they are entered.
    #[must_use]
    pub fn keys(&self) -> JwkSet {
        self.jwks.as_ref().map(ClientKeys::set).unwrap_or_default()
    }

    /// Whether something can be encrypted to one of its keys; of those that are fetched nobody knows before.
    #[must_use]
    pub fn may_encrypt(&self, alg: KeyAlg) -> bool {
        self.jwks_uri.is_some() || recipient(&self.keys(), alg).is_some()
    }

    /// What is wrong with it, beside the rest of the settings.
    pub(super) fn problems(&self, oidc: &Oidc, out: &mut Vec<FieldError>) {
        let mut wrong = |field: &str, message: &str| out.push(FieldError::new(format!("oidc.{field}"), message));
        let method = oidc.token_endpoint_auth_method;
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            wrong("jwksUri", "give jwks or jwksUri, not both");
        }
        if self.jwks_uri.as_deref().is_some_and(|uri| uri.is_empty() || check_url(uri).is_err()) {
            wrong("jwksUri", "an address that begins with https:// is needed");
        }
        if let Some(problem) = self.jwks.as_ref().and_then(key_problem) {
            wrong("jwks", problem);
        }
        if self.token_endpoint_auth_signing_alg.as_deref().is_some_and(|alg| Alg::parse(alg).is_none()) {
            wrong("tokenEndpointAuthSigningAlg", "must be a signature algorithm that is spoken here, such as ES256");
        }
        let has_keys = self.jwks.is_some() || self.jwks_uri.is_some();
        match method {
            ClientAuthentication::PrivateKeyJwt | ClientAuthentication::SelfSignedTlsClientAuth if !has_keys => {
                wrong("jwks", "this way to authenticate needs the application's keys: give jwks or jwksUri");
            }
            ClientAuthentication::TlsClientAuth if self.names().count() != 1 => {
                wrong("tlsClientAuthSubjectDn", "name the certificate in exactly one of the tlsClientAuth... members");
            }
            ClientAuthentication::TlsClientAuth => {}
            _ if self.names().count() > 0 => {
                wrong("tlsClientAuthSubjectDn", "only with tokenEndpointAuthMethod tls_client_auth");
            }
            _ => {}
        }
        if self.names().any(|name| name.is_empty() || name.len() > NAME_MAX || name.chars().any(char::is_control)) {
            wrong("tlsClientAuthSubjectDn", "1 to 1024 characters, no control characters");
        }
        if self.tls_client_certificate_bound_access_tokens && method == ClientAuthentication::None {
            wrong("tlsClientCertificateBoundAccessTokens", "a public client has no certificate: use DPoP");
        }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        [
            &self.tls_client_auth_subject_dn,
            &self.tls_client_auth_san_dns,
            &self.tls_client_auth_san_uri,
            &self.tls_client_auth_san_ip,
            &self.tls_client_auth_san_email,
        ]
        .into_iter()
        .flatten()
    }
}

fn key_problem(set: &ClientKeys) -> Option<&'static str> {
    if set.keys.is_empty() || set.keys.len() > KEYS_MAX {
        return Some("1 to 16 keys");
    }
    if set.keys.iter().any(|key| key.d.is_some() || key.kty == "oct") {
        return Some("holds a private or symmetric key: enter the public keys only, and replace that one");
    }
    let unusable = |key: &ClientKey| key.jwk().thumbprint().is_none();
    set.keys.iter().any(unusable).then_some("holds a key that cannot be used: RSA, EC or OKP with all its members")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(method: ClientAuthentication, authentication: Authentication) -> Vec<String> {
        let oidc =
            Oidc { token_endpoint_auth_method: method, authentication: authentication.clone(), ..Oidc::default() };
        let mut out = Vec::new();
        authentication.problems(&oidc, &mut out);
        out.into_iter().map(|problem| problem.field).collect()
    }

    fn key() -> ClientKey {
        ClientKey { kty: "OKP".into(), crv: Some("Ed25519".into()), x: Some("A".repeat(43)), ..ClientKey::default() }
    }

    #[test]
    fn a_private_key_is_refused_and_never_written() {
        let keys = ClientKeys { keys: vec![ClientKey { d: Some("secret".into()), ..key() }] };
        assert!(!serde_json::to_string(&keys).unwrap().contains("secret"));
        let authentication = Authentication { jwks: Some(keys), ..Authentication::default() };
        assert_eq!(problems(ClientAuthentication::PrivateKeyJwt, authentication), ["oidc.jwks"]);
    }

    #[test]
    fn each_way_needs_what_it_stands_on() {
        let none = Authentication::default();
        let keys = Authentication { jwks: Some(ClientKeys { keys: vec![key()] }), ..none.clone() };
        let named = Authentication { tls_client_auth_san_dns: Some("a.example".into()), ..none.clone() };
        let twice = Authentication { tls_client_auth_subject_dn: Some("CN=a".into()), ..named.clone() };
        let both = Authentication { jwks_uri: Some("https://a.example/k".into()), ..keys.clone() };
        for (method, settings, good) in [
            (ClientAuthentication::PrivateKeyJwt, &none, false),
            (ClientAuthentication::PrivateKeyJwt, &keys, true),
            (ClientAuthentication::PrivateKeyJwt, &both, false),
            (ClientAuthentication::SelfSignedTlsClientAuth, &none, false),
            (ClientAuthentication::TlsClientAuth, &none, false),
            (ClientAuthentication::TlsClientAuth, &named, true),
            (ClientAuthentication::TlsClientAuth, &twice, false),
            (ClientAuthentication::ClientSecretBasic, &named, false),
            (ClientAuthentication::ClientSecretBasic, &none, true),
        ] {
            assert_eq!(problems(method, settings.clone()).is_empty(), good, "{method:?} {settings:?}");
        }
    }
}
