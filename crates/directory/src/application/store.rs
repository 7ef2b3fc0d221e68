//! The statements on applications, their secrets and bindings.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::{Application, Doc};
use crate::{Error, Result, Source, Write};

/// A select of applications.
macro_rules! applications {
    ($rest:literal) => {
        concat!(
            "SELECT org_id, id, name, doc, active, EXISTS (SELECT 1 FROM application_logos l WHERE l.org_id = applications.org_id \
             AND l.app_id = applications.id), created_at FROM applications WHERE org_id = $1 ",
            $rest
        )
    };
}

sql! {
    APP_BY_ID = applications!("AND id = $2");
    APP_ALL = applications!("ORDER BY id");
    APP_BY_IDS = applications!("AND id IN {each $2} ORDER BY id");
    APP_INSERT = "INSERT INTO applications (org_id, id, name, doc, active, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    APP_UPDATE = "UPDATE applications SET name = $3, doc = $4, active = $5 WHERE org_id = $1 AND id = $2";
    APP_DELETE = "DELETE FROM applications WHERE org_id = $1 AND id = $2";
    APP_LOGO = "SELECT logo, logo_type FROM application_logos WHERE org_id = $1 AND app_id = $2";
    APP_LOGO_SET = "INSERT INTO application_logos (org_id, app_id, logo, logo_type) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (org_id, app_id) DO UPDATE SET logo = excluded.logo, logo_type = excluded.logo_type";
    APP_LOGO_DELETE = "DELETE FROM application_logos WHERE org_id = $1 AND app_id = $2";
    APP_SECRETS = "SELECT id, digest, hint, created_at FROM application_secrets WHERE org_id = $1 AND app_id = $2 ORDER BY id";
    APP_SECRET_INSERT = "INSERT INTO application_secrets (org_id, app_id, id, digest, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    APP_SECRET_DELETE = "DELETE FROM application_secrets WHERE org_id = $1 AND app_id = $2 AND id = $3";
    APP_BINDINGS = "SELECT subject_kind, subject_id FROM application_bindings WHERE org_id = $1 AND app_id = $2 ORDER BY subject_kind, subject_id";
    APP_BOUND_GROUPS = "SELECT app_id, count(*) FROM application_bindings WHERE org_id = $1 AND subject_kind = 'user_group' GROUP BY app_id";
    APP_BOUND_TO = "SELECT app_id FROM application_bindings WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY app_id";
    APP_BIND = "INSERT INTO application_bindings (org_id, app_id, subject_kind, subject_id) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (org_id, app_id, subject_kind, subject_id) DO NOTHING";
    APP_UNBIND = "DELETE FROM application_bindings WHERE org_id = $1 AND app_id = $2 AND subject_kind = $3 AND subject_id = $4";
    APP_UNBIND_SUBJECT = "DELETE FROM application_bindings WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3";
    /// The ways in which a person reaches an application: directly, or through a group.
    APP_REACHES = "SELECT b.subject_kind, b.subject_id FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = $2 AND ( \
               (b.subject_kind = 'user' AND b.subject_id = $3) OR (b.subject_kind = 'user_group' AND b.subject_id IN \
               (SELECT m.group_id FROM group_memberships m WHERE m.org_id = $1 AND m.member_id = $3))) ORDER BY b.subject_kind, b.subject_id";
    /// The applications that a person reaches.
    APP_OF_USER = "SELECT DISTINCT b.app_id FROM application_bindings b WHERE b.org_id = $1 AND ( \
               (b.subject_kind = 'user' AND b.subject_id = $2) OR (b.subject_kind = 'user_group' AND b.subject_id IN \
               (SELECT m.group_id FROM group_memberships m WHERE m.org_id = $1 AND m.member_id = $2))) ORDER BY b.app_id";
    /// The people who reach an application.
    APP_USERS = "SELECT DISTINCT u.id FROM users u WHERE u.org_id = $1 AND ( \
             u.id IN (SELECT b.subject_id FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = $2 AND b.subject_kind = 'user') OR \
             u.id IN (SELECT m.member_id FROM group_memberships m JOIN application_bindings b ON b.org_id = m.org_id AND b.subject_id = m.group_id \
             AND b.subject_kind = 'user_group' WHERE m.org_id = $1 AND b.app_id = $2)) ORDER BY u.id";
}

impl FromRow for Application {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            name: row.text(2)?,
            doc: serde_json::from_str::<Doc>(&row.text(3)?)
                .map_err(|e| DbError::Internal(format!("applications.doc: {e}")))?,
            active: row.bool(4)?,
            has_logo: row.bool(5)?,
            created_at: row.micros(6)?,
        })
    }
}

/// An application by id.
///
/// # Errors
/// The database's.
pub async fn by_id(s: &mut impl Source, org: Id, id: Id) -> Result<Option<Application>> {
    Ok(s.first(&APP_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

/// An application by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Application> {
    by_id(s, org, id).await?.ok_or(Error::Missing("application"))
}

/// All applications in the order in which they were made.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<Application>> {
    Ok(s.all(&APP_ALL, &[(&org).into()]).await?)
}

/// How many user groups are bound to each application that has any.
///
/// # Errors
/// The database's.
pub async fn bound_groups(s: &mut impl Source, org: Id) -> Result<Vec<(Id, i64)>> {
    Ok(s.all(&APP_BOUND_GROUPS, &[(&org).into()]).await?)
}

/// Several applications by id; unknown ids are passed over.
///
/// # Errors
/// The database's.
pub async fn by_ids(s: &mut impl Source, org: Id, ids: &[Id]) -> Result<Vec<Application>> {
    Ok(s.all(&APP_BY_IDS, &[(&org).into(), V::list(ids)]).await?)
}

/// The logo and its media type.
///
/// # Errors
/// The database's.
pub async fn logo(s: &mut impl Source, org: Id, id: Id) -> Result<Option<(Vec<u8>, String)>> {
    Ok(s.first(&APP_LOGO, &[(&org).into(), (&id).into()]).await?)
}

/// A client secret as it is kept.
#[derive(Clone, Debug)]
pub struct KeptSecret {
    /// The id.
    pub id: Id,
    /// SHA-256.
    pub digest: Digest,
    /// Its last characters, to tell it from another.
    pub hint: String,
    /// When it was made.
    pub created_at: Micros,
}

impl FromRow for KeptSecret {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { id: row.id(0)?, digest: row.digest(1)?, hint: row.text(2)?, created_at: row.micros(3)? })
    }
}

/// The client secrets of an application, the oldest first.
///
/// # Errors
/// The database's.
pub async fn secrets(s: &mut impl Source, org: Id, app: Id) -> Result<Vec<KeptSecret>> {
    Ok(s.all(&APP_SECRETS, &[(&org).into(), (&app).into()]).await?)
}

/// Who is bound to an application: (`user_group` or `user`, id).
///
/// # Errors
/// The database's.
pub async fn bindings(s: &mut impl Source, org: Id, app: Id) -> Result<Vec<(String, Id)>> {
    Ok(s.all(&APP_BINDINGS, &[(&org).into(), (&app).into()]).await?)
}

/// The applications to which a group or person is bound directly.
///
/// # Errors
/// The database's.
pub async fn bound_to(s: &mut impl Source, org: Id, kind: &str, subject: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&APP_BOUND_TO, &[(&org).into(), kind.into(), (&subject).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The bindings through which a person reaches an application; none: no access.
///
/// # Errors
/// The database's.
pub async fn ways(s: &mut impl Source, org: Id, app: Id, user: Id) -> Result<Vec<(String, Id)>> {
    Ok(s.all(&APP_REACHES, &[(&org).into(), (&app).into(), (&user).into()]).await?)
}

/// The ids of the applications that a person reaches.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&APP_OF_USER, &[(&org).into(), (&user).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The ids of the people who reach an application.
///
/// # Errors
/// The database's.
pub async fn users(s: &mut impl Source, org: Id, app: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&APP_USERS, &[(&org).into(), (&app).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn insert(w: &mut Write<'_>, app: &Application) -> Result<()> {
    let doc = serde_json::to_string(&app.doc).unwrap_or_default();
    w.exec(
        &APP_INSERT,
        &[
            (&app.org).into(),
            (&app.id).into(),
            app.name.as_str().into(),
            doc.into(),
            app.active.into(),
            app.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, app: &Application) -> Result<()> {
    let doc = serde_json::to_string(&app.doc).unwrap_or_default();
    let params = [(&app.org).into(), (&app.id).into(), app.name.as_str().into(), doc.into(), app.active.into()];
    w.exec(&APP_UPDATE, &params).await?;
    Ok(())
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    w.exec(&APP_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}

pub(crate) async fn set_logo(w: &mut Write<'_>, app: Id, logo: Option<(&[u8], &str)>) -> Result<()> {
    let org = w.org();
    match logo {
        Some((bytes, kind)) => {
            w.exec(&APP_LOGO_SET, &[(&org).into(), (&app).into(), bytes.into(), kind.into()]).await?
        }
        None => w.exec(&APP_LOGO_DELETE, &[(&org).into(), (&app).into()]).await?,
    };
    Ok(())
}

pub(crate) async fn insert_secret(w: &mut Write<'_>, app: Id, secret: &KeptSecret) -> Result<()> {
    let org = w.org();
    w.exec(
        &APP_SECRET_INSERT,
        &[
            (&org).into(),
            (&app).into(),
            (&secret.id).into(),
            secret.digest.into(),
            secret.hint.as_str().into(),
            secret.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete_secret(w: &mut Write<'_>, app: Id, secret: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&APP_SECRET_DELETE, &[(&org).into(), (&app).into(), (&secret).into()]).await?)
}

pub(crate) async fn bind(w: &mut Write<'_>, app: Id, kind: &str, subject: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&APP_BIND, &[(&org).into(), (&app).into(), kind.into(), (&subject).into()]).await?)
}

pub(crate) async fn unbind(w: &mut Write<'_>, app: Id, kind: &str, subject: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&APP_UNBIND, &[(&org).into(), (&app).into(), kind.into(), (&subject).into()]).await?)
}

pub(crate) async fn unbind_subject(w: &mut Write<'_>, kind: &str, subject: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&APP_UNBIND_SUBJECT, &[(&org).into(), kind.into(), (&subject).into()]).await?)
}
