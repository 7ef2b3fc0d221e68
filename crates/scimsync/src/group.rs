//! One group at one target: made when somebody is in it, renamed, its members brought in step by small requests, removed
//! with the group. Nothing is ever called where groups are not managed.

use std::collections::HashSet;

use muster_directory::Result;
use muster_directory::group;
use muster_directory::provision::decision::Answer;
use muster_directory::provision::record::{self, Verdict};
use muster_directory::provision::{Known, Object, ObjectKind, store};
use muster_scim::patch::{MemberChange, PatchPath};
use muster_scim::receiver::UpdateBy;
use muster_scim::reconcile::{
    After, Failure, Goal, HttpMethod, MemberNext, MemberTask, Outcome as Came, Request, State,
};
use muster_scim::resource::Group;
use muster_scim::{Reading, mapping};
use serde_json::{Map, Value};

use crate::drive::{Aim, Drive, Ended};
use crate::target::{Batch, Outcome, Run};

/// Members that are looked at together where a whole group is sent.
const WHOLE: i64 = 1_000_000;

/// Brings a group at the target to what should be; false when nothing more is sent.
pub async fn bring(run: &Run, object: Object, batch: &Batch) -> Result<bool> {
    let mut drive = Drive::new(run, &object);
    let (org, app) = (run.target.org, run.target.app);
    let mut source = run.directory.read();
    let group = group::store::any(&mut source, org, object.id).await?;
    let bound = store::is_bound(&mut source, org, app, object.id).await?;
    let name = group.as_ref().map_or_else(|| object.name.clone(), |g| g.name.clone());
    let mut known = object.known.clone();
    let managed = run.target.settings.manage_groups && run.profile().groups;
    known.left_at = if group.is_some() && bound && managed { None } else { known.left_at.or(Some(run.now())) };
    known.away = known.left_at.is_some();
    let maybe_there = known.remote_id.is_some() || known.pending.is_some();
    let answer = batch.decisions.get(&(ObjectKind::Group, object.id)).map(|decision| decision.answer);
    let outcome = match group {
        _ if !maybe_there && known.away => Outcome::Verdict(Verdict::Forget),
        _ if !managed => Outcome::Verdict(Verdict::InStep { due_at: None }),
        None => Outcome::Ended(remove(run, &mut drive, &mut known).await?),
        // As JumpCloud does: the group stays there, and is left alone.
        Some(_) if !bound => Outcome::Verdict(Verdict::InStep { due_at: None }),
        Some(_) if !maybe_there && answer == Some(Answer::Leave) => Outcome::Verdict(Verdict::InStep { due_at: None }),
        Some(group) => {
            let may_adopt = object.approved || answer == Some(Answer::TakeOver);
            present(run, &mut drive, (&object, &mut known, may_adopt), &group.name).await?
        }
    };
    run.keep(object, drive, (name, known, outcome)).await
}

async fn remove(run: &Run, drive: &mut Drive<'_>, known: &mut Known) -> Result<Ended> {
    if known.remote_id.is_none() {
        // It was on its way when it was removed here; a group without members that nobody knows does no harm.
        return Ok(Ended::Done);
    }
    let aim = Aim { definition: &run.group, goal: Goal::Absent, managed: &[], may_adopt: false, may_create: false };
    let mut state = State { remote_id: known.remote_id.clone(), ..State::default() };
    state.last_sent.clone_from(&known.last_sent);
    let ended = drive.finish(&mut state, &aim).await?;
    known.remote_id = state.remote_id;
    known.last_sent = state.last_sent;
    Ok(ended)
}

async fn present(
    run: &Run,
    drive: &mut Drive<'_>,
    (object, known, may_adopt): (&Object, &mut Known, bool),
    name: &str,
) -> Result<Outcome> {
    let which = drive.which;
    let (org, app) = (which.org, which.app);
    if known.remote_id.is_none() {
        let (joining, _) = store::member_change(&mut run.directory.read(), org, app, which.id, 1).await?;
        if joining.is_empty() {
            // Empty groups are not made.
            return Ok(Outcome::Verdict(Verdict::InStep { due_at: None }));
        }
    }
    let ours = mapping::group(name, None);
    let paths: Vec<PatchPath> = "displayName".parse().into_iter().collect();
    // What was on its way when we died is ours; anybody else's is taken over only after somebody said so.
    let may_adopt = may_adopt || known.pending.is_some() && known.remote_id.is_none();
    let goal = Goal::Present { ours: &ours, at_creation: &ours };
    let aim = Aim { definition: &run.group, goal, managed: &paths, may_adopt, may_create: true };
    let mut state = State { remote_id: known.remote_id.clone(), ..State::default() };
    state.attempt = u32::try_from(object.attempts).unwrap_or(u32::MAX);
    state.last_sent.clone_from(&known.last_sent);
    let ended = drive.finish(&mut state, &aim).await?;
    let was = known.remote_id.clone();
    known.remote_id = state.remote_id;
    known.last_sent = state.last_sent;
    if known.remote_id.is_some() {
        drive.pending = None;
    }
    Ok(match ended {
        Ended::Done if !run.profile().groups => Outcome::Ended(ended),
        // The link is written down before anything hangs on it; members come with the next look.
        Ended::Done if was != known.remote_id => Outcome::Verdict(Verdict::NotNow),
        Ended::Done => Outcome::Ended(members(run, drive, known, name).await?),
        other => Outcome::Ended(other),
    })
}

/// Who came and who went, request by request; each is written down when it arrived.
async fn members(run: &Run, drive: &mut Drive<'_>, known: &mut Known, name: &str) -> Result<Ended> {
    let which = drive.which;
    let Some(remote) = known.remote_id.clone() else { return Ok(Ended::Done) };
    if known.pending.is_some() {
        if let Some(ended) = look(run, drive, &remote).await? {
            return Ok(ended);
        }
        known.pending = None;
    }
    loop {
        let profile = run.profile();
        let whole = profile.update_by() == UpdateBy::Put && profile.version == muster_scim::Version::V2;
        let limit = if whole { WHOLE } else { i64::from(profile.members_per_request.max(1)) };
        let mut source = run.directory.read();
        let (add, remove) = store::member_change(&mut source, which.org, which.app, which.id, limit).await?;
        if add.is_empty() && remove.is_empty() {
            return Ok(Ended::Done);
        }
        // Those who come first; those who go with the next look.
        let remove = if whole || add.is_empty() { remove } else { Vec::new() };
        let all = if whole { store::members(&mut source, which.org, which.app, which.id).await? } else { Vec::new() };
        let change = MemberChange { add, remove };
        let task = MemberTask { profile: &profile, group_id: &remote, name, change: &change, all: &all };
        let MemberNext::Send(request) = task.next(0) else { return Ok(Ended::Done) };
        if !run.gate.pass(profile.per_second).await? {
            return Ok(Ended::Closed);
        }
        drive.leaves();
        // From now on it may have arrived though nobody said so.
        let under_way = Map::from_iter([("members".to_owned(), Value::Bool(true))]);
        if !record::pending(&run.directory, which, &under_way).await? {
            return Ok(Ended::Closed);
        }
        drive.pending = Some(under_way);
        let outcome = run.client.send(&request, profile.version).await;
        let (jitter, mut sent) = (run.jitter(), 0);
        let after = run.redacted(task.answered(&mut sent, &outcome, 1, jitter));
        run.gate.told(&after, jitter);
        let words = match &after {
            After::Done(words) | After::GiveUp(words) | After::Ask(words) | After::Stop(words) => words.clone(),
            After::Wait { words, .. } => words.clone(),
            After::Learn(lesson) => lesson.words().to_owned(),
            After::Continue => "it goes on".to_owned(),
        };
        drive.calls.push(run.client.taped(&request, &outcome, 1, words));
        match after {
            After::Done(_) | After::Continue => {
                record::members(&run.directory, which, &change.add, &change.remove).await?;
                drive.pending = None;
            }
            After::Learn(lesson) => run.learn(lesson),
            After::Wait { delay_ms, words, .. } => {
                let wait = i64::try_from(delay_ms).unwrap_or(3_600_000) * 1000;
                return Ok(Ended::Later { at: muster_base::Micros(run.now().0.saturating_add(wait)), why: words });
            }
            After::Stop(why) => return Ok(Ended::Later { at: run.now(), why }),
            After::Ask(why) => return Ok(Ended::Held(why)),
            After::GiveUp(why) => {
                if matches!(&outcome, Came::Answered(answer) if answer.status == 404) {
                    // The group was removed there: it is made again.
                    known.remote_id = None;
                    known.last_sent = None;
                    return Ok(Ended::Later { at: run.now().plus_s(1), why });
                }
                return Ok(Ended::Failed(why));
            }
        }
    }
}

/// Reads who is in after a request of which nobody said that it arrived: some receivers hold somebody twice who is added
/// twice. How it ended, where that was in vain; what cannot be read (a list that is too long) is sent again unread.
async fn look(run: &Run, drive: &mut Drive<'_>, remote: &str) -> Result<Option<Ended>> {
    let (which, profile) = (drive.which, run.profile());
    let change = MemberChange { add: vec![remote.to_owned()], remove: Vec::new() };
    let task = MemberTask { profile: &profile, group_id: remote, name: "", change: &change, all: &[] };
    let MemberNext::Send(place) = task.next(0) else { return Ok(None) };
    let request = Request::new(HttpMethod::Get, place.target);
    if !run.gate.pass(profile.per_second).await? {
        return Ok(Some(Ended::Closed));
    }
    let outcome = run.client.send(&request, profile.version).await;
    let (jitter, mut sent) = (run.jitter(), 0);
    // The same troubles as those of any request about members.
    let after = run.redacted(task.answered(&mut sent, &outcome, 1, jitter));
    run.gate.told(&after, jitter);
    drive.calls.push(run.client.taped(&request, &outcome, 1, "who is in is read before it is sent again".into()));
    match after {
        After::Wait { delay_ms, words, .. } if outcome != Came::Failed(Failure::TooLarge) => {
            let wait = i64::try_from(delay_ms).unwrap_or(3_600_000) * 1000;
            return Ok(Some(Ended::Later { at: muster_base::Micros(run.now().0.saturating_add(wait)), why: words }));
        }
        After::Stop(why) => return Ok(Some(Ended::Later { at: run.now(), why })),
        _ => {}
    }
    let Came::Answered(answer) = &outcome else { return Ok(None) };
    let read = answer.json().map(|v| profile.version.answer(v));
    let read = read.and_then(|v| run.group.read(v, Reading::ANSWER).ok());
    let Some(group) = read.as_ref().and_then(|r| Group::from_resource(r).ok()) else { return Ok(None) };
    let there: HashSet<String> = group.members.into_iter().filter_map(|m| m.value).collect();
    let (mut came, mut went) =
        store::member_change(&mut run.directory.read(), which.org, which.app, which.id, WHOLE).await?;
    came.retain(|id| there.contains(id));
    went.retain(|id| !there.contains(id));
    record::members(&run.directory, which, &came, &went).await?;
    Ok(None)
}
