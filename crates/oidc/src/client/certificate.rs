//! Authentication by a TLS certificate (RFC 8705). Muster takes no client certificates on its own connections: a proxy
//! that the configuration trusts ends the TLS connection and names the certificate in a header.
//!
//! The header is taken away from every request that does not come straight from such a proxy ([`guard`]), so that whatever
//! is left of it may be believed.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use muster_base::digest;
use muster_http::{Site, context};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::RdnSequence;

use super::{Client, refused};
use crate::error::Refusal;
use crate::key_set::{self, Wanted};

/// The longest header that is looked at, in bytes.
const HEADER_MAX_BYTES: usize = 16 * 1024;

/// Takes the certificate's headers away from requests of others than the trusted proxies.
pub async fn guard(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    if let Some(names) = &site.config().client_certificate
        && !context::from_trusted_proxy(request.extensions(), &site)
    {
        request.headers_mut().remove(&names.header);
        if let Some(verified) = &names.verified {
            request.headers_mut().remove(verified);
        }
    }
    next.run(request).await
}

/// The certificate of the connection, as DER.
fn shown(site: &Site, headers: &HeaderMap) -> Option<Vec<u8>> {
    let name = &site.config().client_certificate.as_ref()?.header;
    let mut values = headers.get_all(name).iter();
    let text = values.next()?.to_str().ok().filter(|text| text.len() <= HEADER_MAX_BYTES)?;
    // Two are one too many: who wrote which?
    if values.next().is_some() {
        return None;
    }
    der(text)
}

/// The bytes behind the forms in which proxies write a certificate: `:base64:` (RFC 9440), PEM with percent escapes
/// (nginx), or bare base64.
fn der(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) {
        return STANDARD.decode(inner).ok();
    }
    // A plus sign is itself here, since base64 has it.
    let pem = muster_oauth::params::percent_decoded(text)?;
    let inner = match pem.split_once("-----BEGIN CERTIFICATE-----") {
        Some((_, rest)) => rest.split_once("-----END CERTIFICATE-----")?.0,
        None => &pem,
    };
    let base64: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(base64).ok().filter(|der| !der.is_empty())
}

/// The SHA-256 of the connection's certificate, base64url (RFC 8705 section 3.1).
#[must_use]
pub fn thumbprint(site: &Site, headers: &HeaderMap) -> Option<String> {
    shown(site, headers).map(|der| URL_SAFE_NO_PAD.encode(digest(&der)))
}

/// `tls_client_auth`: the certificate that the proxy checked has the one name that is registered (section 2.1.2).
pub fn check_name(site: &Site, client: &Client, headers: &HeaderMap) -> Result<(), Refusal> {
    let verified = site.config().client_certificate.as_ref().and_then(|names| names.verified.as_ref());
    let checked = verified.is_some_and(|name| {
        let mut values = headers.get_all(name).iter();
        values.next().is_some_and(|value| value == "SUCCESS") && values.next().is_none()
    });
    if !checked {
        return Err(refused(
            "client authentication failed: no certificate that the proxy checked came with the request",
        ));
    }
    let certificate = shown(site, headers).and_then(|der| Certificate::from_der(&der).ok());
    if certificate.is_some_and(|certificate| has_registered_name(client, &certificate)) {
        return Ok(());
    }
    Err(refused("client authentication failed: the certificate does not have the registered name"))
}

fn has_registered_name(client: &Client, certificate: &Certificate) -> bool {
    let settings = &client.oidc.authentication;
    if let Some(dn) = &settings.tls_client_auth_subject_dn {
        // By way of the parsed name, so that the kinds of strings do not count.
        let registered = tidy(dn).parse::<RdnSequence>().map(|name| name.to_string());
        return registered
            .is_ok_and(|name| !name.is_empty() && name == certificate.tbs_certificate.subject.to_string());
    }
    let names = alternative_names(certificate);
    let has = |is: &dyn Fn(&GeneralName) -> bool| names.iter().any(is);
    if let Some(dns) = &settings.tls_client_auth_san_dns {
        return has(&|name| matches!(name, GeneralName::DnsName(own) if own.as_str().eq_ignore_ascii_case(dns)));
    }
    if let Some(uri) = &settings.tls_client_auth_san_uri {
        return has(&|name| matches!(name, GeneralName::UniformResourceIdentifier(own) if own.as_str() == uri));
    }
    if let Some(email) = &settings.tls_client_auth_san_email {
        return has(&|name| matches!(name, GeneralName::Rfc822Name(own) if own.as_str() == email));
    }
    let ip = settings.tls_client_auth_san_ip.as_deref().and_then(|ip| ip.parse::<std::net::IpAddr>().ok());
    let Some(ip) = ip else { return false };
    let octets = match ip {
        std::net::IpAddr::V4(v4) => v4.octets().to_vec(),
        std::net::IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    has(&|name| matches!(name, GeneralName::IpAddress(own) if own.as_bytes() == octets))
}

/// A name as RFC 4514 writes it: `cn=batch, o=Acme` is `CN=batch,O=Acme`.
fn tidy(dn: &str) -> String {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in dn.chars() {
        match (letter, parts.last_mut()) {
            (',', _) if !escaped => parts.push(String::new()),
            (_, Some(part)) => part.push(letter),
            (_, None) => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    let tidy_part = |part: String| match part.split_once('=') {
        Some((kind, value)) => format!("{}={}", kind.trim().to_ascii_uppercase(), value.trim_start()),
        None => part,
    };
    parts.into_iter().map(tidy_part).collect::<Vec<_>>().join(",")
}

fn alternative_names(certificate: &Certificate) -> Vec<GeneralName> {
    match certificate.tbs_certificate.get::<SubjectAltName>() {
        Ok(Some((_, names))) => names.0,
        _ => Vec::new(),
    }
}

/// `self_signed_tls_client_auth`: the certificate, or its key, is one that the client registered (section 2.2.2). The TLS
/// connection proved that the client has the private key; nobody vouches for the names.
pub async fn check_key(site: &Site, client: &Client, headers: &HeaderMap) -> Result<(), Refusal> {
    let none = || refused("client authentication failed: no certificate came with the request");
    let der = shown(site, headers).ok_or_else(none)?;
    for wanted in [Wanted::Kept, Wanted::Newer] {
        let keys = key_set::certificates(site, client, wanted).await.map_err(|why| refused(&why))?;
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&der));
        let by_certificate = keys.iter().any(|key| {
            key.x5t.as_deref() == Some(&thumbprint)
                || key.x5c.first().and_then(|x5c| STANDARD.decode(x5c).ok()).is_some_and(|own| own == der)
        });
        if by_certificate {
            return Ok(());
        }
        if client.oidc.authentication.jwks_uri.is_none() {
            break;
        }
    }
    Err(refused("client authentication failed: the certificate is none of those that the client registered"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc4514_a_name_is_written_in_one_way() {
        assert_eq!(tidy("cn=batch, o=Acme Example,C=CH"), "CN=batch,O=Acme Example,C=CH");
        assert_eq!(tidy("CN=a\\, b,O=c"), "CN=a\\, b,O=c");
        assert_eq!(tidy("CN=a\\\\, O=c"), "CN=a\\\\,O=c");
        assert_eq!(tidy(""), "");
    }

    #[test]
    fn every_form_of_the_header_is_the_same_certificate() {
        let bytes = vec![0x30, 0x03, 0x02, 0x01, 0xfb];
        let base64 = STANDARD.encode(&bytes);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
        let escaped = pem.replace('\n', "%0A").replace('+', "%2B").replace(' ', "%20");
        for text in [format!(":{base64}:"), escaped, base64.clone(), format!(" {base64} ")] {
            assert_eq!(der(&text).as_ref(), Some(&bytes), "{text}");
        }
        for text in ["", "::x:", "-----BEGIN CERTIFICATE-----", "%zz", "!!"] {
            assert_eq!(der(text), None, "{text}");
        }
    }
}
