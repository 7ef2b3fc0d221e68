//! What a directory feeds is read-only at every other door.

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::lay::SCIM;
use super::store;
use crate::actor::ActorKind;
use crate::user::User;
use crate::user::profile::RestrictedField;
use crate::{Error, FieldError, Result, Write};

/// Refuses changes of fields that a directory keeps, naming it. Directories settle among themselves by rank.
pub(crate) async fn check(w: &mut Write<'_>, before: &User, after: &User, changed: &Map<String, Value>) -> Result<()> {
    let kept: Vec<(&RestrictedField, Id)> = before.profile.restricted_fields.iter().filter_map(keeper).collect();
    if w.actor().kind == ActorKind::DirectoryProvider || changed.is_empty() || kept.is_empty() {
        return Ok(());
    }
    let feeders = store::feeders(w, w.org(), before.id).await?;
    let mut problems = Vec::new();
    for (restriction, id) in kept {
        let Some(feeder) = feeders.iter().find(|f| f.id == id) else { continue };
        let name = restriction.field.as_str();
        let is_changed = match name.strip_prefix("attributes.") {
            Some(custom) => attribute(before, custom) != attribute(after, custom),
            None => changed.contains_key(name),
        };
        if is_changed {
            problems
                .push(FieldError::new(name, format!("the directory \"{}\" keeps this: change it there", feeder.name)));
        }
        if !after.profile.restricted_fields.contains(restriction) {
            let message = format!("the directory \"{}\" keeps the field {name}: it lets go of it there", feeder.name);
            problems.push(FieldError::new("restrictedFields", message));
        }
    }
    // Nor is it said for a directory that it keeps more.
    for restriction in &*after.profile.restricted_fields {
        let is_new = !before.profile.restricted_fields.contains(restriction);
        if let Some((_, id)) = keeper(restriction).filter(|_| is_new)
            && let Some(feeder) = feeders.iter().find(|f| f.id == id)
        {
            let message = format!("what the directory \"{}\" keeps follows from what it sends", feeder.name);
            problems.push(FieldError::new("restrictedFields", message));
        }
    }
    Error::unless_empty(problems)
}

fn keeper(restriction: &RestrictedField) -> Option<(&RestrictedField, Id)> {
    let id = restriction.id.as_deref().filter(|_| restriction.kind == SCIM)?.parse().ok()?;
    Some((restriction, id))
}

fn attribute(user: &User, name: &str) -> Value {
    json!(user.profile.attributes.iter().find(|a| a.name == name).map(|a| &a.value))
}
