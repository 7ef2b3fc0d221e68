//! The statements on administrators. They belong to the installation, so the look-ups are global; what binds them to
//! organizations is `administrator_organizations`.

use muster_base::{Digest, Email, Id, Micros, Secret};
use muster_db::{Error as DbError, FromRow, Row, Tx, sql};

use super::Administrator;
use crate::{Error, Result, Source, Write};

sql! {
    global ADMIN_BY_ID = "SELECT a.id, a.email, a.firstname, a.lastname, a.provider_id, a.password_hash, a.suspended, a.created_at, k.prefix, k.created_at \
                    FROM administrators a LEFT JOIN api_keys k ON k.admin_id = a.id WHERE a.id = $1";
    global ADMIN_BY_EMAIL = "SELECT a.id, a.email, a.firstname, a.lastname, a.provider_id, a.password_hash, a.suspended, a.created_at, k.prefix, k.created_at \
                       FROM administrators a LEFT JOIN api_keys k ON k.admin_id = a.id WHERE a.email_norm = $1";
    global ADMIN_BY_KEY = "SELECT a.id, a.email, a.firstname, a.lastname, a.provider_id, a.password_hash, a.suspended, a.created_at, k.prefix, k.created_at \
                     FROM api_keys k JOIN administrators a ON a.id = k.admin_id WHERE k.digest = $1";
    ADMIN_OF_ORGANIZATION = "SELECT a.id, a.email, a.firstname, a.lastname, a.provider_id, a.password_hash, a.suspended, a.created_at, k.prefix, k.created_at \
                       FROM administrators a LEFT JOIN api_keys k ON k.admin_id = a.id \
                       JOIN administrator_organizations o ON o.admin_id = a.id WHERE o.org_id = $1 ORDER BY a.email_norm";
    /// The organizations an administrator reaches: those given, and those of their provider.
    global ADMIN_ORGANIZATIONS = "SELECT o.id FROM organizations o WHERE o.id IN (SELECT org_id FROM administrator_organizations WHERE admin_id = $1) \
                            OR o.provider_id = (SELECT provider_id FROM administrators WHERE id = $1) ORDER BY o.id";
    global ADMIN_REACHES = "SELECT count(*) FROM organizations o WHERE o.id = $2 AND (o.id IN (SELECT org_id FROM administrator_organizations WHERE admin_id = $1) \
                      OR o.provider_id = (SELECT provider_id FROM administrators WHERE id = $1))";
    global ADMIN_INSERT = "INSERT INTO administrators (id, email, email_norm, firstname, lastname, provider_id, password_hash, suspended, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)";
    global ADMIN_UPDATE = "UPDATE administrators SET email = $2, email_norm = $3, firstname = $4, lastname = $5, password_hash = $6, suspended = $7 WHERE id = $1";
    global ADMIN_DELETE = "DELETE FROM administrators WHERE id = $1";
    ADMIN_GRANT = "INSERT INTO administrator_organizations (org_id, admin_id, role) VALUES ($1, $2, $3) ON CONFLICT (org_id, admin_id) DO NOTHING";
    ADMIN_REVOKE = "DELETE FROM administrator_organizations WHERE org_id = $1 AND admin_id = $2";
    global ADMIN_GRANTS_LEFT = "SELECT count(*) FROM administrator_organizations WHERE admin_id = $1";
    ADMIN_GRANTED = "SELECT count(*) FROM administrator_organizations WHERE org_id = $1 AND admin_id = $2";
    /// Who else could go on: a suspended one could not.
    ADMIN_OTHERS_ACTIVE = "SELECT count(*) FROM administrator_organizations o JOIN administrators a ON a.id = o.admin_id \
                           WHERE o.org_id = $1 AND o.admin_id <> $2 AND a.suspended = 0";
    global ADMIN_TOKEN_TAKE = "DELETE FROM administrator_tokens WHERE digest = $1 AND expires_at > $2 RETURNING admin_id";
    ADMIN_COUNT = "SELECT count(*) FROM administrator_organizations WHERE org_id = $1";
    global ADMIN_KEY_SET = "INSERT INTO api_keys (admin_id, digest, prefix, created_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (admin_id) DO UPDATE SET digest = $2, prefix = $3, created_at = $4";
    global ADMIN_KEY_DELETE = "DELETE FROM api_keys WHERE admin_id = $1";
    global ADMIN_TOKEN_INSERT = "INSERT INTO administrator_tokens (digest, admin_id, purpose, expires_at) VALUES ($1, $2, $3, $4)";
    /// The link of one who is kept out rests until they are let in again.
    global ADMIN_TOKEN_FIND = "SELECT t.admin_id FROM administrator_tokens t JOIN administrators a ON a.id = t.admin_id \
                         WHERE t.digest = $1 AND t.expires_at > $2 AND a.suspended = 0";
    global ADMIN_TOKENS_DROP = "DELETE FROM administrator_tokens WHERE admin_id = $1";
}

impl FromRow for Administrator {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id(0)?,
            email: row.text(1)?,
            firstname: row.text(2)?,
            lastname: row.text(3)?,
            provider_id: row.opt_id(4)?,
            password_hash: row.opt_text(5)?,
            suspended: row.bool(6)?,
            created_at: row.micros(7)?,
            api_key: match (row.opt_text(8)?, row.opt_micros(9)?) {
                (Some(prefix), Some(at)) => Some((prefix, at)),
                _ => None,
            },
        })
    }
}

/// An administrator by id.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, id: Id) -> Result<Administrator> {
    s.first(&ADMIN_BY_ID, &[(&id).into()]).await?.ok_or(Error::Missing("administrator"))
}

/// An administrator by e-mail.
///
/// # Errors
/// The database's.
pub async fn by_email(s: &mut impl Source, email: &Email) -> Result<Option<Administrator>> {
    Ok(s.first(&ADMIN_BY_EMAIL, &[email.normal().into()]).await?)
}

/// Whose API key this is.
///
/// # Errors
/// The database's.
pub async fn by_api_key(s: &mut impl Source, key: &Secret) -> Result<Option<Administrator>> {
    Ok(s.first(&ADMIN_BY_KEY, &[key.digest().into()]).await?)
}

/// The administrators that were given this organization, in the order of their e-mails.
///
/// # Errors
/// The database's.
pub async fn of_organization(s: &mut impl Source, org: Id) -> Result<Vec<Administrator>> {
    Ok(s.all(&ADMIN_OF_ORGANIZATION, &[(&org).into()]).await?)
}

/// How many administrators were given this organization.
///
/// # Errors
/// The database's.
pub async fn count(s: &mut impl Source, org: Id) -> Result<i64> {
    Ok(s.first::<(i64,)>(&ADMIN_COUNT, &[(&org).into()]).await?.map_or(0, |(n,)| n))
}

/// Whether an administrator was given this organization.
///
/// # Errors
/// The database's.
pub async fn is_granted(s: &mut impl Source, org: Id, admin: Id) -> Result<bool> {
    Ok(s.first::<(i64,)>(&ADMIN_GRANTED, &[(&org).into(), (&admin).into()]).await?.is_some_and(|(n,)| n > 0))
}

/// How many others were given this organization and are not suspended.
pub(crate) async fn others_active(w: &mut Write<'_>, admin: Id) -> Result<i64> {
    let org = w.org();
    Ok(w.first::<(i64,)>(&ADMIN_OTHERS_ACTIVE, &[(&org).into(), (&admin).into()]).await?.map_or(0, |(n,)| n))
}

/// The organizations that an administrator reaches.
///
/// # Errors
/// The database's.
pub async fn organizations(s: &mut impl Source, admin: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&ADMIN_ORGANIZATIONS, &[(&admin).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether an administrator reaches this organization.
///
/// # Errors
/// The database's.
pub async fn reaches(s: &mut impl Source, admin: Id, org: Id) -> Result<bool> {
    Ok(s.first::<(i64,)>(&ADMIN_REACHES, &[(&admin).into(), (&org).into()]).await?.is_some_and(|(n,)| n > 0))
}

pub(crate) async fn insert(tx: &mut Tx, admin: &Administrator) -> Result<()> {
    tx.exec(
        &ADMIN_INSERT,
        &[
            (&admin.id).into(),
            admin.email.as_str().into(),
            admin.email.to_lowercase().into(),
            admin.firstname.as_str().into(),
            admin.lastname.as_str().into(),
            admin.provider_id.into(),
            admin.password_hash.as_deref().into(),
            admin.created_at.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

pub(crate) async fn update(tx: &mut Tx, admin: &Administrator) -> Result<()> {
    tx.exec(
        &ADMIN_UPDATE,
        &[
            (&admin.id).into(),
            admin.email.as_str().into(),
            admin.email.to_lowercase().into(),
            admin.firstname.as_str().into(),
            admin.lastname.as_str().into(),
            admin.password_hash.as_deref().into(),
            admin.suspended.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

fn unique(error: DbError) -> Error {
    if error.is_unique_on("email_norm") {
        Error::Conflict("email: another administrator of this installation has this e-mail".into())
    } else {
        error.into()
    }
}

pub(crate) async fn grant(w: &mut Write<'_>, admin: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&ADMIN_GRANT, &[(&org).into(), (&admin).into(), super::model::ROLE.into()]).await?)
}

pub(crate) async fn revoke(w: &mut Write<'_>, admin: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&ADMIN_REVOKE, &[(&org).into(), (&admin).into()]).await?)
}

pub(crate) async fn delete_if_unbound(w: &mut Write<'_>, admin: &Administrator) -> Result<()> {
    let left: Option<(i64,)> = w.first(&ADMIN_GRANTS_LEFT, &[(&admin.id).into()]).await?;
    if admin.provider_id.is_none() && left.is_none_or(|(n,)| n == 0) {
        w.exec(&ADMIN_DELETE, &[(&admin.id).into()]).await?;
    }
    Ok(())
}

pub(crate) async fn set_key(tx: &mut Tx, admin: Id, digest: Digest, prefix: &str, now: Micros) -> Result<()> {
    tx.exec(&ADMIN_KEY_SET, &[(&admin).into(), digest.into(), prefix.into(), now.into()]).await?;
    Ok(())
}

pub(crate) async fn delete_key(tx: &mut Tx, admin: Id) -> Result<u64> {
    Ok(tx.exec(&ADMIN_KEY_DELETE, &[(&admin).into()]).await?)
}

pub(crate) async fn insert_token(tx: &mut Tx, admin: Id, token: &Secret, purpose: &str, until: Micros) -> Result<()> {
    tx.exec(&ADMIN_TOKEN_INSERT, &[token.digest().into(), (&admin).into(), purpose.into(), until.into()]).await?;
    Ok(())
}

/// Whose link to set a password this is.
///
/// # Errors
/// The database's.
pub async fn by_token(s: &mut impl Source, token: &Secret, now: Micros) -> Result<Option<Id>> {
    let row: Option<(Id,)> = s.first(&ADMIN_TOKEN_FIND, &[token.digest().into(), now.into()]).await?;
    Ok(row.map(|(id,)| id))
}

/// Uses a link up: of two uses at once, one is told whose it is.
pub(crate) async fn take_token(tx: &mut Tx, token: &Secret, now: Micros) -> Result<Option<Id>> {
    let row: Option<(Id,)> = tx.first(&ADMIN_TOKEN_TAKE, &[token.digest().into(), now.into()]).await?;
    Ok(row.map(|(id,)| id))
}

pub(crate) async fn drop_tokens(tx: &mut Tx, admin: Id) -> Result<()> {
    tx.exec(&ADMIN_TOKENS_DROP, &[(&admin).into()]).await?;
    Ok(())
}
