//! Takes a part of a run in: people and groups, step by step, by the verbs that every directory feeds by. Run by
//! [`crate::Directory::try_out`] it is the plan.
//!
//! All that can be wrong with a step is found before its first statement that writes, so that it is told of the step and
//! the others go on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::mark::Mark;
use super::{Action, ObjectKind, Outcome, decision, employee, hold, managed_by, out, store};
use crate::carried::{Carried, Claim, Owner, PERSON, USER_GROUP};
use crate::change::Kind;
use crate::fed_user::{self, Feed, leave, push};
use crate::provision::decision::Answer;
use crate::user::{self, State};
use crate::write::Tried;
use crate::{Actor, Directory, Error, Result, Verb, Write, directory_provider, document, fed_group};

/// Steps of one transaction.
pub const STEPS_MAX: usize = 1_000;
/// A person as the source has them.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The source's name for the person.
    pub external_id: String,
    /// What it says; the document without the mark.
    pub feed: Feed,
    /// The source's name for their manager.
    pub manager: Option<String>,
    /// Stands for all of it.
    pub read: String,
}

/// A group as the source has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The source's name for it.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// What mappings mean it by, where its owner chooses the name; in lower case.
    pub address: Option<String>,
    /// The source's names for those in it, people and groups.
    pub members: Vec<String>,
}

/// One step.
#[derive(Clone, Debug)]
pub enum Step {
    /// A person comes or changes.
    User(Box<Person>),
    /// The source does not name a person any more.
    Leave {
        /// The person.
        id: Id,
        /// The source's name for them.
        external_id: String,
        /// Their name.
        name: String,
    },
    /// The source keeps a person out of whom nothing else can be taken in.
    Out {
        /// The source's name for them.
        external_id: String,
        /// Their name.
        name: String,
        /// Why nothing else can be.
        why: String,
    },
    /// A group is made or renamed.
    Group(Group),
    /// Those whom the source has in a group are in it.
    Members(Group),
    /// The source does not name a group any more.
    Remove {
        /// The group.
        id: Id,
        /// The source's name for it.
        external_id: String,
        /// Its name.
        name: String,
    },
    /// Local groups hold what the mapping table says.
    Mappings,
    /// Nothing is done; it is told.
    Told(Outcome),
}

/// Takes steps in.
pub struct Take {
    /// The directory provider.
    pub provider: Id,
    /// The run in which what was done is written down, and the number of its first result; none: nowhere.
    pub run: Option<(Id, i64)>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// What was done.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// By step; `None`: it was so already.
    pub outcomes: Vec<Option<Outcome>>,
    /// People whose managers were not here yet, by their place.
    pub late: Vec<usize>,
}

impl Verb for Take {
    type Out = Taken;

    async fn run(&self, w: &mut Write<'_>) -> Result<Taken> {
        self.all(w, &Carried::default()).await.map(|(taken, _)| taken)
    }
}

/// A part of a plan.
struct Part {
    take: Take,
    carried: Arc<Carried>,
}

impl Verb for Part {
    type Out = (Taken, Vec<Claim>);

    async fn run(&self, w: &mut Write<'_>) -> Result<Self::Out> {
        self.carried.free(w).await?;
        self.take.all(w, &self.carried).await
    }
}

/// Works out a part of a plan: it is done and undone. What it takes and lets go is carried to the next part.
///
/// # Errors
/// The database's.
pub async fn try_part(
    directory: &Directory,
    (actor, org): (Actor, Id),
    (provider, steps): (Id, Vec<Step>),
    carried: &mut Arc<Carried>,
) -> Result<Tried<Taken>> {
    let take = Take { provider, run: None, steps };
    let tried = directory.try_out(actor, org, Part { take, carried: Arc::clone(carried) }).await?;
    let (out, claims) = tried.out;
    Arc::make_mut(carried).take(claims);
    Ok(Tried { out, groups: tried.groups })
}

impl Take {
    async fn all(&self, w: &mut Write<'_>, carried: &Carried) -> Result<(Taken, Vec<Claim>)> {
        if self.steps.len() > STEPS_MAX {
            return Err(Error::Limit(format!("at most {STEPS_MAX} steps at once")));
        }
        directory_provider::store::get(w, w.org(), self.provider).await?;
        let decisions = decision::all(w, w.org(), self.provider).await?;
        let (mut taken, mut claims) = (Taken::default(), Vec::new());
        let mut number = self.run.map_or(0, |(_, n)| n);
        for (at, step) in self.steps.iter().enumerate() {
            let (kind, external, _) = step.about();
            let answer = decisions.get(&(kind.word(), external.to_owned())).map(|decision| decision.answer);
            let outcome = match self.step(w, step, (answer, carried), (&mut taken.late, at)).await {
                Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Denied(_) | Error::Missing(_))) => {
                    let error = employee::named(w, step, error).await?;
                    let refused = Outcome { in_the_way: self.in_the_way(w, step).await?, ..step.refused(&error) };
                    Some(if step.is_out() { out::keep(w, self.provider, refused).await? } else { refused })
                }
                other => other?,
            };
            if let (Some((run, _)), Some(outcome)) = (self.run, &outcome) {
                store::insert_result(w, (self.provider, run), number, outcome).await?;
                number += 1;
            }
            claims.extend(outcome.as_ref().and_then(|outcome| step.claim(outcome)));
            taken.outcomes.push(outcome);
        }
        Ok((taken, claims))
    }
}

impl Step {
    /// What it is about: the kind, the source's name and the name.
    #[must_use]
    pub fn about(&self) -> (ObjectKind, &str, &str) {
        match self {
            Self::User(person) => (ObjectKind::User, &person.external_id, &person.feed.username),
            Self::Leave { external_id, name, .. } | Self::Out { external_id, name, .. } => {
                (ObjectKind::User, external_id, name)
            }
            Self::Group(group) | Self::Members(group) => (ObjectKind::Group, &group.external_id, &group.name),
            Self::Remove { external_id, name, .. } => (ObjectKind::Group, external_id, name),
            Self::Mappings => (ObjectKind::Group, "", ""),
            Self::Told(outcome) => (outcome.kind, &outcome.external_id, &outcome.name),
        }
    }

    fn outcome(&self, action: Action, id: Option<Id>, fields: Map<String, Value>) -> Outcome {
        let (kind, external_id, name) = self.about();
        Outcome {
            kind,
            action,
            external_id: external_id.into(),
            name: name.into(),
            id,
            fields,
            error: None,
            in_the_way: None,
        }
    }

    /// What it took, by what came of it.
    fn claim(&self, outcome: &Outcome) -> Option<Claim> {
        let source = outcome.external_id.clone();
        let now = |name: &str, is: &str| {
            let to = outcome.fields.get(name).and_then(|change| change.get("to")).and_then(Value::as_str);
            to.unwrap_or(is).to_owned()
        };
        match (self, outcome.action, outcome.id) {
            (Self::User(person), Action::Create, _) => {
                let email = person.feed.email.clone().unwrap_or_default();
                let owner = Owner { username: person.feed.username.clone(), email };
                Some(Claim::Person { source, owner, changed: None })
            }
            (Self::User(person), action, Some(id)) => {
                let is_known =
                    action != Action::Adopt && !["username", "email"].iter().any(|n| outcome.fields.contains_key(*n));
                if is_known {
                    return None;
                }
                let email = person.feed.email.as_deref().unwrap_or_default();
                let owner = Owner { username: now("username", &person.feed.username), email: now("email", email) };
                Some(Claim::Person { source, owner, changed: Some((id, outcome.fields.clone())) })
            }
            (Self::Group(group), action, Some(id)) => {
                let renamed = (action != Action::Create).then_some(id);
                Some(Claim::Group { source, kind: USER_GROUP, name: group.name.clone(), renamed })
            }
            _ => None,
        }
    }

    /// That it is left alone, and why.
    #[must_use]
    pub fn refused(&self, error: &Error) -> Outcome {
        Outcome { error: Some(error.to_string()), ..self.outcome(Action::Conflict, None, Map::new()) }
    }

    /// Whether the source keeps a person out.
    fn is_out(&self) -> bool {
        matches!(self, Self::User(person) if person.feed.active == Some(false))
    }

    /// What is left of it when it is refused whole: whom the source keeps out is kept out, the rest is told.
    #[must_use]
    pub fn rest(&self, error: &Error) -> Self {
        let told = self.refused(error);
        match told.error {
            Some(why) if self.is_out() => Self::Out { external_id: told.external_id, name: told.name, why },
            _ => Self::Told(self.refused(error)),
        }
    }

    /// That it is left alone, as somebody decided. Its members are a part of it.
    fn left(&self) -> Option<Outcome> {
        let is_members = matches!(self, Self::Members(_));
        (!is_members).then(|| self.outcome(Action::Left, None, Map::new()))
    }

    /// That the guard holds it.
    #[must_use]
    pub fn held(&self) -> Outcome {
        let id = match self {
            Self::Leave { id, .. } | Self::Remove { id, .. } => Some(*id),
            _ => None,
        };
        let error = match self {
            Self::Out { why, .. } => Some(why.clone()),
            _ => None,
        };
        Outcome { error, ..self.outcome(Action::Held, id, Map::new()) }
    }
}

impl Take {
    async fn step(
        &self,
        w: &mut Write<'_>,
        step: &Step,
        (answer, carried): (Option<Answer>, &Carried),
        (late, at): (&mut Vec<usize>, usize),
    ) -> Result<Option<Outcome>> {
        if answer == Some(Answer::Leave) && self.is_new(w, step).await? {
            return Ok(step.left());
        }
        match step {
            Step::User(person) => {
                let adopts = answer == Some(Answer::TakeOver);
                let (outcome, is_late) = self.user(w, step, person, (adopts, carried)).await?;
                if is_late {
                    late.push(at);
                }
                Ok(outcome)
            }
            Step::Leave { id, .. } => self.leave(w, step, *id).await,
            Step::Out { why, .. } => {
                let refused = Outcome { error: Some(why.clone()), ..step.outcome(Action::Conflict, None, Map::new()) };
                Ok(Some(out::keep(w, self.provider, refused).await?))
            }
            Step::Group(group) => self.group(w, step, group, carried).await,
            Step::Members(group) => self.members(w, step, group, carried).await,
            Step::Remove { id, .. } => {
                fed_group::drop_group::DropGroup { provider: self.provider, id: *id, expected: None }.run(w).await?;
                Ok(Some(step.outcome(Action::Remove, Some(*id), Map::new())))
            }
            Step::Mappings => Ok(hold::mappings(w, self.provider).await?.map(|(name, why)| Outcome {
                name,
                error: Some(why),
                ..step.outcome(Action::Conflict, None, Map::new())
            })),
            Step::Told(outcome) => Ok(Some(outcome.clone())),
        }
    }

    async fn user_of(&self, w: &mut Write<'_>, external: &str) -> Result<Option<Id>> {
        let found = fed_user::store::of_externals(w, w.org(), self.provider, &[external]).await?;
        Ok(found.first().map(|(_, id)| *id))
    }

    /// Whether the directory has nothing of this object yet.
    async fn is_new(&self, w: &mut Write<'_>, step: &Step) -> Result<bool> {
        Ok(match step {
            Step::User(person) => self.user_of(w, &person.external_id).await?.is_none(),
            Step::Group(group) | Step::Members(group) => self.group_of(w, &group.external_id).await?.is_none(),
            Step::Leave { .. } | Step::Out { .. } | Step::Remove { .. } | Step::Mappings | Step::Told(_) => false,
        })
    }

    /// The person here whom somebody new could take over, where an administrator says so.
    async fn in_the_way(&self, w: &mut Write<'_>, step: &Step) -> Result<Option<Id>> {
        let Step::User(person) = step else { return Ok(None) };
        let Some(email) = &person.feed.email else { return Ok(None) };
        if self.user_of(w, &person.external_id).await?.is_some() {
            return Ok(None);
        }
        let (org, provider) = (w.org(), directory_provider::store::get(w, w.org(), self.provider).await?);
        let Some(found) = user::store::by_email(w, org, &email.to_lowercase()).await? else { return Ok(None) };
        // Whoever has the user name beside them stands in the way in another manner.
        let namesake = user::store::by_username(w, org, person.feed.username.trim()).await?;
        let feeders = fed_user::store::feeders(w, org, found.id).await?;
        let is_free = feeders.iter().all(|feeder| feeder.id != provider.id && feeder.rank() >= provider.rank());
        Ok((is_free && namesake.is_none_or(|other| other.id == found.id)).then_some(found.id))
    }

    async fn user(
        &self,
        w: &mut Write<'_>,
        step: &Step,
        person: &Person,
        (adopts, carried): (bool, &Carried),
    ) -> Result<(Option<Outcome>, bool)> {
        let known = match self.user_of(w, &person.external_id).await? {
            Some(id) => Some(fed_user::store::get(w, w.org(), self.provider, id).await?),
            None => None,
        };
        check_carried(known.is_some(), &person.feed, carried)?;
        check_free(w, known.as_ref().map(|fed| fed.user.id), &person.feed).await?;
        let mut feed = person.feed.clone();
        let id = known.as_ref().map(|fed| fed.user.id);
        let manager = managed_by::of(w, self.provider, person, id).await?;
        feed.profile.extend(manager.id.map(|id| ("manager".to_owned(), json!(id))));
        // Who is tried again later in this run is told then.
        let error = manager.wrong.filter(|_| !manager.late || self.run.is_none());
        let late = manager.late;
        let before = known.as_ref().map(|fed| fed.user.state);
        let was = known.as_ref().map(|fed| Mark::of(&fed.doc)).filter(|was| was.active && !was.gone);
        // Where the source says nothing of it, what it said last holds: nobody is let in by silence.
        let active = feed.active.unwrap_or(was.is_some());
        if known.is_none() {
            feed.active = Some(active);
        }
        feed.doc = Mark { read: person.read.clone(), active, gone: false, late }.put(&feed.doc);
        // Whom an administrator suspended, while the source let them in, stays out.
        if before == Some(State::Suspended) && was.is_some() {
            feed.active = Some(false);
        }
        let logged = w.changes().len();
        let fed = push::Push { id, adopts, ..push::Push::new(self.provider, feed) }.run(w).await?;
        let mut fields = changes_of(w, logged, fed.user.id);
        let action = match before {
            None if fed.made_here => {
                fields.clear();
                Action::Create
            }
            None => Action::Adopt,
            Some(State::Activated) if fed.user.state != State::Activated => Action::Deactivate,
            Some(from) if from != State::Activated && fed.user.state == State::Activated => Action::Reactivate,
            Some(_) if fields.is_empty() && error.is_none() => return Ok((None, late)),
            Some(_) if fields.is_empty() => Action::Conflict,
            Some(_) => Action::Update,
        };
        Ok((Some(Outcome { error, ..step.outcome(action, Some(fed.user.id), fields) }), late))
    }

    async fn leave(&self, w: &mut Write<'_>, step: &Step, id: Id) -> Result<Option<Outcome>> {
        let fed = fed_user::store::get(w, w.org(), self.provider, id).await?;
        let mark = Mark::of(&fed.doc);
        if mark.gone {
            return Ok(None);
        }
        let doc = Mark { gone: true, ..mark }.put(&fed.doc);
        let after = leave::Leave { provider: self.provider, id, doc }.run(w).await?;
        let went = fed.user.state == State::Activated && after.user.state != State::Activated;
        Ok(went.then(|| step.outcome(Action::Deactivate, Some(id), Map::new())))
    }

    async fn group_of(&self, w: &mut Write<'_>, external: &str) -> Result<Option<Id>> {
        let found = fed_group::store::of_externals(w, w.org(), self.provider, &[external]).await?;
        Ok(found.first().map(|(_, id)| *id))
    }

    async fn group(&self, w: &mut Write<'_>, step: &Step, group: &Group, carried: &Carried) -> Result<Option<Outcome>> {
        let id = self.group_of(w, &group.external_id).await?;
        let before = match id {
            Some(id) => Some(fed_group::store::get(w, w.org(), self.provider, id).await?),
            None => None,
        };
        let is_so = |b: &fed_group::FedGroup| {
            b.name == group.name.trim() && (group.address.is_none() || b.address == group.address)
        };
        if before.as_ref().is_some_and(is_so) {
            return Ok(None);
        }
        let is_taken = store::group_named(w, &group.name).await?.is_some_and(|other| Some(other) != id);
        if is_taken || carried.has_group(USER_GROUP, &group.name) {
            let message = "a user group here has this name already: rename one of the two";
            return Err(Error::Conflict(message.into()));
        }
        let push = fed_group::push::Push {
            provider: self.provider,
            id,
            name: Some(group.name.clone()),
            external_id: Some(Some(group.external_id.clone())),
            address: group.address.clone(),
            members: Vec::new(),
            expected: None,
        };
        let (id, _) = push.keep(w).await?;
        // What cannot be given by it is told at the end of the run, and keeps the group from nothing.
        hold::mappings(w, self.provider).await?;
        let fed = fed_group::store::get(w, w.org(), self.provider, id).await?;
        let action = if before.is_some() { Action::Update } else { Action::Create };
        let mut fields = Map::new();
        if let Some(before) = &before {
            document::note(&mut fields, "name", json!(before.name), json!(fed.name));
            document::note(&mut fields, "address", json!(before.address), json!(fed.address));
        }
        Ok(Some(step.outcome(action, Some(fed.id), fields)))
    }

    async fn members(
        &self,
        w: &mut Write<'_>,
        step: &Step,
        group: &Group,
        carried: &Carried,
    ) -> Result<Option<Outcome>> {
        // By earlier parts of a plan.
        let made: BTreeSet<&String> = group.members.iter().filter(|one| is_made(carried, one)).collect();
        let mut coming = made.len();
        for source in made {
            // One who was renamed is here all the same.
            coming -= usize::from(self.user_of(w, source).await?.is_some());
        }
        let Some(id) = self.group_of(w, &group.external_id).await? else {
            if carried.was_made(USER_GROUP, &group.external_id) {
                let there = self.here(w, group).await?.len();
                return Ok(moved(step, None, (coming + there, 0)));
            }
            // It could not be made: that was told.
            return Ok(None);
        };
        let mut wanted = self.here(w, group).await?;
        wanted.retain(|other| *other != id);
        let before = self.held_by(w, id).await?;
        let wanted = wanted.into_iter().collect();
        let refused = hold::members(w, (self.provider, id), &wanted).await?;
        let after = self.held_by(w, id).await?;
        let joins = after.keys().filter(|id| !before.contains_key(id)).count();
        let leaves = before.keys().filter(|id| !after.contains_key(id)).count();
        let told = moved(step, Some(id), (joins + coming, leaves));
        let Some(why) = refused else { return Ok(told) };
        let fields = told.map(|told| told.fields).unwrap_or_default();
        Ok(Some(Outcome { error: Some(why), ..step.outcome(Action::Conflict, Some(id), fields) }))
    }

    /// The people and groups here that the source has in a group.
    async fn here(&self, w: &mut Write<'_>, group: &Group) -> Result<Vec<Id>> {
        let (org, mut out) = (w.org(), Vec::new());
        for externals in group.members.chunks(STEPS_MAX) {
            let externals: Vec<&str> = externals.iter().map(String::as_str).collect();
            let people = fed_user::store::of_externals(w, org, self.provider, &externals).await?;
            let groups = fed_group::store::of_externals(w, org, self.provider, &externals).await?;
            out.extend(people.into_iter().chain(groups).map(|(_, id)| id));
        }
        Ok(out)
    }

    /// Who and which groups a group holds itself.
    async fn held_by(&self, w: &mut Write<'_>, id: Id) -> Result<BTreeMap<Id, ()>> {
        let people = fed_group::store::member_ids(w, w.org(), id).await?;
        let groups = fed_group::store::nested(w, w.org(), id).await?;
        Ok(people.into_iter().chain(groups.into_iter().map(|(id, _)| id)).map(|id| (id, ())).collect())
    }
}

/// What was logged of a person, but for what follows from being fed.
fn changes_of(w: &Write<'_>, since: usize, id: Id) -> Map<String, Value> {
    let mut fields = Map::new();
    for change in w.changes().iter().skip(since).filter(|c| c.subject.id == id && c.kind == Kind::UserUpdate) {
        fields.extend(change.fields.as_object().cloned().unwrap_or_default());
    }
    fields.retain(|name, _| name != "restrictedFields" && name != "creationSource");
    fields
}

fn moved(step: &Step, id: Option<Id>, (joins, leaves): (usize, usize)) -> Option<Outcome> {
    let fields = Map::from_iter([("members".to_owned(), json!({"joins": joins, "leaves": leaves}))]);
    (joins + leaves > 0).then(|| step.outcome(Action::Update, id, fields))
}

fn is_made(carried: &Carried, source: &str) -> bool {
    carried.was_made(PERSON, source) || carried.was_made(USER_GROUP, source)
}

/// Refuses a name or address that somebody has by an earlier part of the plan, in the words of the change itself.
fn check_carried(is_known: bool, feed: &Feed, carried: &Carried) -> Result<()> {
    let username = carried.username(&feed.username);
    let email = feed.email.as_deref().and_then(|email| carried.email(email));
    let taken = |what: &str, owner: &Owner| {
        Err(Error::Conflict(format!("{what}: {} ({}) has it already", owner.username, owner.email)))
    };
    match (email, username) {
        (Some(owner), _) if is_known => taken("email", owner),
        (Some(owner), other) if other.is_none_or(|other| other == owner) => {
            Err(Error::Conflict("emails: another person of this organization has this e-mail".into()))
        }
        (_, Some(owner)) => taken("username", owner),
        _ => Ok(()),
    }
}

/// Refuses a name or address that somebody else has, before a statement fails by it.
async fn check_free(w: &mut Write<'_>, of: Option<Id>, feed: &Feed) -> Result<()> {
    let org = w.org();
    let taken = |what: &str, other: &user::User| {
        Error::Conflict(format!("{what}: {} ({}) has it already", other.username, other.email))
    };
    Error::unless_empty(user::create::username_problems(&feed.username))?;
    let by_email = match &feed.email {
        Some(email) => user::store::by_email(w, org, &email.to_lowercase()).await?,
        None => None,
    };
    if let (Some(of), Some(other)) = (of, &by_email)
        && other.id != of
    {
        return Err(taken("email", other));
    }
    let adopted = by_email.map(|user| user.id);
    if let Some(other) = user::store::by_username(w, org, feed.username.trim()).await?
        && Some(other.id) != of.or(adopted)
    {
        return Err(taken("username", &other));
    }
    Ok(())
}
