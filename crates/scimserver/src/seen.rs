//! Tokens that were shown a moment ago. Who makes or changes people one after the other is not looked up each time before their
//! request is read: the transaction of the change looks anyway, and the answer is its.
//!
//! Never here: a decision. What is found here is only what will probably be found there.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use muster_base::{Digest, Micros};
use muster_directory::directory_provider::DirectoryProvider;

/// How long one is remembered, in seconds: within the minute in which its use is noted once.
const KEPT_S: i64 = 30;
/// How many are remembered at most.
const KEPT_MAX: usize = 1000;

/// Tokens, by their digests, and whose they were.
#[derive(Default)]
pub(crate) struct Seen(Mutex<HashMap<Digest, (Micros, DirectoryProvider)>>);

impl Seen {
    /// Whose the token was a moment ago.
    pub(crate) fn find(&self, token: Digest, now: Micros) -> Option<DirectoryProvider> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&token).filter(|(at, _)| now >= *at && now < at.plus_s(KEPT_S)).map(|(_, provider)| provider.clone())
    }

    /// Remembers whose it is.
    pub(crate) fn keep(&self, token: Digest, now: Micros, provider: &DirectoryProvider) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX && !kept.contains_key(&token) {
            kept.clear();
        }
        kept.insert(token, (now, provider.clone()));
    }
}
