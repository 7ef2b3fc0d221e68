//! Reading everything that a receiver has, page by page: for the drift report, and for imports from an application.
//! Receivers page oddly: they cap pages below what was asked for, pass over `startIndex`, tell wrong totals, repeat
//! resources, or know cursors alone. What counts is whether a page says anything new.

use std::collections::HashSet;

use super::answer::{Answer, Outcome, Trouble};
use super::backoff::delay_ms;
use super::request::{HttpMethod, Request, encoded, without_members};
use super::state::After;
use crate::message::ListResponse;
use crate::receiver::Profile;
use crate::resource::{Reading, Resource};
use crate::schema::Definition;

/// Resources that are read at most.
const RESOURCES_MAX: usize = 2_000_000;

/// Where the reading stands.
#[derive(Clone, Debug)]
pub struct Listing {
    start: u64,
    cursor: Option<String>,
    seen: HashSet<String>,
    ended: bool,
    attempt: u32,
    with_members: bool,
}

/// One page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The resources that were not told before.
    pub resources: Vec<Resource>,
    /// How many there are in all, as the receiver says.
    pub total: Option<u64>,
    /// How many entries were no resources of this kind: told to somebody, not dropped silently.
    pub unreadable: usize,
}

impl Listing {
    /// From the beginning. Members of groups are only asked for when they are wanted.
    #[must_use]
    pub fn new(with_members: bool) -> Self {
        Self { start: 1, cursor: None, seen: HashSet::new(), ended: false, attempt: 0, with_members }
    }

    /// The next request; none at the end.
    #[must_use]
    pub fn next(&self, definition: &Definition, profile: &Profile) -> Option<Request> {
        if self.ended {
            return None;
        }
        let (endpoint, count) = (&definition.endpoint, profile.page_size);
        let target = match &self.cursor {
            Some(cursor) => format!("{endpoint}?cursor={}&count={count}", encoded(cursor)),
            None => format!("{endpoint}?startIndex={}&count={count}", self.start),
        };
        let request = Request::new(HttpMethod::Get, target);
        let slim = !self.with_members && definition.top("members").is_some();
        Some(if slim { without_members(request) } else { request })
    }

    /// Takes the outcome: a page, or what to do about the trouble. The same request comes again after a wait.
    ///
    /// # Errors
    /// [`After::Wait`], [`After::Stop`] or [`After::GiveUp`].
    pub fn answered(
        &mut self,
        outcome: &Outcome,
        definition: &Definition,
        profile: &Profile,
        jitter: f64,
    ) -> Result<Page, After> {
        let answer = match outcome.sorted() {
            Ok(answer) => answer,
            Err(Trouble::Connection(words)) => return Err(After::Stop(words)),
            Err(Trouble::Passing { words, retry_after_s, whole_target, broken }) => {
                self.attempt = self.attempt.saturating_add(1);
                let delay_ms = delay_ms(self.attempt, jitter, retry_after_s);
                return Err(After::Wait { delay_ms, words, whole_target, broken });
            }
        };
        self.attempt = 0;
        if !(200..=299).contains(&answer.status) {
            // Past the end, some say 400 or 404 instead of an empty page.
            if self.start > 1 && self.cursor.is_none() && matches!(answer.status, 400 | 404) {
                self.ended = true;
                return Ok(Page { resources: Vec::new(), total: None, unreadable: 0 });
            }
            return Err(After::Stop(format!("{}: {}", answer.status, answer.error().detail)));
        }
        self.page(answer, definition, profile)
    }

    fn page(&mut self, answer: &Answer, definition: &Definition, profile: &Profile) -> Result<Page, After> {
        let list = ListResponse::read(&answer.body).map_err(|e| After::Stop(e.detail))?;
        let told = list.resources.len();
        let mut page = Page { resources: Vec::new(), total: list.total, unreadable: 0 };
        let mut new = 0;
        for value in list.resources {
            match definition.read(profile.version.answer(value), Reading::ANSWER) {
                Ok(resource) => match resource.id().map(str::to_owned) {
                    Some(id) => {
                        if self.seen.insert(id) {
                            new += 1;
                            page.resources.push(resource);
                        }
                    }
                    None => page.unreadable += 1,
                },
                Err(_) => page.unreadable += 1,
            }
        }
        if self.seen.len() > RESOURCES_MAX {
            return Err(After::GiveUp(format!("there are more than {RESOURCES_MAX}: the list was cut off")));
        }
        self.start = self.start.saturating_add(told as u64);
        let by_cursor = list.next_cursor.is_some();
        let complete = list.total.is_some_and(|total| self.seen.len() as u64 + page.unreadable as u64 >= total);
        // The same page again, or none: there is nothing more to learn.
        self.ended = new == 0 || (!by_cursor && (complete || self.cursor.is_some()));
        self.cursor = list.next_cursor;
        Ok(page)
    }
}
