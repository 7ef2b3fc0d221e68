//! From the change log to notices: sessions that ended, and applications that a person lost. Under the organization's
//! lock, so that no change is missed between reading the log and taking the mark away.

use std::collections::BTreeSet;

use muster_base::Id;
use serde_json::Value;

use super::store;
use crate::change::store::Entry;
use crate::change::{Change, Kind};
use crate::{Actor, Directory, Error, Result, Verb, Write, application, change, consent};

/// How many entries of the log, and how many applications, one transaction looks at.
pub(super) const BATCH: i64 = 500;

/// Whether a change may end sessions or take applications away. Pure.
pub(crate) fn is_of_interest(kind: Kind) -> bool {
    matches!(kind, Kind::SessionEnd | Kind::ConsentRevoke) || takes_access(kind.word())
}

/// Whether a change of this kind may by itself take an application away from anybody. Whoever leaves a group, for whatever
/// reason, is found by the membership that ended.
fn takes_access(kind: &str) -> bool {
    const KINDS: [Kind; 3] = [Kind::AssociationChange, Kind::ApplicationUpdate, Kind::ApplicationDelete];
    KINDS.iter().any(|of| of.word() == kind)
}

/// What a stretch of the log says. Pure.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ended {
    sessions: BTreeSet<Id>,
    /// People, each with an application that they took their consent from.
    consents: BTreeSet<(Id, Id)>,
    /// Anybody's access may have changed.
    anybody: bool,
}

fn ended(entries: &[Entry]) -> Ended {
    let mut out = Ended::default();
    for entry in entries {
        let id_in = |field: &str| entry.fields.get(field)?.as_str()?.parse::<Id>().ok();
        if entry.kind == Kind::SessionEnd.word() {
            let ids = entry.fields.get("sessions").and_then(Value::as_array);
            let ids = ids.into_iter().flatten().filter_map(Value::as_str);
            out.sessions.extend(ids.filter_map(|id| id.parse::<Id>().ok()));
        } else if entry.kind == Kind::ConsentRevoke.word() {
            out.consents.extend(id_in("application").map(|app| (entry.subject_id, app)));
        } else if takes_access(&entry.kind) {
            out.anybody |= entry.subject_kind == "application";
        }
    }
    out
}

/// Marks the organization when one of the changes is of interest, or somebody left a group: in the transaction itself.
pub(crate) async fn mark(w: &mut Write<'_>) -> Result<()> {
    let changed = w.changes().iter().any(|change: &Change| is_of_interest(change.kind)).then(|| w.cause_seq());
    if let Some(from) = changed.into_iter().chain(w.left_by()).min() {
        store::mark(w, from).await?;
    }
    Ok(())
}

/// Turns what ended into notices, in every organization that is marked; tells how many notices there are more.
///
/// # Errors
/// The database's.
pub async fn collect(directory: &Directory) -> Result<usize> {
    let mut made = 0;
    for org in store::marked(directory).await? {
        loop {
            let (more, rest) = match directory.write(Actor::system(), org, Collect).await {
                Ok(done) => done,
                // The organization was removed.
                Err(Error::Missing(_)) => break,
                Err(error) => return Err(error),
            };
            made += more;
            if !rest {
                break;
            }
        }
    }
    Ok(made)
}

struct Collect;

impl Verb for Collect {
    type Out = (usize, bool);

    async fn run(&self, w: &mut Write<'_>) -> Result<(usize, bool)> {
        let org = w.org();
        let Some(from) = store::mark_of(w).await? else { return Ok((0, false)) };
        let entries = change::store::after(w, org, from - 1, BATCH).await?;
        let ended = ended(&entries);
        let mut gone = Vec::new();
        for session in &ended.sessions {
            gone.extend(store::clients_of_session(w, org, *session).await?);
        }
        for (user, app) in &ended.consents {
            gone.extend(withdrawn(w, *user, *app).await?);
        }
        gone.extend(match ended.anybody {
            true => store::lost(w, org).await?,
            false => store::lost_by_leaving(w, org, from).await?,
        });
        let made = queue(w, &gone).await?;
        // What one look could not hold is looked at again; the rows seen are gone by then.
        let full = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX) >= BATCH;
        let rest = full(entries.len()) || full(gone.len());
        match entries.last() {
            Some(last) if full(entries.len()) && !full(gone.len()) => store::set_mark(w, last.seq + 1).await?,
            _ if rest => {}
            _ => store::unmark(w).await?,
        }
        Ok((made, rest))
    }
}

/// Where an application got tokens on a consent that was taken back, and not given again since.
async fn withdrawn(w: &mut Write<'_>, user: Id, app: Id) -> Result<Vec<store::Client>> {
    let org = w.org();
    if consent::store::of(w, org, user, app).await?.is_some() {
        return Ok(Vec::new());
    }
    let clients = store::clients_of_user(w, org, user).await?;
    Ok(clients.into_iter().filter(|client| client.app == app).collect())
}

/// Puts on the list those of them that can be told, and forgets all.
async fn queue(w: &mut Write<'_>, clients: &[store::Client]) -> Result<usize> {
    let org = w.org();
    let mut made = 0;
    for client in clients {
        if store::delete_client(w, client).await? == 0 {
            continue;
        }
        let app = application::store::by_id(w, org, client.app).await?;
        if app.and_then(|app| app.doc.oidc).is_some_and(|oidc| oidc.logout.backchannel_logout_uri.is_some()) {
            store::insert(w, client).await?;
            made += 1;
        }
    }
    Ok(made)
}

/// Looks for what the log does not tell: applications of sessions that ran out, or that got their token in the moment in
/// which the session ended. For a worker; tells how many notices there are more.
///
/// # Errors
/// The database's.
pub async fn sweep(directory: &Directory) -> Result<usize> {
    let mut made = 0;
    loop {
        let orphans = store::orphans(directory).await?;
        let organizations: BTreeSet<Id> = orphans.iter().map(|(org, _)| *org).collect();
        for org in &organizations {
            let sessions = orphans.iter().filter(|(of, _)| of == org).map(|(_, session)| *session).collect();
            made += directory.write(Actor::system(), *org, Orphans { sessions }).await?;
        }
        if organizations.is_empty() {
            return Ok(made);
        }
    }
}

/// Looks at everybody's access anew, in every organization: what the log tells was taken up long ago, so this finds only
/// what was given in the moment in which it was taken away. For a worker, once a day; tells how many notices there are more.
///
/// # Errors
/// The database's.
pub async fn sweep_access(directory: &Directory) -> Result<usize> {
    let mut made = 0;
    for org in store::organizations(directory).await? {
        loop {
            let (more, rest) = directory.write(Actor::system(), org, Lost).await?;
            made += more;
            if !rest {
                break;
            }
        }
    }
    Ok(made)
}

struct Lost;

impl Verb for Lost {
    type Out = (usize, bool);

    async fn run(&self, w: &mut Write<'_>) -> Result<(usize, bool)> {
        let org = w.org();
        let gone = store::lost(w, org).await?;
        Ok((queue(w, &gone).await?, i64::try_from(gone.len()).unwrap_or(i64::MAX) >= BATCH))
    }
}

struct Orphans {
    sessions: BTreeSet<Id>,
}

impl Verb for Orphans {
    type Out = usize;

    async fn run(&self, w: &mut Write<'_>) -> Result<usize> {
        let org = w.org();
        let mut gone = Vec::new();
        for session in &self.sessions {
            gone.extend(store::clients_of_session(w, org, *session).await?);
        }
        queue(w, &gone).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_base::Micros;
    use serde_json::json;

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    fn entry(kind: Kind, subject: (&str, u8), fields: Value) -> Entry {
        Entry {
            seq: 1,
            at: Micros(0),
            actor_kind: "user".into(),
            actor_id: None,
            kind: kind.word().into(),
            subject_kind: subject.0.into(),
            subject_id: id(subject.1),
            fields,
        }
    }

    #[test]
    fn the_log_says_whose_access_to_look_at() {
        let of = |entry| ended(&[entry]);
        let sessions = of(entry(Kind::SessionEnd, ("user", 1), json!({"sessions": [id(7), id(8)], "all": true})));
        assert_eq!(sessions, Ended { sessions: BTreeSet::from([id(7), id(8)]), ..Ended::default() });
        let back = of(entry(Kind::ConsentRevoke, ("user", 1), json!({"application": id(4)})));
        assert_eq!(back, Ended { consents: BTreeSet::from([(id(1), id(4))]), ..Ended::default() });
        for kind in [Kind::AssociationChange, Kind::ApplicationUpdate, Kind::ApplicationDelete] {
            assert!(of(entry(kind, ("application", 3), json!({}))).anybody);
        }
        // A device's owner, or a membership, takes nothing away by itself: the memberships that ended tell.
        for (kind, subject) in [(Kind::AssociationChange, "system"), (Kind::AssociationChange, "user_group")] {
            assert_eq!(of(entry(kind, (subject, 3), json!({}))), Ended::default());
        }
        assert_eq!(of(entry(Kind::IdpUpdate, ("identity_provider", 1), json!({}))), Ended::default());
    }
}
