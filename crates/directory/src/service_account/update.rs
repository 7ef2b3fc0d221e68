//! Changes a service account.

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::{Role, ServiceAccount, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Changes what is given; the rest stays.
pub struct Update {
    /// Which.
    pub id: Id,
    /// Its name.
    pub name: Option<String>,
    /// What it may do.
    pub role: Option<Role>,
    /// Kept out.
    pub disabled: Option<bool>,
}

impl Verb for Update {
    type Out = ServiceAccount;

    async fn run(&self, w: &mut Write<'_>) -> Result<ServiceAccount> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut after = before.clone();
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut after.name);
        }
        after.role = self.role.unwrap_or(before.role);
        after.disabled = self.disabled.unwrap_or(before.disabled);
        Error::unless_empty(after.problems())?;
        let view = |account: &ServiceAccount| json!({"name": account.name, "role": account.role.word(), "disabled": account.disabled});
        let (from, to) = (view(&before), view(&after));
        if from == to {
            return Ok(after);
        }
        store::update(w, &after).await?;
        let changed = ["name", "role", "disabled"].into_iter().filter(|name| from[*name] != to[*name]);
        let fields: Map<String, Value> =
            changed.map(|name| (name.to_owned(), json!({"from": from[name], "to": to[name]}))).collect();
        w.log(Kind::ServiceAccountUpdate, Subject::service_account(self.id), Value::Object(fields));
        Ok(after)
    }
}
