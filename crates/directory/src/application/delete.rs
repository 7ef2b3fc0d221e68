//! Removes an application with its secrets and bindings.

use muster_base::Id;
use serde_json::json;

use super::{Application, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Removes an application.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let app = store::get(w, w.org(), self.id).await?;
        store::delete(w, self.id).await?;
        w.log(Kind::ApplicationDelete, Subject::application(self.id), json!({"displayLabel": app.label()}));
        Ok(app)
    }
}
