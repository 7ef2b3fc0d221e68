//! A group's members: who goes and who comes, by small requests one after the other, each written down when it arrived.
//! Whom the receiver refuses keeps the others neither in nor out.

use std::collections::{HashSet, VecDeque};

use muster_base::Micros;
use muster_directory::Result;
use muster_directory::provision::{Known, record, store};
use muster_scim::patch::MemberChange;
use muster_scim::receiver::{Profile, UpdateBy};
use muster_scim::reconcile::{
    After, Answer, Failure, HttpMethod, MemberNext, MemberTask, Outcome as Came, Request, delay_ms,
};
use muster_scim::resource::Group;
use muster_scim::{Reading, Version};
use serde_json::{Map, Value};

use crate::drive::{Drive, Ended};
use crate::target::Run;

/// Members that are looked at together where a whole group is sent.
const WHOLE: usize = 1_000_000;
/// Refused requests about one group in one run: enough to find a few in a hundred, and few where all are refused.
const REFUSED_MAX: u32 = 50;

/// The members of one group.
pub struct Members<'r> {
    /// The run.
    pub run: &'r Run,
    /// The group there.
    pub remote: String,
    /// Its name.
    pub name: &'r str,
    /// Which try this is.
    pub attempt: u32,
}

/// What the receiver did not want.
#[derive(Default)]
struct Refused {
    ids: HashSet<String>,
    /// Parts of what was refused, to be tried by themselves.
    parts: VecDeque<MemberChange>,
    times: u32,
    /// The last words, and whether they were a 404: that may pass by itself.
    why: Option<(String, bool)>,
}

/// Whether it was on its way to be made; otherwise its members were.
pub fn is_creation(known: &Known) -> bool {
    known.pending.as_ref().is_some_and(|pending| pending.contains_key("displayName"))
}

fn is_whole(profile: &Profile) -> bool {
    profile.update_by() == UpdateBy::Put && profile.version == Version::V2
}

impl Members<'_> {
    /// Brings them in step.
    pub async fn bring(&self, drive: &mut Drive<'_>, known: &mut Known) -> Result<Ended> {
        if known.pending.is_some() {
            if let Some(ended) = self.look(drive).await? {
                return Ok(ended);
            }
            known.pending = None;
        }
        let mut refused = Refused::default();
        while let Some((change, all)) = self.change(drive, &mut refused).await? {
            let (after, answer) = match self.send(drive, &change, &all).await? {
                Some(sent) => sent,
                None => return Ok(Ended::Closed),
            };
            match after {
                After::Done(_) | After::Continue => {
                    record::members(&self.run.directory, drive.which, &change.add, &change.remove).await?;
                    drive.pending = None;
                }
                After::Learn(lesson) => {
                    // Whatever was refused was refused in the other way.
                    self.run.learn(lesson);
                    refused.parts.clear();
                }
                After::Wait { delay_ms, words, .. } => return Ok(self.later(delay_ms, words)),
                After::Stop(why) => return Ok(Ended::Later { at: self.run.now(), why }),
                After::Ask(why) => return Ok(Ended::Held(why)),
                After::GiveUp(why) => {
                    drive.pending = None;
                    let status = answer.map_or(0, |a| a.status);
                    if status == 404 && refused.times == 0 && self.is_missing(drive).await? {
                        // It is read, looked for, and made again where it is really gone.
                        known.last_sent = None;
                        return Ok(self.later(delay_ms(self.attempt, self.run.jitter(), None), why));
                    }
                    if !refused.takes(change, (status, why), is_whole(&self.run.profile())) {
                        break;
                    }
                }
            }
        }
        self.end(drive, refused).await
    }

    /// How it ended. What is there may be as it should be though it was refused: who was to go was not in it.
    async fn end(&self, drive: &mut Drive<'_>, refused: Refused) -> Result<Ended> {
        let Some((why, may_pass)) = refused.why else { return Ok(Ended::Done) };
        if let Some(ended) = self.look(drive).await? {
            return Ok(ended);
        }
        let which = drive.which;
        let (add, remove) =
            store::member_change(&mut self.run.directory.read(), which.org, which.app, which.id, 1).await?;
        Ok(match may_pass {
            _ if add.is_empty() && remove.is_empty() => Ended::Done,
            true => self.later(delay_ms(self.attempt, self.run.jitter(), None), why),
            false => Ended::Failed(why),
        })
    }

    fn later(&self, delay_ms: u64, why: String) -> Ended {
        let wait = i64::try_from(delay_ms).unwrap_or(3_600_000) * 1000;
        Ended::Later { at: Micros(self.run.now().0.saturating_add(wait)), why }
    }

    /// Who goes or comes next, and for a receiver that is sent the whole group all who are to be in. Those who go are
    /// first: whoever cannot be added keeps nobody in.
    async fn change(&self, drive: &Drive<'_>, refused: &mut Refused) -> Result<Option<(MemberChange, Vec<String>)>> {
        if let Some(part) = refused.parts.pop_front() {
            return Ok(Some((part, Vec::new())));
        }
        let (which, profile) = (drive.which, self.run.profile());
        let whole = is_whole(&profile);
        let size = if whole { WHOLE } else { profile.members_per_request.max(1) as usize };
        let limit = i64::try_from(size.saturating_add(refused.ids.len())).unwrap_or(i64::MAX);
        let mut source = self.run.directory.read();
        let (mut add, mut remove) = store::member_change(&mut source, which.org, which.app, which.id, limit).await?;
        for ids in [&mut add, &mut remove] {
            ids.retain(|id| !refused.ids.contains(id));
            ids.truncate(size);
        }
        if add.is_empty() && remove.is_empty() {
            return Ok(None);
        }
        if !whole {
            let add = if remove.is_empty() { add } else { Vec::new() };
            return Ok(Some((MemberChange { add, remove }, Vec::new())));
        }
        let mut all = store::members(&mut source, which.org, which.app, which.id).await?;
        all.retain(|id| !refused.ids.contains(id));
        Ok(Some((MemberChange { add, remove }, all)))
    }

    /// Sends it; none when nothing may be sent.
    async fn send(
        &self,
        drive: &mut Drive<'_>,
        change: &MemberChange,
        all: &[String],
    ) -> Result<Option<(After, Option<Answer>)>> {
        let (run, profile) = (self.run, self.run.profile());
        let task = MemberTask { profile: &profile, group_id: &self.remote, name: self.name, change, all };
        let MemberNext::Send(request) = task.next(0) else { return Ok(Some((After::Continue, None))) };
        if !run.gate.pass(profile.per_second).await? {
            return Ok(None);
        }
        drive.leaves();
        // From now on it may have arrived though nobody said so.
        let under_way = Map::from_iter([("members".to_owned(), Value::Bool(true))]);
        if !record::pending(&run.directory, drive.which, &under_way).await? {
            return Ok(None);
        }
        drive.pending = Some(under_way);
        let outcome = run.client.send(&request, profile.version).await;
        let (jitter, mut sent) = (run.jitter(), 0);
        let after = run.redacted(task.answered(&mut sent, &outcome, self.attempt, jitter));
        run.gate.told(&after, jitter);
        let words = match &after {
            After::Done(words) | After::GiveUp(words) | After::Ask(words) | After::Stop(words) => words.clone(),
            After::Wait { words, .. } => words.clone(),
            After::Learn(lesson) => lesson.words().to_owned(),
            After::Continue => "it goes on".to_owned(),
        };
        drive.calls.push(run.client.taped(&request, &outcome, self.attempt, words));
        let answer = match outcome {
            Came::Answered(answer) => Some(answer),
            Came::Failed(_) => None,
        };
        Ok(Some((after, answer)))
    }

    /// Reads the group there; none when nothing may be sent. What it means is told as of any request about members.
    async fn read(&self, drive: &mut Drive<'_>, (query, why): (&str, &str)) -> Result<Option<(Came, After)>> {
        let (run, profile) = (self.run, self.run.profile());
        let change = MemberChange { add: vec![self.remote.clone()], remove: Vec::new() };
        let task = MemberTask { profile: &profile, group_id: &self.remote, name: "", change: &change, all: &[] };
        let MemberNext::Send(place) = task.next(0) else { return Ok(None) };
        if !run.gate.pass(profile.per_second).await? {
            return Ok(None);
        }
        let request = Request::new(HttpMethod::Get, place.target + query);
        let outcome = run.client.send(&request, profile.version).await;
        let (jitter, mut sent) = (run.jitter(), 0);
        let after = run.redacted(task.answered(&mut sent, &outcome, self.attempt, jitter));
        run.gate.told(&after, jitter);
        drive.calls.push(run.client.taped(&request, &outcome, self.attempt, why.into()));
        Ok(Some((outcome, after)))
    }

    /// Whether the group itself is not there, rather than one of its members.
    async fn is_missing(&self, drive: &mut Drive<'_>) -> Result<bool> {
        let read = self.read(drive, ("?excludedAttributes=members", "whether the group is there")).await?;
        Ok(matches!(read, Some((Came::Answered(answer), _)) if matches!(answer.status, 404 | 410)))
    }

    /// Reads who is in after a request of which nobody said that it arrived: some receivers hold somebody twice who is
    /// added twice. How it ended, where that was in vain; what cannot be read (a list that is too long) is sent again
    /// unread.
    async fn look(&self, drive: &mut Drive<'_>) -> Result<Option<Ended>> {
        let (which, profile) = (drive.which, self.run.profile());
        let Some((outcome, after)) = self.read(drive, ("", "who is in is read")).await? else {
            return Ok(Some(Ended::Closed));
        };
        match after {
            After::Wait { delay_ms, words, .. } if outcome != Came::Failed(Failure::TooLarge) => {
                return Ok(Some(self.later(delay_ms, words)));
            }
            After::Stop(why) => return Ok(Some(Ended::Later { at: self.run.now(), why })),
            _ => {}
        }
        let Came::Answered(answer) = &outcome else { return Ok(None) };
        let read = answer.json().map(|v| profile.version.answer(v));
        let read = read.filter(|_| answer.status < 300).and_then(|v| self.run.group.read(v, Reading::ANSWER).ok());
        let Some(group) = read.as_ref().and_then(|r| Group::from_resource(r).ok()) else { return Ok(None) };
        let there: HashSet<String> = group.members.into_iter().filter_map(|m| m.value).collect();
        let limit = i64::try_from(WHOLE).unwrap_or(i64::MAX);
        let (mut came, mut went) =
            store::member_change(&mut self.run.directory.read(), which.org, which.app, which.id, limit).await?;
        came.retain(|id| there.contains(id));
        went.retain(|id| !there.contains(id));
        record::members(&self.run.directory, which, &came, &went).await?;
        Ok(None)
    }
}

impl Refused {
    /// Takes a refusal; false when nothing more is to be tried.
    fn takes(&mut self, change: MemberChange, (status, why): (u16, String), whole: bool) -> bool {
        self.why = Some((why, status == 404));
        self.times += 1;
        let MemberChange { add, remove } = change;
        if whole {
            // Without those who come, so that those who go do.
            self.ids.extend(add.iter().cloned());
            return !add.is_empty() && !remove.is_empty();
        }
        if add.len() + remove.len() <= 1 {
            self.ids.extend(add.into_iter().chain(remove));
            return self.times < REFUSED_MAX;
        }
        // What is about the whole request would be refused in parts, too. Those who come are tried all the same.
        let in_parts = matches!(status, 400 | 404 | 409 | 413 | 422);
        if !in_parts || self.times >= REFUSED_MAX {
            let goes = !remove.is_empty();
            self.ids.extend(add.into_iter().chain(remove));
            return goes && self.times < REFUSED_MAX;
        }
        for (ids, goes) in [(remove, true), (add, false)] {
            for half in ids.chunks(ids.len().div_ceil(2).max(1)).rev() {
                let half = half.to_vec();
                let part = if goes {
                    MemberChange { add: Vec::new(), remove: half }
                } else {
                    MemberChange { add: half, remove: Vec::new() }
                };
                self.parts.push_front(part);
            }
        }
        true
    }
}
