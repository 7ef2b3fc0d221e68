//! Runs: one reading of a directory, as a plan or carried out. Asked for by an administrator or the schedule, taken up by a
//! worker, ended with what came of it.

use muster_base::{Id, Micros};
use serde_json::json;

use super::{RunDoc, RunKind, RunState, Source, store};
use crate::actor::ActorKind;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, directory_provider};

/// The longest reason that is kept, in characters.
const REASON_MAX: usize = 1_000;

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The organization.
    pub org: Id,
    /// The directory provider.
    pub provider: Id,
    /// The id.
    pub id: Id,
    /// Whether it is carried out.
    pub kind: RunKind,
    /// Where it is.
    pub state: RunState,
    /// How often a node began it.
    pub attempts: i64,
    /// When it was asked for.
    pub created_at: Micros,
    /// When it ended.
    pub done_at: Option<Micros>,
    /// What is told of it.
    pub doc: RunDoc,
    /// The run whose held objects are let go.
    pub approves: Option<Id>,
}

impl Run {
    /// Whether it was asked for with what is entered now; how often it is read does not count.
    #[must_use]
    pub fn is_of(&self, source: &Source) -> bool {
        self.doc.reads.is_empty() || self.doc.reads == source.settings.read_as()
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What would be done.
    Plan,
    /// That it is done.
    Import,
    /// That it is done, those included whom the guard held in the last run.
    Approve,
}

/// Asks for a run; a worker takes it up.
pub struct Ask {
    /// The directory provider.
    pub provider: Id,
    /// The run's id, made by the caller.
    pub id: Id,
    /// What is asked for.
    pub what: What,
}

impl Verb for Ask {
    type Out = Run;

    async fn run(&self, w: &mut Write<'_>) -> Result<Run> {
        let org = w.org();
        let provider = directory_provider::store::get(w, org, self.provider).await?;
        let source = store::get(w, org, self.provider).await?;
        if store::open_run(w, org, self.provider).await?.is_some() {
            return Err(Error::Conflict("it is being read already: wait until that ends".into()));
        }
        if !provider.doc.active && self.what != What::Plan {
            return Err(Error::Conflict("this directory provider is turned off: turn it on first".into()));
        }
        let (runs, _) = store::runs(w, org, self.provider, (50, 0)).await?;
        let scheduled = w.actor().kind == ActorKind::System;
        if self.what != What::Plan && !scheduled {
            self.check_looked_at(&source, &runs)?;
        }
        let approves = match self.what {
            What::Approve => Some(held(&runs)?),
            _ => None,
        };
        let asked_by = w.actor().id.filter(|_| !scheduled);
        let run = Run {
            org,
            provider: self.provider,
            id: self.id,
            kind: if self.what == What::Plan { RunKind::Plan } else { RunKind::Import },
            state: RunState::Waiting,
            attempts: 0,
            created_at: w.now(),
            done_at: None,
            doc: RunDoc { scheduled, asked_by, reads: source.settings.read_as(), ..RunDoc::default() },
            approves,
        };
        store::insert_run(w, &run).await?;
        if run.kind == RunKind::Import && !source.active {
            store::set_state(w, &Source { active: true, ..source }).await?;
        }
        if !scheduled {
            let fields = json!({"run": run.id, "kind": run.kind, "approves": run.approves});
            w.log(Kind::DirectoryProviderRead, Subject::directory_provider(self.provider), fields);
        }
        Ok(run)
    }
}

impl Ask {
    /// Nothing is imported that nobody has seen: a plan was made since the settings were changed.
    fn check_looked_at(&self, source: &Source, runs: &[Run]) -> Result<()> {
        let is_plan = |run: &&Run| run.kind == RunKind::Plan && run.state == RunState::Done;
        // A run that worked with these settings has been looked at too.
        let is_good = |run: &&Run| is_plan(run) || matches!(run.state, RunState::Done | RunState::Held);
        if runs.iter().filter(is_good).any(|run| run.created_at >= source.set_at) {
            return Ok(());
        }
        Err(Error::Conflict("look at its plan first: these settings have not been planned with".into()))
    }
}

/// The run that holds somebody: the last one that was carried out to its end.
fn held(runs: &[Run]) -> Result<Id> {
    let mut ended = runs.iter().filter(|run| run.kind == RunKind::Import && !run.state.is_open());
    let last = ended.find(|run| run.state != RunState::Failed).filter(|run| run.state == RunState::Held);
    last.map(|run| run.id)
        .ok_or_else(|| Error::Conflict("nobody is held: the last import was carried out as a whole".into()))
}

/// Ends a run: what came of it, and when the directory is read next.
pub struct End {
    /// The run, with what is told of it.
    pub run: Run,
    /// How it ended.
    pub state: RunState,
}

impl Verb for End {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let mut source = store::get(w, w.org(), self.run.provider).await?;
        let mut run = self.run.clone();
        if let Some(why) = &mut run.doc.failure {
            *why = why.chars().filter(|c| *c != '\0').take(REASON_MAX).collect();
        }
        if store::end_run(w, &run, self.state).await? == 0 {
            return Ok(());
        }
        let now = w.now();
        // Other settings rest until somebody has seen their plan: a run of those before does not end that.
        let goes_on = run.kind == RunKind::Import && run.is_of(&source);
        match run.doc.failure.clone() {
            Some(why) => {
                if goes_on {
                    source.next_at = source.after_failure(now);
                    source.failures = source.failures.saturating_add(1);
                }
                source.failed = Some((now, why));
            }
            None => {
                (source.failures, source.failed) = (0, None);
                if goes_on {
                    source.next_at = source.after_success(now);
                }
            }
        }
        store::set_read(w, &source).await?;
        if run.kind == RunKind::Import {
            let fields =
                json!({"run": run.id, "state": self.state, "users": run.doc.users, "groups": run.doc.user_groups});
            w.log(Kind::DirectoryProviderRead, Subject::directory_provider(run.provider), fields);
        }
        Ok(())
    }
}
