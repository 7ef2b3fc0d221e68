//! A group's members at a receiver: small PATCHes one after the other, or the whole group by PUT.

use serde_json::{Value, json};

use super::answer::{Outcome, Trouble};
use super::backoff::delay_ms;
use super::request::{HttpMethod, Request, encoded};
use super::state::After;
use crate::patch::{MemberChange, member_patches};
use crate::receiver::{Lesson, Profile, UpdateBy};
use crate::version::{Version, members_1};

/// A change of members. Adding who is in and removing who is not does nothing, so that after a crash it may begin anew.
#[derive(Clone, Copy, Debug)]
pub struct MemberTask<'a> {
    /// The receiver.
    pub profile: &'a Profile,
    /// The group's id there.
    pub group_id: &'a str,
    /// Its name, which a PUT has to repeat.
    pub name: &'a str,
    /// Who comes and who goes, by the receiver's ids.
    pub change: &'a MemberChange,
    /// All that should be in, by the receiver's ids: for receivers without PATCH.
    pub all: &'a [String],
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberNext {
    /// Send this.
    Send(Request),
    /// All is sent.
    Done,
}

impl MemberTask<'_> {
    /// The request number `sent` (from 0); only that one is made, however many there are.
    #[must_use]
    pub fn next(&self, sent: usize) -> MemberNext {
        self.body(sent).map_or(MemberNext::Done, |(method, body)| {
            MemberNext::Send(Request::new(method, format!("/Groups/{}", encoded(self.group_id))).with(body))
        })
    }

    fn body(&self, sent: usize) -> Option<(HttpMethod, Value)> {
        if self.profile.version == Version::V2 && self.profile.update == UpdateBy::Put {
            if sent > 0 || self.change.is_empty() {
                return None;
            }
            let members: Vec<_> = self.all.iter().map(|id| json!({ "value": id })).collect();
            let body = json!({
                "schemas": [crate::urn::GROUP], "id": self.group_id, "displayName": self.name, "members": members,
            });
            return Some((HttpMethod::Put, body));
        }
        let part = self.part(sent)?;
        let body = match self.profile.version {
            Version::V1 => members_1(&part),
            Version::V2 => member_patches(&part, self.profile.removal, usize::MAX).first()?.json(),
        };
        Some((HttpMethod::Patch, body))
    }

    /// The part of the change that request number `sent` carries: who comes first, then who goes.
    fn part(&self, sent: usize) -> Option<MemberChange> {
        let size = self.profile.members_per_request.max(1) as usize;
        if let Some(ids) = self.change.add.chunks(size).nth(sent) {
            return Some(MemberChange { add: ids.to_vec(), remove: Vec::new() });
        }
        let ids = self.change.remove.chunks(size).nth(sent.checked_sub(self.additions())?)?;
        Some(MemberChange { add: Vec::new(), remove: ids.to_vec() })
    }

    /// Takes the outcome; `sent` moves on when the request arrived. `attempt` counts failed tries from 1.
    pub fn answered(&self, sent: &mut usize, outcome: &Outcome, attempt: u32, jitter: f64) -> After {
        let answer = match outcome.sorted() {
            Ok(answer) => answer,
            Err(Trouble::Connection(words)) => return After::Stop(words),
            Err(Trouble::Passing { words, retry_after_s, whole_target, broken }) => {
                return After::Wait { delay_ms: delay_ms(attempt, jitter, retry_after_s), words, whole_target, broken };
            }
        };
        match answer.status {
            200..=299 => {
                *sent += 1;
                match self.next(*sent) {
                    MemberNext::Send(_) => After::Continue,
                    MemberNext::Done => After::Done("members are in step".into()),
                }
            }
            405 | 501 if self.profile.update == UpdateBy::Patch && self.profile.version == Version::V2 => {
                *sent = 0;
                After::Learn(Lesson::PatchRefused)
            }
            400 if self.profile.value_paths && *sent >= self.additions() => After::Learn(Lesson::ValuePathRefused),
            status => {
                let error = answer.error();
                After::GiveUp(format!("the receiver refused the members ({status}): {}", error.detail))
            }
        }
    }

    /// How many requests add; those that remove follow them.
    fn additions(&self) -> usize {
        self.change.add.len().div_ceil(self.profile.members_per_request.max(1) as usize)
    }
}
