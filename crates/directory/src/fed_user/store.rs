//! The statements on people whom directories feed.

use std::collections::BTreeSet;

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Sql, V, sql};

use super::{Fed, Feed};
use crate::source::like;
use crate::user::User;
use crate::{Error, Result, Source, Write};

/// A select of people with their bond to a provider, `l`.
macro_rules! fed {
    ($rest:literal) => {
        concat!(
            "SELECT u.org_id, u.id, u.username, u.email, u.state, u.profile, u.password_hash, u.password_at, \
             u.password_expired, u.created_at, u.tokens_from, l.provider_id, l.external_id, l.made_here, l.doc, l.version, \
             l.created_at, l.updated_at, l.keeps_password FROM fed_users l JOIN users u ON u.org_id = l.org_id AND u.id = l.user_id \
             WHERE l.org_id = $1 AND l.provider_id = $2 ",
            $rest
        )
    };
}

sql! {
    FED_USER_BY_ID = fed!("AND l.user_id = $3");
    FED_USER_BY_EXTERNAL = fed!("AND l.external_id = $3");
    FED_USER_BY_USERNAME = fed!("AND u.username_norm = $3");
    FED_USER_BY_EMAIL = fed!("AND l.user_id IN (SELECT user_id FROM fed_user_emails WHERE org_id = $1 AND provider_id = $2 AND email_norm = $3)");
    FED_USER_PAGE = fed!("AND l.user_id > $3 ORDER BY l.user_id LIMIT $4");
    /// The ids are counted off in the index alone.
    FED_USER_AT = fed!("AND l.user_id IN (SELECT user_id FROM fed_users WHERE org_id = $1 AND provider_id = $2 \
                        ORDER BY user_id LIMIT $3 OFFSET $4) ORDER BY l.user_id");
    FED_USER_SINCE = fed!("AND l.updated_at >= $3 AND l.user_id > $4 ORDER BY l.user_id LIMIT $5");
    FED_USER_NAMED = fed!("AND u.search LIKE $3 ESCAPE '\\' ORDER BY u.username_norm LIMIT $4 OFFSET $5");
    FED_USER_NAMED_COUNT = "SELECT count(*) FROM fed_users l JOIN users u ON u.org_id = l.org_id AND u.id = l.user_id \
                            WHERE l.org_id = $1 AND l.provider_id = $2 AND u.search LIKE $3 ESCAPE '\\'";
    FED_USER_COUNT = "SELECT count(*) FROM fed_users WHERE org_id = $1 AND provider_id = $2";
    FED_USER_KNOWN = "SELECT user_id FROM fed_users WHERE org_id = $1 AND provider_id = $2 AND user_id IN {each $3}";
    FED_USER_OF_EXTERNALS = "SELECT external_id, user_id FROM fed_users WHERE org_id = $1 AND provider_id = $2 AND external_id IN {each $3}";
    /// From the providers, of whom there are few, and so by the key by which the person was read: by the person alone it would be
    /// another page of the file.
    FED_USER_FEEDERS = "SELECT p.id, p.name, p.doc FROM directory_providers p WHERE p.org_id = $1 AND EXISTS (SELECT 1 FROM fed_users l \
                        WHERE l.org_id = $1 AND l.provider_id = p.id AND l.user_id = $2) ORDER BY p.id";
    FED_USER_INSERT = "INSERT INTO fed_users (org_id, provider_id, user_id, external_id, made_here, doc, version, created_at, updated_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
    FED_USER_UPDATE = "UPDATE fed_users SET external_id = $4, doc = $5, version = version + 1, updated_at = $6 \
                       WHERE org_id = $1 AND provider_id = $2 AND user_id = $3";
    /// The same where its own name for the person stays: the index of those names is not touched.
    FED_USER_UPDATE_DOC = "UPDATE fed_users SET doc = $4, version = version + 1, updated_at = $5 \
                           WHERE org_id = $1 AND provider_id = $2 AND user_id = $3";
    /// Whoever has a password and is not kept off it by anybody.
    FED_USER_KEEP_PASSWORDS = "UPDATE fed_users SET keeps_password = 1 WHERE org_id = $1 AND provider_id = $2 AND EXISTS (SELECT 1 FROM users u \
                               WHERE u.org_id = fed_users.org_id AND u.id = fed_users.user_id AND u.password_hash IS NOT NULL \
                               AND u.profile NOT LIKE '%\"field\":\"password\"%')";
    FED_USER_DELETE = "DELETE FROM fed_users WHERE org_id = $1 AND provider_id = $2 AND user_id = $3";
    FED_USER_EMAILS = "SELECT email_norm FROM fed_user_emails WHERE org_id = $1 AND provider_id = $2 AND user_id = $3";
    FED_USER_EMAILS_DELETE = "DELETE FROM fed_user_emails WHERE org_id = $1 AND provider_id = $2 AND user_id = $3";
    FED_USER_EMAILS_INSERT = "INSERT INTO fed_user_emails (org_id, provider_id, user_id, email_norm) VALUES ($1, $2, $3, $4)";
}

impl FromRow for Fed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            user: User::from_row(row)?,
            provider: row.id(11)?,
            external_id: row.opt_text(12)?,
            made_here: row.bool(13)?,
            doc: row.text(14)?,
            version: row.i64(15)?,
            created_at: row.micros(16)?,
            updated_at: row.micros(17)?,
            keeps_password: row.bool(18)?,
        })
    }
}

/// One of those whom a directory feeds.
///
/// # Errors
/// The database's.
pub async fn by_id(s: &mut impl Source, org: Id, provider: Id, user: Id) -> Result<Option<Fed>> {
    Ok(s.first(&FED_USER_BY_ID, &[(&org).into(), (&provider).into(), (&user).into()]).await?)
}

/// Those who have this `externalId`, with case, in no order.
///
/// # Errors
/// The database's.
pub async fn by_external(s: &mut impl Source, org: Id, provider: Id, external: &str) -> Result<Vec<Fed>> {
    by_text(s, &FED_USER_BY_EXTERNAL, org, provider, external).await
}

/// The one who has this user name, without regard to case.
///
/// # Errors
/// The database's.
pub async fn by_username(s: &mut impl Source, org: Id, provider: Id, username: &str) -> Result<Vec<Fed>> {
    by_text(s, &FED_USER_BY_USERNAME, org, provider, &username.to_lowercase()).await
}

/// Those of whom the directory tells this address, without regard to case, in no order.
///
/// # Errors
/// The database's.
pub async fn by_email(s: &mut impl Source, org: Id, provider: Id, email: &str) -> Result<Vec<Fed>> {
    by_text(s, &FED_USER_BY_EMAIL, org, provider, &email.to_lowercase()).await
}

async fn by_text(s: &mut impl Source, sql: &'static Sql, org: Id, provider: Id, text: &str) -> Result<Vec<Fed>> {
    if text.contains('\0') {
        // No text holds it, and the database takes none that does.
        return Ok(Vec::new());
    }
    Ok(s.all(sql, &[(&org).into(), (&provider).into(), text.into()]).await?)
}

/// A page in the order of ids, after a cursor.
///
/// # Errors
/// The database's.
pub async fn page(s: &mut impl Source, org: Id, provider: Id, after: &str, limit: i64) -> Result<Vec<Fed>> {
    Ok(s.all(&FED_USER_PAGE, &[(&org).into(), (&provider).into(), after.into(), limit.into()]).await?)
}

/// A page in the order of ids, so many in.
///
/// # Errors
/// The database's.
pub async fn page_at(s: &mut impl Source, org: Id, provider: Id, limit: i64, skip: i64) -> Result<Vec<Fed>> {
    Ok(s.all(&FED_USER_AT, &[(&org).into(), (&provider).into(), limit.into(), skip.into()]).await?)
}

/// A page of those whom the directory changed at that time or later, in the order of ids, after a cursor.
///
/// # Errors
/// The database's.
pub async fn since(
    s: &mut impl Source,
    org: Id,
    provider: Id,
    at: Micros,
    (after, limit): (&str, i64),
) -> Result<Vec<Fed>> {
    Ok(s.all(&FED_USER_SINCE, &[(&org).into(), (&provider).into(), at.into(), after.into(), limit.into()]).await?)
}

/// A page of those in whose names `term` occurs, by user name, and how many there are.
///
/// # Errors
/// The database's.
pub async fn named(
    s: &mut impl Source,
    org: Id,
    provider: Id,
    term: &str,
    (limit, skip): (i64, i64),
) -> Result<(Vec<Fed>, i64)> {
    let like = like(term);
    let params = [(&org).into(), (&provider).into(), like.as_str().into(), limit.into(), skip.into()];
    let rows = s.all(&FED_USER_NAMED, &params).await?;
    let count: Option<(i64,)> = s.first(&FED_USER_NAMED_COUNT, &params[..3]).await?;
    Ok((rows, count.map_or(0, |(n,)| n)))
}

/// How many a directory feeds.
///
/// # Errors
/// The database's.
pub async fn count(s: &mut impl Source, org: Id, provider: Id) -> Result<i64> {
    let count: Option<(i64,)> = s.first(&FED_USER_COUNT, &[(&org).into(), (&provider).into()]).await?;
    Ok(count.map_or(0, |(n,)| n))
}

/// Which of these a directory feeds.
///
/// # Errors
/// The database's.
pub async fn known(s: &mut impl Source, org: Id, provider: Id, ids: &[Id]) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&FED_USER_KNOWN, &[(&org).into(), (&provider).into(), V::list(ids)]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A directory that feeds a person.
#[derive(Clone, Debug)]
pub struct Feeder {
    /// The directory provider.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its precedence.
    pub precedence: i64,
}

impl Feeder {
    /// As [`crate::directory_provider::DirectoryProvider::rank`].
    #[must_use]
    pub const fn rank(&self) -> (i64, Id) {
        (self.precedence, self.id)
    }
}

impl FromRow for Feeder {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let doc: crate::directory_provider::model::Doc =
            serde_json::from_str(row.str(2)?).map_err(|_| DbError::Internal("directory_providers.doc".into()))?;
        Ok(Self { id: row.id(0)?, name: row.text(1)?, precedence: doc.precedence })
    }
}

/// Whom these names of a directory mean; those that it has not sent are left out.
///
/// # Errors
/// The database's.
pub async fn of_externals(s: &mut impl Source, org: Id, provider: Id, externals: &[&str]) -> Result<Vec<(String, Id)>> {
    Ok(s.all(&FED_USER_OF_EXTERNALS, &[(&org).into(), (&provider).into(), V::list(externals)]).await?)
}

/// The directories that feed a person.
///
/// # Errors
/// The database's.
pub async fn feeders(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<Feeder>> {
    Ok(s.all(&FED_USER_FEEDERS, &[(&org).into(), (&user).into()]).await?)
}

/// Bonds a person, and answers them with the bond.
pub(super) async fn insert(w: &mut Write<'_>, provider: Id, user: User, made_here: bool, feed: &Feed) -> Result<Fed> {
    let (org, now) = (w.org(), w.now());
    let params: [V<'_>; 7] = [
        (&org).into(),
        (&provider).into(),
        (&user.id).into(),
        feed.external_id.as_deref().into(),
        made_here.into(),
        feed.doc.as_str().into(),
        now.into(),
    ];
    w.exec(&FED_USER_INSERT, &params).await?;
    insert_emails(w, provider, user.id, &normal(feed.emails.as_deref().unwrap_or_default())).await?;
    let (external_id, doc) = (feed.external_id.clone(), feed.doc.clone());
    let (version, keeps_password) = (1, false);
    Ok(Fed { user, provider, external_id, made_here, doc, version, keeps_password, created_at: now, updated_at: now })
}

/// Keeps what is said now, and answers the bond as it is then.
pub(super) async fn update(w: &mut Write<'_>, before: Fed, feed: &Feed) -> Result<Fed> {
    let (org, now) = (w.org(), w.now());
    let key = [(&org).into(), (&before.provider).into(), (&before.user.id).into()];
    let (external, doc) = (V::from(feed.external_id.as_deref()), V::from(feed.doc.as_str()));
    if before.external_id == feed.external_id {
        let params: Vec<V<'_>> = key.into_iter().chain([doc, now.into()]).collect();
        w.exec(&FED_USER_UPDATE_DOC, &params).await?;
    } else {
        let params: Vec<V<'_>> = key.into_iter().chain([external, doc, now.into()]).collect();
        w.exec(&FED_USER_UPDATE, &params).await?;
    }
    let (external_id, doc) = (feed.external_id.clone(), feed.doc.clone());
    Ok(Fed { external_id, doc, version: before.version + 1, updated_at: now, ..before })
}

/// The index behind look-ups by address; written only where it is another.
pub(super) async fn set_emails(w: &mut Write<'_>, provider: Id, user: Id, emails: &[String]) -> Result<()> {
    let (org, emails) = (w.org(), normal(emails));
    let key = [(&org).into(), (&provider).into(), (&user).into()];
    let held: Vec<(String,)> = w.all(&FED_USER_EMAILS, &key).await?;
    if held.into_iter().map(|(email,)| email).collect::<BTreeSet<_>>() == emails {
        return Ok(());
    }
    w.exec(&FED_USER_EMAILS_DELETE, &key).await?;
    insert_emails(w, provider, user, &emails).await
}

fn normal(emails: &[String]) -> BTreeSet<String> {
    emails.iter().map(|email| email.to_lowercase()).collect()
}

async fn insert_emails(w: &mut Write<'_>, provider: Id, user: Id, emails: &BTreeSet<String>) -> Result<()> {
    let org = w.org();
    for email in emails {
        let params = [(&org).into(), (&provider).into(), (&user).into(), email.as_str().into()];
        w.exec(&FED_USER_EMAILS_INSERT, &params).await?;
    }
    Ok(())
}

/// Notes who keeps their password though the directory's are not taken any more.
pub(crate) async fn keep_passwords(w: &mut Write<'_>, provider: Id) -> Result<()> {
    let org = w.org();
    w.exec(&FED_USER_KEEP_PASSWORDS, &[(&org).into(), (&provider).into()]).await?;
    Ok(())
}

pub(super) async fn delete(w: &mut Write<'_>, provider: Id, user: Id) -> Result<()> {
    let org = w.org();
    w.exec(&FED_USER_DELETE, &[(&org).into(), (&provider).into(), (&user).into()]).await?;
    Ok(())
}

/// One of those whom a directory feeds, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, provider: Id, user: Id) -> Result<Fed> {
    by_id(s, org, provider, user).await?.ok_or(Error::Missing("user"))
}
