//! One person at one target: what is true of them now, what that asks for, and doing it.

use muster_directory::Result;
use muster_directory::provision::decision::{Answer, Decision};
use muster_directory::provision::person::Mapped;
use muster_directory::provision::record::Verdict;
use muster_directory::provision::{Known, Object, ObjectKind, store};
use muster_directory::user::{State as Life, User};
use muster_scim::Resource;
use muster_scim::mapping::{self, Purpose};
use muster_scim::plan::{Action, Facts, Link, Policy, Theirs, Wanted, decide};
use muster_scim::reconcile::{Goal, Made, State};

use crate::drive::{Aim, Drive, Ended};
use crate::target::{Batch, Outcome, Run, manager};

/// What should be there of somebody who is wanted.
struct Ours {
    now: Resource,
    at_creation: Resource,
}

fn ours(run: &Run, user: &User, batch: &Batch) -> Result<Ours, String> {
    let boss = manager(user).and_then(|id| batch.managers.get(&id)).map(String::as_str);
    let mapped = Mapped { user, manager: boss };
    let active = user.state == Life::Activated;
    let made = |purpose| {
        mapping::user(&run.mapping, &mapped, active, &run.user, purpose).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            lines.join("; ")
        })
    };
    Ok(Ours { now: made(Purpose::Update)?, at_creation: made(Purpose::Create)? })
}

/// Brings a person at the target to what should be; false when nothing more is sent.
pub async fn bring(run: &Run, object: Object, batch: &Batch) -> Result<bool> {
    let mut drive = Drive::new(run, &object);
    let user = batch.users.get(&object.id).filter(|u| batch.reach.contains(&u.id));
    let name = batch.users.get(&object.id).map_or_else(|| object.name.clone(), |u| u.username.clone());
    let wanted = match user.map(|user| ours(run, user, batch)) {
        Some(Ok(ours)) => Some(ours),
        // What cannot be told of somebody who is kept out is no reason to let them in there.
        Some(Err(_)) if user.is_some_and(|u| u.state != Life::Activated) => None,
        Some(Err(why)) => {
            let known = Known { left_at: None, ..object.known.clone() };
            return run.keep(object, drive, (name, known, Outcome::Verdict(Verdict::Failed(why)))).await;
        }
        None => None,
    };
    let mut known = object.known.clone();
    known.left_at = if user.is_some() { None } else { known.left_at.or(Some(run.now())) };
    if known.remote_id.is_none() && wanted.is_none() && known.pending.is_some() {
        // It was on its way: it may be there though nobody said so.
        match look_for(&mut drive, &object, &mut known).await? {
            Ended::Done => {}
            other => return run.keep(object, drive, (name, known, Outcome::Ended(other))).await,
        }
    }
    if let Some(decision) = batch.decisions.get(&(ObjectKind::User, object.id))
        && let Some(verdict) = decided(run, decision, user.is_some(), &mut known).await?
    {
        return run.keep(object, drive, (name, known, Outcome::Verdict(verdict))).await;
    }
    let outcome = act(run, &mut drive, (&object, &mut known), wanted.as_ref(), batch).await?;
    run.keep(object, drive, (name, known, outcome)).await
}

/// What an administrator decided about a person who was never sent: that they are left alone, or which account there is
/// theirs.
async fn decided(run: &Run, of: &Decision, is_wanted: bool, known: &mut Known) -> Result<Option<Verdict>> {
    if known.remote_id.is_some() || known.pending.is_some() || !is_wanted {
        return Ok(None);
    }
    match (of.answer, &of.remote_id) {
        (Answer::Leave, _) => return Ok(Some(Verdict::InStep { due_at: None })),
        (Answer::TakeOver, None) => {}
        (Answer::TakeOver, Some(remote)) => {
            let (org, app, ids) = (run.target.org, run.target.app, std::slice::from_ref(remote));
            if !store::taken(&mut run.directory.read(), org, app, ObjectKind::User, ids).await?.is_empty() {
                let why = "the account that was chosen is another person's by now: choose again";
                return Ok(Some(Verdict::Failed(why.into())));
            }
            known.remote_id = Some(remote.clone());
        }
    }
    Ok(None)
}

async fn act(
    run: &Run,
    drive: &mut Drive<'_>,
    (object, known): (&Object, &mut Known),
    wanted: Option<&Ours>,
    batch: &Batch,
) -> Result<Outcome> {
    let last = known.last_sent.clone().map(Resource);
    let link = known.remote_id.as_deref().map(|remote_id| Link { remote_id, last_sent: last.as_ref() });
    let now_s = run.now().0 / 1_000_000;
    let want = match wanted {
        Some(ours) => Wanted::In(&ours.now),
        None => Wanted::Out { since_s: known.left_at.map_or(now_s, |at| at.0 / 1_000_000) },
    };
    let policy = match known.left_at {
        // Kept out is not gone.
        None => Policy::default(),
        Some(_) => run.target.settings.policy(),
    };
    let facts = Facts { wanted: want, link, theirs: Theirs::Unread };
    let decision = decide(&facts, policy, &run.managed, &run.user, now_s);
    if decision.action.takes_away()
        && !object.approved
        && let Some(why) = &batch.guard
    {
        return Ok(Outcome::Verdict(Verdict::Held(why.clone())));
    }
    let due_at = decision.due_s.map(|s| muster_base::Micros(s.saturating_mul(1_000_000)));
    let goal = match (&decision.action, wanted) {
        (Action::Nothing | Action::Conflict | Action::Forget, None) if known.remote_id.is_none() => {
            return Ok(Outcome::Verdict(Verdict::Forget));
        }
        (Action::Nothing | Action::Conflict | Action::Forget, _) => {
            known.away = is_away(known);
            return Ok(Outcome::Verdict(Verdict::InStep { due_at }));
        }
        (_, Some(ours)) => Goal::Present { ours: &ours.now, at_creation: &ours.at_creation },
        (Action::Delete, None) => Goal::Absent,
        (_, None) => Goal::Inactive,
    };
    let aim = Aim { definition: &run.user, goal, managed: &run.managed, may_adopt: true, may_create: true };
    let mut state = State { attempt: attempts(object), ..State::default() };
    state.remote_id.clone_from(&known.remote_id);
    state.last_sent.clone_from(&known.last_sent);
    // What was sent to the receiver before (its ids mean nothing here) is not on its way to this one.
    if known.pending.is_some() && known.last_sent.is_none() {
        state.made = Made::Perhaps;
    }
    let ended = drive.finish(&mut state, &aim).await?;
    known.remote_id = state.remote_id;
    known.last_sent = state.last_sent;
    known.away = ended == Ended::Done && is_away(known);
    Ok(match ended {
        Ended::Done => Outcome::Verdict(Verdict::InStep { due_at }),
        other => Outcome::Ended(other),
    })
}

/// Whether the account is not active there, as far as was sent.
fn is_away(known: &Known) -> bool {
    let active = known.last_sent.as_ref().and_then(|sent| sent.get("active")).and_then(serde_json::Value::as_bool);
    known.remote_id.is_none() || active == Some(false)
}

fn attempts(object: &Object) -> u32 {
    u32::try_from(object.attempts).unwrap_or(u32::MAX)
}

/// Looks for an account that may have been made, and takes it over as it is.
async fn look_for(drive: &mut Drive<'_>, object: &Object, known: &mut Known) -> Result<Ended> {
    let Some(pending) = known.pending.clone().map(Resource) else { return Ok(Ended::Done) };
    let goal = Goal::Present { ours: &pending, at_creation: &pending };
    let run = drive.run;
    // Nothing is managed, so nothing is changed: whoever is found is told apart by what is done next.
    let aim = Aim { definition: &run.user, goal, managed: &[], may_adopt: true, may_create: false };
    let made = if known.last_sent.is_none() { Made::Perhaps } else { Made::No };
    let mut state = State { attempt: attempts(object), made, ..State::default() };
    let ended = drive.finish(&mut state, &aim).await?;
    if ended == Ended::Done {
        known.last_sent = state.remote_id.is_some().then(|| pending.0.clone());
        known.remote_id = state.remote_id;
        known.pending = None;
    }
    Ok(ended)
}
