//! Which people and groups have to be looked at again at which targets: noted in the transaction of the change itself, so
//! that nothing is lost whatever dies. What is to be done about them is found out later, from what is true then.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::{V, sql};

use crate::change::{Change, Kind};
use crate::{Result, Write};

sql! {
    PROVISION_ANY = "SELECT app_id FROM provision_targets WHERE org_id = $1 AND active = 1 LIMIT 1";
    /// What is known of these at any target.
    TOUCH_KNOWN = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, held = 0, approved = 0, next_at = 0, \
                   dirty_at = COALESCE(dirty_at, CAST($3 AS BIGINT)) WHERE org_id = $1 AND object_id IN {each $2}";
    /// Those of these people who reach a target and are new to it.
    TOUCH_NEW = "INSERT INTO provision_objects (org_id, app_id, kind, object_id, name, away, dirty, marks, dirty_at, next_at, held, approved, attempts) \
                 SELECT t.org_id, t.app_id, 'user', u.id, u.username, 0, 1, 1, CAST($3 AS BIGINT), 0, 0, 0, 0 FROM provision_targets t \
                 JOIN users u ON u.org_id = t.org_id WHERE t.org_id = $1 AND t.active = 1 AND u.id IN {each $2} AND ( \
                 EXISTS (SELECT 1 FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = t.app_id AND b.subject_kind = 'user' AND b.subject_id = u.id) OR \
                 EXISTS (SELECT 1 FROM group_memberships m JOIN application_bindings b ON b.org_id = m.org_id AND b.subject_id = m.group_id \
                 AND b.subject_kind = 'user_group' WHERE m.org_id = $1 AND m.member_id = u.id AND b.app_id = t.app_id)) \
                 ON CONFLICT (org_id, app_id, kind, object_id) DO NOTHING";
    /// Everybody in a group.
    TOUCH_MEMBERS_KNOWN = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, held = 0, approved = 0, next_at = 0, \
                           dirty_at = COALESCE(dirty_at, CAST($3 AS BIGINT)) WHERE org_id = $1 AND kind = 'user' AND object_id IN \
                           (SELECT m.member_id FROM group_memberships m WHERE m.org_id = $1 AND m.group_id = $2)";
    TOUCH_MEMBERS_NEW = "INSERT INTO provision_objects (org_id, app_id, kind, object_id, name, away, dirty, marks, dirty_at, next_at, held, approved, attempts) \
                         SELECT t.org_id, t.app_id, 'user', u.id, u.username, 0, 1, 1, CAST($3 AS BIGINT), 0, 0, 0, 0 FROM provision_targets t \
                         JOIN application_bindings b ON b.org_id = t.org_id AND b.app_id = t.app_id AND b.subject_kind = 'user_group' \
                         JOIN group_memberships m ON m.org_id = b.org_id AND m.group_id = b.subject_id \
                         JOIN users u ON u.org_id = m.org_id AND u.id = m.member_id WHERE t.org_id = $1 AND t.active = 1 AND b.subject_id = $2 \
                         ON CONFLICT (org_id, app_id, kind, object_id) DO NOTHING";
    /// These groups, where they are bound.
    TOUCH_GROUPS_NEW = "INSERT INTO provision_objects (org_id, app_id, kind, object_id, name, away, dirty, marks, dirty_at, next_at, held, approved, attempts) \
                        SELECT t.org_id, t.app_id, 'group', g.id, g.name, 0, 1, 1, CAST($3 AS BIGINT), 0, 0, 0, 0 FROM provision_targets t \
                        JOIN application_bindings b ON b.org_id = t.org_id AND b.app_id = t.app_id AND b.subject_kind = 'user_group' \
                        JOIN groups g ON g.org_id = b.org_id AND g.id = b.subject_id WHERE t.org_id = $1 AND t.active = 1 AND g.id IN {each $2} \
                        ON CONFLICT (org_id, app_id, kind, object_id) DO NOTHING";
    /// Everything that is known at a target.
    TOUCH_ALL_KNOWN = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, held = 0, next_at = 0, attempts = 0, error = NULL \
                       WHERE org_id = $1 AND app_id = $2";
    TOUCH_ALL_USERS = "INSERT INTO provision_objects (org_id, app_id, kind, object_id, name, away, dirty, marks, next_at, held, approved, attempts) \
                       SELECT u.org_id, $2, 'user', u.id, u.username, 0, 1, 1, 0, 0, 0, 0 FROM users u WHERE u.org_id = $1 AND ( \
                       u.id IN (SELECT b.subject_id FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = $2 AND b.subject_kind = 'user') OR \
                       u.id IN (SELECT m.member_id FROM group_memberships m JOIN application_bindings b ON b.org_id = m.org_id AND b.subject_id = m.group_id \
                       AND b.subject_kind = 'user_group' WHERE m.org_id = $1 AND b.app_id = $2)) \
                       ON CONFLICT (org_id, app_id, kind, object_id) DO NOTHING";
    TOUCH_ALL_GROUPS = "INSERT INTO provision_objects (org_id, app_id, kind, object_id, name, away, dirty, marks, next_at, held, approved, attempts) \
                        SELECT g.org_id, b.app_id, 'group', g.id, g.name, 0, 1, 1, 0, 0, 0, 0 FROM application_bindings b \
                        JOIN groups g ON g.org_id = b.org_id AND g.id = b.subject_id \
                        WHERE b.org_id = $1 AND b.app_id = $2 AND b.subject_kind = 'user_group' \
                        ON CONFLICT (org_id, app_id, kind, object_id) DO NOTHING";
}

/// Who has to be looked at after these changes: people, and groups with all who are in them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Touched {
    objects: BTreeSet<Id>,
    whole_groups: BTreeSet<Id>,
}

fn touched(changes: &[Change]) -> Touched {
    let mut out = Touched::default();
    for change in changes {
        match change.kind {
            Kind::UserCreate
            | Kind::UserUpdate
            | Kind::UserDelete
            | Kind::UserActivated
            | Kind::UserSuspended
            | Kind::GroupUpdate
            | Kind::GroupDelete => {
                out.objects.insert(change.subject.id);
            }
            Kind::AssociationChange if change.subject.kind == "application" => {
                let field = |name: &str| change.fields.get(name).and_then(serde_json::Value::as_str);
                match (field("type"), field("id").and_then(|id| id.parse::<Id>().ok())) {
                    (Some("user_group"), Some(group)) => drop(out.whole_groups.insert(group)),
                    (_, Some(user)) => drop(out.objects.insert(user)),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    out
}

/// Notes what has to be looked at again after the changes of this transaction.
pub(crate) async fn by_changes(w: &mut Write<'_>) -> Result<()> {
    let Touched { mut objects, whole_groups } = touched(w.changes());
    objects.append(&mut w.take_moved());
    if (objects.is_empty() && whole_groups.is_empty()) || !any(w).await? {
        return Ok(());
    }
    let (org, now) = (w.org(), w.now());
    objects.extend(whole_groups.iter().copied());
    for statement in [&TOUCH_KNOWN, &TOUCH_NEW, &TOUCH_GROUPS_NEW] {
        w.exec(statement, &[(&org).into(), V::list(&objects), now.into()]).await?;
    }
    for group in &whole_groups {
        members(w, *group).await?;
    }
    Ok(())
}

/// Notes everybody in a group. Before it is removed, since nobody knows afterwards who was in it.
pub(crate) async fn members(w: &mut Write<'_>, group: Id) -> Result<()> {
    if !any(w).await? {
        return Ok(());
    }
    let (org, now) = (w.org(), w.now());
    for statement in [&TOUCH_MEMBERS_KNOWN, &TOUCH_MEMBERS_NEW] {
        w.exec(statement, &[(&org).into(), (&group).into(), now.into()]).await?;
    }
    Ok(())
}

/// Notes everybody and every group of a target.
pub(super) async fn everything(w: &mut Write<'_>, app: Id) -> Result<()> {
    let org = w.org();
    for statement in [&TOUCH_ALL_KNOWN, &TOUCH_ALL_USERS, &TOUCH_ALL_GROUPS] {
        w.exec(statement, &[(&org).into(), (&app).into()]).await?;
    }
    Ok(())
}

async fn any(w: &mut Write<'_>) -> Result<bool> {
    use crate::Source;
    let org = w.org();
    Ok(w.first::<(Id,)>(&PROVISION_ANY, &[(&org).into()]).await?.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Subject;

    #[test]
    fn the_changes_say_who_is_looked_at() {
        let id = |n: u8| format!("{n:024x}").parse::<Id>().unwrap();
        let change = |kind, subject, fields| Change { kind, subject, fields };
        let changes = [
            change(Kind::UserUpdate, Subject::user(id(1)), json!({})),
            change(Kind::AssociationChange, Subject::application(id(9)), json!({"type": "user", "id": id(2)})),
            change(Kind::AssociationChange, Subject::application(id(9)), json!({"type": "user_group", "id": id(3)})),
            // Memberships are told by the groups themselves.
            change(Kind::AssociationChange, Subject::group(id(4)), json!({"type": "user", "id": id(5)})),
            change(Kind::ApplicationUpdate, Subject::application(id(6)), json!({})),
        ];
        let expected = Touched { objects: BTreeSet::from([id(1), id(2)]), whole_groups: BTreeSet::from([id(3)]) };
        assert_eq!(touched(&changes), expected);
    }
}
