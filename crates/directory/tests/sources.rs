//! Directories that we read: what one organization has is not there for another ([`crate::tenants`] goes on here), and what
//! one step does.

use muster_base::{Id, Secret};
use muster_directory::directory_provider::{ProviderType, create};
use muster_directory::fed_user::{Feed, leave};
use muster_directory::feed::mark::Mark;
use muster_directory::feed::run::{Ask, End, What};
use muster_directory::feed::take::{Person, Step, Take};
use muster_directory::feed::{
    GuardLimits, Ldap, ObjectKind, Reads, Run, RunState, Settings, decision, set, state, store,
};
use muster_directory::provision::decision::Answer;
use muster_directory::{Actor, fed_user};

use crate::harness::{Org, Test, is_missing};

/// A source of Acme, with a run that ended and a person.
struct Kept {
    provider: Id,
    run: Run,
    user: Id,
}

fn settings() -> Settings {
    let ldap = Ldap { host: "ldap.example".into(), base_dn: "dc=example".into(), ..Ldap::default() };
    Settings { reads: Reads::Ldap(ldap), every_minutes: 60, groups: true, guard: GuardLimits::default() }
}

fn enter(provider: Id) -> set::Set {
    set::Set { provider, settings: settings(), secret: Some(Secret::new("of the reader")), http_allowed: false }
}

fn step(provider: Id, run: Option<(Id, i64)>) -> Take {
    let feed = Feed {
        external_id: Some("e9".into()),
        username: "read".into(),
        email: Some("read@example.test".into()),
        active: Some(true),
        doc: "{}".into(),
        ..Feed::default()
    };
    let person = Person { external_id: "e9".into(), feed, manager: None, read: "1".into() };
    Take { provider, run, steps: vec![Step::User(Box::new(person))] }
}

fn decide(provider: Id) -> decision::Decide {
    let (external_id, name) = ("e7".into(), "Lee".into());
    decision::Decide { provider, kind: ObjectKind::User, external_id, name, answer: Some(Answer::Leave) }
}

async fn kept(t: &Test) -> Kept {
    let provider = t.d.env().id();
    let make = create::Create { id: provider, name: "Head office".into(), kind: ProviderType::Ldap };
    t.write(t.acme, make).await.unwrap();
    t.write(t.acme, enter(provider)).await.unwrap();
    let run = t.write(t.acme, Ask { provider, id: t.d.env().id(), what: What::Plan }).await.unwrap();
    let take = step(provider, Some((run.id, 1)));
    t.d.write(Actor::directory_provider(provider, None), t.acme.id, take).await.unwrap();
    t.write(t.acme, End { run: run.clone(), state: RunState::Done }).await.unwrap();
    t.write(t.acme, decide(provider)).await.unwrap();
    let user = fed_user::store::by_external(&mut t.d.read(), t.acme.id, provider, "e9").await.unwrap()[0].user.id;
    Kept { provider, run, user }
}

/// Each verb for the other organization, where it finds nothing, and for the right one.
pub async fn verbs(t: &Test, seen: &mut Vec<&'static str>) {
    let w = kept(t).await;
    macro_rules! each {
        ($($name:literal => $verb:expr;)*) => { $(
            seen.push($name);
            assert!(is_missing(t.write(t.blue, $verb).await), $name);
            if let Err(error) = t.write(t.acme, $verb).await {
                panic!("{}: {error}", $name);
            }
        )* };
    }
    each! {
        "feed/set.rs Set" => enter(w.provider);
        "feed/state.rs Pause" => state::Pause { provider: w.provider, paused: true };
        "feed/decision.rs Decide" => decide(w.provider);
        "feed/take.rs Take" => step(w.provider, None);
        "fed_user/leave.rs Leave" => leave::Leave { provider: w.provider, id: w.user, doc: "{}".into() };
        "feed/run.rs Ask" => Ask { provider: w.provider, id: w.run.provider, what: What::Plan };
        "feed/run.rs End" => End { run: w.run.clone(), state: RunState::Done };
    }
    crate::plans::verbs(t, seen, step(w.provider, None)).await;
}

both! {
    async fn another_organization_reads_nothing_of_a_source(t) {
        let w = kept(t).await;
        let of = async |org: Org| {
            let (mut s, id) = (t.d.read(), org.id);
            let run = Run { org: id, ..w.run.clone() };
            [
                store::find(&mut s, id, w.provider).await.unwrap().iter().count(),
                store::secret(&t.d, id, w.provider).await.unwrap().iter().count(),
                store::run(&mut s, id, w.provider, w.run.id).await.iter().count(),
                store::runs(&mut s, id, w.provider, (9, 0)).await.unwrap().0.len(),
                store::results(&mut s, &run, None, (9, 0)).await.unwrap().0.len(),
                decision::all(&mut s, id, w.provider).await.unwrap().len(),
                fed_user::store::of_externals(&mut s, id, w.provider, &["e9"]).await.unwrap().len(),
            ]
        };
        assert_eq!(of(t.acme).await, [1; 7]);
        assert_eq!(of(t.blue).await, [0; 7]);
        let foreign = store::begin(&t.d, (t.blue.id, w.provider, w.run.id)).await.unwrap();
        assert!(foreign.is_none());
    }

    async fn the_secret_is_sealed_and_in_no_log(t) {
        let w = kept(t).await;
        let secret = store::secret(&t.d, t.acme.id, w.provider).await.unwrap().unwrap();
        assert_eq!(secret.expose(), "of the reader");
        let log = muster_directory::change::store::of_subject(&mut t.d.read(), t.acme.id, w.provider, i64::MAX, 99).await.unwrap();
        assert!(!log.is_empty() && log.iter().all(|entry| !format!("{entry:?}").contains("of the reader")));
    }

    async fn who_left_is_the_same_person_when_they_come_back(t) {
        let w = kept(t).await;
        let actor = Actor::directory_provider(w.provider, None);
        let gone = Step::Leave { id: w.user, external_id: "e9".into(), name: "read".into() };
        for expected in [Some("deactivate"), None] {
            let take = Take { provider: w.provider, run: None, steps: vec![gone.clone()] };
            let taken = t.d.write(actor.clone(), t.acme.id, take).await.unwrap();
            assert_eq!(taken.outcomes[0].as_ref().map(|one| one.action.word()), expected);
        }
        let fed = fed_user::store::by_id(&mut t.d.read(), t.acme.id, w.provider, w.user).await.unwrap().unwrap();
        assert!(Mark::of(&fed.doc).gone);
        let taken = t.d.write(actor, t.acme.id, step(w.provider, None)).await.unwrap();
        let back = taken.outcomes[0].clone().unwrap();
        assert_eq!((back.action.word(), back.id), ("reactivate", Some(w.user)));
    }
}
