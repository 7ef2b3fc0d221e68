//! What the delete guard counts: accounts that are taken away, and how many there are.

use muster_base::{Id, Micros};
use muster_db::{V, sql};

use crate::{Result, Source};

sql! {
    PROVISION_LINKED = "SELECT count(*) FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND kind = 'user' AND remote_id IS NOT NULL AND away = 0";
    /// Accounts that were taken away within the guard's window.
    PROVISION_TAKEN_AWAY = "SELECT count(*) FROM provision_objects WHERE org_id = $1 AND app_id = $2 AND kind = 'user' AND away = 1 AND away_at >= $3 AND approved = 0";
    /// Accounts that will be taken away by what waits, and how many of them are deactivated already and will be deleted: of whoever
    /// left until then. One that may have been made, though nobody said so, counts as well.
    PROVISION_LEAVING = "SELECT count(*), count(CASE WHEN o.away = 1 THEN 1 END) FROM provision_objects o WHERE o.org_id = $1 AND o.app_id = $2 \
                         AND o.kind = 'user' AND (o.dirty = 1 OR o.due_at <= CAST($3 AS BIGINT)) AND o.approved = 0 AND (o.remote_id IS NOT NULL OR o.pending IS NOT NULL) \
                         AND (o.away = 0 OR o.remote_id IS NOT NULL AND COALESCE(o.left_at, CAST($3 AS BIGINT)) <= CAST($4 AS BIGINT)) \
                         AND NOT EXISTS (SELECT 1 FROM users u WHERE u.org_id = o.org_id AND u.id = o.object_id \
                         AND (u.state = 'ACTIVATED' OR o.away = 1) AND ( \
                         u.id IN (SELECT b.subject_id FROM application_bindings b WHERE b.org_id = $1 AND b.app_id = $2 AND b.subject_kind = 'user') OR \
                         EXISTS (SELECT 1 FROM group_memberships m JOIN application_bindings b ON b.org_id = m.org_id AND b.subject_id = m.group_id \
                         AND b.subject_kind = 'user_group' WHERE m.org_id = $1 AND m.member_id = u.id AND b.app_id = $2)))";
}

/// How many people have an account there that is active, as far as was sent.
///
/// # Errors
/// The database's.
pub async fn linked_active(s: &mut impl Source, org: Id, app: Id) -> Result<usize> {
    let row: Option<(i64,)> = s.first(&PROVISION_LINKED, &[(&org).into(), (&app).into()]).await?;
    Ok(usize::try_from(row.unwrap_or_default().0).unwrap_or(0))
}

/// For the delete guard: how many accounts what waits would take away, those that were since a time included, and of how many.
/// `deleted_if_left_by`: whoever left until then is not deactivated but deleted.
///
/// # Errors
/// The database's.
pub async fn leaving(
    s: &mut impl Source,
    (org, app): (Id, Id),
    (since, now, deleted_if_left_by): (Micros, Micros, Micros),
) -> Result<(usize, usize)> {
    let (of, at): (V<'_>, V<'_>) = ((&org).into(), (&app).into());
    let params = [of.clone(), at.clone(), now.into(), deleted_if_left_by.into()];
    let waiting: (i64, i64) = s.first(&PROVISION_LEAVING, &params).await?.unwrap_or_default();
    let gone: (i64,) =
        s.first(&PROVISION_TAKEN_AWAY, &[of.clone(), at.clone(), since.into()]).await?.unwrap_or_default();
    let linked: (i64,) = s.first(&PROVISION_LINKED, &[of, at]).await?.unwrap_or_default();
    let count = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok((count(waiting.0 + gone.0), count(linked.0 + waiting.1 + gone.0)))
}
