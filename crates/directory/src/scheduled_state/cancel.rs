//! Takes back what was asked for, before its time.

use muster_base::Id;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Takes one change back.
pub struct Cancel {
    /// Which.
    pub id: Id,
}

impl Verb for Cancel {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let of = store::get(w, w.org(), self.id).await?;
        if !store::delete(w, self.id).await? {
            return Err(Error::Conflict("it was carried out already: change the state of the person itself".into()));
        }
        let fields = json!({"scheduled": of.id, "state": {"to": of.state}, "at": of.at.rfc3339()});
        w.log(Kind::UserStateCancel, Subject::user(of.user), fields);
        Ok(())
    }
}
