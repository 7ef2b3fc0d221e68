//! Reads an access token of ours back: signature or row, type, issuer, life, and whether what it stands on still holds.

use muster_base::{Id, Secret};
use muster_directory::application::{GrantType, SigningAlg, subject};
use muster_directory::organization::Organization;
use muster_directory::{Result, key};
use muster_http::Site;
use muster_jose::{Alg, Verified, verify};
use muster_oauth::{Error, ErrorCode, Scope};
use serde_json::{Map, Value};

use super::issue::TYPE;
use super::store as tokens;
use crate::client::{self, Client};
use crate::error::Refusal;
use crate::grant::model::Terms;
use crate::grant::standing::{self, Standing};
use crate::grant::store;

/// The algorithms that we sign with, and no other.
const ALGS: [Alg; 5] = Alg::ALL;
const _: () = assert!(ALGS.len() == SigningAlg::ALL.len());

/// Whom a token is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A person, by a grant.
    Person(Box<Granted>),
    /// The client itself.
    Client,
}

/// What a person's token stands on.
#[derive(Clone, Debug)]
pub struct Granted {
    /// Whom it is about.
    pub standing: Standing,
    /// What the request asked of it beyond the scope.
    pub terms: Terms,
}

/// A token that holds.
#[derive(Clone, Debug)]
pub struct Read {
    /// To whom it was given.
    pub client: Client,
    /// Whom it is about.
    pub subject: Subject,
    /// What it allows.
    pub scope: Scope,
    /// Everything that it says.
    pub claims: Map<String, Value>,
}

impl Read {
    /// For whom it is.
    #[must_use]
    pub fn audience(&self) -> Vec<String> {
        match self.claims.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// Its subject, as it says it.
    #[must_use]
    pub fn sub(&self) -> &str {
        self.claims.get("sub").and_then(Value::as_str).unwrap_or_default()
    }
}

/// A token of a person that holds, for our own resources.
#[derive(Clone, Debug)]
pub struct Opened {
    /// To whom it was given.
    pub client: Client,
    /// Whom it is about.
    pub standing: Standing,
    /// What it allows.
    pub scope: Scope,
    /// What the request asked of it beyond the scope.
    pub terms: Terms,
    /// Everything that it says.
    pub claims: Map<String, Value>,
}

/// The claims of a token that one of the organization's keys signed; `None` when none did.
///
/// # Errors
/// The database's.
pub async fn signed_by_us(site: &Site, organization: &Organization, token: &str) -> Result<Option<Verified>> {
    let keys = key::published(site.directory(), organization.id).await?;
    Ok(verify(token, &keys, &ALGS).ok())
}

fn refused(why: &str) -> Refusal {
    Refusal::from(Error::new(ErrorCode::InvalidToken, why))
}

fn unknown() -> Refusal {
    refused("this is no access token of this issuer")
}

/// The claims of a token of either form.
async fn claims(site: &Site, organization: &Organization, token: &str) -> Result<Map<String, Value>, Refusal> {
    if token.contains('.') {
        let verified = signed_by_us(site, organization, token).await?.ok_or_else(unknown)?;
        let typed = verified.header.typ.as_deref() == Some(TYPE);
        return if typed { Ok(verified.claims) } else { Err(unknown()) };
    }
    let digest = Secret::new(token).digest();
    let kept = tokens::find(&mut site.directory().read(), organization.id, digest).await?.ok_or_else(unknown)?;
    if kept.revoked_at.is_some() { Err(refused("the access token was revoked")) } else { Ok(kept.claims) }
}

/// Reads a token (RFC 9068 section 4), for whomever it is.
///
/// # Errors
/// `invalid_token`, in words that do not say more than a developer needs.
pub async fn read(site: &Site, organization: &Organization, token: &str) -> Result<Read, Refusal> {
    let claims = claims(site, organization, token).await?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") != site.issuer(&organization.slug) {
        return Err(unknown());
    }
    let now = site.directory().env().clock.now();
    if claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= now.seconds()) {
        return Err(refused("the access token has expired"));
    }
    let client = client::find(site, organization, text("client_id")).await?.ok_or_else(unknown)?;
    let scope = Scope::parse(text("scope"))?;
    let subject = match claims.get("grant_id").and_then(Value::as_str) {
        Some(grant) => Subject::Person(Box::new(person(site, &client, grant, &claims).await?)),
        None if stands_for_itself(site, &client, &claims).await? => Subject::Client,
        None => return Err(refused("the application may not have it any more")),
    };
    Ok(Read { client, subject, scope, claims })
}

/// A token without a person: the client it is about is active and still registered for asking in its own name, and so is
/// the one that exchanged it for exchanging.
async fn stands_for_itself(site: &Site, client: &Client, claims: &Map<String, Value>) -> Result<bool, Refusal> {
    let may = |client: &Client, grant| client.app.active && client.oidc.may(grant);
    if !claims.contains_key("exchanged") {
        return Ok(may(client, GrantType::ClientCredentials));
    }
    let sub = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let about = client::find(site, &client.organization, sub).await?;
    let holds = about.is_some_and(|about| may(&about, GrantType::ClientCredentials));
    Ok(holds && may(client, GrantType::TokenExchange))
}

/// What a person's token stands on: its grant. An exchanged one stands on the grant of another client, and on its own
/// being active and registered for exchanging.
async fn person(site: &Site, client: &Client, grant: &str, claims: &Map<String, Value>) -> Result<Granted, Refusal> {
    let mut read = site.directory().read();
    let organization = &client.organization;
    let id = grant.parse::<Id>().map_err(|_| unknown())?;
    let sub = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let named = subject::user(site.directory(), organization.id, &client.oidc, sub).await?;
    let grant = store::by_id(&mut read, organization.id, id).await?.filter(|g| Some(g.user) == named);
    let grant = grant.filter(|g| g.redeemed_at.is_some() && g.revoked_at.is_none());
    let grant = grant.ok_or_else(|| refused("the access token was revoked"))?;
    let exchanged = claims.contains_key("exchanged");
    if exchanged && !(client.app.active && client.oidc.may(GrantType::TokenExchange)) {
        return Err(refused("the application may not exchange tokens any more"));
    }
    let owner = match grant.app == client.app.id {
        true => client.clone(),
        false if exchanged => client::find(site, organization, &grant.app.text()).await?.ok_or_else(unknown)?,
        false => return Err(refused("the access token was revoked")),
    };
    let now = site.directory().env().clock.now();
    let standing = standing::load(&mut read, &owner, &grant, now).await?.map_err(refused)?;
    Ok(Granted { standing, terms: grant.terms })
}

/// Opens a person's token for a resource of the issuer itself.
///
/// # Errors
/// As [`read`]; `invalid_token` too for a token that is for others, or is about no person.
pub async fn open(site: &Site, organization: &Organization, token: &str) -> Result<Opened, Refusal> {
    let read = read(site, organization, token).await?;
    if !read.audience().contains(&site.issuer(&organization.slug)) {
        return Err(unknown());
    }
    match read.subject {
        Subject::Person(granted) => {
            let Granted { standing, terms } = *granted;
            Ok(Opened { client: read.client, standing, scope: read.scope, terms, claims: read.claims })
        }
        Subject::Client => Err(refused("this access token is an application's own and about nobody")),
    }
}
