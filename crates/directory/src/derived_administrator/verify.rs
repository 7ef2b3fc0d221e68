//! Recomputes who is an administrator by a pushed group from nothing but the mappings, and compares: it must find no
//! difference. Run at the end of every test and by a worker.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;

use super::model::{Given, wanted};
use super::{read, store};
use crate::{Result, Source, directory_provider};

/// Each difference in words; empty when all is right.
///
/// # Errors
/// The database's.
pub async fn verify(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    // All of them, whatever is noted of whether they give roles.
    let providers = directory_provider::store::all(s, org).await?;
    let now: BTreeMap<Id, Given> =
        store::all(s, org).await?.into_iter().map(|(user, kept)| (user, kept.given)).collect();
    let lines = read::lines(s, org, &providers, &now).await?;
    let wanted = wanted(&lines, &now);
    let mut wrong = Vec::new();
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
        wrong.push(format!("the administrator {admin} does not reach exactly its organization"));
    }
    Ok(wrong)
}
