//! Claiming notices and writing down how it went. Of several nodes each claims its own; who dies leaves what they claimed
//! to the others after [`LEASE_S`].

use muster_base::{Id, Micros};
use muster_db::{Tx, Work};

use super::model::{LEASE_S, Notice, wait_s};
use super::store;
use crate::event::{self, Detail, Event, Named};
use crate::{Directory, Error, Result, application};

/// JumpCloud's word for what happens at applications; ours for this one.
const EVENT: &str = "sso_logout";

/// Claims what is due, over all organizations, the longest due first and of each application a few.
///
/// # Errors
/// The database's.
pub async fn claim(directory: &Directory) -> Result<Vec<Notice>> {
    let now = directory.env().clock.now();
    let due = store::due(directory, now).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    directory.db().write(Claim { due, now }).await
}

struct Claim {
    due: Vec<(Id, Id)>,
    now: Micros,
}

impl Work for Claim {
    type Out = Vec<Notice>;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Vec<Notice>> {
        let mut claimed = Vec::new();
        for (org, id) in &self.due {
            if store::claim(tx, *org, *id, self.now, self.now.plus_s(LEASE_S)).await? > 0 {
                claimed.extend(store::by_id(tx, *org, *id).await?);
            }
        }
        Ok(claimed)
    }
}

/// Writes down that the application knows.
///
/// # Errors
/// The database's.
pub async fn delivered(directory: &Directory, notice: &Notice) -> Result<()> {
    let now = directory.env().clock.now();
    let summary = |app: &str| format!("{app} was told that the session ended");
    let event = event(directory, notice, true, summary).await?;
    directory.db().write(Outcome { notice: notice.clone(), now, again_at: None, error: None, event }).await
}

/// Writes down what went wrong. It is tried again, later each time, until it is given up. The first failure and the last
/// are events of the person.
///
/// # Errors
/// The database's.
pub async fn failed(directory: &Directory, notice: &Notice, reason: &str) -> Result<()> {
    let now = directory.env().clock.now();
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(500).collect();
    let again_at = notice.again_at(now);
    let event = match (again_at, notice.attempts) {
        (None, _) => {
            event(directory, notice, false, |app| {
                format!("{app} could not be told that the session ended, and is not tried any more: {reason}")
            })
            .await?
        }
        (Some(_), 1) => {
            event(directory, notice, false, |app| {
                format!("{app} could not be told that the session ended; it is tried again: {reason}")
            })
            .await?
        }
        (Some(_), _) => None,
    };
    directory.db().write(Outcome { notice: notice.clone(), now, again_at, error: Some(reason), event }).await
}

/// Gives a claimed notice back untried, because its application just failed.
///
/// # Errors
/// The database's.
pub async fn put_off(directory: &Directory, notice: &Notice, reason: &str) -> Result<()> {
    let next = directory.env().clock.now().plus_s(wait_s(notice.attempts));
    store::put_off(directory, notice, next, reason).await
}

async fn event(
    directory: &Directory,
    notice: &Notice,
    success: bool,
    summary: impl FnOnce(&str) -> String,
) -> Result<Option<Event>> {
    let app = application::store::by_id(&mut directory.read(), notice.org, notice.app).await?;
    let Some(app) = app else { return Ok(None) };
    let detail = Detail {
        success,
        summary: summary(app.label()),
        application: Some(Named { id: app.id.text(), name: app.label().to_owned() }),
        ..Detail::default()
    };
    let env = directory.env();
    let kind = EVENT.to_owned();
    Ok(Some(Event { org: Some(notice.org), id: env.id(), at: env.clock.now(), kind, user: Some(notice.user), detail }))
}

struct Outcome {
    notice: Notice,
    now: Micros,
    again_at: Option<Micros>,
    error: Option<String>,
    event: Option<Event>,
}

impl Work for Outcome {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let changed = match (self.again_at, &self.error) {
            (Some(next), Some(error)) => {
                let changed = store::set_failed(tx, &self.notice, next, error).await?;
                store::hold_back(tx, &self.notice, next).await?;
                changed
            }
            (_, error) => store::set_done(tx, &self.notice, self.now, error.as_deref()).await?,
        };
        // Another node may have been quicker, when this one was slower than its lease.
        if changed > 0
            && let Some(event) = &self.event
        {
            event::store::insert(tx, event).await?;
        }
        Ok(())
    }
}
