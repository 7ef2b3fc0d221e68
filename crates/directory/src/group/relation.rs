//! The statements by which rules find who belongs with whom: people with their devices, managers and identity providers.

use std::collections::{BTreeSet, HashMap};

use muster_base::Id;
use muster_db::{V, sql};

use super::GroupKind;
use crate::{Result, Source};

sql! {
    RELATION_DEVICES = "SELECT owner_id, id FROM devices WHERE org_id = $1 AND owner_id IN {each $2} \
                    UNION SELECT user_id, device_id FROM device_users WHERE org_id = $1 AND user_id IN {each $2}";
    RELATION_PEOPLE_OF = "SELECT id, owner_id FROM devices WHERE org_id = $1 AND owner_id IS NOT NULL AND id IN {each $2} \
                      UNION SELECT device_id, user_id FROM device_users WHERE org_id = $1 AND device_id IN {each $2}";
    RELATION_PEOPLE = "SELECT owner_id FROM devices WHERE org_id = $1 AND owner_id IS NOT NULL AND id IN {each $2} \
                   UNION SELECT user_id FROM device_users WHERE org_id = $1 AND device_id IN {each $2}";
    RELATION_OWNED = "SELECT id FROM devices WHERE org_id = $1 AND owner_id IN {each $2}";
    RELATION_USERS_AFTER = "SELECT id FROM users WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    RELATION_DEVICES_AFTER = "SELECT id FROM devices WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    RELATION_REPORTS = "SELECT id FROM users WHERE org_id = $1 AND manager_id IN {each $2}";
    RELATION_PROVIDERS = "SELECT l.user_id, p.id, p.name FROM identity_links l \
                      JOIN identity_providers p ON p.org_id = l.org_id AND p.id = l.idp_id \
                      WHERE l.org_id = $1 AND l.user_id IN {each $2} ORDER BY p.name_norm";
}

/// The ids of the next of a kind after a cursor.
pub(crate) async fn some_after(
    s: &mut impl Source,
    org: Id,
    kind: GroupKind,
    after: &str,
    limit: usize,
) -> Result<Vec<Id>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = match kind {
        GroupKind::User => &RELATION_USERS_AFTER,
        GroupKind::Device => &RELATION_DEVICES_AFTER,
    };
    Ok(ids(s.all(statement, &[(&org).into(), after.into(), limit.into()]).await?))
}

/// The devices of these people, those they own and those they are on: person, device.
pub(super) async fn devices(s: &mut impl Source, org: Id, people: &[Id]) -> Result<Vec<(Id, Id)>> {
    Ok(s.all(&RELATION_DEVICES, &[(&org).into(), V::list(people)]).await?)
}

/// Who belongs with these people or devices, by an edge or as the owner: member, device or person.
pub(super) async fn bound(s: &mut impl Source, org: Id, kind: GroupKind, of: &[Id]) -> Result<Vec<(Id, Id)>> {
    match kind {
        GroupKind::User => devices(s, org, of).await,
        GroupKind::Device => Ok(s.all(&RELATION_PEOPLE_OF, &[(&org).into(), V::list(of)]).await?),
    }
}

/// The people of these devices: their owners, and who is on them.
pub(super) async fn people(s: &mut impl Source, org: Id, devices: &[Id]) -> Result<Vec<Id>> {
    Ok(ids(s.all(&RELATION_PEOPLE, &[(&org).into(), V::list(devices)]).await?))
}

/// The devices that these people own.
pub(super) async fn owned(s: &mut impl Source, org: Id, people: &[Id]) -> Result<Vec<Id>> {
    Ok(ids(s.all(&RELATION_OWNED, &[(&org).into(), V::list(people)]).await?))
}

/// Those whose manager is one of these people.
pub(super) async fn reports(s: &mut impl Source, org: Id, people: &[Id]) -> Result<Vec<Id>> {
    Ok(ids(s.all(&RELATION_REPORTS, &[(&org).into(), V::list(people)]).await?))
}

/// Those who have one of these people above them, however far.
pub(super) async fn all_reports(s: &mut impl Source, org: Id, people: &[Id]) -> Result<Vec<Id>> {
    let mut found: BTreeSet<Id> = BTreeSet::new();
    let mut next: Vec<Id> = people.to_vec();
    while !next.is_empty() {
        let below = reports(s, org, &next).await?;
        next = below.into_iter().filter(|id| found.insert(*id)).collect();
    }
    Ok(found.into_iter().collect())
}

/// The identity providers to which these people are linked, by id and by name.
pub(super) async fn providers(s: &mut impl Source, org: Id, people: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let mut out: HashMap<Id, Vec<String>> = HashMap::new();
    let rows: Vec<(Id, Id, String)> = s.all(&RELATION_PROVIDERS, &[(&org).into(), V::list(people)]).await?;
    for (user, provider, name) in rows {
        out.entry(user).or_default().extend([name, provider.text()]);
    }
    Ok(out)
}

fn ids(rows: Vec<(Id,)>) -> Vec<Id> {
    rows.into_iter().map(|(id,)| id).collect()
}
