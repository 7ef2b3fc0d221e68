//! A 404 about an object, from the receiver or from somebody on the way to it.

use muster_scim::receiver::Profile;
use muster_scim::reconcile::{After, Answer, Goal, Outcome, State, Step, Task};
use serde_json::{Value, json};

use super::fake::said;
use super::{user, users};

/// What is asked, and how it ends, when it is answered so: one answer for each request.
fn asked(goal: Goal<'_>, last_sent: bool, answers: &[Outcome]) -> (Vec<String>, After, State) {
    let (definition, profile) = (users(), Profile::default());
    let task =
        Task { definition: &definition, profile: &profile, goal, managed: &[], may_adopt: true, taken: &|_| false };
    let ana = user(json!({ "userName": "ana", "active": true }));
    let mut state = State::linked("r1", last_sent.then_some(&ana));
    let mut asked = Vec::new();
    for answer in answers {
        let Step::Send(request) = task.next(&mut state) else { panic!("nothing is asked") };
        asked.push(format!("{} {}", request.method.word(), request.target));
        let after = task.answered(&mut state, answer, 0.0);
        if after != After::Continue {
            return (asked, after, state);
        }
    }
    panic!("no end: {asked:?}");
}

fn answer(status: u16, body: &Value) -> Outcome {
    Outcome::Answered(said(status, body))
}

#[test]
fn it_is_believed_once_something_is_listed() {
    let none = answer(404, &json!({ "detail": "no such user" }));
    let list = answer(200, &json!({ "totalResults": 0 }));
    let others = answer(200, &json!({ "Resources": [{ "id": "r2", "userName": "ana", "active": true }] }));
    let it = |active: bool| answer(200, &json!({ "Resources": [{ "id": "r1", "userName": "ana", "active": active }] }));
    let refused = answer(400, &json!({ "detail": "say a filter" }));
    let page = Outcome::Answered(Answer { status: 404, body: b"<!doctype html>".to_vec(), ..Answer::default() });
    let gone = |after: &After| *after == After::Done("it was gone already".into());
    for goal in [Goal::Inactive, Goal::Absent] {
        for answers in [
            vec![none.clone(), list.clone()],
            vec![none.clone(), others.clone()],
            vec![none.clone(), it(false)],
            vec![none.clone(), none.clone(), list.clone()],
            vec![none.clone(), none.clone(), refused.clone()],
            vec![page.clone(), list.clone()],
        ] {
            let (asked, after, state) = asked(goal, true, &answers);
            assert!(gone(&after) && state.remote_id.is_none(), "{asked:?} {after:?}");
            assert_eq!(asked[1], "GET /Users?filter=userName%20eq%20%22ana%22");
        }
        let (requests, after, _) = asked(goal, false, &[none.clone(), list.clone()]);
        assert!(gone(&after) && requests[1] == "GET /Users?startIndex=1&count=1", "{requests:?}");
        for (answers, stops) in [
            (vec![none.clone(), it(true)], false),
            (vec![none.clone(), answer(503, &json!({}))], false),
            (vec![none.clone(), none.clone(), none.clone()], true),
            (vec![page.clone(), page.clone(), page.clone()], true),
            (vec![none.clone(), answer(200, &json!({ "message": "welcome" }))], true),
            (vec![none.clone(), none.clone(), answer(403, &json!({}))], true),
        ] {
            let (requests, after, state) = asked(goal, true, &answers);
            assert_eq!(state.remote_id.as_deref(), Some("r1"), "{requests:?} {after:?}");
            assert!(
                if stops { matches!(after, After::Stop(_)) } else { matches!(after, After::Wait { .. }) },
                "{after:?}"
            );
        }
    }
}
