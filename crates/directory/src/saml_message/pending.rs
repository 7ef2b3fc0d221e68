//! What was noted and not written yet. Bounded: the oldest of an application give way, and beyond so many applications
//! nothing more is noted until the worker comes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use muster_base::Id;

use super::{Exchange, KEPT_MAX};

/// The most applications that wait on a node.
const APPLICATIONS_MAX: usize = 200;

/// The exchanges of this node that are not written yet, by organization and application.
#[derive(Default)]
pub struct Pending(Mutex<HashMap<(Id, Id), VecDeque<Exchange>>>);

impl Pending {
    /// Notes an exchange; one of the same id takes the place of what was noted before.
    pub fn note(&self, exchange: Exchange) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (exchange.org, exchange.app);
        if all.len() >= APPLICATIONS_MAX && !all.contains_key(&key) {
            return;
        }
        let waiting = all.entry(key).or_default();
        waiting.retain(|one| one.id != exchange.id);
        if waiting.len() >= KEPT_MAX {
            waiting.pop_front();
        }
        waiting.push_back(exchange);
    }

    /// Takes all of them.
    pub(super) fn take(&self) -> Vec<Exchange> {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.into_values().flatten().collect()
    }
}
