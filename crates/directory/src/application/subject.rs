//! How an application names a person: the person's id, or a pairwise name that no application of another sector can
//! compare (OpenID Connect Core section 8). Both ways, so that a name that comes back is understood.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use muster_base::Id;
use muster_db::sql;
use muster_jose::SubjectKey;

use super::Oidc;
use crate::{Directory, Error, Result};

sql! {
    PAIRWISE_KEY = "SELECT sealed FROM pairwise_keys WHERE org_id = $1";
    /// Of two at once, the first stays.
    PAIRWISE_KEY_INSERT = "INSERT INTO pairwise_keys (org_id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (org_id) DO NOTHING";
}

/// The keys of organizations in use; they never change.
#[derive(Default)]
pub(crate) struct Cache(RwLock<HashMap<Id, SubjectKey>>);

/// The `sub` of a person for an application.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open the organization's key, or when a sector cannot
/// be told (the settings are refused where they are saved).
pub async fn of(directory: &Directory, org: Id, oidc: &Oidc, user: Id) -> Result<String> {
    if !oidc.tokens.is_pairwise() {
        return Ok(user.text());
    }
    let sector = oidc.tokens.sector(&oidc.redirect_uris).ok_or_else(|| Error::Internal("no sector".into()))?;
    let name = key(directory, org).await?.name(&sector, user.bytes());
    name.ok_or_else(|| Error::Internal("a pairwise subject could not be made".into()))
}

/// The person whom an application means by a `sub`; `None` when it is not one of its names. Whether there is such a
/// person is for the caller to look up.
///
/// # Errors
/// As [`of`].
pub async fn user(directory: &Directory, org: Id, oidc: &Oidc, subject: &str) -> Result<Option<Id>> {
    if !oidc.tokens.is_pairwise() {
        return Ok(subject.parse().ok().filter(|id: &Id| id.text() == subject));
    }
    let Some(sector) = oidc.tokens.sector(&oidc.redirect_uris) else { return Ok(None) };
    Ok(key(directory, org).await?.id(&sector, subject).map(Id::from_bytes))
}

fn purpose(org: Id) -> String {
    format!("pairwise_key:{org}")
}

async fn key(directory: &Directory, org: Id) -> Result<SubjectKey> {
    let cache = &directory.subject_cache().0;
    if let Some(key) = cache.read().unwrap_or_else(PoisonError::into_inner).get(&org) {
        return Ok(key.clone());
    }
    let sealed = match kept(directory, org).await? {
        Some(sealed) => sealed,
        None => {
            let env = directory.env();
            let fresh = env.secret().digest();
            let sealed = directory.keyring().seal(&purpose(org), &fresh, &env.rng);
            let params = [(&org).into(), sealed.into(), env.clock.now().into()];
            directory.db().exec(&PAIRWISE_KEY_INSERT, &params).await?;
            kept(directory, org).await?.ok_or(Error::Missing("organization"))?
        }
    };
    let plain = directory.keyring().open(&purpose(org), &sealed).map_err(|e| Error::Internal(e.to_string()))?;
    let bytes = plain.as_slice().try_into().map_err(|_| Error::Internal("a pairwise key of a wrong length".into()))?;
    let key = SubjectKey::new(bytes);
    cache.write().unwrap_or_else(PoisonError::into_inner).insert(org, key.clone());
    Ok(key)
}

async fn kept(directory: &Directory, org: Id) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = directory.db().first(&PAIRWISE_KEY, &[(&org).into()]).await?;
    Ok(row.map(|(sealed,)| sealed))
}
