//! Who is in a group that a directory keeps. What one step costs follows from those whom it names, not from how many are
//! in.

use std::collections::BTreeSet;

use muster_base::Id;
use serde_json::json;

use super::{MemberStep, store};
use crate::change::{Kind, Subject};
use crate::group::{self, Group, Via, membership};
use crate::{Error, Result, Verb, Write, fed_user};

/// How many are looked up together.
const CHUNK: usize = 1_000;

/// Carries out the steps; whether anything changed.
pub(super) async fn change(w: &mut Write<'_>, provider: Id, group: &Group, steps: &[MemberStep]) -> Result<bool> {
    let before = w.changes().len();
    for step in steps {
        match step {
            MemberStep::Add(ids) => {
                let (people, groups) = split(w, provider, ids).await?;
                add(w, group.id, &people).await?;
                if !groups.is_empty() {
                    nest(w, group.id, |held| held.extend(&groups)).await?;
                }
            }
            MemberStep::Remove(ids) => {
                remove(w, group.id, ids).await?;
                nest(w, group.id, |held| held.retain(|id| !ids.contains(id))).await?;
            }
            MemberStep::RemoveAll => replace(w, provider, group, &[]).await?,
            MemberStep::Replace(ids) => replace(w, provider, group, ids).await?,
        }
    }
    Ok(w.changes().len() > before)
}

async fn replace(w: &mut Write<'_>, provider: Id, group: &Group, ids: &[Id]) -> Result<()> {
    let (people, groups) = split(w, provider, ids).await?;
    let wanted: BTreeSet<Id> = people.iter().copied().collect();
    let now = store::member_ids(w, w.org(), group.id).await?;
    let gone: Vec<Id> = now.into_iter().filter(|id| !wanted.contains(id)).collect();
    remove(w, group.id, &gone).await?;
    add(w, group.id, &people).await?;
    nest(w, group.id, |held| *held = groups.into_iter().collect()).await
}

/// People and groups of the directory apart.
async fn split(w: &mut Write<'_>, provider: Id, ids: &[Id]) -> Result<(Vec<Id>, Vec<Id>)> {
    let (org, mut people, mut groups) = (w.org(), Vec::new(), Vec::new());
    for ids in ids.chunks(CHUNK) {
        let known: BTreeSet<Id> = fed_user::store::known(w, org, provider, ids).await?.into_iter().collect();
        let rest: Vec<Id> = ids.iter().filter(|id| !known.contains(id)).copied().collect();
        people.extend(known);
        if rest.is_empty() {
            continue;
        }
        let found: BTreeSet<Id> = store::known(w, org, provider, &rest).await?.into_iter().collect();
        if let Some(unknown) = rest.iter().find(|id| !found.contains(id)) {
            let message = format!("this directory has sent neither a person nor a group with the id {unknown}");
            return Err(Error::field("members", message));
        }
        groups.extend(found);
    }
    Ok((people, groups))
}

/// The groups that it holds, changed.
async fn nest(w: &mut Write<'_>, group: Id, change: impl FnOnce(&mut BTreeSet<Id>)) -> Result<()> {
    let held = store::nested(w, w.org(), group).await?;
    let before: BTreeSet<Id> = held.into_iter().map(|(id, _)| id).collect();
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        // A directory cannot be asked back: what it says was decided there.
        let nested = Some(after.into_iter().collect());
        let input = group::Input { nested, confirmed: true, ..group::Input::default() };
        group::update::Update::of_users(group, input).run(w).await.map_err(|e| e.renamed("memberGroups", "members"))?;
    }
    Ok(())
}

async fn add(w: &mut Write<'_>, group: Id, people: &[Id]) -> Result<()> {
    let (org, cause) = (w.org(), w.cause_seq());
    for people in people.chunks(CHUNK) {
        let there = membership::of_each(w, org, people, Some(&[group])).await?;
        let via = |id: &Id| there.get(id).and_then(|by| by.get(&group)).map(|m| m.via);
        let held: Vec<Id> = people.iter().filter(|id| via(id) == Some(Via::Nested)).copied().collect();
        if !held.is_empty() {
            // Whom a nested group holds is in by themselves from now on too.
            membership::set_via(w, group, &held, Via::Direct).await?;
        }
        let fresh: Vec<Id> = people.iter().filter(|id| via(id).is_none()).copied().collect();
        if !fresh.is_empty() {
            membership::begin(w, group, &fresh, Via::Direct, cause).await?;
        }
        log(w, "add", group, fresh.iter().chain(&held));
    }
    Ok(())
}

async fn remove(w: &mut Write<'_>, group: Id, people: &[Id]) -> Result<()> {
    let (org, cause) = (w.org(), w.cause_seq());
    for people in people.chunks(CHUNK) {
        let there = membership::of_each(w, org, people, Some(&[group])).await?;
        let is_in = |id: &&Id| there.get(id).and_then(|by| by.get(&group)).is_some_and(|m| m.via == Via::Direct);
        let gone: BTreeSet<Id> = people.iter().filter(is_in).copied().collect();
        if !gone.is_empty() {
            let ids: Vec<Id> = gone.iter().copied().collect();
            membership::end(w, group, &ids, cause).await?;
        }
        log(w, "remove", group, gone.iter());
    }
    Ok(())
}

fn log<'i>(w: &mut Write<'_>, op: &str, group: Id, people: impl Iterator<Item = &'i Id>) {
    for id in people {
        w.log(Kind::AssociationChange, Subject::group(group), json!({"op": op, "user": id, "group": group}));
    }
}

/// Takes a person out of every group of a directory.
pub(crate) async fn end_all_of(w: &mut Write<'_>, provider: Id, user: Id) -> Result<()> {
    store::without_person(w, user).await?;
    for fed in store::of_member(w, w.org(), provider, user).await? {
        remove(w, fed.id, &[user]).await?;
    }
    Ok(())
}
