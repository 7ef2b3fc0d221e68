//! Takes in what was read, so many items in one transaction. Run by [`crate::Directory::try_out`] it is the plan.

use std::sync::Arc;

use muster_base::Id;

use super::link::{self, Key};
use super::model::{Item, Job, Kind, Told, Word};
use super::{application, decision, device, group, item, job, membership, person, rule};
use crate::carried::{Carried, Claim, Owner};
use crate::{Actor, Directory, Error, Result, Tried, Verb, Write};

/// Items of one transaction.
pub const BATCH: i64 = 200;
/// Items of one part of a plan: as many as fit are tried in one transaction, so that what refers to others is seen whole.
pub const PLAN_PART: i64 = 2_000;

/// Takes in the next items of a migration. What became of each is written down in the same transaction.
pub struct Take {
    /// The migration.
    pub job: Id,
    /// After this place in the order.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
    /// Whether it is a part of a plan: what an item refers to may be an item of another part.
    pub in_parts: bool,
}

/// What a migration's items are taken in with.
pub(super) struct Taking {
    pub job: Id,
    pub source: String,
    pub overwrite: bool,
    pub in_parts: bool,
    /// What earlier parts of the plan took.
    pub carried: Arc<Carried>,
}

impl Taking {
    fn new(job: &Job, in_parts: bool, carried: Arc<Carried>) -> Self {
        Self { job: job.id, source: job.source.clone(), overwrite: job.choices.overwrite, in_parts, carried }
    }

    /// What an object there is known by.
    pub(super) fn key<'a>(&'a self, kind: Kind, remote_id: &'a str) -> Key<'a> {
        Key { source: &self.source, kind, parent: "", remote_id }
    }

    /// What something that belongs to an object there is known by.
    pub(super) fn below<'a>(&'a self, kind: Kind, parent: &'a str, remote_id: &'a str) -> Key<'a> {
        Key { source: &self.source, kind, parent, remote_id }
    }

    /// The object here that an object there became.
    pub(super) async fn here(&self, w: &mut Write<'_>, kind: Kind, remote_id: &str) -> Result<Here> {
        let org = w.org();
        if let Some(link) = link::find(w, org, self.key(kind, remote_id)).await? {
            return Ok(Here::Is(link.local));
        }
        let later = self.in_parts && item::is_read(w, (org, self.job), kind, remote_id).await?;
        Ok(if later { Here::Will } else { Here::No })
    }
}

/// Whether an object there is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    /// As this one.
    Is(Id),
    /// It will be, by another part of the plan.
    Will,
    /// It is not.
    No,
}

impl Verb for Take {
    type Out = Vec<(i64, Told)>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Vec<(i64, Told)>> {
        self.all(w, Arc::default()).await.map(|(told, _)| told)
    }
}

/// A part of a plan.
struct Part {
    take: Take,
    carried: Arc<Carried>,
}

impl Verb for Part {
    type Out = (Vec<(i64, Told)>, Vec<Claim>);

    async fn run(&self, w: &mut Write<'_>) -> Result<Self::Out> {
        self.carried.free(w).await?;
        self.take.all(w, Arc::clone(&self.carried)).await
    }
}

/// Works out a part of a plan: it is done and undone. What it takes and lets go is carried to the next part.
///
/// # Errors
/// The database's.
pub async fn try_part(
    directory: &Directory,
    (actor, org): (Actor, Id),
    take: Take,
    carried: &mut Arc<Carried>,
) -> Result<Tried<Vec<(i64, Told)>>> {
    let tried = directory.try_out(actor, org, Part { take, carried: Arc::clone(carried) }).await?;
    let (out, claims) = tried.out;
    Arc::make_mut(carried).take(claims);
    Ok(Tried { out, groups: tried.groups })
}

impl Take {
    async fn all(&self, w: &mut Write<'_>, carried: Arc<Carried>) -> Result<(Vec<(i64, Told)>, Vec<Claim>)> {
        let org = w.org();
        let of = job::get(w, org, self.job).await?;
        let taking = Taking::new(&of, self.in_parts, carried);
        let left = decision::left(w, org, &of.source).await?;
        let items = item::next(w, (org, self.job), self.after, self.limit).await?;
        let (mut out, mut claims) = (Vec::with_capacity(items.len()), Vec::new());
        for item in &items {
            // What belongs to it is left with it.
            let is_left = left.contains(&item.remote_id) || left.contains(&item.parent);
            let told = if is_left { decision::told() } else { refused_or(one(w, &taking, item).await)? };
            item::told(w, self.job, item.seq, &told).await?;
            claims.extend(claim(item, &told));
            out.push((item.seq, told));
        }
        Ok((out, claims))
    }
}

/// What an item took, by what came of it.
fn claim(item: &Item, told: &Told) -> Option<Claim> {
    let (source, id) = (item.remote_id.clone(), told.local_id?);
    let is_made = told.outcome == Word::Created;
    let now = |name: &str| {
        let to = told.changes.get(name).and_then(|change| change.get("to")).unwrap_or(&item.doc[name]);
        to.as_str().unwrap_or_default().trim().to_owned()
    };
    match item.kind {
        Kind::User if is_made || ["username", "email"].iter().any(|name| told.changes.contains_key(*name)) => {
            let owner = Owner { username: now("username"), email: now("email") };
            let changed = (!is_made).then(|| (id, told.changes.clone()));
            Some(Claim::Person { source, owner, changed })
        }
        Kind::UserGroup | Kind::SystemGroup if is_made || told.changes.contains_key("name") => {
            let renamed = (!is_made).then_some(id);
            Some(Claim::Group { source, kind: item.kind.word(), name: item.name.clone(), renamed })
        }
        _ => None,
    }
}

async fn one(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    match item.kind {
        Kind::User => person::take(w, taking, item).await,
        Kind::Manager => person::take_manager(w, taking, item).await,
        Kind::System => device::take(w, taking, item).await,
        Kind::UserGroup | Kind::SystemGroup => group::take(w, taking, item).await,
        Kind::Member => membership::take_member(w, taking, item).await,
        Kind::MembersLeft => membership::take_out(w, taking, item).await,
        Kind::Rule => rule::take(w, taking, item).await,
        Kind::Application => application::take(w, taking, item).await,
        Kind::Binding => membership::take_binding(w, taking, item).await,
        Kind::BindingsLeft => membership::unbind(w, taking, item).await,
        Kind::Gone | Kind::Notice => Ok(Told::new(Word::NotBrought)),
    }
}

/// What is wrong with an item is told of it; everything else ends the step. All that can be wrong with an item is found before
/// its first statement that writes.
fn refused_or(result: Result<Told>) -> Result<Told> {
    match result {
        Err(
            error @ (Error::Invalid(_) | Error::Denied(_) | Error::Limit(_) | Error::Missing(_) | Error::Conflict(_)),
        ) => Ok(Told::new(Word::Refused).because(error.to_string())),
        other => other,
    }
}

/// The word for an object that was there: what was done, or that something was left.
pub(super) fn word(changed: bool, kept: bool, was_linked: bool) -> Word {
    match (changed, kept, was_linked) {
        (true, _, _) => Word::Updated,
        (false, true, _) => Word::Kept,
        (false, false, true) => Word::Unchanged,
        (false, false, false) => Word::Linked,
    }
}

/// Why nothing is made again that was deleted here.
pub(super) const DELETED_HERE: &str =
    "it was deleted here: it is made again only if what was changed here is overwritten";
