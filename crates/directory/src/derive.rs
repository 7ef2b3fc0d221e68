//! What follows from a change, in the same transaction, read from the changes that the verb logged. The one place that
//! knows: no verb and no handler has to remember a consequence.
//!
//! - a person, a device or a group changed: the memberships that follow
//! - a person was suspended, removed, or their password was set by someone else: their sessions end
//! - a person was made or let in without a password: the activation mail
//! - a group that a directory pushes, who is in it, or what its mapping gives changed: who is an administrator by it
//! - something ended a session or took an application away: the mark by which those applications are told
//! - a person, a membership or a binding changed: who has to be looked at where accounts are sent to
//! - a person was removed: their bindings, assignments, devices, counters and unsent mail go with them

use std::collections::BTreeSet;

use muster_base::Id;
use serde_json::Value;

use crate::change::{Change, Kind};
use crate::{
    Result, Write, application, derived_administrator, device, group, logout, mail, provision, routing, session, user,
};

/// Who must be looked at again.
#[derive(Debug, Default, PartialEq, Eq)]
struct Dirty {
    invited: BTreeSet<Id>,
    signed_out: Vec<(Id, Option<Id>)>,
    removed_users: BTreeSet<Id>,
    removed_devices: BTreeSet<Id>,
    removed_groups: BTreeSet<Id>,
}

/// Reads from the changes what is to be derived. Pure.
fn dirty(changes: &[Change]) -> Dirty {
    let mut dirty = Dirty::default();
    for change in changes {
        let id = change.subject.id;
        match change.kind {
            // Whoever lets them in may say that no mail goes out.
            Kind::UserActivated if change.fields.get("mail") == Some(&Value::Bool(false)) => {}
            Kind::UserCreate | Kind::UserActivated => {
                dirty.invited.insert(id);
            }
            Kind::UserSuspended => dirty.signed_out.push((id, None)),
            Kind::UserPasswordSet | Kind::UserPasswordExpired => {
                // The session in which the person changed it themselves goes on.
                let keep = change.fields.get("session").and_then(Value::as_str).and_then(|s| s.parse().ok());
                dirty.signed_out.push((id, keep));
            }
            Kind::UserDelete => {
                dirty.signed_out.push((id, None));
                dirty.removed_users.insert(id);
            }
            Kind::SystemDelete => {
                dirty.removed_devices.insert(id);
            }
            Kind::GroupDelete => {
                dirty.removed_groups.insert(id);
            }
            _ => {}
        }
    }
    dirty.invited.retain(|id| !dirty.removed_users.contains(id));
    dirty
}

/// Derives everything that follows from the changes logged so far.
pub(crate) async fn consequences(w: &mut Write<'_>) -> Result<()> {
    // First, since what it logs of the devices is read with the rest.
    for user in dirty(w.changes()).removed_users {
        device::bind::release(w, user).await?;
    }
    let dirty = dirty(w.changes());
    for removed in dirty.removed_users.iter().chain(&dirty.removed_devices) {
        group::membership::end_all_of(w, *removed).await?;
    }
    group::derive::by_changes(w).await?;
    for user in &dirty.invited {
        user::invite::if_due(w, *user).await?;
    }
    for user in &dirty.removed_users {
        user::lockout::forget(w, *user).await?;
        mail::drop_unsent(w, *user).await?;
        application::store::unbind_subject(w, "user", *user).await?;
        routing::store::untarget(w, "user", *user).await?;
    }
    for group in &dirty.removed_groups {
        application::store::unbind_subject(w, "user_group", *group).await?;
        routing::store::untarget(w, "user_group", *group).await?;
    }
    for (user, keep) in &dirty.signed_out {
        session::end::all_of(w, *user, *keep).await?;
    }
    // After the memberships, which it follows from.
    derived_administrator::derive::by_changes(w).await?;
    // Last, since what was derived above is in the log by now.
    provision::touch::by_changes(w).await?;
    logout::collect::mark(w).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Subject;
    use serde_json::json;

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    #[test]
    fn a_suspension_ends_sessions() {
        let changes = [Change { kind: Kind::UserSuspended, subject: Subject::user(id(1)), fields: json!({}) }];
        let d = dirty(&changes);
        assert_eq!(d.signed_out, vec![(id(1), None)]);
    }

    #[test]
    fn a_changed_password_keeps_the_session_it_was_changed_in() {
        let fields = json!({"session": id(9).text()});
        let changes = [Change { kind: Kind::UserPasswordSet, subject: Subject::user(id(1)), fields }];
        assert_eq!(dirty(&changes).signed_out, vec![(id(1), Some(id(9)))]);
    }

    #[test]
    fn a_removed_person_is_not_invited() {
        let changes = [
            Change { kind: Kind::UserActivated, subject: Subject::user(id(1)), fields: json!({}) },
            Change { kind: Kind::UserDelete, subject: Subject::user(id(1)), fields: json!({}) },
        ];
        assert!(dirty(&changes).invited.is_empty());
    }
}
