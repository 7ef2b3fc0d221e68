//! Recomputes who is an administrator by a pushed group from nothing but the mappings, and compares: it must find no
//! difference. Run at the end of every test and by a worker, which mends what it finds.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;

use super::model::{Given, wanted};
use super::{derive, read, store};
use crate::directory_provider::DirectoryProvider;
use crate::{Actor, Directory, Result, Source, Verb, Write, directory_provider};

/// Each difference in words; empty when all is right.
///
/// # Errors
/// The database's.
pub async fn verify(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    // All of them, whatever is noted of whether they give roles.
    let providers = directory_provider::store::all(s, org).await?;
    let now: BTreeMap<Id, Given> =
        store::all(s, org).await?.into_iter().map(|(user, kept)| (user, kept.given)).collect();
    let noted: BTreeSet<Id> =
        directory_provider::store::giving_roles(s, org).await?.into_iter().map(|provider| provider.id).collect();
    let gives = |provider: &&DirectoryProvider| provider.doc.role_mappings.iter().any(|m| m.role.is_some());
    let should: BTreeSet<Id> = providers.iter().filter(gives).map(|provider| provider.id).collect();
    let lines = read::lines(s, org, &providers, &now).await?;
    let wanted = wanted(&lines, &now);
    let mut wrong = Vec::new();
    if noted != should {
        wrong.push(format!("the directories {noted:?} are noted to give roles, which should be {should:?}"));
    }
    for user in now.keys().chain(wanted.keys()).collect::<BTreeSet<_>>() {
        let (is, should) = (now.get(user), wanted.get(user));
        if is != should {
            wrong.push(format!("the person {user} is an administrator by {is:?}, which should be {should:?}"));
        }
    }
    let held: BTreeSet<(Id, Id)> = store::held(s, org).await?.into_keys().collect();
    let should: BTreeSet<(Id, Id)> =
        lines.iter().filter(|line| line.held).map(|line| (line.gives.provider, line.gives.group)).collect();
    if held != should {
        wrong.push(format!("the groups {held:?} are held, which should be {should:?}"));
    }
    for admin in store::strays(s, org).await? {
        wrong.push(format!("the administrator {admin} does not reach exactly its organization, or is nobody's"));
    }
    Ok(wrong)
}

/// Brings into line what is not; what was wrong, in words.
struct Mend;

impl Verb for Mend {
    type Out = Vec<String>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Vec<String>> {
        let org = w.org();
        // Asked again: a change may have come between, and what is read here stands still.
        let wrong = verify(w, org).await?;
        if !wrong.is_empty() {
            derive::all(w).await?;
        }
        Ok(wrong)
    }
}

/// Compares, and brings into line what is not: what was wrong, in words. Whom it gives or takes a role is logged as ever.
///
/// # Errors
/// The database's.
pub async fn mend(directory: &Directory, org: Id) -> Result<Vec<String>> {
    if verify(&mut directory.read(), org).await?.is_empty() {
        return Ok(Vec::new());
    }
    directory.write(Actor::system(), org, Mend).await
}
