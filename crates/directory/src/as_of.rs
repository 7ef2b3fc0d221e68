//! What was made of an organization's rows, kept in memory with the number of the change that it is as of: whoever finds that
//! number in the row need not read and make it again.
//!
//! Never here: what a transaction saw before it was committed. Its numbers are given again if it comes to nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use muster_base::Id;

/// How many organizations' are kept at most.
const KEPT: usize = 1000;

/// One for each organization.
pub(crate) struct AsOf<T> {
    kept: Mutex<HashMap<Id, (i64, Arc<T>)>>,
}

impl<T> Default for AsOf<T> {
    fn default() -> Self {
        Self { kept: Mutex::default() }
    }
}

impl<T> AsOf<T> {
    /// What is as of this change.
    pub(crate) fn find(&self, org: Id, seq: i64) -> Option<Arc<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&org).filter(|(of, _)| *of == seq).map(|(_, made)| Arc::clone(made))
    }

    /// Keeps what is as of a committed change.
    pub(crate) fn keep(&self, org: Id, seq: i64, made: Arc<T>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&org) {
            // Any one: the next who needs it reads it again.
            let first = kept.keys().next().copied();
            first.map(|id| kept.remove(&id));
        }
        kept.insert(org, (seq, made));
    }
}
