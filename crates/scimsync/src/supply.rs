//! What is brought next: objects are taken up while others are on their way, so that neither the end of a batch nor one that
//! hangs keeps the rest waiting. An object is on its way once at a time.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::OptionFuture;
use futures_util::stream::FuturesUnordered;
use muster_base::Id;
use muster_directory::Result;
use muster_directory::provision::{Object, ObjectKind, Target, store};

use crate::target::{Batch, Run};

/// Objects that are taken up together.
const BATCH: i64 = 200;

/// What a run has in hand.
#[derive(Default)]
struct Supply {
    /// Taken up, and what they are decided by.
    waiting: VecDeque<(Object, Arc<Batch>)>,
    /// On their way: all of one kind.
    under_way: BTreeSet<(ObjectKind, Id)>,
}

impl Run {
    /// As long as something is due and the gate is open, until it is another target's turn.
    pub(crate) async fn supply(&self, is_over: &(impl Fn() -> bool + Sync)) -> Result<()> {
        let mut supply = Supply::default();
        let mut going = FuturesUnordered::new();
        // What is read beside them: whoever is on their way may hold the connections to the database that it waits for.
        let mut fetched = OptionFuture::from(None);
        let (mut is_fetching, mut may_be_more) = (false, true);
        // Where the connection was broken, one object tries it.
        let mut trial = self.target.stopped.is_some();
        let mut outcome = Ok(true);
        // Whoever has a turn gets somewhere.
        let mut is_begun = false;
        while matches!(outcome, Ok(true)) && !(is_begun && is_over()) {
            trial |= self.gate.is_trial();
            let width = if trial { 1 } else { self.gate.width() };
            if may_be_more && !is_fetching && supply.waiting.is_empty() && going.len() < width {
                fetched = Some(Box::pin(self.more(supply.under_way.clone(), trial))).into();
                (is_fetching, may_be_more) = (true, false);
            }
            while going.len() < width
                && let Some((object, batch)) = supply.waiting.pop_front()
            {
                let key = (object.kind, object.id);
                supply.under_way.insert(key);
                going.push(async move { (key, self.one(object, &batch).await) });
            }
            if going.is_empty() && !is_fetching {
                return outcome.map(drop);
            }
            tokio::select! {
                biased;
                Some((key, ended)) = going.next() => {
                    supply.under_way.remove(&key);
                    (trial, may_be_more, is_begun) = (false, true, true);
                    outcome = outcome.and(ended);
                }
                Some(more) = &mut fetched, if is_fetching => {
                    is_fetching = false;
                    match more {
                        Ok(more) => supply.waiting = more,
                        Err(error) => outcome = Err(error),
                    }
                }
                // There may be more meanwhile, or the way may be wider: what hangs keeps neither waiting.
                () = self.gate.more() => may_be_more = true,
            }
        }
        drop(fetched);
        // What is on its way is brought to its end: its answers are worth having.
        while let Some((_, ended)) = going.next().await {
            outcome = outcome.and(ended);
        }
        outcome.map(drop)
    }

    /// What is due and not on its way; nothing where somebody changed what is entered.
    async fn more(&self, under_way: BTreeSet<(ObjectKind, Id)>, trial: bool) -> Result<VecDeque<(Object, Arc<Batch>)>> {
        let (org, app) = (self.target.org, self.target.app);
        if self.gate.is_closed() {
            return Ok(VecDeque::new());
        }
        let mut source = self.directory.read();
        let now_target = store::find(&mut source, org, app).await?;
        let same = |t: &Target| t.active && !t.paused && t.doc == self.target.doc;
        if !now_target.as_ref().is_some_and(same) {
            return Ok(VecDeque::new());
        }
        let limit = if trial { 1 } else { BATCH };
        let beside = i64::try_from(under_way.len()).unwrap_or(i64::MAX);
        let mut due = store::objects_due(&mut source, org, app, self.now(), limit.saturating_add(beside)).await?;
        due.retain(|object| !under_way.contains(&(object.kind, object.id)));
        // Groups come when nobody is left, so that their members are there.
        let kind = under_way.first().map(|(kind, _)| *kind).or(due.first().map(|object| object.kind));
        due.retain(|object| Some(object.kind) == kind);
        if due.is_empty() {
            return Ok(VecDeque::new());
        }
        let batch = Arc::new(self.batch(&due).await?);
        Ok(due.into_iter().map(|object| (object, Arc::clone(&batch))).collect())
    }
}
