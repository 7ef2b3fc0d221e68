//! Who holds a token: the key that its holder has to prove at each use (RFC 9449), the certificate that they have to show
//! (RFC 8705), both or neither.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method};
use muster_base::Id;
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_jose::{Alg, Jwk, JwkSet, verify};
use muster_oauth::dpop::{self, Expected};
use muster_oauth::{Error, ErrorCode};
use serde_json::{Map, Value, json};

use crate::client::{Client, certificate};
use crate::error::Refusal;
use crate::replay::{self, Kind};

/// How long a nonce may be used, in seconds: it is renewed with each answer.
pub const NONCE_TTL_S: i64 = 300;

/// What a token is bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The thumbprint of the key (RFC 7638).
    pub jkt: Option<String>,
    /// The SHA-256 of the certificate, base64url.
    pub x5t: Option<String>,
}

impl Holder {
    /// The `cnf` claim (RFC 7800); `None` for a token that whoever bears it may use.
    #[must_use]
    pub fn confirmation(&self) -> Option<Value> {
        let mut members = Map::new();
        if let Some(jkt) = &self.jkt {
            members.insert("jkt".to_owned(), json!(jkt));
        }
        if let Some(x5t) = &self.x5t {
            members.insert("x5t#S256".to_owned(), json!(x5t));
        }
        (!members.is_empty()).then_some(Value::Object(members))
    }

    /// What the claims of a token say of its holder.
    #[must_use]
    pub fn of(claims: &Map<String, Value>) -> Self {
        let member = |name: &str| claims.get("cnf")?.get(name)?.as_str().map(str::to_owned);
        Self { jkt: member("jkt"), x5t: member("x5t#S256") }
    }

    /// The `token_type` of a token with this holder.
    #[must_use]
    pub fn token_type(&self) -> &'static str {
        if self.jkt.is_some() { dpop::SCHEME } else { "Bearer" }
    }
}

/// Reads who asks for a token.
///
/// # Errors
/// `invalid_dpop_proof` and `use_dpop_nonce` for a proof, `invalid_request` when the client is registered for one, or for
/// a certificate, and shows none.
pub async fn at_token_endpoint(
    site: &Site,
    client: &Client,
    headers: &HeaderMap,
    path: &str,
) -> Result<Holder, Refusal> {
    let settings = &client.oidc.authentication;
    let address = format!("{}{path}", site.issuer(&client.organization.slug));
    let asked = Asked { method: &Method::POST, address: &address, access_token: None };
    let nonce_required = client.oidc.access.dpop_nonce_required;
    let jkt = proven(site, &client.organization, headers, &asked, nonce_required).await?;
    if jkt.is_none() && settings.dpop_bound_access_tokens {
        return Err(
            Error::invalid_request("this client is registered for DPoP: send a proof in the header DPoP").into()
        );
    }
    let x5t = match settings.tls_client_certificate_bound_access_tokens {
        false => None,
        true => Some(certificate::thumbprint(site, headers).ok_or_else(|| {
            Error::invalid_request("this client's tokens are bound to its certificate, and it shows none")
        })?),
    };
    Ok(Holder { jkt, x5t })
}

/// The request that a proof has to belong to.
pub struct Asked<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its address.
    pub address: &'a str,
    /// The access token that comes with it.
    pub access_token: Option<&'a str>,
}

/// The thumbprint of the key whose possession the request proves; `None` without a proof (RFC 9449 section 4.3).
///
/// # Errors
/// `invalid_dpop_proof`, `use_dpop_nonce`.
pub async fn proven(
    site: &Site,
    organization: &Organization,
    headers: &HeaderMap,
    asked: &Asked<'_>,
    nonce_required: bool,
) -> Result<Option<String>, Refusal> {
    let mut proofs = headers.get_all("dpop").iter();
    let Some(proof) = proofs.next() else { return Ok(None) };
    let refuse = |why: &str| Error::new(ErrorCode::InvalidDpopProof, format!("the DPoP proof is refused: {why}"));
    let proof = proof.to_str().ok().filter(|_| proofs.next().is_none());
    let proof = proof.ok_or_else(|| refuse("the header DPoP must be there once, as plain text"))?;
    let key: Jwk =
        serde_json::from_value(Value::Object(dpop::key(proof)?)).map_err(|_| refuse("jwk is no public key"))?;
    let jkt = key.thumbprint().ok_or_else(|| refuse("jwk is no public key of a kind that is spoken here"))?;
    let keys: JwkSet = [Jwk { kid: None, ..key }].into_iter().collect();
    let verified = verify(proof, &keys, &Alg::ALL).map_err(|error| refuse(&error.to_string()))?;
    let now = site.directory().env().clock.now();
    let expected = Expected {
        method: asked.method.as_str(),
        address: asked.address,
        access_token: asked.access_token,
        now_s: now.seconds(),
    };
    let proof = dpop::check(&verified.claims, &expected)?;
    match &proof.nonce {
        Some(nonce) if nonce_holds(site, organization.id, nonce) => {}
        None if !nonce_required => proof.check_age(now.seconds())?,
        _ => {
            let error = Error::new(ErrorCode::UseDpopNonce, "send the nonce of the header DPoP-Nonce in the proof");
            return Err(Refusal::Possession { error, nonce: nonce(site, organization.id) });
        }
    }
    // As long as any proof with this name could pass.
    let until = now.plus_s(NONCE_TTL_S.max(dpop::AGE_MAX_S) + dpop::SKEW_S);
    if !replay::first(site, organization.id, Kind::Proof, &jkt, &proof.jti, until).await? {
        return Err(refuse("it was used before: make a new one for each request").into());
    }
    Ok(Some(jkt))
}

fn purpose(org: Id) -> String {
    format!("dpop_nonce:{org}")
}

/// A nonce: the time, sealed, so that every node knows its own and none has to keep it.
#[must_use]
pub fn nonce(site: &Site, org: Id) -> String {
    let directory = site.directory();
    let now = directory.env().clock.now().seconds().to_be_bytes();
    URL_SAFE_NO_PAD.encode(directory.keyring().seal(&purpose(org), &now, &directory.env().rng))
}

fn nonce_holds(site: &Site, org: Id, nonce: &str) -> bool {
    let directory = site.directory();
    let opened =
        URL_SAFE_NO_PAD.decode(nonce).ok().and_then(|sealed| directory.keyring().open(&purpose(org), &sealed).ok());
    let made_at = opened.and_then(|bytes| bytes.as_slice().try_into().ok()).map(i64::from_be_bytes);
    let now = directory.env().clock.now().seconds();
    made_at.is_some_and(|at| now >= at && now < at.saturating_add(NONCE_TTL_S))
}
