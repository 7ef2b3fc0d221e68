//! A service account shows its secret and gets a token.

use muster_base::{Id, Secret};

use super::model::CLIENT_ID_PREFIX;
use super::store;
use crate::{Directory, Result};

/// How long a token lives, in seconds.
pub const TTL_S: i64 = 3600;

/// Gives a token for a secret; `None` for an unknown account, one that is disabled, and a wrong secret or one that ended.
///
/// # Errors
/// The database's.
pub async fn issue(directory: &Directory, client_id: &str, secret: &Secret) -> Result<Option<Secret>> {
    let id = client_id.strip_prefix(CLIENT_ID_PREFIX).and_then(|id| id.parse::<Id>().ok());
    let Some(id) = id.filter(|id| client_id.ends_with(&id.text())) else { return Ok(None) };
    let (mut read, now) = (directory.read(), directory.env().clock.now());
    let Some(org) = store::organization_of(&mut read, id).await? else { return Ok(None) };
    let account = store::get(&mut read, org, id).await?;
    let digest = secret.digest();
    let mut shown = None;
    // Every kept one is compared, in constant time.
    for kept in store::secrets(&mut read, org, id).await? {
        if muster_base::secret::same(&kept.digest, &digest) && now < kept.expires_at {
            shown = Some(kept);
        }
    }
    let Some(shown) = shown.filter(|_| !account.disabled) else { return Ok(None) };
    let token = directory.env().secret();
    let expires_at = now.plus_s(TTL_S).min(shown.expires_at);
    store::insert_token(directory, &account, shown.id, token.digest(), expires_at).await?;
    Ok(Some(token))
}
