//! Does what is due.

use muster_base::Id;

use super::{Status, store};
use crate::user::state;
use crate::{Directory, Error, Result, Verb, Write, standing};

/// Does one change when its time has come; nothing where it does not wait (any more).
pub struct CarryOut {
    /// Which.
    pub id: Id,
    /// Why it cannot be done; otherwise it is.
    pub refused: Option<String>,
}

impl Verb for CarryOut {
    type Out = bool;

    async fn run(&self, w: &mut Write<'_>) -> Result<bool> {
        let of = store::get(w, w.org(), self.id).await?;
        if of.status != Status::Pending || of.at > w.now() {
            return Ok(false);
        }
        if let Some(why) = &self.refused {
            return store::end(w, self.id, Status::Failed, why).await;
        }
        state::set(w, of.user, of.state, of.asked.mail).await?;
        store::end(w, self.id, Status::Finished, "").await
    }
}

/// Carries out everything that is due, each in a transaction of its own; one that cannot be done keeps no other waiting.
/// Answers whether there may be more.
///
/// # Errors
/// The database's.
pub async fn round(directory: &Directory) -> Result<bool> {
    let due = store::due(directory).await?;
    let mut done = false;
    for (org, id) in &due {
        match one(directory, *org, *id).await {
            Ok(is_done) => done |= is_done,
            // It was taken back, or the person went meanwhile.
            Err(Error::Missing(_)) => {}
            Err(error) => tracing::error!(reason = error.private(), %id, "a scheduled change of state waits: {error}"),
        }
    }
    Ok(done)
}

async fn one(directory: &Directory, org: Id, id: Id) -> Result<bool> {
    let of = store::get(&mut directory.read(), org, id).await?;
    let may = standing::may_act(directory, (of.asked.actor, of.asked.actor_id), org).await?;
    let refused = (!may).then(|| standing::GONE.to_owned());
    match directory.write(of.asked.actor(), org, CarryOut { id, refused }).await {
        Err(
            error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Denied(_) | Error::Limit(_) | Error::Internal(_)),
        ) => {
            let refused = Some(error.to_string());
            directory.write(of.asked.actor(), org, CarryOut { id, refused }).await
        }
        other => other,
    }
}
