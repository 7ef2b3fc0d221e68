//! Persistent names (SAML core section 8.3.7): random, the same for ever for one person and application, so that two
//! applications cannot find out that they know the same person.

use muster_base::Id;
use muster_db::sql;
use muster_directory::{Directory, Error, Result};

sql! {
    SAML_NAME = "SELECT name FROM saml_names WHERE org_id = $1 AND app_id = $2 AND user_id = $3";
    SAML_NAME_ADD = "INSERT INTO saml_names (org_id, app_id, user_id, name, created_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (org_id, app_id, user_id) DO NOTHING";
}

/// The name, if one was given already.
///
/// # Errors
/// The database's.
pub async fn given(directory: &Directory, org: Id, app: Id, user: Id) -> Result<Option<String>> {
    let found: Option<(String,)> =
        directory.read().first(&SAML_NAME, &[(&org).into(), (&app).into(), (&user).into()]).await?;
    Ok(found.map(|(name,)| name))
}

/// The name; the first use gives it. Of two at once, one is kept.
///
/// # Errors
/// The database's.
pub async fn persistent(directory: &Directory, org: Id, app: Id, user: Id) -> Result<String> {
    if let Some(name) = given(directory, org, app, user).await? {
        return Ok(name);
    }
    let (name, now) = (format!("_{}", directory.env().secret().expose()), directory.env().clock.now());
    let params = [(&org).into(), (&app).into(), (&user).into(), name.into(), now.into()];
    directory.db().exec(&SAML_NAME_ADD, &params).await?;
    given(directory, org, app, user).await?.ok_or_else(|| Error::Internal("a persistent name was not kept".into()))
}
