//! What was noted and not written yet. Bounded: the oldest give way.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::{Exchange, KEPT_MAX};

/// The most that wait on a node, over all applications.
const PENDING_MAX: usize = 1000;

/// The exchanges of this node that are not written yet.
#[derive(Default)]
pub struct Pending(Mutex<VecDeque<Exchange>>);

impl Pending {
    /// Notes an exchange; one of the same id takes the place of what was noted before.
    pub fn note(&self, exchange: Exchange) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| one.id != exchange.id);
        let same = |one: &Exchange| (one.org, one.app) == (exchange.org, exchange.app);
        if waiting.iter().filter(|one| same(one)).count() >= KEPT_MAX
            && let Some(oldest) = waiting.iter().position(same)
        {
            waiting.remove(oldest);
        }
        if waiting.len() >= PENDING_MAX {
            waiting.pop_front();
        }
        waiting.push_back(exchange);
    }

    /// Takes all of them.
    pub(super) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}
