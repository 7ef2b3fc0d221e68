//! One that may have been made though no search finds it yet.

use muster_scim::receiver::{Lesson, Profile};
use muster_scim::reconcile::{After, Goal, Made, Outcome, Phase, State, Step, Task};
use muster_scim::{Definition, Resource};
use serde_json::{Value, json};

use super::fake::said;
use super::{user, users};

/// The methods of one run whose requests are answered so, and how it ends.
fn run(state: &mut State, answers: &[(u16, Value)]) -> (String, After) {
    let definition: Definition = users();
    let ours: Resource = user(json!({ "userName": "ana", "externalId": "e1" }));
    let (profile, goal) = (Profile::default(), Goal::Present { ours: &ours, at_creation: &ours });
    let task =
        Task { definition: &definition, profile: &profile, goal, managed: &[], may_adopt: true, taken: &|_| false };
    let mut methods = Vec::new();
    for (status, body) in answers {
        let Step::Send(request) = task.next(state) else { panic!("nothing is sent") };
        methods.push(request.method.word());
        let after = task.answered(state, &Outcome::Answered(said(*status, body)), 0.0);
        if after != After::Continue {
            return (methods.join(" "), after);
        }
    }
    panic!("no end: {methods:?}");
}

#[test]
fn it_is_looked_for_a_while_before_it_is_made_again() {
    let nobody = (200, json!({ "totalResults": 0 }));
    let taken = (409, json!({ "scimType": "uniqueness" }));
    let silent = [nobody.clone(), nobody.clone(), (202, json!({})), nobody.clone(), nobody.clone()];
    let mut state = State::default();
    let (sent, after) = run(&mut state, &silent);
    assert!(sent == "GET GET POST GET GET" && matches!(after, After::Wait { .. }), "{sent} {after:?}");
    assert_eq!((state.attempt, state.made), (1, Made::Perhaps));
    for attempt in 1..4 {
        assert_eq!(state.attempt, attempt);
        let (sent, after) = run(&mut state, &silent);
        assert!(sent == "GET GET" && matches!(after, After::Wait { broken: false, .. }), "{sent} {after:?}");
    }
    // Then once in each try.
    let (sent, after) = run(&mut state, &silent);
    assert!(sent == "GET GET POST GET GET" && matches!(after, After::Wait { .. }), "{sent} {after:?}");
    // Nor is it made where only the search by externalId is refused.
    let mut state = State { made: Made::Perhaps, ..State::default() };
    let refused = (400, json!({ "detail": "externalId cannot be filtered" }));
    let (_, after) = run(&mut state, &[nobody.clone(), refused]);
    assert_eq!((after, state.phase), (After::Learn(Lesson::ExternalIdFilterRefused), Phase::FindByName));
    // A name that is taken may be taken by it, for some minutes.
    let there = [nobody.clone(), nobody.clone(), taken, nobody];
    for (made, attempt, waits) in [(Made::Perhaps, 5, true), (Made::Perhaps, 9, false), (Made::No, 0, false)] {
        let mut state = State { made, attempt, ..State::default() };
        let (sent, after) = run(&mut state, &there);
        assert_eq!(sent, "GET GET POST GET");
        assert_eq!(matches!(after, After::Wait { .. }), waits, "{made:?} {attempt} {after:?}");
        assert_eq!(matches!(after, After::GiveUp(_)), !waits);
    }
}
