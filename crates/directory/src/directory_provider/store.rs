//! The statements on directory providers and their tokens.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::model::Doc;
use super::{DirectoryProvider, ProviderType};
use crate::{Directory, Error, Result, Source, Write};

/// A use is noted once in so many microseconds.
const SEEN_EVERY: i64 = 60 * 1_000_000;

sql! {
    DP_ALL = "SELECT org_id, id, name, type, doc, recognized_caller, last_request_at, created_at FROM directory_providers \
              WHERE org_id = $1 ORDER BY name_norm, id";
    DP_BY_ID = "SELECT org_id, id, name, type, doc, recognized_caller, last_request_at, created_at FROM directory_providers \
                WHERE org_id = $1 AND id = $2";
    DP_GIVING_ROLES = "SELECT org_id, id, name, type, doc, recognized_caller, last_request_at, created_at FROM directory_providers \
                       WHERE org_id = $1 AND gives_roles = 1 ORDER BY id";
    DP_INSERT = "INSERT INTO directory_providers (org_id, id, name, name_norm, type, doc, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DP_UPDATE = "UPDATE directory_providers SET name = $3, name_norm = $4, doc = $5, gives_roles = $6 WHERE org_id = $1 AND id = $2";
    DP_SEEN = "UPDATE directory_providers SET recognized_caller = $3, last_request_at = $4 WHERE org_id = $1 AND id = $2";
    DP_DELETE = "DELETE FROM directory_providers WHERE org_id = $1 AND id = $2";
    DP_TOKENS = "SELECT id, created_at, last_used_at, expires_at FROM directory_provider_tokens \
                 WHERE org_id = $1 AND provider_id = $2 AND (expires_at IS NULL OR expires_at > $3) ORDER BY created_at, id";
    DP_TOKEN_INSERT = "INSERT INTO directory_provider_tokens (org_id, provider_id, id, digest, created_at) VALUES ($1, $2, $3, $4, $5)";
    DP_TOKEN_DELETE = "DELETE FROM directory_provider_tokens WHERE org_id = $1 AND provider_id = $2 AND id = $3";
    DP_TOKEN_END = "UPDATE directory_provider_tokens SET expires_at = $3 \
                    WHERE org_id = $1 AND provider_id = $2 AND (expires_at IS NULL OR expires_at > $3)";
    DP_TOKEN_PRUNE = "DELETE FROM directory_provider_tokens WHERE org_id = $1 AND provider_id = $2 AND expires_at <= $3";
    DP_TOKEN_SEEN = "UPDATE directory_provider_tokens SET last_used_at = $4 WHERE org_id = $1 AND provider_id = $2 AND id = $3";
    /// The same of one of which it is known whose it was.
    DP_OF_TOKEN = "SELECT p.org_id, p.id, p.name, p.type, p.doc, p.recognized_caller, p.last_request_at, p.created_at \
                   FROM directory_provider_tokens t JOIN directory_providers p ON p.org_id = t.org_id AND p.id = t.provider_id \
                   WHERE t.org_id = $1 AND t.provider_id = $2 AND t.digest = $3 AND (t.expires_at IS NULL OR t.expires_at > $4)";
    /// Whose token it is: the one look-up that does not know the organization yet.
    global DP_BY_TOKEN = "SELECT p.org_id, p.id, p.name, p.type, p.doc, p.recognized_caller, p.last_request_at, p.created_at, \
                          t.id, t.created_at, t.last_used_at, t.expires_at \
                          FROM directory_provider_tokens t JOIN directory_providers p ON p.org_id = t.org_id AND p.id = t.provider_id \
                          WHERE t.digest = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)";
}

impl FromRow for DirectoryProvider {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("directory_providers.{what}"));
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            name: row.text(2)?,
            kind: ProviderType::from_word(row.str(3)?).ok_or_else(|| wrong("type"))?,
            doc: serde_json::from_str::<Doc>(row.str(4)?).map_err(|_| wrong("doc"))?,
            recognized_caller: row.opt_text(5)?,
            last_request_at: row.opt_micros(6)?,
            created_at: row.micros(7)?,
        })
    }
}

/// A token as it is kept, but for its digest.
#[derive(Clone, Debug)]
pub struct KeptToken {
    /// The id.
    pub id: Id,
    /// When it was made.
    pub created_at: Micros,
    /// When it was shown last, to the minute.
    pub last_used_at: Option<Micros>,
    /// When it ends, if it does.
    pub expires_at: Option<Micros>,
}

impl FromRow for KeptToken {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        kept(row, 0)
    }
}

fn kept(row: &Row<'_>, at: usize) -> Result<KeptToken, DbError> {
    Ok(KeptToken {
        id: row.id(at)?,
        created_at: row.micros(at + 1)?,
        last_used_at: row.opt_micros(at + 2)?,
        expires_at: row.opt_micros(at + 3)?,
    })
}

/// Who showed a token.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The directory provider, active or not.
    pub provider: DirectoryProvider,
    /// The token.
    pub token: KeptToken,
}

impl FromRow for Shown {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { provider: DirectoryProvider::from_row(row)?, token: kept(row, 8)? })
    }
}

/// All directory providers in the order of their names.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<DirectoryProvider>> {
    Ok(s.all(&DP_ALL, &[(&org).into()]).await?)
}

/// Those of which a mapping gives an administrator's role.
///
/// # Errors
/// The database's.
pub async fn giving_roles(s: &mut impl Source, org: Id) -> Result<Vec<DirectoryProvider>> {
    Ok(s.all(&DP_GIVING_ROLES, &[(&org).into()]).await?)
}

/// A directory provider by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<DirectoryProvider> {
    s.first(&DP_BY_ID, &[(&org).into(), (&id).into()]).await?.ok_or(Error::Missing("directory provider"))
}

/// The tokens that hold, the oldest first.
///
/// # Errors
/// The database's.
pub async fn tokens(s: &mut impl Source, org: Id, provider: Id, now: Micros) -> Result<Vec<KeptToken>> {
    Ok(s.all(&DP_TOKENS, &[(&org).into(), (&provider).into(), now.into()]).await?)
}

/// Whose token this is, while it holds.
///
/// # Errors
/// The database's.
pub async fn by_token(s: &mut impl Source, token: Digest, now: Micros) -> Result<Option<Shown>> {
    Ok(s.first(&DP_BY_TOKEN, &[(&token).into(), now.into()]).await?)
}

/// The directory provider, if this is one of its tokens still.
///
/// # Errors
/// The database's.
pub(crate) async fn of_token(w: &mut Write<'_>, id: Id, token: Digest) -> Result<Option<DirectoryProvider>> {
    let (org, now) = (w.org(), w.now());
    Ok(w.first(&DP_OF_TOKEN, &[(&org).into(), (&id).into(), (&token).into(), now.into()]).await?)
}

/// Notes that a token was used, and by whom it seems; not more than once a minute.
///
/// # Errors
/// The database's.
pub async fn seen(directory: &Directory, shown: &Shown, caller: Option<&str>) -> Result<()> {
    let (now, provider) = (directory.env().clock.now(), &shown.provider);
    let caller = caller.or(provider.recognized_caller.as_deref());
    let (org, id) = (provider.org, provider.id);
    let is_old = |at: Option<Micros>| at.is_none_or(|Micros(at)| now.0 - at >= SEEN_EVERY);
    if is_old(provider.last_request_at) || caller != provider.recognized_caller.as_deref() {
        directory.db().exec(&DP_SEEN, &[(&org).into(), (&id).into(), caller.into(), now.into()]).await?;
    }
    if is_old(shown.token.last_used_at) {
        let params = [(&org).into(), (&id).into(), (&shown.token.id).into(), now.into()];
        directory.db().exec(&DP_TOKEN_SEEN, &params).await?;
    }
    Ok(())
}

pub(super) async fn insert(w: &mut Write<'_>, provider: &DirectoryProvider) -> Result<()> {
    let params: [V<'_>; 7] = [
        (&provider.org).into(),
        (&provider.id).into(),
        provider.name.as_str().into(),
        provider.name.to_lowercase().into(),
        provider.kind.word().into(),
        doc(provider).into(),
        provider.created_at.into(),
    ];
    w.exec(&DP_INSERT, &params).await.map_err(unique)?;
    Ok(())
}

pub(super) async fn update(w: &mut Write<'_>, provider: &DirectoryProvider) -> Result<()> {
    let params: [V<'_>; 6] = [
        (&provider.org).into(),
        (&provider.id).into(),
        provider.name.as_str().into(),
        provider.name.to_lowercase().into(),
        doc(provider).into(),
        provider.doc.role_mappings.iter().any(|mapping| mapping.role.is_some()).into(),
    ];
    w.exec(&DP_UPDATE, &params).await.map_err(unique)?;
    Ok(())
}

fn doc(provider: &DirectoryProvider) -> String {
    serde_json::to_string(&provider.doc).unwrap_or_default()
}

fn unique(error: DbError) -> Error {
    if error.is_unique_on("name_norm") {
        Error::Conflict("name: another directory provider of this organization has this name".into())
    } else {
        error.into()
    }
}

pub(super) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    w.exec(&DP_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}

pub(super) async fn insert_token(w: &mut Write<'_>, provider: Id, token: Id, digest: Digest) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let params = [(&org).into(), (&provider).into(), (&token).into(), (&digest).into(), now.into()];
    w.exec(&DP_TOKEN_INSERT, &params).await?;
    Ok(())
}

/// Lets every token end by then.
pub(super) async fn end_tokens(w: &mut Write<'_>, provider: Id, at: Micros) -> Result<()> {
    let org = w.org();
    w.exec(&DP_TOKEN_END, &[(&org).into(), (&provider).into(), at.into()]).await?;
    Ok(())
}

/// Drops the tokens that have ended.
pub(super) async fn prune_tokens(w: &mut Write<'_>, provider: Id) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&DP_TOKEN_PRUNE, &[(&org).into(), (&provider).into(), now.into()]).await?;
    Ok(())
}

pub(super) async fn delete_token(w: &mut Write<'_>, provider: Id, token: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&DP_TOKEN_DELETE, &[(&org).into(), (&provider).into(), (&token).into()]).await?)
}
