//! What holds of every answer: see `crate::hostile`.

use muster_base::Secret;

use super::api;
use super::key::Key;
use super::model::{Failure, Groups, Members, Users};
use crate::found::Draft;

/// An answer, read as each of those that there are.
pub fn answer(body: &[u8], each: &mut dyn FnMut(Draft)) {
    if let Ok(page) = serde_json::from_slice::<Users>(body) {
        for user in &page.users {
            let (draft, manager) = user.draft();
            let held: usize = draft.fields.iter().map(|(_, text)| text.len()).sum();
            assert!(held + manager.map_or(0, |m| m.len()) <= body.len() * 2);
            each(draft);
        }
    }
    let _ = (serde_json::from_slice::<Groups>(body), serde_json::from_slice::<Members>(body));
    let failure: Failure = serde_json::from_slice(body).unwrap_or_default();
    let _ = failure.error.is_too_often();
    for words in [api::said(&failure.error.message), api::token_refused(body)] {
        assert!(words.chars().count() <= 1_000 && !words.chars().any(char::is_control), "{words:?}");
    }
}

/// A key, which nothing is told of.
pub fn key(secret: &Secret) {
    if let Err(words) = Key::read(secret) {
        assert!(words.starts_with("the "));
    }
}
