//! Reads an ID token of ours back as a hint: who was signed in where. It may have expired (OpenID Connect Core 3.1.2.1,
//! RP-Initiated Logout section 2); it proves nothing but that we once issued it. An encrypted one is of no use as a hint:
//! the application decrypts it first (Core 3.1.2.1).

use muster_base::Id;
use muster_directory::application::subject;
use muster_directory::organization::Organization;
use muster_directory::{Result, application};
use muster_http::Site;
use serde_json::Value;

use crate::access_token::signed_by_us;
use crate::client;
use crate::issue::ID_TOKEN_TYPE;

/// What a hint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The person.
    pub user: Id,
    /// The application it was issued to.
    pub client_id: String,
}

/// The hint in a token; `None` when it is not an ID token that this organization's keys signed.
///
/// # Errors
/// The database's.
pub async fn read(site: &Site, organization: &Organization, token: &str) -> Result<Option<Hint>> {
    let Some(verified) = signed_by_us(site, organization, token).await? else { return Ok(None) };
    let text = |name: &str| verified.claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let typed = verified.header.typ.as_deref() == Some(ID_TOKEN_TYPE);
    let ours = typed && text("iss") == site.issuer(&organization.slug);
    if !ours {
        return Ok(None);
    }
    // The name is the application's own: who it means is read with its settings.
    let client = client::find(site, organization, text("aud")).await?;
    let settings = client.map_or_else(application::Oidc::default, |client| client.oidc.clone());
    let user = subject::user(site.directory(), organization.id, &settings, text("sub")).await?;
    Ok(user.map(|user| Hint { user, client_id: text("aud").to_owned() }))
}
