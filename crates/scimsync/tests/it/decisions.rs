//! Conflicts at an application are decided about one by one, before or while accounts are sent, and taken back.

use muster_base::Id;
use muster_directory::Error;
use muster_directory::provision::decision::{Answer, Decide};
use muster_directory::provision::state::Move;
use muster_directory::provision::{ObjectKind, ObjectState};
use muster_directory::user::update::Update;
use muster_testkit::{both, object};
use serde_json::json;

use crate::fake::Quirks;
use crate::world::{Reads, World, setup};

async fn decide(
    w: &World<'_>,
    (kind, id): (ObjectKind, Id),
    answer: Option<Answer>,
    remote: Option<&str>,
) -> Result<(), Error> {
    let decide = Decide { app: w.app, kind, id, answer, remote_id: remote.map(str::to_owned) };
    w.t.write(w.t.acme, decide).await
}

both! {
    async fn a_group_of_the_same_name_is_taken_over_or_left_by_itself(t) with setup(); {
        for (answer, sent) in [(Answer::TakeOver, true), (Answer::Leave, false)] {
            // Decided in the plan, before anything is sent.
            let w = World::off(t, Quirks::default(), |s| s.manage_groups = true).await;
            let id = w.receiver.inside().groups.seed(json!({"displayName": w.sales.name}));
            w.member(&format!("ana-{}", w.app)).await;
            let preview = async || w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
            let group = async || preview().await.items.into_iter().find(|one| one.kind == ObjectKind::Group).unwrap();
            let asked = group().await;
            assert_eq!((&*asked.action, &*asked.candidates[0].remote_id, asked.decision), ("adopt", &*id, None));
            assert!(asked.why.contains("once you approve"), "{}", asked.why);
            let of = (ObjectKind::Group, w.sales.id);
            decide(&w, of, Some(answer), None).await.unwrap();
            let decided = group().await;
            assert_eq!((&*decided.action, decided.decision), (if sent { "adopt" } else { "none" }, Some(answer)));
            assert!(!decided.why.contains("once you approve"), "{}", decided.why);
            w.turn(Move::Activate).await;
            w.settle().await;
            let object = w.object(of.0, of.1).await.unwrap();
            assert_eq!(object.state(), ObjectState::InStep, "nothing waits for anybody");
            assert_eq!(object.known.remote_id.is_some(), sent);
            let members = w.receiver.group(&w.sales.name).unwrap().0.get("members").cloned();
            assert_eq!(members.is_some_and(|m| m.as_array().is_some_and(|m| m.len() == 1)), sent);
            let again = decide(&w, of, Some(Answer::Leave), None).await;
            assert_eq!(matches!(again, Err(Error::Conflict(_))), sent, "what is linked is linked");
            if !sent {
                decide(&w, of, None, None).await.unwrap();
                w.settle().await;
                assert_eq!(w.object(of.0, of.1).await.unwrap().state(), ObjectState::Held, "it is asked again");
            }
        }
    }

    async fn of_several_accounts_of_a_name_the_chosen_one_is_taken_over(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = t.person(t.acme, "ana").await;
        let seed = |title: &str| {
            let user = json!({"userName": title, "title": title, "externalId": ana.id.text()});
            w.receiver.inside().users.seed(user)
        };
        let (first, second) = (seed("one"), seed("two"));
        w.join(ana.id, true).await;
        t.write(t.acme, Update::profile(ana.id, object(json!({"jobTitle": "Engineer"})))).await.unwrap();
        w.settle().await;
        assert_ne!(w.state(ana.id).await, ObjectState::InStep);
        let plan = w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
        let mut ids: Vec<&str> = plan.items[0].candidates.iter().map(|one| one.remote_id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!((plan.items[0].action.as_str(), ids), ("conflict", vec![first.as_str(), second.as_str()]));
        let of = (ObjectKind::User, ana.id);
        assert!(matches!(decide(&w, of, Some(Answer::TakeOver), None).await, Err(Error::Invalid(_))), "which one?");
        decide(&w, of, Some(Answer::TakeOver), Some(&second)).await.unwrap();
        let plan = w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
        assert_eq!((plan.items[0].action.as_str(), plan.counts.conflict), ("adopt", 0), "{plan:?}");
        w.settle().await;
        let object = w.object(of.0, of.1).await.unwrap();
        assert_eq!((object.state(), object.known.remote_id.as_deref()), (ObjectState::InStep, Some(&*second)));
        let title = |id: &str| {
            let inside = w.receiver.inside();
            let one = inside.users.resources.iter().find(|one| one.id() == Some(id)).unwrap();
            one.text("title").map(str::to_owned)
        };
        assert_eq!((title(&first).as_deref(), title(&second).as_deref()), (Some("one"), Some("Engineer")));
        // Nobody else gets it.
        let bo = w.member("bo").await;
        let taken = decide(&w, (ObjectKind::User, bo.id), Some(Answer::TakeOver), Some(&second)).await;
        assert!(matches!(taken, Err(Error::Invalid(_))), "{taken:?}");
    }

    async fn a_person_who_is_left_alone_gets_no_account_until_it_is_taken_back(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        let of = (ObjectKind::User, ana.id);
        decide(&w, of, Some(Answer::Leave), None).await.unwrap();
        let plan = w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
        assert_eq!((plan.counts.create, plan.counts.none), (0, 1), "{plan:?}");
        w.turn(Move::Activate).await;
        w.settle().await;
        assert!(w.receiver.user("ana").is_none() && w.state(ana.id).await == ObjectState::InStep);
        w.update(ana.id, json!({"jobTitle": "Chef"})).await;
        w.settle().await;
        assert!(w.receiver.user("ana").is_none(), "in later runs too");
        decide(&w, of, None, None).await.unwrap();
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Chef"));
    }
}
