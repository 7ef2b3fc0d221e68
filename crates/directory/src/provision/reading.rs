//! Readings of a whole target, which take longer than a request: how far each is, what came of it, and the sign of life of
//! whoever reads. They stand in the database, so that any node answers for them.
//!
//! Never here: the reading itself, and the settings that it tries: those are in the memory of who reads alone.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Tx, Work, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report::{Drift, Plan};
use super::survey::Survey;
use crate::{Directory, Error, Result};

/// Readings of one application at once; one more ends the oldest.
const READINGS_MAX: i64 = 4;
/// After so many seconds without a sign of life a reading counts as left.
const LEASE_S: i64 = 60;
/// How often a reading says that it goes on, in seconds.
pub const BEAT_S: u64 = 15;
/// How long what came of it is kept, in seconds.
pub const KEPT_S: i64 = 3600;

/// What is told of one whose reader died.
const LEFT: &str = "the server that read it stopped: ask again";
/// What is told of one that was the oldest of too many.
const CROWDED: &str = "the application is read several times at once, and this was the oldest: ask again";

sql! {
    READING_INSERT = "INSERT INTO provision_readings (org_id, id, app_id, kind, state, begun_at, read_count, alive_until, kept_until) \
                      VALUES ($1, $2, $3, $4, 'running', $5, 0, $6, $7)";
    READING_TRIM = "UPDATE provision_readings SET state = 'failed', error = $5 WHERE org_id = $1 AND app_id = $2 AND state = 'running' AND alive_until >= $3 \
                    AND id NOT IN (SELECT id FROM provision_readings WHERE org_id = $1 AND app_id = $2 AND state = 'running' AND alive_until >= $3 \
                    ORDER BY begun_at DESC, id DESC LIMIT $4)";
    READING_FIND = "SELECT id, kind, state, begun_at, read_count, total, alive_until, doc, error FROM provision_readings \
                    WHERE org_id = $1 AND app_id = $2 AND id = $3 AND kept_until >= $4";
    READING_BEAT = "UPDATE provision_readings SET alive_until = $3, kept_until = $4 WHERE org_id = $1 AND id = $2 AND state = 'running'";
    READING_PROGRESS = "UPDATE provision_readings SET alive_until = $3, kept_until = $4, read_count = $5, total = $6 \
                        WHERE org_id = $1 AND id = $2 AND state = 'running'";
    READING_END = "UPDATE provision_readings SET state = $3, kept_until = $4, read_count = $5, total = $6, doc = $7, error = $8 \
                   WHERE org_id = $1 AND id = $2 AND state = 'running'";
    READING_STOP = "DELETE FROM provision_readings WHERE org_id = $1 AND app_id = $2 AND id = $3";
    READING_FORGET = "DELETE FROM provision_readings WHERE org_id = $1 AND id = $2 AND state = 'running'";
    global PROVISION_READINGS_PRUNE = "DELETE FROM provision_readings WHERE kept_until < $1";
}

/// What a target is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionReadingKind)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What activating, or another mapping, would do.
    Preview,
    /// What is there otherwise than it was sent.
    Drift,
    /// Sending that again.
    Repair,
    /// The list of users to import.
    Import,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Preview, Self::Drift, Self::Repair, Self::Import];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Drift => "drift",
            Self::Repair => "repair",
            Self::Import => "import",
        }
    }
}

/// What came of a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// A plan.
    Plan(Plan),
    /// What drifted.
    Drift(Drift),
    /// How many objects are sent again.
    Repaired(usize),
    /// How many users the list has; it is the survey of the reading's own id.
    Users(u64),
}

/// Where a reading stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It goes on.
    Running,
    /// It came to its end.
    Finished(Found),
    /// It did not, and why.
    Failed(String),
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Far {
    /// Objects that were read.
    pub read: u64,
    /// How many there are, as the target says.
    pub total: Option<u64>,
}

/// A reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its id.
    pub id: Id,
    /// What it is for.
    pub kind: Kind,
    /// When it began.
    pub begun_at: Micros,
    /// How far it is.
    pub far: Far,
    /// Where it stands.
    pub state: State,
}

/// A reading as it is kept: whether it goes on depends on the time.
struct Kept {
    reading: Reading,
    alive_until: Micros,
}

impl Kept {
    /// One without a sign of life has failed.
    fn at(self, now: Micros) -> Reading {
        let is_left = self.reading.state == State::Running && self.alive_until < now;
        if is_left { Reading { state: State::Failed(LEFT.into()), ..self.reading } } else { self.reading }
    }
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("provision_readings.{what}"));
        let word = row.text(1)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| wrong("kind"))?;
        let state = match row.str(2)? {
            "running" => State::Running,
            "finished" => {
                let doc = row.opt_text(7)?.unwrap_or_default();
                State::Finished(serde_json::from_str(&doc).map_err(|_| wrong("doc"))?)
            }
            _ => State::Failed(row.opt_text(8)?.unwrap_or_default()),
        };
        let far = Far::of(row.i64(4)?, row.opt_i64(5)?);
        let reading = Reading { id: row.id(0)?, kind, begun_at: row.micros(3)?, far, state };
        Ok(Self { reading, alive_until: row.micros(6)? })
    }
}

struct Begin {
    org: Id,
    app: Id,
    id: Id,
    kind: Kind,
    now: Micros,
}

impl Work for Begin {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let (alive, kept) = (self.now.plus_s(LEASE_S), self.now.plus_s(KEPT_S));
        let (org, app) = (&self.org, &self.app);
        let kind = self.kind.word().into();
        let params = [org.into(), (&self.id).into(), app.into(), kind, self.now.into(), alive.into(), kept.into()];
        tx.exec(&READING_INSERT, &params).await?;
        let params = [org.into(), app.into(), self.now.into(), READINGS_MAX.into(), CROWDED.into()];
        tx.exec(&READING_TRIM, &params).await?;
        Ok(())
    }
}

/// The hand that a reading writes itself down with: only who began it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    /// The organization.
    pub org: Id,
    /// The application.
    pub app: Id,
    /// The reading.
    pub id: Id,
}

/// Begins a reading.
///
/// # Errors
/// The database's.
pub async fn begin(directory: &Directory, org: Id, app: Id, kind: Kind) -> Result<Pen> {
    let (id, now) = (directory.env().id(), directory.env().clock.now());
    directory.db().write(Begin { org, app, id, kind, now }).await?;
    Ok(Pen { org, app, id })
}

impl Pen {
    /// What is written down of the target for it, and the list that it may come to.
    #[must_use]
    pub const fn survey(&self) -> Survey {
        Survey { org: self.org, app: self.app, id: self.id }
    }

    /// Says that it goes on; false: it was stopped, or is not to.
    ///
    /// # Errors
    /// The database's.
    pub async fn beat(&self, directory: &Directory) -> Result<bool> {
        let now = directory.env().clock.now();
        let (alive, kept) = (now.plus_s(LEASE_S), now.plus_s(KEPT_S));
        let params = [(&self.org).into(), (&self.id).into(), alive.into(), kept.into()];
        Ok(directory.db().exec(&READING_BEAT, &params).await? > 0)
    }

    /// Says how far it is, which is a sign of life too; false: it was stopped, or is not to go on.
    ///
    /// # Errors
    /// The database's.
    pub async fn progress(&self, directory: &Directory, far: Far) -> Result<bool> {
        let now = directory.env().clock.now();
        let (alive, kept) = (now.plus_s(LEASE_S), now.plus_s(KEPT_S));
        let (read, total) = far.counts();
        let params = [(&self.org).into(), (&self.id).into(), alive.into(), kept.into(), read.into(), total.into()];
        Ok(directory.db().exec(&READING_PROGRESS, &params).await? > 0)
    }

    /// Says what came of it, or why nothing did; whether it was not stopped meanwhile.
    ///
    /// # Errors
    /// The database's.
    pub async fn end(&self, directory: &Directory, far: Far, found: Result<&Found, &str>) -> Result<bool> {
        let kept = directory.env().clock.now().plus_s(KEPT_S);
        let (word, doc, error) = match found {
            Ok(found) => ("finished", Some(serde_json::to_string(found).unwrap_or_default()), None),
            Err(why) => ("failed", None, Some(why.to_owned())),
        };
        let (read, total) = far.counts();
        let (org, id) = ((&self.org).into(), (&self.id).into());
        let params = [org, id, word.into(), kept.into(), read.into(), total.into(), doc.into(), error.into()];
        Ok(directory.db().exec(&READING_END, &params).await? > 0)
    }

    /// Forgets it, unless it ended: nobody was told of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget(&self, directory: &Directory) -> Result<()> {
        directory.db().exec(&READING_FORGET, &[(&self.org).into(), (&self.id).into()]).await?;
        Ok(())
    }
}

impl Far {
    pub(super) fn of(read: i64, total: Option<i64>) -> Self {
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Self { read: count(read), total: total.map(count) }
    }

    pub(super) fn counts(self) -> (i64, Option<i64>) {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        (count(self.read), self.total.map(count))
    }
}

/// A reading of an application, as it stands now.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(directory: &Directory, org: Id, app: Id, id: Id) -> Result<Reading> {
    let now = directory.env().clock.now();
    let params = [(&org).into(), (&app).into(), (&id).into(), now.into()];
    let kept: Option<Kept> = directory.read().first(&READING_FIND, &params).await?;
    Ok(kept.ok_or(Error::Missing("reading"))?.at(now))
}

struct Stop {
    org: Id,
    app: Id,
    id: Id,
}

impl Work for Stop {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let Self { org, app, id } = *self;
        if tx.exec(&READING_STOP, &[(&org).into(), (&app).into(), (&id).into()]).await? == 0 {
            return Err(Error::Missing("reading"));
        }
        // What was written down for it has its id; nobody could ask for it any more.
        Survey { org, app, id }.drop_in(tx).await
    }
}

/// Stops a reading, or throws away what came of it, with the list that it came to. Whoever reads finds it gone, and does not
/// go on.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn stop(directory: &Directory, org: Id, app: Id, id: Id) -> Result<()> {
    directory.db().write(Stop { org, app, id }).await
}

/// Throws away those whose time is over.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<()> {
    directory.db().exec(&PROVISION_READINGS_PRUNE, &[directory.env().clock.now().into()]).await?;
    Ok(())
}
