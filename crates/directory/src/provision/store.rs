//! The statements on targets, and reading their objects.

use muster_base::{Id, Micros, Secret};
use muster_db::{Error as DbError, FromRow, Row, V, sql};
use muster_scim::receiver::Profile;

use super::object::{Call, Counts, Known, Object, ObjectKind, ObjectState};
use super::{Settings, Target};
use crate::provision::report::Checked;
use crate::{Directory, Error, Result, Source, Write};

/// Lags that the percentiles are taken of.
const LAGS: i64 = 1000;

/// Targets that the worker is told of at once.
const DUE_MAX: i64 = 1000;

sql! {
    PROVISION_TARGET = "SELECT org_id, app_id, doc, secret IS NOT NULL, active, paused, profile, breaker, stopped, next_at, check_at, checked, receiver \
                        FROM provision_targets WHERE org_id = $1 AND app_id = $2";
    PROVISION_SECRET = "SELECT secret FROM provision_targets WHERE org_id = $1 AND app_id = $2";
    PROVISION_INSERT = "INSERT INTO provision_targets (org_id, app_id, doc, active, paused, next_at, created_at) VALUES ($1, $2, $3, 0, 0, 0, $4)";
    PROVISION_DOC_SET = "UPDATE provision_targets SET doc = $3, profile = NULL, breaker = NULL, stopped = NULL, next_at = 0, check_at = 0 \
                         WHERE org_id = $1 AND app_id = $2";
    /// Ids are those of one receiver. Whoever has an account is looked for by what was sent last, also if they have just left;
    /// who was deactivated there is left as they are, since at another receiver that may be somebody else. What was sent without
    /// an id tells that it was sent to another one.
    PROVISION_UNLINK = "UPDATE provision_objects SET pending = CASE WHEN kind = 'user' AND away = 0 THEN COALESCE(last_sent, pending) END, \
                        last_sent = CASE WHEN kind = 'user' AND away = 0 THEN COALESCE(last_sent, pending) END, remote_id = NULL, due_at = NULL, held = 0, approved = 0, dirty = 1, marks = marks + 1, next_at = 0, \
                        attempts = 0, error = NULL WHERE org_id = $1 AND app_id = $2";
    PROVISION_UNLINK_MEMBERS = "DELETE FROM provision_members WHERE org_id = $1 AND app_id = $2";
    /// What was taken over was that receiver's.
    PROVISION_UNLINK_DECISIONS = "DELETE FROM provision_decisions WHERE org_id = $1 AND app_id = $2 AND decision = 'takeOver'";
    PROVISION_RECEIVER_NEXT = "UPDATE provision_targets SET receiver = receiver + 1 WHERE org_id = $1 AND app_id = $2";
    /// Whether an object is still to be sent as it was read.
    PROVISION_STILL = "SELECT o.object_id FROM provision_objects o JOIN provision_targets t ON t.org_id = o.org_id AND t.app_id = o.app_id \
                       WHERE o.org_id = $1 AND o.app_id = $2 AND o.kind = $3 AND o.object_id = $4 AND o.marks = $5 \
                       AND t.active = 1 AND t.paused = 0 AND t.doc = $6";
    PROVISION_SECRET_SET = "UPDATE provision_targets SET secret = $3 WHERE org_id = $1 AND app_id = $2";
    PROVISION_ACTIVE_SET = "UPDATE provision_targets SET active = $3, paused = 0, breaker = NULL, stopped = NULL, next_at = 0 \
                            WHERE org_id = $1 AND app_id = $2";
    PROVISION_PAUSED_SET = "UPDATE provision_targets SET paused = $3, breaker = NULL, stopped = NULL, next_at = 0 \
                            WHERE org_id = $1 AND app_id = $2";
    /// Unless other settings were entered meanwhile.
    PROVISION_PROFILE_SET = "UPDATE provision_targets SET profile = $3 WHERE org_id = $1 AND app_id = $2 AND doc = $4";
    PROVISION_DELETE = "DELETE FROM provision_targets WHERE org_id = $1 AND app_id = $2";
    PROVISION_APPROVE = "UPDATE provision_objects SET approved = 1, held = 0, next_at = 0, error = NULL \
                         WHERE org_id = $1 AND app_id = $2 AND held = 1";
    /// The worker's: targets for which something is to be done.
    global PROVISION_DUE = "SELECT t.org_id, t.app_id FROM provision_targets t WHERE t.active = 1 AND t.paused = 0 AND t.next_at <= $1 AND ( \
                            EXISTS (SELECT 1 FROM provision_objects o WHERE o.org_id = t.org_id AND o.app_id = t.app_id AND o.dirty = 1 \
                            AND o.held = 0 AND o.next_at <= $1) OR \
                            EXISTS (SELECT 1 FROM provision_objects o WHERE o.org_id = t.org_id AND o.app_id = t.app_id AND o.due_at <= $1)) \
                            AND (t.org_id, t.app_id) > ($2, $3) ORDER BY t.org_id, t.app_id LIMIT $4";
    /// The worker's: targets that are to be read again; the first of every organization before the second of any.
    global PROVISION_CHECKS_DUE = "SELECT org_id, app_id FROM (SELECT org_id, app_id, check_at, \
                                   row_number() OVER (PARTITION BY org_id ORDER BY check_at, app_id) AS turn FROM provision_targets \
                                   WHERE active = 1 AND paused = 0 AND stopped IS NULL AND check_at <= $1) AS due \
                                   ORDER BY turn, check_at, org_id, app_id LIMIT 100";
    /// By one node of those that saw it due.
    PROVISION_CHECK_CLAIM = "UPDATE provision_targets SET check_at = $4 WHERE org_id = $1 AND app_id = $2 AND check_at = $3";
    PROVISION_CHECK_AT = "UPDATE provision_targets SET check_at = $3 WHERE org_id = $1 AND app_id = $2";
    PROVISION_CHECKED = "UPDATE provision_targets SET checked = $3 WHERE org_id = $1 AND app_id = $2";
    PROVISION_OBJECTS_DUE = "SELECT kind, object_id, name, remote_id, last_sent, pending, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                             held, approved, attempts, error, synced_at FROM provision_objects WHERE org_id = $1 AND app_id = $2 \
                             AND ((dirty = 1 AND held = 0 AND next_at <= $3) OR due_at <= $3) ORDER BY kind DESC, next_at, object_id LIMIT $4";
    PROVISION_OBJECT = "SELECT kind, object_id, name, remote_id, last_sent, pending, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                        held, approved, attempts, error, synced_at FROM provision_objects \
                        WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
    /// Without what was sent.
    PROVISION_OBJECTS_NAMED = "SELECT kind, object_id, name, remote_id, NULL, NULL, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                               held, approved, attempts, error, synced_at FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND kind = $3 \
                               AND (name, object_id) > ($4, $5) ORDER BY name, object_id LIMIT 1000";
    PROVISION_KNOWN_PAGE = "SELECT kind, object_id, name, remote_id, last_sent, pending, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                            held, approved, attempts, error, synced_at FROM provision_objects \
                            WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id > $4 ORDER BY object_id LIMIT $5";
    PROVISION_OBJECTS_BY_ID = "SELECT kind, object_id, name, remote_id, last_sent, pending, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                               held, approved, attempts, error, synced_at FROM provision_objects \
                               WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id IN {each $4}";
    /// Those who reach the application, in the order of ids.
    PROVISION_REACHED_PAGE = "SELECT u.id FROM users u WHERE u.org_id = $1 AND u.id > $3 AND ( \
                              u.id IN (SELECT b.subject_id FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = $2 AND b.subject_kind = 'user') OR \
                              EXISTS (SELECT 1 FROM group_memberships m JOIN application_bindings b ON b.org_id = m.org_id AND b.subject_id = m.group_id \
                              AND b.subject_kind = 'user_group' WHERE m.org_id = $1 AND m.member_id = u.id AND b.app_id = $2)) ORDER BY u.id LIMIT $4";
    PROVISION_OBJECTS_BY_REMOTE = "SELECT kind, object_id, name, remote_id, last_sent, pending, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                                   held, approved, attempts, error, synced_at FROM provision_objects \
                                   WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND remote_id IN {each $4}";
    PROVISION_LINKED_PAGE = "SELECT kind, object_id, name, remote_id, NULL, NULL, away, left_at, dirty, marks, dirty_at, next_at, due_at, \
                        held, approved, attempts, error, synced_at FROM provision_objects \
                        WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id > $4 AND remote_id IS NOT NULL ORDER BY object_id LIMIT 1000";
    PROVISION_COUNTS = "SELECT CASE WHEN held = 1 THEN 'held' WHEN error IS NOT NULL THEN 'failing' WHEN dirty = 1 THEN 'waiting' ELSE 'in step' END, \
                        count(*) FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND (away = 0 OR left_at IS NULL OR dirty = 1 OR held = 1 OR error IS NOT NULL) GROUP BY 1";
    PROVISION_LAGS = "SELECT lag FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND lag IS NOT NULL ORDER BY synced_at DESC LIMIT $3";
    PROVISION_FAILURE = "SELECT error, next_at FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND error IS NOT NULL ORDER BY next_at DESC LIMIT 1";
    PROVISION_CALLS = "SELECT at, doc FROM provision_calls WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4 ORDER BY id DESC LIMIT 20";
    /// Of these people those who reach the application.
    PROVISION_REACH = "SELECT u.id FROM users u WHERE u.org_id = $1 AND u.id IN {each $3} AND ( \
                       u.id IN (SELECT b.subject_id FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = $2 AND b.subject_kind = 'user') OR \
                       EXISTS (SELECT 1 FROM group_memberships m JOIN application_bindings b ON b.org_id = m.org_id AND b.subject_id = m.group_id \
                       AND b.subject_kind = 'user_group' WHERE m.org_id = $1 AND m.member_id = u.id AND b.app_id = $2))";
    PROVISION_REMOTE_OF = "SELECT object_id, remote_id FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND kind = 'user' \
                           AND object_id IN {each $3} AND remote_id IS NOT NULL";
    PROVISION_TAKEN = "SELECT remote_id, object_id FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND remote_id IN {each $4}";
    PROVISION_GROUP_BOUND = "SELECT subject_id FROM application_bindings WHERE org_id = $1 AND app_id = $2 AND subject_kind = 'user_group' AND subject_id = $3";
    /// Members of a group that are there and were not sent as members.
    PROVISION_JOINING = "SELECT o.remote_id FROM group_memberships m JOIN provision_objects o ON o.org_id = m.org_id AND o.object_id = m.member_id \
                         AND o.kind = 'user' WHERE m.org_id = $1 AND o.app_id = $2 AND m.group_id = $3 AND o.remote_id IS NOT NULL AND NOT EXISTS \
                         (SELECT 1 FROM provision_members s WHERE s.org_id = $1 AND s.app_id = $2 AND s.group_id = $3 AND s.remote_id = o.remote_id) \
                         ORDER BY o.remote_id LIMIT $4";
    /// Those that were sent and are members no more.
    PROVISION_LEAVING_GROUP = "SELECT s.remote_id FROM provision_members s WHERE s.org_id = $1 AND s.app_id = $2 AND s.group_id = $3 AND NOT EXISTS \
                               (SELECT 1 FROM group_memberships m JOIN provision_objects o ON o.org_id = m.org_id AND o.object_id = m.member_id AND o.kind = 'user' \
                               WHERE m.org_id = $1 AND o.app_id = $2 AND m.group_id = $3 AND o.remote_id = s.remote_id) ORDER BY s.remote_id LIMIT $4";
    PROVISION_MEMBERS = "SELECT o.remote_id FROM group_memberships m JOIN provision_objects o ON o.org_id = m.org_id AND o.object_id = m.member_id \
                         AND o.kind = 'user' WHERE m.org_id = $1 AND o.app_id = $2 AND m.group_id = $3 AND o.remote_id IS NOT NULL ORDER BY o.remote_id";
}

impl FromRow for Target {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("provision_targets.{what}"));
        let doc = row.text(2)?;
        Ok(Self {
            org: row.id(0)?,
            app: row.id(1)?,
            settings: serde_json::from_str::<Settings>(&doc).map_err(|_| wrong("doc"))?,
            doc,
            has_secret: row.bool(3)?,
            active: row.bool(4)?,
            paused: row.bool(5)?,
            // Of another version: learnt again.
            learnt: row.opt_text(6)?.and_then(|text| serde_json::from_str::<Profile>(&text).ok()),
            breaker: row.opt_text(7)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            stopped: row.opt_text(8)?,
            next_at: row.micros(9)?,
            check_at: row.micros(10)?,
            checked: row.opt_text(11)?.and_then(|text| serde_json::from_str(&text).ok()),
            receiver: row.i64(12)?,
        })
    }
}

impl FromRow for Object {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let kind = row.text(0)?;
        let json = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok());
        Ok(Self {
            kind: ObjectKind::from_word(&kind).ok_or_else(|| DbError::Internal("provision_objects.kind".into()))?,
            id: row.id(1)?,
            name: row.text(2)?,
            known: Known {
                remote_id: row.opt_text(3)?,
                last_sent: json(row.opt_text(4)?),
                pending: json(row.opt_text(5)?),
                away: row.bool(6)?,
                left_at: row.opt_micros(7)?,
            },
            dirty: row.bool(8)?,
            marks: row.i64(9)?,
            dirty_at: row.opt_micros(10)?,
            next_at: row.micros(11)?,
            due_at: row.opt_micros(12)?,
            held: row.bool(13)?,
            approved: row.bool(14)?,
            attempts: row.i64(15)?,
            error: row.opt_text(16)?,
            synced_at: row.opt_micros(17)?,
        })
    }
}

/// The target that an application is, if it is one.
///
/// # Errors
/// The database's.
pub async fn find(s: &mut impl Source, org: Id, app: Id) -> Result<Option<Target>> {
    Ok(s.first(&PROVISION_TARGET, &[(&org).into(), (&app).into()]).await?)
}

/// The target that an application is, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, app: Id) -> Result<Target> {
    find(s, org, app).await?.ok_or(Error::Missing("provisioning"))
}

fn purpose(org: Id, app: Id) -> String {
    format!("provision_target.secret:{org}:{app}")
}

/// The secret, decrypted for requests.
///
/// # Errors
/// [`Error::Internal`] when the master key does not open it.
pub async fn secret(directory: &Directory, org: Id, app: Id) -> Result<Option<Secret>> {
    let row: Option<(Option<Vec<u8>>,)> =
        directory.read().first(&PROVISION_SECRET, &[(&org).into(), (&app).into()]).await?;
    let Some(sealed) = row.and_then(|(sealed,)| sealed) else { return Ok(None) };
    let plain = directory.keyring().open(&purpose(org, app), &sealed).map_err(|e| Error::Internal(e.to_string()))?;
    let text = String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("the secret is not UTF-8".into()))?;
    Ok(Some(Secret::new(text)))
}

pub(super) async fn insert(w: &mut Write<'_>, app: Id, settings: &Settings) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let doc = serde_json::to_string(settings).unwrap_or_default();
    w.exec(&PROVISION_INSERT, &[(&org).into(), (&app).into(), doc.into(), now.into()]).await?;
    Ok(())
}

pub(super) async fn set_doc(w: &mut Write<'_>, app: Id, settings: &Settings) -> Result<()> {
    let org = w.org();
    let doc = serde_json::to_string(settings).unwrap_or_default();
    w.exec(&PROVISION_DOC_SET, &[(&org).into(), (&app).into(), doc.into()]).await?;
    Ok(())
}

/// Another receiver: what is known of the one before is known no more.
pub(super) async fn unlink(w: &mut Write<'_>, app: Id) -> Result<()> {
    let org = w.org();
    for statement in
        [&PROVISION_RECEIVER_NEXT, &PROVISION_UNLINK, &PROVISION_UNLINK_MEMBERS, &PROVISION_UNLINK_DECISIONS]
    {
        w.exec(statement, &[(&org).into(), (&app).into()]).await?;
    }
    Ok(())
}

/// Whether an object is to be sent by what was read of it: nobody turned the target off, paused it or entered something else,
/// and nothing happened to the object.
///
/// # Errors
/// The database's.
pub async fn is_still(s: &mut impl Source, target: &Target, object: &Object) -> Result<bool> {
    let params = [
        (&target.org).into(),
        (&target.app).into(),
        object.kind.word().into(),
        (&object.id).into(),
        object.marks.into(),
        target.doc.as_str().into(),
    ];
    let row: Option<(Id,)> = s.first(&PROVISION_STILL, &params).await?;
    Ok(row.is_some())
}

pub(super) async fn set_secret(w: &mut Write<'_>, app: Id, secret: &Secret) -> Result<()> {
    let org = w.org();
    let sealed = w.keyring().seal(&purpose(org, app), secret.expose().as_bytes(), &w.env().rng);
    w.exec(&PROVISION_SECRET_SET, &[(&org).into(), (&app).into(), sealed.into()]).await?;
    Ok(())
}

pub(super) async fn set_active(w: &mut Write<'_>, app: Id, active: bool) -> Result<()> {
    let org = w.org();
    w.exec(&PROVISION_ACTIVE_SET, &[(&org).into(), (&app).into(), active.into()]).await?;
    Ok(())
}

pub(super) async fn set_paused(w: &mut Write<'_>, app: Id, paused: bool) -> Result<()> {
    let org = w.org();
    w.exec(&PROVISION_PAUSED_SET, &[(&org).into(), (&app).into(), paused.into()]).await?;
    Ok(())
}

pub(super) async fn approve(w: &mut Write<'_>, app: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&PROVISION_APPROVE, &[(&org).into(), (&app).into()]).await?)
}

pub(super) async fn delete(w: &mut Write<'_>, app: Id) -> Result<()> {
    let org = w.org();
    w.exec(&PROVISION_DELETE, &[(&org).into(), (&app).into()]).await?;
    Ok(())
}

/// Keeps what was learnt of a receiver, unless other settings were entered meanwhile.
///
/// # Errors
/// The database's.
pub async fn set_profile(
    directory: &Directory,
    (org, app): (Id, Id),
    settings: &Settings,
    profile: &Profile,
) -> Result<()> {
    let text = serde_json::to_string(profile).unwrap_or_default();
    let doc = serde_json::to_string(settings).unwrap_or_default();
    directory.db().exec(&PROVISION_PROFILE_SET, &[(&org).into(), (&app).into(), text.into(), doc.into()]).await?;
    Ok(())
}

/// The targets for which something is to be done now, at most so many and those behind one first: the worker's.
///
/// # Errors
/// The database's.
pub async fn due(directory: &Directory, now: Micros, behind: Option<(Id, Id)>) -> Result<Vec<(Id, Id)>> {
    let (org, app) = behind.map_or_else(Default::default, |(org, app)| (org.text(), app.text()));
    let params = [now.into(), org.as_str().into(), app.as_str().into(), DUE_MAX.into()];
    let mut due: Vec<(Id, Id)> = directory.db().all(&PROVISION_DUE, &params).await?;
    let room = DUE_MAX.saturating_sub(i64::try_from(due.len()).unwrap_or(DUE_MAX));
    if let Some(behind) = behind
        && room > 0
    {
        let params = [now.into(), "".into(), "".into(), room.into()];
        let first: Vec<(Id, Id)> = directory.db().all(&PROVISION_DUE, &params).await?;
        due.extend(first.into_iter().filter(|at| *at <= behind));
    }
    Ok(due)
}

/// The targets that are to be read now, to see what drifted: the worker's.
///
/// # Errors
/// The database's.
pub async fn checks_due(directory: &Directory, now: Micros) -> Result<Vec<(Id, Id)>> {
    Ok(directory.db().all(&PROVISION_CHECKS_DUE, &[now.into()]).await?)
}

/// Takes it on to read a target, unless another node did; it is due again at `next`.
///
/// # Errors
/// The database's.
pub async fn claim_check(directory: &Directory, target: &Target, next: Micros) -> Result<bool> {
    let params = [(&target.org).into(), (&target.app).into(), target.check_at.into(), next.into()];
    Ok(directory.db().exec(&PROVISION_CHECK_CLAIM, &params).await? == 1)
}

/// Keeps what was found.
///
/// # Errors
/// The database's.
pub async fn set_checked(directory: &Directory, org: Id, app: Id, checked: &Checked) -> Result<()> {
    let text = serde_json::to_string(checked).unwrap_or_default();
    directory.db().exec(&PROVISION_CHECKED, &[(&org).into(), (&app).into(), text.into()]).await?;
    Ok(())
}

/// The objects of a target that are to be looked at now, people before groups.
///
/// # Errors
/// The database's.
pub async fn objects_due(s: &mut impl Source, org: Id, app: Id, now: Micros, limit: i64) -> Result<Vec<Object>> {
    Ok(s.all(&PROVISION_OBJECTS_DUE, &[(&org).into(), (&app).into(), now.into(), limit.into()]).await?)
}

/// One object.
///
/// # Errors
/// The database's.
pub async fn object(s: &mut impl Source, org: Id, app: Id, kind: ObjectKind, id: Id) -> Result<Option<Object>> {
    Ok(s.first(&PROVISION_OBJECT, &[(&org).into(), (&app).into(), kind.word().into(), (&id).into()]).await?)
}

/// A page of the objects of a target, in the order of names, after one of a name and id; without what was sent.
///
/// # Errors
/// The database's.
pub async fn objects_named(
    s: &mut impl Source,
    (org, app, kind): (Id, Id, ObjectKind),
    (name, id): (&str, &str),
) -> Result<Vec<Object>> {
    let params = [(&org).into(), (&app).into(), kind.word().into(), name.into(), id.into()];
    Ok(s.all(&PROVISION_OBJECTS_NAMED, &params).await?)
}

/// A page of the objects of a target, in the order of ids.
///
/// # Errors
/// The database's.
pub async fn known(
    s: &mut impl Source,
    (org, app, kind): (Id, Id, ObjectKind),
    after: &str,
    limit: i64,
) -> Result<Vec<Object>> {
    let params = [(&org).into(), (&app).into(), kind.word().into(), after.into(), limit.into()];
    Ok(s.all(&PROVISION_KNOWN_PAGE, &params).await?)
}

/// What is known of these.
///
/// # Errors
/// The database's.
pub async fn objects_by_ids(
    s: &mut impl Source,
    (org, app, kind): (Id, Id, ObjectKind),
    ids: &[Id],
) -> Result<Vec<Object>> {
    let params = [(&org).into(), (&app).into(), kind.word().into(), V::list(ids)];
    Ok(s.all(&PROVISION_OBJECTS_BY_ID, &params).await?)
}

/// A page of those who reach the application, in the order of ids.
///
/// # Errors
/// The database's.
pub async fn reached(s: &mut impl Source, org: Id, app: Id, after: &str, limit: i64) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> =
        s.all(&PROVISION_REACHED_PAGE, &[(&org).into(), (&app).into(), after.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Those of these that are linked to what the receiver calls so.
///
/// # Errors
/// The database's.
pub async fn objects_by_remote(
    s: &mut impl Source,
    (org, app, kind): (Id, Id, ObjectKind),
    remotes: &[&str],
) -> Result<Vec<Object>> {
    let params = [(&org).into(), (&app).into(), kind.word().into(), V::list(remotes)];
    Ok(s.all(&PROVISION_OBJECTS_BY_REMOTE, &params).await?)
}

/// A page of what is linked, in the order of ids, without what was sent.
///
/// # Errors
/// The database's.
pub async fn linked(s: &mut impl Source, (org, app, kind): (Id, Id, ObjectKind), after: &str) -> Result<Vec<Object>> {
    Ok(s.all(&PROVISION_LINKED_PAGE, &[(&org).into(), (&app).into(), kind.word().into(), after.into()]).await?)
}

/// Has a target read again at a time.
///
/// # Errors
/// The database's.
pub async fn check_at(directory: &Directory, target: &Target, at: Micros) -> Result<()> {
    let params = [(&target.org).into(), (&target.app).into(), at.into()];
    directory.db().exec(&PROVISION_CHECK_AT, &params).await?;
    Ok(())
}

/// How many objects stand where.
///
/// # Errors
/// The database's.
pub async fn counts(s: &mut impl Source, org: Id, app: Id) -> Result<Counts> {
    let rows: Vec<(String, i64)> = s.all(&PROVISION_COUNTS, &[(&org).into(), (&app).into()]).await?;
    let mut out = Counts::default();
    for (word, count) in rows {
        match ObjectState::ALL.into_iter().find(|(w, _)| *w == word).map(|(_, state)| state) {
            Some(ObjectState::Held) => out.held = count,
            Some(ObjectState::Failing) => out.failing = count,
            Some(ObjectState::Waiting) => out.waiting = count,
            _ => out.in_step = count,
        }
    }
    Ok(out)
}

/// From the commit of a change to its request, in microseconds: the last ones in order of size.
///
/// # Errors
/// The database's.
pub async fn lags(s: &mut impl Source, org: Id, app: Id) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = s.all(&PROVISION_LAGS, &[(&org).into(), (&app).into(), LAGS.into()]).await?;
    let mut lags: Vec<i64> = rows.into_iter().map(|(lag,)| lag).collect();
    lags.sort_unstable();
    Ok(lags)
}

/// What went wrong with an object, and when it is tried again.
///
/// # Errors
/// The database's.
pub async fn failure(s: &mut impl Source, org: Id, app: Id) -> Result<Option<(String, Micros)>> {
    let row: Option<(String, i64)> = s.first(&PROVISION_FAILURE, &[(&org).into(), (&app).into()]).await?;
    Ok(row.map(|(error, at)| (error, Micros(at))))
}

/// The last calls about an object, the newest first.
///
/// # Errors
/// The database's.
pub async fn calls(s: &mut impl Source, org: Id, app: Id, kind: ObjectKind, id: Id) -> Result<Vec<Call>> {
    let params = [(&org).into(), (&app).into(), kind.word().into(), (&id).into()];
    let rows: Vec<(i64, String)> = s.all(&PROVISION_CALLS, &params).await?;
    let read = |(at, doc): (i64, String)| serde_json::from_str::<CallDoc>(&doc).ok().map(|c| c.0.at(Micros(at)));
    Ok(rows.into_iter().filter_map(read).collect())
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct CallDoc(Call);

impl Call {
    fn at(self, at: Micros) -> Self {
        Self { at, ..self }
    }
}

/// Of these people those who reach the application.
///
/// # Errors
/// The database's.
pub async fn reach(s: &mut impl Source, org: Id, app: Id, users: &[Id]) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&PROVISION_REACH, &[(&org).into(), (&app).into(), V::list(users)]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The ids that the receiver gave to these people.
///
/// # Errors
/// The database's.
pub async fn remote_of(s: &mut impl Source, org: Id, app: Id, users: &[Id]) -> Result<Vec<(Id, String)>> {
    Ok(s.all(&PROVISION_REMOTE_OF, &[(&org).into(), (&app).into(), V::list(users)]).await?)
}

/// Of these ids there those that an object of ours is linked to, and which.
///
/// # Errors
/// The database's.
pub async fn taken(
    s: &mut impl Source,
    org: Id,
    app: Id,
    kind: ObjectKind,
    remote: &[String],
) -> Result<Vec<(String, Id)>> {
    let params = [(&org).into(), (&app).into(), kind.word().into(), V::list(remote)];
    Ok(s.all(&PROVISION_TAKEN, &params).await?)
}

/// Whether a group is bound to the application.
///
/// # Errors
/// The database's.
pub async fn is_bound(s: &mut impl Source, org: Id, app: Id, group: Id) -> Result<bool> {
    let row: Option<(Id,)> = s.first(&PROVISION_GROUP_BOUND, &[(&org).into(), (&app).into(), (&group).into()]).await?;
    Ok(row.is_some())
}

/// Who comes into a group there and who goes, by the receiver's ids, at most so many of each.
///
/// # Errors
/// The database's.
pub async fn member_change(
    s: &mut impl Source,
    org: Id,
    app: Id,
    group: Id,
    limit: i64,
) -> Result<(Vec<String>, Vec<String>)> {
    let params = [(&org).into(), (&app).into(), (&group).into(), limit.into()];
    let add: Vec<(String,)> = s.all(&PROVISION_JOINING, &params).await?;
    let remove: Vec<(String,)> = s.all(&PROVISION_LEAVING_GROUP, &params).await?;
    let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect();
    Ok((ids(add), ids(remove)))
}

/// All that should be in a group there, by the receiver's ids.
///
/// # Errors
/// The database's.
pub async fn members(s: &mut impl Source, org: Id, app: Id, group: Id) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = s.all(&PROVISION_MEMBERS, &[(&org).into(), (&app).into(), (&group).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
