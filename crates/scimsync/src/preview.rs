//! What activating, or another mapping, would do: everything there is read, everything here is decided about, nothing is
//! sent.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::AddAssign;

use muster_base::Id;
use muster_directory::provision::decision::{self, Answer, Decisions};
use muster_directory::provision::person::Mapped;
use muster_directory::provision::report::{Candidate, Plan, PlanCounts, PlanItem, PlannedField};
use muster_directory::provision::survey::{PLAN_S, Survey, name_key};
use muster_directory::provision::{Object, ObjectKind, Settings, Target, guard, store};
use muster_directory::user::{State as Life, User};
use muster_directory::{Directory, Error, Result, application, group, user};
use muster_scim::mapping::{self, Mapping, Purpose};
use muster_scim::patch::PatchPath;
use muster_scim::plan::{Action, Decision, Facts, FieldChange, Found, Link, Policy, Theirs, Wanted, decide, find};
use muster_scim::receiver::Profile;
use muster_scim::{Definition, Resource};
use serde_json::Value;

use crate::client::Client;
use crate::held::Page;
use crate::progress::Progress;
use crate::survey;
use crate::target::manager;

/// Items that are told.
const ITEMS_MAX: usize = 1000;

/// Objects that are decided about together.
const TOGETHER: i64 = 200;
/// Those there that these may be meant by, at most; where there are more each is looked up alone.
const MEANT_MAX: i64 = 1000;

/// Attributes that may be large.
const BULK: [&str; 7] = ["photos", "x509certificates", "groups", "members", "roles", "entitlements", "meta"];

/// What is there of a few, to look them up in.
struct There {
    page: Page,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl There {
    fn new(page: Page) -> Self {
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::<String, Vec<usize>>::new());
        for (place, resource) in page.iter().enumerate() {
            let Some(id) = resource.id() else { continue };
            // Whoever is found by several keys is one.
            if by_id.insert(id.to_owned(), place).is_none() {
                for key in keys(resource) {
                    by_name.entry(key).or_default().push(place);
                }
            }
        }
        Self { page, by_id, by_name }
    }

    /// By its id.
    fn get(&self, id: &str) -> Option<&Resource> {
        self.by_id.get(id).and_then(|place| self.page.get(*place))
    }

    /// Which of them is ours.
    fn find(&self, ours: &Resource, taken: &dyn Fn(&str) -> bool) -> Found<'_> {
        let places: BTreeSet<usize> =
            keys(ours).iter().filter_map(|k| self.by_name.get(k)).flatten().copied().collect();
        find(ours, places.into_iter().filter_map(|place| self.page.get(place)), taken)
    }
}

fn keys(resource: &Resource) -> BTreeSet<String> {
    let texts = ["userName", "displayName", "externalId"].into_iter().filter_map(|n| resource.text(n));
    texts.map(|t| t.trim().to_lowercase()).collect()
}

/// What stands in the way of reading a receiver, as an answer to an administrator.
pub fn unreadable(words: String) -> Error {
    Error::Conflict(format!("the application cannot be read: {words}"))
}

/// Works the plan out. What is there is written down while it is read, and compared a few at a time.
pub async fn run(
    directory: &Directory,
    survey: Survey,
    (settings, saved): (&Settings, Option<&Target>),
    (client, progress): (&Client, &Progress),
) -> Result<Plan> {
    survey.open(directory, PLAN_S).await?;
    let profile = saved.filter(|s| s.settings == *settings).map_or_else(|| settings.first_profile(), Target::profile);
    let mapping = settings.mapping();
    let managed = mapping.managed(Purpose::Update);
    let mut decided = decision::all(&mut directory.read(), survey.org, survey.app).await?;
    let is_same_receiver = saved.is_none_or(|saved| saved.settings.is_same_receiver(settings));
    if !is_same_receiver {
        decided.retain(|_, decision| decision.answer == Answer::Leave);
    }
    let now_s = directory.env().clock.now().0 / 1_000_000;
    let look = Look {
        directory,
        settings,
        is_same_receiver,
        client,
        progress,
        profile,
        survey,
        mapping,
        managed,
        decided,
        now_s,
    };
    let plan = look.plan().await;
    let whole = survey.end(directory).await?;
    let plan = plan?;
    if !whole {
        return Err(Error::Conflict("several plans of this application are worked out at once: ask again".into()));
    }
    Ok(plan)
}

struct Look<'a> {
    directory: &'a Directory,
    settings: &'a Settings,
    /// Whether what is known of the target is known of this receiver.
    is_same_receiver: bool,
    client: &'a Client,
    progress: &'a Progress,
    profile: Profile,
    survey: Survey,
    mapping: Mapping,
    managed: Vec<PatchPath>,
    decided: Decisions,
    now_s: i64,
}

/// Whom a plan takes something from, as the delete guard counts them.
#[derive(Default)]
struct TakenAway {
    all: usize,
    /// Those whose account is not active any more, and is deleted.
    inactive: usize,
}

impl AddAssign for TakenAway {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.inactive += other.inactive;
    }
}

/// What is known of a few people.
struct Few {
    people: HashMap<Id, User>,
    known: HashMap<Id, Object>,
    managers: HashMap<Id, String>,
    there: There,
    linked: HashMap<String, Id>,
}

impl Look<'_> {
    async fn plan(&self) -> Result<Plan> {
        let (org, app) = (self.survey.org, self.survey.app);
        let definition = Definition::user();
        self.read(&definition, ObjectKind::User).await?;
        let (mut plan, mut taken_away) = (Plan::default(), TakenAway::default());
        // Whom it takes something from is told first.
        let mut after = String::new();
        loop {
            let of = (org, app, ObjectKind::User);
            let mut page = store::known(&mut self.directory.read(), of, &after, TOGETHER).await?;
            let Some(last) = page.last() else { break };
            after = last.id.text();
            let ids: Vec<Id> = page.iter().map(|o| o.id).collect();
            let stay: HashSet<Id> =
                store::reach(&mut self.directory.read(), org, app, &ids).await?.into_iter().collect();
            page.retain(|object| !stay.contains(&object.id));
            let ids: Vec<Id> = page.iter().map(|o| o.id).collect();
            taken_away += self.people(&ids, false, &definition, &mut plan).await?;
        }
        let mut after = String::new();
        loop {
            let ids = store::reached(&mut self.directory.read(), org, app, &after, TOGETHER).await?;
            let Some(last) = ids.last() else { break };
            after = last.text();
            taken_away += self.people(&ids, true, &definition, &mut plan).await?;
        }
        let active = guard::linked_active(&mut self.directory.read(), org, app).await?;
        plan.guarded = self.settings.guard.holds(taken_away.all, active + taken_away.inactive).is_some();
        if self.settings.manage_groups {
            self.groups(&mut plan).await?;
        }
        Ok(plan)
    }

    /// Writes down everything there of a kind.
    async fn read(&self, definition: &Definition, kind: ObjectKind) -> Result<()> {
        let mut reading = survey::Survey::new((self.client, self.progress), definition, &self.profile);
        // What may be large and is not compared is not written down.
        let managed: Vec<String> = self.managed.iter().map(|path| path.to_string().to_lowercase()).collect();
        let is_bulk = |name: &str| {
            let name = name.to_lowercase();
            BULK.contains(&name.as_str()) && !managed.iter().any(|path| path.starts_with(&name))
        };
        while let Some(mut page) = reading.next().await.map_err(unreadable)? {
            for resource in page.iter_mut() {
                resource.0.retain(|name, _| !is_bulk(name));
            }
            self.survey.add(self.directory, kind, &page).await?;
        }
        Ok(())
    }

    /// What is there of these: by the ids that they are linked to, or by names.
    async fn there(&self, kind: ObjectKind, ids: &[String], ours: &[Resource]) -> Result<There> {
        let names = |ours: &[Resource]| -> Vec<String> {
            ours.iter().map(|r| name_key(r, kind)).filter(|name| !name.is_empty()).collect()
        };
        let externals = |ours: &[Resource]| -> Vec<String> {
            ours.iter().filter_map(|r| r.external_id().map(str::to_owned)).filter(|id| !id.is_empty()).collect()
        };
        let mut source = self.directory.read();
        let (named, external) = (names(ours), externals(ours));
        let mut found = self.survey.there(&mut source, kind, (ids, &named, &external), MEANT_MAX).await?;
        if found.len() >= usize::try_from(MEANT_MAX).unwrap_or(0) {
            // Many have one name there: whoever else is meant must not be missed for them.
            found = self.survey.there(&mut source, kind, (ids, &[], &[]), MEANT_MAX).await?;
            for one in ours {
                let one = std::slice::from_ref(one);
                let (named, external) = (names(one), externals(one));
                let few = i64::try_from(CANDIDATES_MAX).unwrap_or(0) + 1;
                found.extend(self.survey.there(&mut source, kind, (&[], &named, &external), few).await?);
            }
        }
        Ok(There::new(Page::new(self.client.held(), found)))
    }

    /// Decides about a few people; how many of them it takes something from.
    async fn people(&self, ids: &[Id], reached: bool, definition: &Definition, plan: &mut Plan) -> Result<TakenAway> {
        let (org, app) = (self.survey.org, self.survey.app);
        let mut source = self.directory.read();
        let people: HashMap<Id, User> = match reached {
            true => user::store::by_ids(&mut source, org, ids).await?.into_iter().map(|u| (u.id, u)).collect(),
            false => HashMap::new(),
        };
        let known = store::objects_by_ids(&mut source, (org, app, ObjectKind::User), ids).await?;
        let known = self.known(known);
        let bosses: Vec<Id> = people.values().filter_map(manager).collect();
        let managers = store::remote_of(&mut source, org, app, &bosses).await?.into_iter().collect();
        let mut few = Few {
            people,
            known,
            managers,
            there: There::new(Page::new(self.client.held(), Vec::new())),
            linked: HashMap::new(),
        };
        let mut remotes: Vec<String> = few.known.values().filter_map(|o| o.known.remote_id.clone()).collect();
        let of_these = |(kind, id): &(ObjectKind, Id)| *kind == ObjectKind::User && few.people.contains_key(id);
        remotes.extend(self.decided.iter().filter(|(key, _)| of_these(key)).filter_map(|(_, d)| d.remote_id.clone()));
        let is_looked_for = |id: &Id| few.known.get(id).is_none_or(|o| o.known.remote_id.is_none());
        let ours: Vec<Resource> =
            ids.iter().filter(|id| is_looked_for(id)).filter_map(|id| self.ours(&few, *id, definition)?.ok()).collect();
        few.there = self.there(ObjectKind::User, &remotes, &ours).await?;
        let there: Vec<String> = few.there.by_id.keys().cloned().collect();
        if self.is_same_receiver {
            few.linked = store::taken(&mut source, org, app, ObjectKind::User, &there).await?.into_iter().collect();
        }
        let mut taken_away = TakenAway::default();
        for id in ids {
            let (name, decision, candidates) = self.person(&few, *id, definition);
            let answer = self.decided.get(&(ObjectKind::User, *id)).map(|decision| decision.answer);
            if decision.action.takes_away() {
                taken_away.all += 1;
                taken_away.inactive += usize::from(few.known.get(id).is_some_and(|object| object.known.away));
            }
            add(plan, ObjectKind::User, (*id, name), &decision, (candidates, answer));
        }
        Ok(taken_away)
    }

    /// What is known of these: nothing of another receiver's ids.
    fn known(&self, objects: Vec<Object>) -> HashMap<Id, Object> {
        let as_there = |mut object: Object| {
            if !self.is_same_receiver {
                (object.known.remote_id, object.known.last_sent) = (None, None);
            }
            (object.id, object)
        };
        objects.into_iter().map(as_there).collect()
    }

    /// What should be there of somebody who is wanted.
    fn ours(&self, few: &Few, id: Id, definition: &Definition) -> Option<Result<Resource, String>> {
        let user = few.people.get(&id)?;
        let boss = manager(user).and_then(|boss| few.managers.get(&boss)).map(String::as_str);
        let (mapped, active) = (Mapped { user, manager: boss }, user.state == Life::Activated);
        let made = mapping::user(&self.mapping, &mapped, active, definition, Purpose::Update);
        Some(made.map_err(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
    }

    fn person(&self, few: &Few, id: Id, definition: &Definition) -> (String, Decision, Vec<Candidate>) {
        let (user, object) = (few.people.get(&id), few.known.get(&id));
        let name = user.map(|u| u.username.clone()).or_else(|| object.map(|o| o.name.clone())).unwrap_or_default();
        let remote = object.and_then(|o| o.known.remote_id.as_deref());
        let ours = match self.ours(few, id, definition).transpose() {
            Ok(ours) => ours,
            Err(why) => {
                let decision = Decision { action: Action::Conflict, reason: why, fields: Vec::new(), due_s: None };
                return (name, decision, Vec::new());
            }
        };
        let last = object.and_then(Object::last_sent);
        let link = remote.map(|remote_id| Link { remote_id, last_sent: last.as_ref() });
        let decided = self.decided.get(&(ObjectKind::User, id)).filter(|_| remote.is_none() && user.is_some());
        if decided.is_some_and(|decided| decided.answer == Answer::Leave) {
            return (name, left(), Vec::new());
        }
        let chosen = decided.and_then(|decided| decided.remote_id.as_deref()).and_then(|id| few.there.get(id));
        let taken = |there: &str| few.linked.get(there).is_some_and(|of| *of != id);
        let theirs = match (remote, &ours) {
            (Some(remote), _) => few.there.get(remote).map_or(Theirs::Missing, Theirs::There),
            (None, Some(_)) if chosen.is_some() => {
                Theirs::Searched(chosen.map_or(Found::Nobody, |one| Found::One(one, "id, as you decided,")))
            }
            (None, Some(ours)) => Theirs::Searched(few.there.find(ours, &taken)),
            (None, None) => Theirs::Unread,
        };
        let left_at = object.and_then(|o| o.known.left_at).map_or(self.now_s, |at| at.0 / 1_000_000);
        let wanted = ours.as_ref().map_or(Wanted::Out { since_s: left_at }, Wanted::In);
        let policy = if user.is_some() { Policy::default() } else { self.settings.policy() };
        let candidates = match &theirs {
            Theirs::Searched(Found::Several(several)) => {
                several.iter().filter(|one| !one.id().is_some_and(taken)).map(|one| candidate(one)).collect()
            }
            _ => Vec::new(),
        };
        let facts = Facts { wanted, link, theirs };
        (name, decide(&facts, policy, &self.managed, definition, self.now_s), candidates)
    }

    async fn groups(&self, plan: &mut Plan) -> Result<()> {
        let (org, app) = (self.survey.org, self.survey.app);
        let definition = Definition::group();
        self.read(&definition, ObjectKind::Group).await?;
        let bound = application::store::bindings(&mut self.directory.read(), org, app).await?;
        let ids: Vec<Id> = bound.into_iter().filter(|(kind, _)| kind == "user_group").map(|(_, id)| id).collect();
        for ids in ids.chunks(usize::try_from(TOGETHER).unwrap_or(1)) {
            let mut source = self.directory.read();
            let groups = group::store::by_ids(&mut source, org, ids).await?;
            let known = store::objects_by_ids(&mut source, (org, app, ObjectKind::Group), ids).await?;
            let known = self.known(known);
            let remotes: Vec<String> = known.values().filter_map(|o| o.known.remote_id.clone()).collect();
            let ours: Vec<Resource> = groups.iter().map(|group| mapping::group(&group.name, None)).collect();
            let there = self.there(ObjectKind::Group, &remotes, &ours).await?;
            for (group, ours) in groups.iter().zip(&ours) {
                self.group(group, (ours, known.get(&group.id), &there), &definition, plan);
            }
        }
        Ok(())
    }

    fn group(
        &self,
        group: &group::Group,
        (ours, object, there): (&Resource, Option<&Object>, &There),
        definition: &Definition,
        plan: &mut Plan,
    ) {
        let managed: Vec<_> = "displayName".parse().into_iter().collect();
        let last = object.and_then(Object::last_sent);
        let remote = object.and_then(|o| o.known.remote_id.as_deref());
        let link = remote.map(|remote_id| Link { remote_id, last_sent: last.as_ref() });
        let theirs = match remote {
            Some(remote) => there.get(remote).map_or(Theirs::Missing, Theirs::There),
            None => Theirs::Searched(there.find(ours, &|_| false)),
        };
        let answer = self.decided.get(&(ObjectKind::Group, group.id)).map(|decision| decision.answer);
        let policy = Policy { ask_before_adopting: answer != Some(Answer::TakeOver), ..Policy::default() };
        let candidates = match &theirs {
            Theirs::Searched(Found::One(one, _)) => vec![candidate(one)],
            _ => Vec::new(),
        };
        let facts = Facts { wanted: Wanted::In(ours), link, theirs };
        let decision = match answer {
            Some(Answer::Leave) if remote.is_none() => left(),
            _ => decide(&facts, policy, &managed, definition, 0),
        };
        add(plan, ObjectKind::Group, (group.id, group.name.clone()), &decision, (candidates, answer));
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
