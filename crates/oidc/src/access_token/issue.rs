//! Makes an access token.

use muster_base::Micros;
use muster_directory::application::AccessTokenFormat;
use muster_directory::{Error, Result, key};
use muster_http::Site;
use muster_oauth::Scope;
use serde_json::{Map, Value, json};

use super::store;
use crate::client::Client;
use crate::grant::Grant;
use crate::holder::Holder;

/// The declared type of an access token (RFC 9068 section 2.1), by which nothing else of ours is taken for one.
pub const TYPE: &str = "at+jwt";

/// What a token is made from.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// To whom it is given.
    pub client: &'a Client,
    /// Whom it is about: a person, or the client itself.
    pub subject: &'a str,
    /// What it allows.
    pub scope: &'a Scope,
    /// For whom it is.
    pub audience: &'a [String],
    /// The grant it stands on; none where the client asks for itself.
    pub grant: Option<&'a Grant>,
    /// The authentication class of the sign-in behind it, where a person signed in for it.
    pub acr: Option<&'a str>,
    /// Who holds it.
    pub holder: &'a Holder,
    /// It came of an exchange, so that its grant is another client's (RFC 8693).
    pub exchanged: bool,
    /// Who acts in it (RFC 8693 section 4.1).
    pub act: Option<&'a Value>,
    /// When it ends at the latest, in seconds; its client's lifetime when none.
    pub ends_by_s: Option<i64>,
}

/// A token and how long it lives.
#[derive(Clone, Debug)]
pub struct Made {
    /// The token.
    pub token: String,
    /// Its life, in seconds.
    pub expires_in_s: i64,
}

/// Makes the token. A signed one costs a signature and nothing in the database; an opaque one is a row.
///
/// # Errors
/// The database's, where the keys are read or the row is written; the signing library's.
pub async fn issue(site: &Site, new: New<'_>) -> Result<Made> {
    let directory = site.directory();
    let (client, now) = (new.client, directory.env().clock.now());
    let ends_at = now.plus_s(client.oidc.access_token_ttl_s);
    let ends_at = new.ends_by_s.map_or(ends_at, |by| ends_at.min(Micros(0).plus_s(by)));
    let claims = claims(site, &new, now, ends_at);
    let expires_in_s = ends_at.seconds() - now.seconds();
    let token = match client.oidc.access.access_token_format {
        AccessTokenFormat::Jwt => {
            let alg = client.oidc.id_token_signed_response_alg;
            let key = key::signing(directory, client.organization.id, alg).await?;
            key.sign(Some(TYPE), &claims).map_err(|error| Error::Internal(format!("signing a token: {error}")))?
        }
        AccessTokenFormat::Opaque => {
            let token = directory.env().secret();
            store::insert(directory, client, token.digest(), &Value::Object(claims), (now, ends_at)).await?;
            token.expose().to_owned()
        }
    };
    Ok(Made { token, expires_in_s })
}

/// RFC 9068 section 2.2.
fn claims(site: &Site, new: &New<'_>, now: Micros, ends_at: Micros) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("iss", site.issuer(&new.client.organization.slug).into());
    say("sub", new.subject.into());
    say("aud", if let [one] = new.audience { json!(one) } else { json!(new.audience) });
    say("client_id", json!(new.client.app.id));
    say("scope", json!(new.scope));
    say("iat", now.seconds().into());
    say("exp", ends_at.seconds().into());
    say("jti", json!(site.directory().env().id()));
    if let Some(grant) = new.grant {
        say("auth_time", grant.auth_at.seconds().into());
        say("sid", json!(grant.session));
        say("grant_id", json!(grant.id));
    }
    if let Some(acr) = new.acr {
        say("acr", acr.into());
    }
    if let Some(cnf) = new.holder.confirmation() {
        say("cnf", cnf);
    }
    if new.exchanged {
        say("exchanged", true.into());
    }
    if let Some(act) = new.act {
        say("act", act.clone());
    }
    claims
}
