//! Who is in a group by hand, and who may use an application. Only what a migration put there does it take out again.

use muster_base::Id;
use serde_json::{Map, Value};

use super::link;
use super::model::{Item, Kind, Told, Word};
use super::take::{Here, Taking};
use crate::group::{self, Via};
use crate::{Result, Verb, Write, application};

/// Why somebody was not put back.
const TAKEN_OUT_HERE: &str = "this was taken out here: it is put back only if what was changed here is overwritten";

/// What an item says of a kind of object.
fn kind_at(doc: &Value, name: &str) -> Kind {
    Kind::from_word(doc[name].as_str().unwrap_or_default()).unwrap_or(Kind::User)
}

/// The two objects here that an item joins, or what is told where one of them is not here.
async fn ends(
    w: &mut Write<'_>,
    taking: &Taking,
    (left, right): ((Kind, &str), (Kind, &str)),
) -> Result<Result<(Id, Id), Told>> {
    let mut ids = Vec::new();
    for (kind, remote) in [left, right] {
        match taking.here(w, kind, remote).await? {
            Here::Is(id) => ids.push(id),
            Here::Will => return Ok(Err(Told::new(Word::Created))),
            Here::No => {
                let why = format!("the {} {remote} did not come", kind.word().replace('_', " "));
                return Ok(Err(Told::new(Word::Refused).because(why)));
            }
        }
    }
    let [left, right] = ids[..] else { return Ok(Err(Told::new(Word::Refused))) };
    Ok(Ok((left, right)))
}

pub(super) async fn take_member(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let (of, kind) = (kind_at(&item.doc, "group"), kind_at(&item.doc, "member"));
    let (group, member) = match ends(w, taking, ((of, &item.parent), (kind, &item.remote_id))).await? {
        Ok(ids) => ids,
        Err(told) => return Ok(told),
    };
    let key = taking.below(Kind::Member, &item.parent, &item.remote_id);
    let link = link::find(w, org, key).await?;
    let via = group::membership::memberships_of(w, org, member).await?.get(&group).map(|m| m.via);
    if via.is_some_and(|via| via != Via::Nested) {
        let word = if link.is_some() { Word::Unchanged } else { Word::Linked };
        return Ok(Told::new(word).of(member));
    }
    if link.is_some() && !taking.overwrite {
        return Ok(Told::new(Word::Kept).of(member).because(TAKEN_OUT_HERE));
    }
    group::members::Change { kind: super::group::holds(of), group, member, add: true }.run(w).await?;
    let there = group::membership::memberships_of(w, org, member).await?.contains_key(&group);
    if !there {
        return Ok(Told::new(Word::Kept).of(member).because("the rule of the group decides here"));
    }
    link::put(w, key, member, &Map::new()).await?;
    Ok(Told::new(Word::Created).of(member))
}

/// Takes out those whom a migration put into a group and who are not in it there any more.
pub(super) async fn take_out(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let of = kind_at(&item.doc, "group");
    let Here::Is(group) = taking.here(w, of, &item.remote_id).await? else { return Ok(Told::new(Word::Unchanged)) };
    let source = taking.source.as_str();
    let left = link::left(w, (org, taking.job), (source, Kind::Member, &item.remote_id)).await?;
    let mut gone = 0;
    for (remote, member, _) in left {
        let via = group::membership::memberships_of(w, org, member).await?.get(&group).map(|m| m.via);
        if via == Some(Via::Direct) {
            group::members::Change { kind: super::group::holds(of), group, member, add: false }.run(w).await?;
            gone += 1;
        }
        link::remove(w, taking.below(Kind::Member, &item.remote_id, &remote)).await?;
    }
    Ok(removed(gone, "members", group))
}

fn removed(gone: usize, what: &str, of: Id) -> Told {
    if gone == 0 {
        return Told::new(Word::Unchanged).of(of);
    }
    Told::new(Word::Removed).of(of).because(format!("{gone} {what} that are not there any more"))
}

pub(super) async fn take_binding(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let kind = kind_at(&item.doc, "subject");
    let (app, subject) = match ends(w, taking, ((Kind::Application, &item.parent), (kind, &item.remote_id))).await? {
        Ok(ids) => ids,
        Err(told) => return Ok(told),
    };
    let key = taking.below(Kind::Binding, &item.parent, &item.remote_id);
    let link = link::find(w, org, key).await?;
    let word = bound_kind(kind);
    if application::store::bindings(w, org, app).await?.iter().any(|(k, id)| k == word && *id == subject) {
        let word = if link.is_some() { Word::Unchanged } else { Word::Linked };
        return Ok(Told::new(word).of(subject));
    }
    if link.is_some() && !taking.overwrite {
        return Ok(Told::new(Word::Kept).of(subject).because(TAKEN_OUT_HERE));
    }
    application::bind::Bind { app, kind: word, subject, add: true }.run(w).await?;
    let base = Map::from_iter([("subject".to_owned(), Value::from(kind.word()))]);
    link::put(w, key, subject, &base).await?;
    Ok(Told::new(Word::Created).of(subject))
}

const fn bound_kind(kind: Kind) -> &'static str {
    if matches!(kind, Kind::UserGroup) { "user_group" } else { "user" }
}

/// Takes an application away from those to whom a migration gave it and who do not have it there any more.
pub(super) async fn unbind(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let Here::Is(app) = taking.here(w, Kind::Application, &item.remote_id).await? else {
        return Ok(Told::new(Word::Unchanged));
    };
    let source = taking.source.as_str();
    let left = link::left(w, (org, taking.job), (source, Kind::Binding, &item.remote_id)).await?;
    let mut gone = 0;
    for (remote, subject, base) in left {
        let kind = base.get("subject").and_then(Value::as_str).and_then(Kind::from_word).unwrap_or(Kind::User);
        let word = bound_kind(kind);
        if application::store::bindings(w, org, app).await?.iter().any(|(k, id)| k == word && *id == subject) {
            application::bind::Bind { app, kind: word, subject, add: false }.run(w).await?;
            gone += 1;
        }
        link::remove(w, taking.below(Kind::Binding, &item.remote_id, &remote)).await?;
    }
    Ok(removed(gone, "bindings", app))
}
