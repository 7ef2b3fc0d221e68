//! One group at one target: made when somebody is in it, renamed, its members brought in step by small requests, removed
//! with the group. Nothing is ever called where groups are not managed.

use muster_directory::Result;
use muster_directory::group;
use muster_directory::provision::decision::Answer;
use muster_directory::provision::record::Verdict;
use muster_directory::provision::{Known, Object, ObjectKind, store};
use muster_scim::mapping;
use muster_scim::patch::PatchPath;
use muster_scim::reconcile::{Goal, Made, State};

use crate::drive::{Aim, Drive, Ended};
use crate::members::{self, Members};
use crate::target::{Batch, Outcome, Run};

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
    let under_way = known.remote_id.is_none() && members::is_creation(known);
    let may_adopt = may_adopt || under_way;
    let goal = Goal::Present { ours: &ours, at_creation: &ours };
    let aim = Aim { definition: &run.group, goal, managed: &paths, may_adopt, may_create: true };
    let mut state = State { remote_id: known.remote_id.clone(), ..State::default() };
    let attempt = u32::try_from(object.attempts).unwrap_or(u32::MAX);
    state.attempt = attempt;
    state.made = if under_way { Made::Perhaps } else { Made::No };
    state.last_sent.clone_from(&known.last_sent);
    let ended = drive.finish(&mut state, &aim).await?;
    let was = known.remote_id.clone();
    known.remote_id = state.remote_id;
    known.last_sent = state.last_sent;
    if known.remote_id.is_some() {
        drive.pending = None;
    } else if was.is_some() {
        // Its members were on their way to a group that is gone.
        known.pending = None;
    }
    Ok(match ended {
        Ended::Done if !run.profile().groups => Outcome::Ended(ended),
        // The link is written down before anything hangs on it; members come with the next look.
        Ended::Done if was != known.remote_id => Outcome::Verdict(Verdict::NotNow),
        Ended::Done => {
            let Some(remote) = known.remote_id.clone() else { return Ok(Outcome::Ended(Ended::Done)) };
            let of = Members { run, remote, name, attempt: attempt.saturating_add(1) };
            Outcome::Ended(of.bring(drive, known).await?)
        }
        other => Outcome::Ended(other),
    })
}
