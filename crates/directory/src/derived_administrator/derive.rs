//! Works out who is an administrator by a pushed group, in the transaction of the change that may alter it.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;
use serde_json::json;

use super::model::{Given, Line, wanted};
use super::store::Kept;
use super::{read, store};
use crate::administrator::{self, Administrator};
use crate::change::{Change, Kind, Subject};
use crate::directory_provider::DirectoryProvider;
use crate::{Result, Write, directory_provider, group, session, user};

/// What a change would do to whom.
#[derive(Debug, Default)]
pub struct Moves {
    /// Who would become an administrator.
    pub become_one: Vec<Id>,
    /// Who would have another role.
    pub change: Vec<Id>,
    /// Who would stop being one.
    pub stop: Vec<Id>,
}

impl Moves {
    /// Nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.become_one.is_empty() && self.change.is_empty() && self.stop.is_empty()
    }
}

/// What there is, and what there should be.
struct Plan {
    lines: Vec<Line>,
    now: BTreeMap<Id, Kept>,
    wanted: BTreeMap<Id, Given>,
}

async fn plan(w: &mut Write<'_>) -> Result<Option<Plan>> {
    let org = w.org();
    if !store::any(w, org).await? {
        return Ok(None);
    }
    let providers: Vec<DirectoryProvider> = directory_provider::store::giving_roles(w, org).await?;
    Ok(Some(of(w, &providers).await?))
}

async fn of(w: &mut Write<'_>, providers: &[DirectoryProvider]) -> Result<Plan> {
    let org = w.org();
    let now = store::all(w, org).await?;
    let has: BTreeMap<Id, Given> = now.iter().map(|(user, kept)| (*user, kept.given)).collect();
    let lines = read::lines(w, org, providers, &has).await?;
    let wanted = wanted(&lines, &has);
    Ok(Plan { lines, now, wanted })
}

/// What would follow from what is written so far.
///
/// # Errors
/// The database's.
pub async fn moves(w: &mut Write<'_>) -> Result<Moves> {
    let Some(Plan { now, wanted, .. }) = plan(w).await? else { return Ok(Moves::default()) };
    let changes = |(user, given): &(&Id, &Given)| now.get(*user).is_some_and(|kept| kept.given.role != given.role);
    Ok(Moves {
        become_one: wanted.keys().filter(|user| !now.contains_key(user)).copied().collect(),
        change: wanted.iter().filter(changes).map(|(user, _)| *user).collect(),
        stop: now.keys().filter(|user| !wanted.contains_key(user)).copied().collect(),
    })
}

/// Brings everything into line, where the changes of this transaction can have to do with it.
pub(crate) async fn by_changes(w: &mut Write<'_>) -> Result<()> {
    if !touches(w.changes(), w.has_moved()) {
        return Ok(());
    }
    match plan(w).await? {
        Some(plan) => carry_out(w, plan).await,
        None => Ok(()),
    }
}

/// Brings everything into line, whatever changed: for the check, which believes nothing that is noted.
pub(super) async fn all(w: &mut Write<'_>) -> Result<()> {
    let org = w.org();
    for admin in store::strays(w, org).await? {
        session::end::admin_sessions(w, admin).await?;
        administrator::store::delete(w, admin).await?;
        w.log(Kind::AdminRevoke, Subject::administrator(admin), json!({"mended": true}));
    }
    let providers = directory_provider::store::all(w, org).await?;
    for provider in &providers {
        let gives = provider.doc.role_mappings.iter().any(|mapping| mapping.role.is_some());
        store::note(w, provider.id, gives).await?;
    }
    let plan = of(w, &providers).await?;
    carry_out(w, plan).await
}

async fn carry_out(w: &mut Write<'_>, Plan { lines, now, wanted }: Plan) -> Result<()> {
    for (user, kept) in &now {
        match wanted.get(user) {
            None => end(w, kept).await?,
            Some(given) if *given != kept.given => alter(w, kept, *given).await?,
            Some(_) => {}
        }
    }
    for (user, given) in wanted.iter().filter(|(user, _)| !now.contains_key(user)) {
        begin(w, *user, *given).await?;
    }
    hold(w, &lines).await
}

/// Whether roles can follow from these changes. Who was made just now is in no group yet, unless they were moved too.
fn touches(changes: &[Change], moved: bool) -> bool {
    let made: BTreeSet<Id> = changes.iter().filter(|c| c.kind == Kind::UserCreate).map(|c| c.subject.id).collect();
    moved
        || changes.iter().any(|change| match change.kind {
            Kind::DirectoryProviderUpdate
            | Kind::DirectoryProviderDelete
            | Kind::DirectoryProviderFeed
            | Kind::UserActivated
            | Kind::UserSuspended
            | Kind::UserDelete
            | Kind::GroupUpdate
            | Kind::GroupDelete => !made.contains(&change.subject.id),
            _ => false,
        })
}

async fn begin(w: &mut Write<'_>, user: Id, given: Given) -> Result<()> {
    let id = w.env().id();
    // No e-mail is written so: nobody is found by it, and it collides with nobody's.
    let email = format!("#{id}");
    let admin = Administrator {
        id,
        email,
        firstname: String::new(),
        lastname: String::new(),
        provider_id: None,
        password_hash: None,
        suspended: false,
        created_at: w.now(),
        api_key: None,
        derived: None,
    };
    administrator::store::insert(w.transaction(), &admin).await?;
    administrator::store::grant(w, id, given.role).await?;
    store::insert(w, user, id, given).await?;
    let fields = told(w, user, given, json!(given.role)).await?;
    w.log(Kind::AdminGrant, Subject::administrator(id), fields);
    Ok(())
}

async fn alter(w: &mut Write<'_>, kept: &Kept, given: Given) -> Result<()> {
    administrator::store::set_role(w, kept.admin, given.role).await?;
    store::set_source(w, kept.user, given).await?;
    let fields = told(w, kept.user, given, json!({"from": kept.given.role, "to": given.role})).await?;
    w.log(Kind::AdminUpdate, Subject::administrator(kept.admin), fields);
    Ok(())
}

async fn end(w: &mut Write<'_>, kept: &Kept) -> Result<()> {
    session::end::admin_sessions(w, kept.admin).await?;
    administrator::store::delete(w, kept.admin).await?;
    let fields = told(w, kept.user, kept.given, json!(kept.given.role)).await?;
    w.log(Kind::AdminRevoke, Subject::administrator(kept.admin), fields);
    Ok(())
}

/// What the log says: who, and from where it came. What is gone by now has no name any more.
async fn told(w: &mut Write<'_>, user: Id, given: Given, role: serde_json::Value) -> Result<serde_json::Value> {
    let org = w.org();
    let email = user::store::by_id(w, org, user).await?.map(|user| user.email);
    let group = match group::store::get(w, org, given.group).await {
        Ok(group) => Some(group.name),
        Err(crate::Error::Missing(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(json!({
        "email": email, "user": user, "role": role, "directoryProvider": given.provider,
        "group": given.group, "groupName": group,
    }))
}

/// Notes the groups that came to hold too many people, or do not any more.
async fn hold(w: &mut Write<'_>, lines: &[Line]) -> Result<()> {
    let org = w.org();
    let before: BTreeSet<(Id, Id)> = store::held(w, org).await?.into_keys().collect();
    let after: BTreeMap<(Id, Id), &Line> =
        lines.iter().filter(|line| line.held).map(|line| ((line.gives.provider, line.gives.group), line)).collect();
    for key in before.iter().filter(|key| !after.contains_key(key)) {
        store::unhold(w, *key).await?;
        let fields = json!({"group": key.1, "held": false});
        w.log(Kind::AdminGrantHeld, Subject::directory_provider(key.0), fields);
    }
    for (key, line) in after.iter().filter(|(key, _)| !before.contains(key)) {
        store::hold(w, *key).await?;
        let fields = json!({"group": key.1, "role": line.gives.role, "limit": line.limit, "held": true});
        w.log(Kind::AdminGrantHeld, Subject::directory_provider(key.0), fields);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: Kind, n: u8) -> Change {
        let id = format!("{n:024x}").parse().unwrap();
        Change { kind, subject: Subject::user(id), fields: json!({}) }
    }

    #[test]
    fn a_new_person_in_no_group_costs_nothing() {
        let made = [change(Kind::UserCreate, 1), change(Kind::DirectoryProviderFeed, 1)];
        assert!(!touches(&made, false));
        assert!(touches(&made, true), "unless a group took them in");
        assert!(touches(&[change(Kind::DirectoryProviderFeed, 1)], false), "whom a directory took over");
        assert!(touches(&[change(Kind::UserSuspended, 1)], false));
        assert!(!touches(&[change(Kind::UserUpdate, 1)], false));
    }
}
