//! What activating, or another mapping, would do: everything there is read, everything here is decided about, nothing is
//! sent.

use std::collections::{BTreeSet, HashMap};

use muster_base::Id;
use muster_directory::provision::decision::{self, Answer, Decisions};
use muster_directory::provision::person::Mapped;
use muster_directory::provision::report::{Candidate, Plan, PlanCounts, PlanItem, PlannedField};
use muster_directory::provision::{Object, ObjectKind, Settings, Target, store};
use muster_directory::user::{State as Life, User};
use muster_directory::{Directory, Error, Result, application, group, user};
use muster_scim::mapping::{self, Purpose};
use muster_scim::plan::{
    Action, Decision, Facts, FieldChange, Found, Link, Policy, Theirs, Wanted, decide, find, tally,
};
use muster_scim::{Definition, Resource};
use serde_json::Value;

use crate::client::Client;
use crate::survey;
use crate::target::manager;

/// Items that are told.
const ITEMS_MAX: usize = 1000;

/// What is there, to look people up in.
pub struct There {
    by_id: HashMap<String, Resource>,
    by_name: HashMap<String, Vec<String>>,
}

impl There {
    /// Of what was read.
    pub fn new(resources: Vec<Resource>) -> Self {
        let mut out = Self { by_id: HashMap::new(), by_name: HashMap::new() };
        for resource in resources {
            let Some(id) = resource.id().map(str::to_owned) else { continue };
            let texts = ["userName", "displayName", "externalId"].into_iter().filter_map(|n| resource.text(n));
            let keys: BTreeSet<String> = texts.map(|t| t.trim().to_lowercase()).collect();
            for key in keys {
                out.by_name.entry(key).or_default().push(id.clone());
            }
            out.by_id.insert(id, resource);
        }
        out
    }

    /// By its id.
    pub fn get(&self, id: &str) -> Option<&Resource> {
        self.by_id.get(id)
    }

    /// Which of them is ours.
    pub fn find(&self, ours: &Resource, taken: &dyn Fn(&str) -> bool) -> Found<'_> {
        let texts = ["userName", "displayName", "externalId"].into_iter().filter_map(|n| ours.text(n));
        let keys: BTreeSet<String> = texts.map(|t| t.trim().to_lowercase()).collect();
        let ids: BTreeSet<&String> = keys.iter().filter_map(|k| self.by_name.get(k)).flatten().collect();
        find(ours, ids.into_iter().filter_map(|id| self.by_id.get(id)), taken)
    }
}

/// What stands in the way of reading a receiver, as an answer to an administrator.
pub fn unreadable(words: String) -> Error {
    Error::Conflict(format!("the application cannot be read: {words}"))
}

/// Works the plan out.
pub async fn run(
    directory: &Directory,
    (org, app): (Id, Id),
    settings: &Settings,
    saved: Option<&Target>,
    client: &Client,
) -> Result<Plan> {
    let mut source = directory.read();
    let profile = saved.filter(|s| s.settings == *settings).map_or_else(|| settings.first_profile(), Target::profile);
    let definition = Definition::user();
    let there = There::new(survey::all(client, &definition, &profile).await.map_err(unreadable)?);
    let known: HashMap<Id, Object> = match saved {
        Some(_) => store::objects(&mut source, org, app).await?.into_iter().map(|o| (o.id, o)).collect(),
        None => HashMap::new(),
    };
    let reached = application::store::users(&mut source, org, app).await?;
    let mut people = HashMap::new();
    for ids in reached.chunks(1000) {
        people.extend(user::store::by_ids(&mut source, org, ids).await?.into_iter().map(|u| (u.id, u)));
    }
    let linked: HashMap<&str, Id> =
        known.values().filter_map(|o| o.known.remote_id.as_deref().map(|r| (r, o.id))).collect();
    let mut plan = Plan::default();
    let mut decisions = Vec::new();
    let left = known.values().filter(|o| o.kind == ObjectKind::User && !people.contains_key(&o.id)).map(|o| o.id);
    let mut ids: Vec<Id> = people.keys().copied().chain(left).collect();
    ids.sort_unstable();
    let decided = decision::all(&mut source, org, app).await?;
    let of =
        Look { settings, definition: &definition, there: &there, known: &known, linked: &linked, decisions: &decided };
    for id in ids {
        let boss = people.get(&id).and_then(manager).and_then(|m| known.get(&m));
        let boss = boss.and_then(|o| o.known.remote_id.as_deref());
        let (name, decision, candidates) =
            of.person(id, people.get(&id), boss, directory.env().clock.now().0 / 1_000_000);
        let answer = decided.get(&(ObjectKind::User, id)).map(|decision| decision.answer);
        add(&mut plan, ObjectKind::User, (id, name), &decision, (candidates, answer));
        decisions.push(decision);
    }
    let linked_count = known.values().filter(|o| o.kind == ObjectKind::User && o.known.remote_id.is_some()).count();
    plan.guarded = settings.guard.holds(tally(&decisions).taking_away, linked_count).is_some();
    if settings.manage_groups {
        groups(directory, (org, app), client, &profile, (&known, &decided), &mut plan).await?;
    }
    Ok(plan)
}

struct Look<'a> {
    settings: &'a Settings,
    definition: &'a Definition,
    there: &'a There,
    known: &'a HashMap<Id, Object>,
    linked: &'a HashMap<&'a str, Id>,
    decisions: &'a Decisions,
}

impl Look<'_> {
    fn person(
        &self,
        id: Id,
        user: Option<&User>,
        boss: Option<&str>,
        now_s: i64,
    ) -> (String, Decision, Vec<Candidate>) {
        let mapping = self.settings.mapping();
        let object = self.known.get(&id);
        let name = user.map(|u| u.username.clone()).or_else(|| object.map(|o| o.name.clone())).unwrap_or_default();
        let active = user.is_some_and(|u| u.state == Life::Activated);
        let remote = object.and_then(|o| o.known.remote_id.as_deref());
        let made = user.map(|user| {
            mapping::user(&mapping, &Mapped { user, manager: boss }, active, self.definition, Purpose::Update)
        });
        let ours = match made {
            Some(Ok(ours)) => Some(ours),
            Some(Err(problems)) => {
                let why = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                let decision = Decision { action: Action::Conflict, reason: why, fields: Vec::new(), due_s: None };
                return (name, decision, Vec::new());
            }
            None => None,
        };
        let last = object.and_then(Object::last_sent);
        let link = remote.map(|remote_id| Link { remote_id, last_sent: last.as_ref() });
        let decided = self.decisions.get(&(ObjectKind::User, id)).filter(|_| remote.is_none() && user.is_some());
        if decided.is_some_and(|decided| decided.answer == Answer::Leave) {
            return (name, left(), Vec::new());
        }
        let chosen = decided.and_then(|decided| decided.remote_id.as_deref()).and_then(|id| self.there.get(id));
        let taken = |there: &str| self.linked.get(there).is_some_and(|of| *of != id);
        let theirs = match (remote, &ours) {
            (Some(remote), _) => self.there.get(remote).map_or(Theirs::Missing, Theirs::There),
            (None, Some(_)) if chosen.is_some() => {
                Theirs::Searched(chosen.map_or(Found::Nobody, |one| Found::One(one, "id, as you decided,")))
            }
            (None, Some(ours)) => Theirs::Searched(self.there.find(ours, &taken)),
            (None, None) => Theirs::Unread,
        };
        let left_at = object.and_then(|o| o.known.left_at).map_or(now_s, |at| at.0 / 1_000_000);
        let wanted = ours.as_ref().map_or(Wanted::Out { since_s: left_at }, Wanted::In);
        let policy = if user.is_some() { Policy::default() } else { self.settings.policy() };
        let managed = mapping.managed(Purpose::Update);
        let candidates = match &theirs {
            Theirs::Searched(Found::Several(several)) => {
                several.iter().filter(|one| !one.id().is_some_and(taken)).map(|one| candidate(one)).collect()
            }
            _ => Vec::new(),
        };
        (name, decide(&Facts { wanted, link, theirs }, policy, &managed, self.definition, now_s), candidates)
    }
}

/// Candidates that are told of one object.
const CANDIDATES_MAX: usize = 20;

fn candidate(theirs: &Resource) -> Candidate {
    let name = ["userName", "displayName"].into_iter().find_map(|name| theirs.text(name)).unwrap_or_default();
    Candidate { remote_id: theirs.id().unwrap_or_default().to_owned(), name: name.to_owned() }
}

fn left() -> Decision {
    Decision {
        action: Action::Nothing,
        reason: "it is left alone, as you decided".into(),
        fields: Vec::new(),
        due_s: None,
    }
}

/// A value as it is shown.
pub fn shown(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn add(
    plan: &mut Plan,
    kind: ObjectKind,
    (id, name): (Id, String),
    decision: &Decision,
    (mut candidates, answer): (Vec<Candidate>, Option<Answer>),
) {
    let c: &mut PlanCounts = &mut plan.counts;
    let (count, word) = match &decision.action {
        Action::Create => (&mut c.create, "create"),
        Action::Adopt { .. } => (&mut c.adopt, "adopt"),
        Action::Update => (&mut c.update, "update"),
        Action::Deactivate => (&mut c.deactivate, "deactivate"),
        Action::Reactivate => (&mut c.reactivate, "reactivate"),
        Action::Delete => (&mut c.delete, "delete"),
        Action::Conflict => (&mut c.conflict, "conflict"),
        Action::Nothing | Action::Forget => (&mut c.none, "none"),
    };
    *count += 1;
    // What was decided about is told, so that it can be taken back.
    if word == "none" && decision.fields.is_empty() && answer.is_none() || plan.items.len() >= ITEMS_MAX {
        return;
    }
    let field = |f: &FieldChange| PlannedField {
        name: f.path.clone(),
        from: shown(f.theirs.as_ref()),
        to: shown(f.ours.as_ref()),
    };
    let fields = decision.fields.iter().map(field).collect();
    candidates.truncate(CANDIDATES_MAX);
    let (action, why) = (word.into(), decision.reason.clone());
    plan.items.push(PlanItem { kind, id, name, action, why, fields, candidates, decision: answer });
}

async fn groups(
    directory: &Directory,
    (org, app): (Id, Id),
    client: &Client,
    profile: &muster_scim::receiver::Profile,
    (known, decisions): (&HashMap<Id, Object>, &Decisions),
    plan: &mut Plan,
) -> Result<()> {
    let definition = Definition::group();
    let there = There::new(survey::all(client, &definition, profile).await.map_err(unreadable)?);
    let mut source = directory.read();
    let bound = application::store::bindings(&mut source, org, app).await?;
    let ids: Vec<Id> = bound.into_iter().filter(|(kind, _)| kind == "user_group").map(|(_, id)| id).collect();
    let managed: Vec<_> = "displayName".parse().into_iter().collect();
    for group in group::store::by_ids(&mut source, org, &ids).await? {
        let ours = mapping::group(&group.name, None);
        let object = known.get(&group.id);
        let last = object.and_then(Object::last_sent);
        let remote = object.and_then(|o| o.known.remote_id.as_deref());
        let link = remote.map(|remote_id| Link { remote_id, last_sent: last.as_ref() });
        let theirs = match remote {
            Some(remote) => there.get(remote).map_or(Theirs::Missing, Theirs::There),
            None => Theirs::Searched(there.find(&ours, &|_| false)),
        };
        let answer = decisions.get(&(ObjectKind::Group, group.id)).map(|decision| decision.answer);
        let policy = Policy { ask_before_adopting: answer != Some(Answer::TakeOver), ..Policy::default() };
        let candidates = match &theirs {
            Theirs::Searched(Found::One(one, _)) => vec![candidate(one)],
            _ => Vec::new(),
        };
        let facts = Facts { wanted: Wanted::In(&ours), link, theirs };
        let decision = match answer {
            Some(Answer::Leave) if remote.is_none() => left(),
            _ => decide(&facts, policy, &managed, &definition, 0),
        };
        add(plan, ObjectKind::Group, (group.id, group.name.clone()), &decision, (candidates, answer));
    }
    Ok(())
}
