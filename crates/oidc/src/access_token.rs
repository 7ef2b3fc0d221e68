//! Reads an access token of ours back: signature, type, issuer, audience, life, and whether its grant still holds.

use muster_base::Id;
use muster_directory::application::{SigningAlg, subject};
use muster_directory::organization::Organization;
use muster_directory::{Result, key};
use muster_http::Site;
use muster_jose::{Alg, JwkSet, Verified, verify};
use muster_oauth::{Error, ErrorCode, Scope};
use serde_json::Value;

use crate::client::{self, Client};
use crate::error::Refusal;
use crate::grant::model::Terms;
use crate::grant::standing::{self, Standing};
use crate::grant::store;
use crate::issue::ACCESS_TOKEN_TYPE;

/// The algorithms that we sign with, and no other.
pub const ALGS: [Alg; 5] = Alg::ALL;
const _: () = assert!(ALGS.len() == SigningAlg::ALL.len());

/// A token that holds.
#[derive(Debug)]
pub struct Opened {
    /// To whom it was given.
    pub client: Client,
    /// Whom it is about.
    pub standing: Standing,
    /// What it allows.
    pub scope: Scope,
    /// What the request asked of it beyond the scope.
    pub terms: Terms,
}

/// The claims of a token that one of the organization's keys signed; `None` when none did.
///
/// # Errors
/// The database's.
pub async fn signed_by_us(site: &Site, organization: &Organization, token: &str) -> Result<Option<Verified>> {
    let keys: JwkSet = key::published(site.directory(), organization.id).await?.into_iter().collect();
    Ok(verify(token, &keys, &ALGS).ok())
}

/// Opens a token (RFC 9068 section 4).
///
/// # Errors
/// `invalid_token`, in words that do not say more than a developer needs.
pub async fn open(site: &Site, organization: &Organization, token: &str) -> Result<Opened, Refusal> {
    let refused = |why: &str| Refusal::from(Error::new(ErrorCode::InvalidToken, why));
    let unknown = || refused("this is no access token of this issuer");
    let Some(verified) = signed_by_us(site, organization, token).await? else { return Err(unknown()) };
    let issuer = site.issuer(&organization.slug);
    let text = |name: &str| verified.claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let typed = verified.header.typ.as_deref() == Some(ACCESS_TOKEN_TYPE);
    if !typed || text("iss") != issuer || text("aud") != issuer {
        return Err(unknown());
    }
    let now = site.directory().env().clock.now();
    if verified.claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= now.seconds()) {
        return Err(refused("the access token has expired"));
    }
    let client = client::find(site, organization, text("client_id")).await?.ok_or_else(unknown)?;
    let grant = text("grant_id").parse::<Id>().map_err(|_| unknown())?;
    let grant = store::by_id(&mut site.directory().read(), organization.id, grant).await?;
    let named = subject::user(site.directory(), organization.id, &client.oidc, text("sub")).await?;
    let grant = grant.filter(|g| g.app == client.app.id && Some(g.user) == named);
    let grant = grant.filter(|g| g.redeemed_at.is_some() && g.revoked_at.is_none());
    let grant = grant.ok_or_else(|| refused("the access token was revoked"))?;
    let standing = standing::load(&mut site.directory().read(), &client, &grant, now).await?.map_err(refused)?;
    let scope = Scope::parse(text("scope"))?;
    Ok(Opened { client, standing, scope, terms: grant.terms })
}
