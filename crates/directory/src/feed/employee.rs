//! Two with one employee ID: the one who has it here is named.

use super::take::Step;
use crate::user::store;
use crate::{Error, Result, Write};

/// The refusal of a step, with the name of the person who has the employee ID.
pub(super) async fn named(w: &mut Write<'_>, step: &Step, error: Error) -> Result<Error> {
    let (Step::User(person), Error::Conflict(text)) = (step, &error) else { return Ok(error) };
    if text != store::EMPLOYEE_TAKEN {
        return Ok(error);
    }
    let id = person.feed.profile.get("employeeIdentifier").and_then(serde_json::Value::as_str).unwrap_or_default();
    let org = w.org();
    Ok(match store::by_employee(w, org, id).await? {
        Some(has) => Error::Conflict(format!("employeeIdentifier: {} ({}) has it already", has.username, has.email)),
        None => error,
    })
}
