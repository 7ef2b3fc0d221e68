//! One run, from reading to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use muster_base::{Id, Secret};
use muster_directory::carried::Carried;
use muster_directory::directory_provider;
use muster_directory::feed::mark::Mark;
use muster_directory::feed::model::MovedGroup;
use muster_directory::feed::run::End;
use muster_directory::feed::take::{STEPS_MAX, Step, Take, Taken, try_part};
use muster_directory::feed::{Action, ObjectKind, Outcome, Run, RunKind, RunState, Source, store};
use muster_directory::user::State;
use muster_directory::{Actor, Directory, Error, Result, Tried, fed_group, fed_user};

use crate::feeder::{Feeder, LEASE_S};
use crate::found::Found;
use crate::plan::{Known, KnownGroup, KnownPerson, Plan, decide};
use crate::{names, read};

/// Steps of one transaction, where they are kept: others wait meanwhile.
const AT_ONCE: usize = 50;
/// Results of one transaction.
const RESULTS_AT_ONCE: usize = 500;
/// How often a run is begun before it is given up.
const ATTEMPTS_MAX: i64 = 3;
/// People and groups that are looked up together.
const PAGE: i64 = 500;
/// Groups that move, told of a run.
const MOVED_MAX: usize = 100;
/// How often it is said that a reading goes on, in seconds.
const BEAT_S: u64 = 10;
/// How long a reading may take, in seconds: a server that says a little now and then would otherwise be read for ever.
const READ_S: u32 = 6 * 3600;

/// Why an import ends that was asked for with other settings.
const CHANGED: &str = "the settings were changed since it was asked for: look at its plan first";

/// Why a run does not go on.
enum Broken {
    /// It ends, for this reason.
    Failed(String),
    /// Another node has it, or it is no more.
    Lost,
    /// The database.
    Error(Error),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

struct Job<'f> {
    feeder: &'f Feeder,
    run: Run,
    source: Source,
    number: i64,
    moved: BTreeMap<Id, MovedGroup>,
    /// Groups that this run made, by the source's names.
    made: BTreeSet<String>,
}

/// Takes a run up, and brings it to its end.
///
/// # Errors
/// The database's: then it is taken up again when the lease is over.
pub async fn go(feeder: &Feeder, at: (Id, Id, Id)) -> Result<()> {
    let directory = feeder.directory();
    let Some((run, number)) = store::begin(directory, at).await? else { return Ok(()) };
    let source = store::get(&mut directory.read(), run.org, run.provider).await?;
    let mut job = Job { feeder, run, source, number, moved: BTreeMap::new(), made: BTreeSet::new() };
    let outcome = if job.run.attempts > ATTEMPTS_MAX {
        let why = "the servers that began this stopped before its end, three times: ask for it again";
        Err(Broken::Failed(why.into()))
    } else if job.run.kind == RunKind::Import && !job.run.is_of(&job.source) {
        Err(Broken::Failed(CHANGED.into()))
    } else {
        job.work().await
    };
    let state = match outcome {
        Ok(state) => state,
        Err(Broken::Lost) => return Ok(()),
        Err(Broken::Failed(why)) => job.failed(why),
        // The database may be back when it is tried again.
        Err(Broken::Error(Error::Unavailable(why))) if job.run.attempts < ATTEMPTS_MAX => {
            return Err(Error::Unavailable(why));
        }
        Err(Broken::Error(error)) => job.failed(error.to_string()),
    };
    let org = job.run.org;
    match directory.write(Actor::system(), org, End { run: job.run, state }).await {
        Err(Error::Missing(_)) => Ok(()),
        other => other,
    }
}

impl Job<'_> {
    fn failed(&mut self, why: String) -> RunState {
        self.run.doc.failure = Some(why);
        RunState::Failed
    }

    fn directory(&self) -> &Directory {
        self.feeder.directory()
    }

    async fn work(&mut self) -> Result<RunState, Broken> {
        // What an attempt before this one did is in its results.
        (self.run.doc.users, self.run.doc.user_groups, self.made) =
            store::counted(&mut self.directory().read(), &self.run).await?;
        let found = self.read().await?;
        let plan = self.plan(found).await?;
        self.run.doc.users.unchanged = plan.unchanged;
        self.run.doc.users.skipped = plan.skipped;
        self.run.doc.user_groups.unchanged = plan.groups_unchanged;
        self.run.doc.notes.clone_from(&plan.notes);
        let mut steps = plan.steps();
        if self.source.settings.groups && self.maps().await? {
            steps.push(Step::Mappings);
        }
        self.run.doc.total = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        self.run.doc.done = 0;
        self.beat().await?;
        if self.run.kind == RunKind::Plan {
            self.try_out(steps).await?;
        } else {
            self.carry_out(steps).await?;
        }
        let holds = self.run.kind == RunKind::Import
            && self.run.doc.users.held.saturating_add(self.run.doc.user_groups.held) > 0;
        Ok(if holds { RunState::Held } else { RunState::Done })
    }

    /// Whether groups give something of local groups.
    async fn maps(&self) -> Result<bool> {
        let (org, provider) = (self.run.org, self.run.provider);
        let provider = directory_provider::store::get(&mut self.directory().read(), org, provider).await?;
        Ok(provider.doc.role_mappings.iter().any(|mapping| mapping.user_group.is_some()))
    }

    /// Says that this node is at it, and how far.
    async fn beat(&self) -> Result<(), Broken> {
        let directory = self.directory();
        let (name, now) = (Feeder::lease(self.run.provider), directory.env().clock.now());
        let has = directory.db().lease(&name, self.feeder.node(), LEASE_S, now).await;
        if !has.map_err(Error::from)? {
            return Err(Broken::Lost);
        }
        store::keep(directory, &self.run).await?;
        Ok(())
    }

    async fn read(&mut self) -> Result<Found, Broken> {
        let secret: Option<Secret> = store::secret(self.directory(), self.run.org, self.run.provider).await?;
        // A secret that was entered for another place meanwhile is not sent to this one.
        let entered = store::get(&mut self.directory().read(), self.run.org, self.run.provider).await?;
        if entered.settings.secret_goes_to() != self.source.settings.secret_goes_to() {
            return Err(Broken::Failed(CHANGED.into()));
        }
        let (people, groups) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let progress = |p: usize, g: usize| {
            people.store(p, Ordering::Relaxed);
            groups.store(g, Ordering::Relaxed);
        };
        let settings = self.source.settings.clone();
        let reading = read::read(self.feeder, &settings, secret.as_ref(), &progress);
        let mut reading = Box::pin(reading);
        let most = self.feeder.patience().saturating_mul(READ_S);
        let end = tokio::time::Instant::now() + most;
        let told = |of: &AtomicUsize| i64::try_from(of.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        let found = loop {
            tokio::select! {
                found = &mut reading => break found.map_err(Broken::Failed)?,
                () = tokio::time::sleep_until(end) => {
                    let hours = READ_S / 3600;
                    return Err(Broken::Failed(format!("reading takes longer than {hours} hours: the source answers too slowly")));
                }
                () = tokio::time::sleep(Duration::from_secs(BEAT_S)) => {
                    (self.run.doc.people, self.run.doc.groups) = (told(&people), told(&groups));
                    self.beat().await?;
                }
            }
        };
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.run.doc.people = count(found.people.len() + found.refused.len());
        self.run.doc.groups = count(found.groups.len());
        Ok(found)
    }

    async fn plan(&self, mut found: Found) -> Result<Plan, Broken> {
        let (org, provider) = (self.run.org, self.run.provider);
        let mut read = self.directory().read();
        let entered = directory_provider::store::get(&mut read, org, provider).await?;
        for person in &mut found.people {
            // Another rank may lay otherwise what is the same there.
            person.read.push_str(&format!(".{}", entered.doc.precedence));
        }
        let known = self.known().await?;
        let notes = found.notes();
        names::settle(&mut found.groups, &known.groups);
        let mut plan = decide(found, &known, self.source.settings.groups);
        let since = self.directory().env().clock.now().plus_s(-store::WINDOW_S);
        let gone = store::gone_since(&mut read, org, provider, since).await?;
        let approved: BTreeSet<(String, String)> = match self.run.approves {
            Some(held_in) => store::held(&mut read, &self.run, held_in).await?.into_iter().collect(),
            None => BTreeSet::new(),
        };
        plan.guard(self.source.settings.guard, gone, &known, &approved);
        plan.notes.extend(notes);
        Ok(plan)
    }

    async fn known(&self) -> Result<Known> {
        let (org, provider) = (self.run.org, self.run.provider);
        let (mut read, mut out) = (self.directory().read(), Known::default());
        let mut after = String::new();
        loop {
            let page = fed_user::store::page(&mut read, org, provider, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.user.id.text();
            for fed in page {
                let is = KnownPerson {
                    id: Some(fed.user.id),
                    mark: Mark::of(&fed.doc),
                    active: fed.user.state == State::Activated,
                    name: fed.user.username,
                };
                out.people.extend(fed.external_id.map(|external| (external, is)));
            }
        }
        if self.source.settings.groups {
            self.known_groups(&mut out).await?;
        }
        Ok(out)
    }

    async fn known_groups(&self, out: &mut Known) -> Result<()> {
        let (org, provider) = (self.run.org, self.run.provider);
        let (mut read, mut after) = (self.directory().read(), String::new());
        loop {
            let page = fed_group::store::page(&mut read, org, provider, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id.text();
            for fed in page {
                let people = fed_group::store::member_ids(&mut read, org, fed.id).await?;
                let groups = fed_group::store::nested(&mut read, org, fed.id).await?;
                let members = people.into_iter().chain(groups.into_iter().map(|(id, _)| id)).collect();
                let is = KnownGroup { id: fed.id, name: fed.name, address: fed.address, members };
                out.groups.extend(fed.external_id.map(|external| (external, is)));
            }
        }
    }

    fn actor(&self) -> Actor {
        Actor::directory_provider(self.run.provider, Some(self.run.id.text()))
    }

    /// The plan: each part is done, and undone at its end; the names that it took are carried to the next.
    async fn try_out(&mut self, steps: Vec<Step>) -> Result<(), Broken> {
        self.run.doc.in_parts = steps.len() > STEPS_MAX;
        let mut steps = steps.into_iter().peekable();
        let mut carried = Arc::default();
        while steps.peek().is_some() {
            let part: Vec<Step> = steps.by_ref().take(STEPS_MAX).collect();
            let count = part.len();
            let tried = self.try_steps(part, &mut carried).await?;
            for group in tried.groups {
                let blank = MovedGroup { id: group.id, name: group.name.clone(), joins: 0, leaves: 0 };
                let sum = self.moved.entry(group.id).or_insert(blank);
                sum.joins += group.joins;
                sum.leaves += group.leaves;
            }
            self.count(&tried.out, count);
            let told: Vec<Outcome> = tried.out.outcomes.into_iter().flatten().collect();
            for told in told.chunks(RESULTS_AT_ONCE) {
                let steps = told.iter().cloned().map(Step::Told).collect();
                self.take(steps).await?;
            }
            self.beat().await?;
        }
        let mut moved: Vec<MovedGroup> = std::mem::take(&mut self.moved).into_values().collect();
        moved.sort_by_key(|group| std::cmp::Reverse(group.joins + group.leaves));
        moved.truncate(MOVED_MAX);
        self.run.doc.moved = moved;
        Ok(())
    }

    /// Some steps of a plan together; when that cannot be, each by itself.
    async fn try_steps(&self, steps: Vec<Step>, carried: &mut Arc<Carried>) -> Result<Tried<Taken>> {
        let (by, provider) = ((self.actor(), self.run.org), self.run.provider);
        match try_part(self.directory(), by.clone(), (provider, steps.clone()), carried).await {
            Err(error) if is_about_it(&error) => {}
            other => return other,
        }
        let mut all = Tried { out: Taken::default(), groups: Vec::new() };
        for step in steps {
            let told = |error: &Error| Some(step.refused(error));
            match try_part(self.directory(), by.clone(), (provider, vec![step.clone()]), carried).await {
                Ok(tried) => {
                    all.out.outcomes.extend(tried.out.outcomes);
                    all.groups.extend(tried.groups);
                }
                Err(error) if is_about_it(&error) => all.out.outcomes.push(told(&error)),
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    async fn carry_out(&mut self, steps: Vec<Step>) -> Result<(), Broken> {
        let mut late: Vec<Step> = Vec::new();
        for part in steps.chunks(AT_ONCE) {
            let taken = self.part(part).await?;
            late.extend(taken.late.iter().filter_map(|at| part.get(*at).cloned()));
            self.count(&taken, part.len());
            self.beat().await?;
        }
        // Managers who came after those whom they manage.
        for part in late.chunks(AT_ONCE) {
            let take = Take { provider: self.run.provider, run: None, steps: part.to_vec() };
            let taken = self.directory().write(self.actor(), self.run.org, take).await?;
            let wrong = taken.outcomes.into_iter().flatten().filter(|one| one.error.is_some());
            let wrong: Vec<Step> = wrong.map(Step::Told).collect();
            if !wrong.is_empty() {
                let told = self.take(wrong).await?;
                self.count(&told, 0);
            }
            self.beat().await?;
        }
        Ok(())
    }

    /// Some steps in one transaction; when that cannot be, each in its own.
    async fn part(&mut self, part: &[Step]) -> Result<Taken, Broken> {
        match self.take(part.to_vec()).await {
            Err(error) if is_about_it(&error) && part.len() > 1 => {}
            Err(error) if is_about_it(&error) => return self.refused(part, &error).await,
            other => return Ok(other?),
        }
        let mut out = Taken::default();
        for (at, step) in part.iter().enumerate() {
            let one = std::slice::from_ref(step);
            let taken = match self.take(one.to_vec()).await {
                Err(error) if is_about_it(&error) => self.refused(one, &error).await?,
                other => other?,
            };
            out.outcomes.extend(taken.outcomes);
            out.late.extend(taken.late.iter().map(|_| at));
        }
        Ok(out)
    }

    async fn refused(&mut self, steps: &[Step], error: &Error) -> Result<Taken, Broken> {
        match self.take(steps.iter().map(|step| step.rest(error)).collect()).await {
            Err(other) if is_about_it(&other) => {
                let told = steps.iter().map(|step| Step::Told(step.refused(error))).collect();
                Ok(self.take(told).await?)
            }
            other => Ok(other?),
        }
    }

    async fn take(&mut self, steps: Vec<Step>) -> Result<Taken> {
        let take = Take { provider: self.run.provider, run: Some((self.run.id, self.number)), steps };
        let taken = self.directory().write(self.actor(), self.run.org, take).await?;
        self.number += i64::try_from(taken.outcomes.iter().flatten().count()).unwrap_or(0);
        Ok(taken)
    }

    fn count(&mut self, taken: &Taken, steps: usize) {
        self.run.doc.done += i64::try_from(steps).unwrap_or(0);
        for outcome in taken.outcomes.iter().flatten() {
            if outcome.kind == ObjectKind::Group && outcome.action == Action::Create {
                self.made.insert(outcome.external_id.clone());
            }
            match outcome.kind {
                ObjectKind::User => self.run.doc.users.add(outcome.action),
                // Its members are a part of making it.
                ObjectKind::Group if is_members(outcome) && self.made.contains(&outcome.external_id) => {}
                ObjectKind::Group => self.run.doc.user_groups.add(outcome.action),
            }
        }
    }
}

fn is_members(outcome: &Outcome) -> bool {
    outcome.action == Action::Update && outcome.fields.contains_key("members")
}

/// Whether it is something about the steps, and not about the database.
fn is_about_it(error: &Error) -> bool {
    !matches!(error, Error::Unavailable(_) | Error::Missing("directory provider"))
}
