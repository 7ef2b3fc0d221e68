//! The statements on service accounts, their secrets and tokens.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::{Role, ServiceAccount};
use crate::{Directory, Error, Result, Source, Write};

sql! {
    SA_ALL = "SELECT org_id, id, name, role, disabled, created_at FROM service_accounts WHERE org_id = $1 ORDER BY id";
    SA_BY_ID = "SELECT org_id, id, name, role, disabled, created_at FROM service_accounts WHERE org_id = $1 AND id = $2";
    global SA_ORGANIZATION = "SELECT org_id FROM service_accounts WHERE id = $1";
    SA_INSERT = "INSERT INTO service_accounts (org_id, id, name, role, disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    SA_UPDATE = "UPDATE service_accounts SET name = $3, role = $4, disabled = $5 WHERE org_id = $1 AND id = $2";
    SA_DELETE = "DELETE FROM service_accounts WHERE org_id = $1 AND id = $2";
    SA_SECRETS = "SELECT id, digest, created_at, expires_at FROM service_account_secrets WHERE org_id = $1 AND account_id = $2 ORDER BY id";
    SA_SECRET_INSERT = "INSERT INTO service_account_secrets (org_id, account_id, id, digest, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    SA_SECRET_DELETE = "DELETE FROM service_account_secrets WHERE org_id = $1 AND account_id = $2 AND id = $3";
    SA_TOKEN_INSERT = "INSERT INTO service_account_tokens (org_id, digest, account_id, secret_id, expires_at) VALUES ($1, $2, $3, $4, $5)";
    /// Whose token it is: the one look-up that does not know the organization yet.
    global SA_BY_TOKEN = "SELECT a.org_id, a.id, a.name, a.role, a.disabled, a.created_at FROM service_account_tokens t \
                          JOIN service_accounts a ON a.org_id = t.org_id AND a.id = t.account_id WHERE t.digest = $1 AND t.expires_at > $2";
    global SA_TOKEN_PRUNE = "DELETE FROM service_account_tokens WHERE expires_at < $1";
}

impl FromRow for ServiceAccount {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let role = row.str(3)?;
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            name: row.text(2)?,
            role: Role::from_word(role).ok_or_else(|| DbError::Internal(format!("service_accounts.role: {role}")))?,
            disabled: row.bool(4)?,
            created_at: row.micros(5)?,
        })
    }
}

/// A secret as it is kept.
#[derive(Clone, Debug)]
pub struct KeptSecret {
    /// The id.
    pub id: Id,
    /// SHA-256.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
}

impl FromRow for KeptSecret {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { id: row.id(0)?, digest: row.digest(1)?, created_at: row.micros(2)?, expires_at: row.micros(3)? })
    }
}

/// All service accounts in the order in which they were made.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<ServiceAccount>> {
    Ok(s.all(&SA_ALL, &[(&org).into()]).await?)
}

/// A service account by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<ServiceAccount> {
    s.first(&SA_BY_ID, &[(&org).into(), (&id).into()]).await?.ok_or(Error::Missing("service account"))
}

/// The organization of a service account.
///
/// # Errors
/// The database's.
pub async fn organization_of(s: &mut impl Source, id: Id) -> Result<Option<Id>> {
    Ok(s.first::<(Id,)>(&SA_ORGANIZATION, &[(&id).into()]).await?.map(|(org,)| org))
}

/// The secrets of a service account, the oldest first.
///
/// # Errors
/// The database's.
pub async fn secrets(s: &mut impl Source, org: Id, id: Id) -> Result<Vec<KeptSecret>> {
    Ok(s.all(&SA_SECRETS, &[(&org).into(), (&id).into()]).await?)
}

/// Whose token this is, disabled or not.
///
/// # Errors
/// The database's.
pub async fn by_token(s: &mut impl Source, token: Digest, now: Micros) -> Result<Option<ServiceAccount>> {
    Ok(s.first(&SA_BY_TOKEN, &[(&token).into(), now.into()]).await?)
}

pub(super) async fn insert(w: &mut Write<'_>, account: &ServiceAccount) -> Result<()> {
    let params: [V<'_>; 6] = [
        (&account.org).into(),
        (&account.id).into(),
        account.name.as_str().into(),
        account.role.word().into(),
        account.disabled.into(),
        account.created_at.into(),
    ];
    w.exec(&SA_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn update(w: &mut Write<'_>, account: &ServiceAccount) -> Result<()> {
    let params: [V<'_>; 5] = [
        (&account.org).into(),
        (&account.id).into(),
        account.name.as_str().into(),
        account.role.word().into(),
        account.disabled.into(),
    ];
    w.exec(&SA_UPDATE, &params).await?;
    Ok(())
}

pub(super) async fn delete(w: &mut Write<'_>, id: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&SA_DELETE, &[(&org).into(), (&id).into()]).await?)
}

pub(super) async fn insert_secret(w: &mut Write<'_>, account: Id, secret: &KeptSecret) -> Result<()> {
    let org = w.org();
    let params: [V<'_>; 6] = [
        (&org).into(),
        (&account).into(),
        (&secret.id).into(),
        (&secret.digest).into(),
        secret.created_at.into(),
        secret.expires_at.into(),
    ];
    w.exec(&SA_SECRET_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn delete_secret(w: &mut Write<'_>, account: Id, id: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&SA_SECRET_DELETE, &[(&org).into(), (&account).into(), (&id).into()]).await?)
}

/// Keeps a token that a secret brought.
pub(super) async fn insert_token(
    directory: &Directory,
    account: &ServiceAccount,
    secret: Id,
    token: Digest,
    expires_at: Micros,
) -> Result<()> {
    let params = [(&account.org).into(), (&token).into(), (&account.id).into(), (&secret).into(), expires_at.into()];
    directory.db().exec(&SA_TOKEN_INSERT, &params).await?;
    Ok(())
}

/// Removes tokens that have ended; tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    Ok(directory.db().exec(&SA_TOKEN_PRUNE, &[now.into()]).await?)
}
