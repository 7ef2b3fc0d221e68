//! The statements on administrators. They belong to the installation, so the look-ups are global; what binds them to
//! organizations is `administrator_organizations`.

use muster_base::{Digest, Email, Id, Micros, Secret};
use muster_db::{Error as DbError, FromRow, Row, Tx, sql};

use super::{Administrator, Derived, Role};
use crate::{Error, Result, Source, Write};

/// A select of administrators, `a`, with their keys and, of people, where it comes from.
macro_rules! admin {
    ($role:literal, $rest:literal) => {
        concat!(
            "SELECT a.id, a.email, a.firstname, a.lastname, a.provider_id, a.password_hash, a.suspended, a.created_at, \
             k.prefix, k.created_at, p.org_id, p.user_id, p.provider_id, p.group_id, u.email, u.profile, d.name, g.name, ",
            $role,
            " FROM administrators a LEFT JOIN api_keys k ON k.admin_id = a.id \
             LEFT JOIN derived_administrators p ON p.admin_id = a.id \
             LEFT JOIN users u ON u.org_id = p.org_id AND u.id = p.user_id \
             LEFT JOIN directory_providers d ON d.org_id = p.org_id AND d.id = p.provider_id \
             LEFT JOIN groups g ON g.org_id = p.org_id AND g.id = p.group_id ",
            $rest
        )
    };
}

sql! {
    global ADMIN_BY_ID = admin!("NULL", "WHERE a.id = $1");
    global ADMIN_BY_EMAIL = admin!("NULL", "WHERE a.email_norm = $1");
    global ADMIN_BY_KEY = admin!("NULL", "WHERE k.digest = $1");
    ADMIN_OF_ORGANIZATION = admin!("o.role", "JOIN administrator_organizations o ON o.admin_id = a.id WHERE o.org_id = $1 ORDER BY a.email_norm");
    /// What they may do there: by what was given, and by the provider's reach.
    ADMIN_ROLES = "SELECT role FROM administrator_organizations WHERE org_id = $1 AND admin_id = $2 \
                   UNION ALL SELECT 'Administrator' FROM organizations o JOIN administrators a ON a.provider_id = o.provider_id \
                   WHERE o.id = $1 AND a.id = $2";
    global ADMIN_ROLES_ANYWHERE = "SELECT role FROM administrator_organizations WHERE admin_id = $1 \
                                   UNION ALL SELECT 'Administrator' FROM administrators WHERE id = $1 AND provider_id IS NOT NULL";
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
    ADMIN_SET_ROLE = "UPDATE administrator_organizations SET role = $3 WHERE org_id = $1 AND admin_id = $2";
    ADMIN_REVOKE = "DELETE FROM administrator_organizations WHERE org_id = $1 AND admin_id = $2";
    global ADMIN_GRANTS_LEFT = "SELECT count(*) FROM administrator_organizations WHERE admin_id = $1";
    ADMIN_GRANTED = "SELECT count(*) FROM administrator_organizations WHERE org_id = $1 AND admin_id = $2";
    /// Who else could go on: one who is suspended, only reads, or is there by a directory's grace could not.
    ADMIN_OTHERS_ACTIVE = "SELECT count(*) FROM administrator_organizations o JOIN administrators a ON a.id = o.admin_id \
                           WHERE o.org_id = $1 AND o.admin_id <> $2 AND a.suspended = 0 AND o.role = 'Administrator' \
                           AND NOT EXISTS (SELECT 1 FROM derived_administrators p WHERE p.admin_id = a.id)";
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
        let mut admin = Self {
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
            derived: None,
        };
        if let (Some(org), Some(user), Some(provider), Some(group)) =
            (row.opt_id(10)?, row.opt_id(11)?, row.opt_id(12)?, row.opt_id(13)?)
        {
            // They are shown as the person is now.
            let shown: Shown = serde_json::from_str(&row.opt_text(15)?.unwrap_or_default()).unwrap_or_default();
            admin.email = row.opt_text(14)?.unwrap_or_default();
            (admin.firstname, admin.lastname) = (shown.firstname, shown.lastname);
            let (provider_name, group_name) = (row.opt_text(16)?, row.opt_text(17)?);
            admin.derived = Some(Derived {
                org,
                user,
                provider,
                provider_name: provider_name.unwrap_or_default(),
                group,
                group_name: group_name.unwrap_or_default(),
            });
        }
        Ok(admin)
    }
}

/// What of a person's profile is shown of an administrator.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Shown {
    firstname: String,
    lastname: String,
}

/// An administrator with their role in the organization that was asked about.
struct Given(Administrator, Role);

impl FromRow for Given {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self(Administrator::from_row(row)?, role_of(row.str(18)?)?))
    }
}

/// A role as it is kept.
struct Kept(Role);

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self(role_of(row.str(0)?)?))
    }
}

fn role_of(word: &str) -> Result<Role, DbError> {
    Role::from_word(word).ok_or_else(|| DbError::Internal("administrator_organizations.role".into()))
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
    Ok(with_roles(s, org).await?.into_iter().map(|(admin, _)| admin).collect())
}

/// The same, with what each may do.
///
/// # Errors
/// The database's.
pub async fn with_roles(s: &mut impl Source, org: Id) -> Result<Vec<(Administrator, Role)>> {
    let rows: Vec<Given> = s.all(&ADMIN_OF_ORGANIZATION, &[(&org).into()]).await?;
    let mut all: Vec<(Administrator, Role)> = rows.into_iter().map(|Given(admin, role)| (admin, role)).collect();
    // Those of people are kept without one.
    all.sort_by_cached_key(|(admin, _)| admin.email.to_lowercase());
    Ok(all)
}

/// What an administrator may do in an organization; nothing in one that they do not reach.
///
/// # Errors
/// The database's.
pub async fn role(s: &mut impl Source, org: Id, admin: Id) -> Result<Option<Role>> {
    let roles: Vec<Kept> = s.all(&ADMIN_ROLES, &[(&org).into(), (&admin).into()]).await?;
    Ok(roles.into_iter().map(|Kept(role)| role).max())
}

/// The most that an administrator may do in any organization.
///
/// # Errors
/// The database's.
pub async fn role_anywhere(s: &mut impl Source, admin: Id) -> Result<Option<Role>> {
    let roles: Vec<Kept> = s.all(&ADMIN_ROLES_ANYWHERE, &[(&admin).into()]).await?;
    Ok(roles.into_iter().map(|Kept(role)| role).max())
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

/// How many others could go on with an organization alone.
pub(super) async fn others_active(w: &mut Write<'_>, org: Id, admin: Id) -> Result<i64> {
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

pub(crate) async fn grant(w: &mut Write<'_>, admin: Id, role: Role) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&ADMIN_GRANT, &[(&org).into(), (&admin).into(), role.word().into()]).await?)
}

pub(crate) async fn set_role(w: &mut Write<'_>, admin: Id, role: Role) -> Result<()> {
    let org = w.org();
    w.exec(&ADMIN_SET_ROLE, &[(&org).into(), (&admin).into(), role.word().into()]).await?;
    Ok(())
}

/// Removes an administrator with all that hangs on it.
pub(crate) async fn delete(w: &mut Write<'_>, admin: Id) -> Result<()> {
    w.exec(&ADMIN_DELETE, &[(&admin).into()]).await?;
    Ok(())
}

pub(crate) async fn revoke(w: &mut Write<'_>, admin: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&ADMIN_REVOKE, &[(&org).into(), (&admin).into()]).await?)
}

pub(crate) async fn delete_if_unbound(w: &mut Write<'_>, admin: &Administrator) -> Result<()> {
    let left: Option<(i64,)> = w.first(&ADMIN_GRANTS_LEFT, &[(&admin.id).into()]).await?;
    if admin.provider_id.is_none() && left.is_none_or(|(n,)| n == 0) {
        delete(w, admin.id).await?;
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
