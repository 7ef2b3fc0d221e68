//! Gives organizations from before an upgrade what a new one begins with: the default groups. Once per database; a default
//! group that was there once and was removed stays removed.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::sql;

use super::{create, store};
use crate::group::{self, GroupKind};
use crate::{Actor, Directory, Result, Source, Verb, Write};

sql! {
    REFURNISH_MADE = "SELECT fields FROM change_log WHERE org_id = $1 AND kind = 'group_create'";
}

/// Makes the default groups that an organization has never had.
pub struct Refurnish;

impl Verb for Refurnish {
    /// The names of those that were made.
    type Out = Vec<String>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Vec<String>> {
        let org = w.org();
        let had = had(w, org).await?;
        let is_new = |kind: GroupKind, name: &str| {
            !had.contains(&(None, name.to_lowercase())) && !had.contains(&(Some(kind), name.to_lowercase()))
        };
        create::default_groups(w, &is_new).await
    }
}

/// The names of groups that are there, by kind, and of those that were made in the time that the log tells of.
async fn had(s: &mut impl Source, org: Id) -> Result<BTreeSet<(Option<GroupKind>, String)>> {
    let groups = group::store::every(s, org).await?;
    let mut out: BTreeSet<_> = groups.into_iter().map(|g| (Some(g.kind), g.name.to_lowercase())).collect();
    let made: Vec<(String,)> = s.all(&REFURNISH_MADE, &[(&org).into()]).await?;
    let name = |(fields,): (String,)| {
        let fields: serde_json::Value = serde_json::from_str(&fields).ok()?;
        Some((None, fields.get("name")?.as_str()?.to_lowercase()))
    };
    out.extend(made.into_iter().filter_map(name));
    Ok(out)
}

/// Every organization of the database. What fails is told in the log and left for the next start.
pub(crate) async fn every(directory: &Directory) -> Result<bool> {
    let mut is_whole = true;
    for organization in store::every(&mut directory.read()).await? {
        match directory.write(Actor::system(), organization.id, Refurnish).await {
            Ok(made) if made.is_empty() => {}
            Ok(made) => tracing::info!(organization = %organization.id, groups = ?made, "default groups were made"),
            Err(error) => {
                tracing::error!(organization = %organization.id, %error, "default groups could not be made");
                is_whole = false;
            }
        }
    }
    Ok(is_whole)
}
