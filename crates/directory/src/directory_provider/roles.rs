//! Who may let groups give administrators' roles, and what has to be seen first.

use muster_base::Id;

use super::{DirectoryProvider, RoleMapping};
use crate::actor::ActorKind;
use crate::administrator::{self, Role};
use crate::derived_administrator::{self, Moves};
use crate::{Error, Result, Write, user};

/// How many are named in a refusal.
const NAMED: usize = 20;

/// What a change does to the lines that give roles.
pub(super) struct Change {
    provider: Id,
    /// A line is new, or says something else.
    gives: bool,
    /// The lines are others, or count again.
    changed: bool,
}

impl Change {
    pub(super) fn of(before: &DirectoryProvider, after: &DirectoryProvider) -> Self {
        let (had, has) = (lines(before), lines(after));
        let gives = has.iter().any(|line| !had.contains(line));
        Self { provider: after.id, gives, changed: gives || had.len() != has.len() }
    }

    /// What gives the greatest rights is for people who have them otherwise: no program, and nobody whom this very directory
    /// made one.
    pub(super) async fn check_actor(&self, w: &mut Write<'_>) -> Result<()> {
        if !self.gives {
            return Ok(());
        }
        let denied = |message: &str| Err(Error::Denied(message.into()));
        let (org, actor) = (w.org(), w.actor());
        match (actor.kind, actor.id) {
            (ActorKind::CommandLine | ActorKind::System, _) => Ok(()),
            (ActorKind::Admin, Some(id)) => {
                let admin = administrator::store::get(w, id).await?;
                if administrator::store::role(w, org, id).await? != Some(Role::Administrator) {
                    return denied("only an administrator of the role \"Administrator\" lets groups give roles");
                }
                if admin.derived.is_some_and(|derived| derived.provider == self.provider) {
                    return denied(
                        "this directory made you an administrator: somebody else lets its groups give roles",
                    );
                }
                Ok(())
            }
            _ => denied("only a person who is an administrator lets groups give roles"),
        }
    }

    /// Refuses what nobody has seen, with how many and who.
    pub(super) async fn refuse_unconfirmed(&self, w: &mut Write<'_>) -> Result<()> {
        let moves = derived_administrator::moves(w).await?;
        if !self.changed && moves.is_empty() {
            return Ok(());
        }
        Err(Error::field("confirmed", told(w, &moves).await?))
    }
}

/// The lines that count and give a role.
fn lines(provider: &DirectoryProvider) -> Vec<(String, Role, i64)> {
    let one = |m: &RoleMapping| Some((m.group_norm(), m.role?, m.limit()));
    provider.doc.role_mappings.iter().filter(|_| provider.doc.active).filter_map(one).collect()
}

async fn told(w: &mut Write<'_>, moves: &Moves) -> Result<String> {
    let mut parts = Vec::new();
    for (people, does) in [
        (&moves.become_one, "would become administrators"),
        (&moves.change, "would have another role"),
        (&moves.stop, "would stop being administrators"),
    ] {
        if !people.is_empty() {
            parts.push(format!("{} {does} ({})", count(people.len()), names(w, people).await?));
        }
    }
    if parts.is_empty() {
        parts.push(
            "nobody would become an administrator now: whoever the directory puts into the group later will".into(),
        );
    }
    Ok(format!("{}. Look at it, then send it again with \"confirmed\": true", parts.join("; ")))
}

fn count(n: usize) -> String {
    if n == 1 { "1 person".into() } else { format!("{n} people") }
}

async fn names(w: &mut Write<'_>, people: &[Id]) -> Result<String> {
    let some = &people[..people.len().min(NAMED)];
    let org = w.org();
    let mut names: Vec<String> = user::store::by_ids(w, org, some).await?.into_iter().map(|user| user.email).collect();
    names.sort();
    let more = people.len() - some.len();
    Ok(if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") })
}
