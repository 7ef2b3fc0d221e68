//! The ids in an answer, read exactly as what is made of the answer is: whoever asks whether one belongs to another object
//! must not read them in another way.

use super::answer::{Answer, Outcome};
use super::step::Task;
use crate::message::ListResponse;
use crate::resource::Resource;

/// The longest id of a receiver that is kept, in bytes.
const ID_MAX: usize = 1_024;

impl Task<'_> {
    /// The ids in an answer.
    #[must_use]
    pub fn ids(&self, outcome: &Outcome) -> Vec<String> {
        let Outcome::Answered(answer) = outcome else { return Vec::new() };
        if !(200..300).contains(&answer.status) {
            return Vec::new();
        }
        let list = ListResponse::read(&answer.body).map(|list| list.resources).unwrap_or_default();
        let each = list.into_iter().chain(answer.json()).filter_map(|value| self.canonical(value));
        let mut ids: Vec<String> = each.filter_map(|one| one.id().map(str::to_owned)).collect();
        ids.extend(at_the_end_of(answer));
        ids.retain(|id| is_id(id));
        ids
    }
}

/// Whether it can be kept as an id.
pub(super) fn is_id(text: &str) -> bool {
    (1..=ID_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// The id of what was made: in the body, or at the end of `Location`.
pub(super) fn of_made(made: Option<&Resource>, answer: &Answer) -> Option<String> {
    let id = made.and_then(Resource::id).map(str::to_owned).filter(|id| !id.is_empty());
    id.or_else(|| at_the_end_of(answer))
}

/// The id at the end of `Location`.
fn at_the_end_of(answer: &Answer) -> Option<String> {
    let location = answer.location.as_deref()?;
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let last = path.rsplit('/').next().filter(|l| !l.is_empty() && !l.contains('%'))?;
    Some(last.to_owned())
}
