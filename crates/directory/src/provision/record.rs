//! Writing down what came of the calls about an object: the link, what was sent, the tape. What was said of the object
//! meanwhile stays said.

use muster_base::{Id, Micros};
use muster_db::{Tx, V, Work, sql};
use muster_scim::reconcile::Breaker;
use serde_json::{Map, Value};

use super::Target;
use super::object::{Call, Known, Object, ObjectKind};
use crate::{Directory, Error, Result};

/// Calls that are kept of each object.
const CALLS_KEPT: i64 = 20;
/// How long what is no more is kept, in seconds.
const MEMORY_S: i64 = 30 * 86_400;

sql! {
    /// When an account was taken away is when it was deactivated, and again when it is deleted: the delete guard counts both.
    RECORD_OBJECT = "UPDATE provision_objects SET remote_id = $7, last_sent = $8, pending = $6, \
                     away_at = CASE WHEN CAST($9 AS BIGINT) = 0 THEN NULL WHEN away = 1 AND (remote_id IS NULL OR CAST($7 AS TEXT) IS NOT NULL) THEN away_at \
                     ELSE CAST($10 AS BIGINT) END, \
                     away = CAST($9 AS BIGINT), left_at = $11, dirty = CASE WHEN marks = $5 THEN CAST($12 AS BIGINT) ELSE 1 END, \
                     dirty_at = CASE WHEN marks = $5 AND CAST($12 AS BIGINT) = 0 THEN NULL ELSE dirty_at END, \
                     next_at = CASE WHEN marks = $5 THEN CAST($13 AS BIGINT) ELSE 0 END, due_at = $14, \
                     held = CASE WHEN marks = $5 THEN CAST($15 AS BIGINT) ELSE 0 END, \
                     approved = CASE WHEN CAST($12 AS BIGINT) = 0 AND CAST($9 AS BIGINT) = 0 THEN 0 ELSE approved END, \
                     attempts = $16, error = $17, synced_at = COALESCE($18, synced_at), lag = COALESCE($19, lag) \
                     WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4 \
                     AND EXISTS (SELECT 1 FROM provision_targets t WHERE t.org_id = $1 AND t.app_id = $2 AND t.receiver = $20)";
    /// Apart, since the index by name is written wherever the name is.
    RECORD_NAME = "UPDATE provision_objects SET name = $5 WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
    /// The person was never there, and is not wanted.
    RECORD_FORGET = "DELETE FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4 AND marks = $5";
    RECORD_PENDING = "UPDATE provision_objects SET pending = $5 WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4 \
                      AND EXISTS (SELECT 1 FROM provision_targets t WHERE t.org_id = $1 AND t.app_id = $2 AND t.receiver = $6)";
    /// What is known of it stays, what was noted meanwhile as well.
    RECORD_PUT_OFF = "UPDATE provision_objects SET dirty = 1, due_at = NULL, next_at = CASE WHEN marks = $5 THEN CAST($6 AS BIGINT) ELSE 0 END, \
                      attempts = $7, error = $8 WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
    RECORD_CALL = "INSERT INTO provision_calls (org_id, id, app_id, kind, object_id, at, doc) SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), $7 \
                   WHERE EXISTS (SELECT 1 FROM provision_targets WHERE org_id = $1 AND app_id = $3)";
    RECORD_CALLS_TRIM = "DELETE FROM provision_calls WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4 AND id NOT IN \
                         (SELECT id FROM provision_calls WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4 ORDER BY id DESC LIMIT $5)";
    /// A person got their account there: their groups have to be looked at, and those whose manager they are.
    RECORD_GROUPS_OF = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, next_at = 0 WHERE org_id = $1 AND app_id = $2 AND kind = 'group' \
                        AND object_id IN (SELECT group_id FROM group_memberships WHERE org_id = $1 AND member_id = $3)";
    RECORD_REPORTS_OF = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, next_at = 0 WHERE org_id = $1 AND app_id = $2 AND kind = 'user' \
                         AND object_id IN (SELECT id FROM users WHERE org_id = $1 AND manager_id = $3)";
    /// The account is no more there: nor is it a member of anything.
    RECORD_MEMBER_GONE = "DELETE FROM provision_members WHERE org_id = $1 AND app_id = $2 AND remote_id = $3";
    RECORD_MEMBER_IN = "INSERT INTO provision_members (org_id, app_id, group_id, remote_id) SELECT $1, $2, $3, e.value FROM {each $4} AS e \
                        WHERE EXISTS (SELECT 1 FROM provision_targets t WHERE t.org_id = $1 AND t.app_id = $2 AND t.receiver = $5) \
                        ON CONFLICT (org_id, app_id, group_id, remote_id) DO NOTHING";
    RECORD_MEMBER_OUT = "DELETE FROM provision_members WHERE org_id = $1 AND app_id = $2 AND group_id = $3 AND remote_id IN {each $4} \
                         AND EXISTS (SELECT 1 FROM provision_targets t WHERE t.org_id = $1 AND t.app_id = $2 AND t.receiver = $5)";
    /// It is another group there, or none: whoever is in that one was not sent by us, and is not taken out.
    RECORD_MEMBERS_NONE = "DELETE FROM provision_members WHERE org_id = $1 AND app_id = $2 AND group_id = $3";
    /// Unless other settings were entered meanwhile.
    RECORD_TARGET = "UPDATE provision_targets SET breaker = $3, stopped = $4, next_at = $5 WHERE org_id = $1 AND app_id = $2 AND doc = $6";
    global PROVISION_PRUNE = "DELETE FROM provision_objects WHERE away = 1 AND dirty = 0 AND remote_id IS NULL AND away_at < $1";
    global PROVISION_IMPORTS_PRUNE = "DELETE FROM provision_imports WHERE created_at < $1";
}

/// Which object of which target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Which {
    /// The organization.
    pub org: Id,
    /// The application.
    pub app: Id,
    /// A person or a group.
    pub kind: ObjectKind,
    /// Which.
    pub id: Id,
    /// Whose ids are meant: of another receiver nothing is written down.
    pub receiver: i64,
}

impl Which {
    fn params(&self) -> [V<'static>; 4] {
        [self.org.into(), self.app.into(), self.kind.word().into(), self.id.into()]
    }
}

/// What became of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Nothing more is to be done; again at a time, where time alone changes that.
    InStep {
        /// When.
        due_at: Option<Micros>,
    },
    /// It was never there and is not wanted: nothing is kept of it.
    Forget,
    /// It is tried again.
    Later {
        /// When.
        at: Micros,
        /// Why.
        why: String,
    },
    /// Somebody has to change something here or there.
    Failed(String),
    /// Somebody has to say yes: why.
    Held(String),
    /// It was not its turn; nothing is known that was not before.
    NotNow,
}

/// What is written down about an object.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which.
    pub which: Which,
    /// What had been said of it when it was read.
    pub marks: i64,
    /// Its name, where that is another by now.
    pub name: Option<String>,
    /// What was known of it.
    pub before: Known,
    /// What is known of it.
    pub known: Known,
    /// What became of it.
    pub verdict: Verdict,
    /// Failed tries in a row.
    pub attempts: i64,
    /// The calls.
    pub calls: Vec<Call>,
    /// From the change to the first request, in microseconds.
    pub lag: Option<i64>,
}

impl Record {
    /// Writes it down.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep(self, directory: &Directory) -> Result<()> {
        let now = directory.env().clock.now();
        let mut ids: Vec<Id> = self.calls.iter().map(|_| directory.env().id()).collect();
        // The tape is read in the order of ids.
        ids.sort_unstable();
        directory.db().write(Keep { record: self, now, ids }).await
    }
}

struct Keep {
    record: Record,
    now: Micros,
    ids: Vec<Id>,
}

impl Work for Keep {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let r = &self.record;
        let [org, app, kind, id] = r.which.params();
        if r.verdict == Verdict::Forget {
            tx.exec(&RECORD_FORGET, &[org, app, kind, id, r.marks.into()]).await?;
            return Ok(());
        }
        let (dirty, held, next, due, error, done) = match &r.verdict {
            Verdict::InStep { due_at } => (false, false, Micros(0), *due_at, None, true),
            Verdict::Later { at, why } => (true, false, *at, None, Some(why.clone()), false),
            Verdict::Failed(why) => (false, false, Micros(0), None, Some(why.clone()), false),
            Verdict::Held(why) => (true, true, Micros(0), None, Some(why.clone()), false),
            Verdict::NotNow | Verdict::Forget => (true, false, Micros(0), None, None, false),
        };
        let json = |doc: &Option<Map<String, Value>>| doc.as_ref().map(|d| Value::Object(d.clone()).to_string());
        let error: Option<String> = error.map(|e| e.chars().filter(|c| !c.is_control()).take(1000).collect());
        let params = [
            org.clone(),
            app.clone(),
            kind.clone(),
            id.clone(),
            r.marks.into(),
            json(&r.known.pending).into(),
            r.known.remote_id.as_deref().into(),
            json(&r.known.last_sent).into(),
            r.known.away.into(),
            self.now.into(),
            r.known.left_at.map(|Micros(at)| at).into(),
            dirty.into(),
            next.into(),
            due.map(|Micros(at)| at).into(),
            held.into(),
            r.attempts.into(),
            error.into(),
            done.then_some(self.now.0).into(),
            r.lag.into(),
            r.which.receiver.into(),
        ];
        if tx.exec(&RECORD_OBJECT, &params).await? == 0 {
            // Another receiver was entered meanwhile, or the target is gone.
            return Ok(());
        }
        if let Some(name) = &r.name {
            tx.exec(&RECORD_NAME, &[org.clone(), app.clone(), kind.clone(), id.clone(), name.as_str().into()]).await?;
        }
        for (call, call_id) in r.calls.iter().zip(&self.ids) {
            let doc = serde_json::to_string(call).unwrap_or_default();
            let row = [org.clone(), call_id.into(), app.clone(), kind.clone(), id.clone(), call.at.into(), doc.into()];
            tx.exec(&RECORD_CALL, &row).await?;
        }
        if !r.calls.is_empty() {
            tx.exec(&RECORD_CALLS_TRIM, &[org, app, kind, id, CALLS_KEPT.into()]).await?;
        }
        self.follow(tx).await
    }
}

impl Keep {
    /// What follows from a link that came or went.
    async fn follow(&self, tx: &mut Tx) -> Result<()> {
        let r = &self.record;
        if r.before.remote_id == r.known.remote_id {
            return Ok(());
        }
        let [org, app, _, id] = r.which.params();
        if r.which.kind == ObjectKind::Group {
            tx.exec(&RECORD_MEMBERS_NONE, &[org, app, id]).await?;
            return Ok(());
        }
        if let Some(remote) = &r.before.remote_id {
            tx.exec(&RECORD_MEMBER_GONE, &[org.clone(), app.clone(), remote.as_str().into()]).await?;
        }
        for statement in [&RECORD_GROUPS_OF, &RECORD_REPORTS_OF] {
            tx.exec(statement, &[org.clone(), app.clone(), id.clone()]).await?;
        }
        Ok(())
    }
}

/// Notes what is about to be made there: from now on it may be there, though nobody said so. False where another receiver
/// was entered meanwhile: then nothing is to be made.
///
/// # Errors
/// The database's.
pub async fn pending(directory: &Directory, which: Which, resource: &Map<String, Value>) -> Result<bool> {
    let [org, app, kind, id] = which.params();
    let text = Value::Object(resource.clone()).to_string();
    let noted = directory.db().exec(&RECORD_PENDING, &[org, app, kind, id, text.into(), which.receiver.into()]).await?;
    Ok(noted == 1)
}

/// Nothing more became of an object than that it is looked at again at a time, and why not before.
///
/// # Errors
/// The database's.
pub async fn put_off(directory: &Directory, which: Which, object: &Object, (at, why): (Micros, &str)) -> Result<()> {
    let [org, app, kind, id] = which.params();
    let attempts = object.attempts.saturating_add(1);
    let params = [org, app, kind, id, object.marks.into(), at.into(), attempts.into(), why.into()];
    directory.db().exec(&RECORD_PUT_OFF, &params).await?;
    Ok(())
}

/// Writes down who is a member of a group there now.
///
/// # Errors
/// The database's.
pub async fn members(directory: &Directory, which: Which, came: &[String], went: &[String]) -> Result<()> {
    directory.db().write(Members { which, came: came.to_vec(), went: went.to_vec() }).await
}

struct Members {
    which: Which,
    came: Vec<String>,
    went: Vec<String>,
}

impl Work for Members {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let ([org, app, _, id], receiver) = (self.which.params(), V::from(self.which.receiver));
        tx.exec(&RECORD_MEMBER_IN, &[org.clone(), app.clone(), id.clone(), V::list(&self.came), receiver.clone()])
            .await?;
        tx.exec(&RECORD_MEMBER_OUT, &[org, app, id, V::list(&self.went), receiver]).await?;
        Ok(())
    }
}

/// Keeps how the target is doing, unless other settings were entered meanwhile.
///
/// # Errors
/// The database's.
pub async fn target(
    directory: &Directory,
    of: &Target,
    breaker: &Breaker,
    stopped: Option<&str>,
    next_at: Micros,
) -> Result<()> {
    let breaker = serde_json::to_string(breaker).unwrap_or_default();
    let doc = of.doc.as_str();
    let params = [(&of.org).into(), (&of.app).into(), breaker.into(), stopped.into(), next_at.into(), doc.into()];
    directory.db().exec(&RECORD_TARGET, &params).await?;
    Ok(())
}

/// Forgets what has been gone for 30 days.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<()> {
    let before = directory.env().clock.now().minus_s(MEMORY_S);
    directory.db().exec(&PROVISION_PRUNE, &[before.into()]).await?;
    directory.db().exec(&PROVISION_IMPORTS_PRUNE, &[before.into()]).await?;
    super::reading::prune(directory).await?;
    super::survey::prune(directory).await
}
