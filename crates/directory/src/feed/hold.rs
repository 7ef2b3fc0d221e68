//! What a source's groups hold here: their people in any case, and the groups in them and what mappings give as far as that
//! can be. What cannot be is told, and tried again at the next reading.

use std::collections::BTreeSet;

use muster_base::Id;

use crate::fed_group::{self, MemberStep};
use crate::{Error, Result, Verb, Write, directory_provider, group};

/// How many are looked up together.
const CHUNK: usize = 1_000;
/// Groups that are tried one by one, where they cannot be held together.
const TRIES: usize = 100;
/// How many are named.
const NAMED: usize = 10;

/// Lets these be the members of a group of the directory. Why some of the groups among them cannot be.
pub(super) async fn members(
    w: &mut Write<'_>,
    (provider, id): (Id, Id),
    wanted: &BTreeSet<Id>,
) -> Result<Option<String>> {
    let (org, all) = (w.org(), wanted.iter().copied().collect::<Vec<Id>>());
    let mut groups: BTreeSet<Id> = BTreeSet::new();
    for ids in all.chunks(CHUNK) {
        groups.extend(fed_group::store::known(w, org, provider, ids).await?);
    }
    let held: BTreeSet<Id> = fed_group::store::nested(w, org, id).await?.into_iter().map(|(id, _)| id).collect();
    // People first, with the groups that are in it already: a group that cannot be in it keeps nobody out, or in.
    let first = wanted.iter().filter(|one| !groups.contains(one) || held.contains(one)).copied().collect();
    push(w, (provider, id), MemberStep::Replace(first)).await?;
    let coming: Vec<Id> = groups.difference(&held).copied().collect();
    if coming.is_empty() || refused(push(w, (provider, id), MemberStep::Add(coming.clone())).await)?.is_none() {
        return Ok(None);
    }
    let (mut names, mut why) = (Vec::new(), String::new());
    for (n, one) in coming.iter().enumerate() {
        let error = match n {
            0..TRIES => refused(push(w, (provider, id), MemberStep::Add(vec![*one])).await)?,
            _ => Some(Error::Conflict("there are too many of them".into())),
        };
        if let Some(error) = error {
            names.push(group::store::get(w, org, *one).await?.name);
            why = error.to_string();
        }
    }
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Ok((!names.is_empty()).then(|| format!("it cannot hold {}{more}: {why}", names.join(", "))))
}

async fn push(w: &mut Write<'_>, (provider, id): (Id, Id), step: MemberStep) -> Result<()> {
    let push = fed_group::push::Push {
        provider,
        id: Some(id),
        name: None,
        external_id: None,
        address: None,
        members: vec![step],
        expected: None,
    };
    push.run(w).await.map(drop)
}

/// What is wrong with what was asked, which is found before the first statement that writes.
fn refused(done: Result<()>) -> Result<Option<Error>> {
    match done {
        Ok(()) => Ok(None),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Denied(_) | Error::Missing(_))) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// Lets the local groups of the mapping table hold what they say. Those that cannot: their names, and why.
pub(super) async fn mappings(w: &mut Write<'_>, provider: Id) -> Result<Option<(String, String)>> {
    let org = w.org();
    let provider = directory_provider::store::get(w, org, provider).await?;
    if !provider.doc.active {
        return Ok(None);
    }
    let (mut names, mut why) = (Vec::new(), String::new());
    for (local, error) in directory_provider::mapping::apply_each(w, &provider, &[]).await? {
        names.push(group::store::get(w, org, local).await?.name);
        why = error.to_string();
    }
    let words = || format!("what the mapping table gives of it cannot be given: {why}");
    Ok((!names.is_empty()).then(|| (names.join(", ").chars().take(1_000).collect(), words())))
}
