//! Authentication by a signed assertion, `private_key_jwt` (RFC 7523 section 3).

use muster_base::Micros;
use muster_http::Site;
use muster_jose::{Alg, Verified, VerifyError, verify};
use muster_oauth::assertion::{self, Expected};

use super::{Client, refused};
use crate::error::Refusal;
use crate::key_set::{self, Wanted};
use crate::replay::{self, Kind};

/// Checks an assertion of this client, once.
pub async fn check(site: &Site, client: &Client, text: &str) -> Result<(), Refusal> {
    let verified = signed(site, client, text).await?;
    if !assertion::is_type(verified.header.typ.as_deref()) {
        return Err(refused("the client assertion is refused: its typ says that it is something else"));
    }
    let issuer = site.issuer(&client.organization.slug);
    // RFC 9126 section 2 asks for the last.
    let audiences = [issuer.clone(), format!("{issuer}/oauth2/token"), format!("{issuer}/oauth2/par")];
    let now = site.directory().env().clock.now();
    let client_id = client.id();
    let expected = Expected { client_id: &client_id, audiences: &audiences, now_s: now.seconds() };
    let checked = assertion::check(&verified.claims, &expected)?;
    let until = Micros(0).plus_s(checked.expires_at_s);
    if !replay::first(site, client.organization.id, Kind::Assertion, &client_id, &checked.jti, until).await? {
        return Err(refused("the client assertion was used before: make a new one for each request"));
    }
    Ok(())
}

/// The claims, if one of the client's keys signed them. A key that is not there is looked for once more where the client
/// publishes its keys: it may have changed them.
async fn signed(site: &Site, client: &Client, text: &str) -> Result<Verified, Refusal> {
    let registered = client.oidc.authentication.token_endpoint_auth_signing_alg.as_deref().and_then(Alg::parse);
    let only = registered.map(|alg| [alg]);
    let allowed = only.as_ref().map_or(&Alg::ALL[..], |one| &one[..]);
    let keys = key_set::of(site, client, Wanted::Kept).await.map_err(|why| refused(&why))?;
    let mut outcome = verify(text, &keys, allowed);
    let may_be_newer =
        matches!(outcome, Err(VerifyError::UnknownKid(_) | VerifyError::NoFittingKey(_) | VerifyError::Signature));
    if may_be_newer && client.oidc.authentication.jwks_uri.is_some() {
        let newer = key_set::of(site, client, Wanted::Newer).await.map_err(|why| refused(&why))?;
        if newer != keys {
            outcome = verify(text, &newer, allowed);
        }
    }
    outcome.map_err(|error| refused(&format!("the client assertion is refused: {error}")))
}
