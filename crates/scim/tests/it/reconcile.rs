use muster_scim::patch::{MemberChange, PatchPath};
use muster_scim::receiver::{Profile, UpdateBy};
use muster_scim::reconcile::{
    After, Answer, Breaker, Failure, Goal, HttpMethod, MemberNext, MemberTask, Outcome, State, Task, delay_ms,
    retry_after_s,
};
use muster_scim::{Definition, Resource};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fake::{End, Fake, Fault, Quirks, drive, said, version_1};
use super::{user, users};

fn managed() -> Vec<PatchPath> {
    let paths = ["userName", "externalId", "title", "name.givenName", "emails[type eq \"work\"].value", "active"];
    paths.map(|p| p.parse().unwrap()).to_vec()
}

fn ana(title: &str) -> Resource {
    user(json!({
        "userName": "Ana@Acme.example", "externalId": "e1", "title": title, "name": {"givenName": "Ana"},
        "emails": [{"type": "work", "value": "ana@acme.example"}], "active": true,
    }))
}

/// Brings the object to the goal.
fn run(fake: &mut Fake, profile: &mut Profile, state: &mut State, goal: Goal<'_>) -> End {
    let (paths, definition) = (managed(), fake.definition.clone());
    let free = |id: &str| id == "taken";
    drive(fake, profile, state, &|profile, then| {
        then(&Task { definition: &definition, profile, goal, managed: &paths, may_adopt: true, taken: &free });
    })
}

fn present(ours: &Resource) -> Goal<'_> {
    Goal::Present { ours, at_creation: ours }
}

fn methods(fake: &Fake) -> Vec<HttpMethod> {
    fake.requests.iter().map(|r| r.method).collect()
}

#[test]
fn a_user_is_looked_for_created_updated_deactivated_and_deleted() {
    use HttpMethod::{Delete, Get, Patch, Post};
    let mut fake = Fake::new(users(), Quirks { patch_says_nothing: true, ..Quirks::default() });
    let (mut profile, mut state) = (Profile::default(), State::default());
    let (old, new) = (ana("Old"), ana("New"));
    assert_eq!(run(&mut fake, &mut profile, &mut state, present(&old)), End::Done("created".into()));
    assert_eq!(methods(&fake), [Get, Get, Post]);
    assert_eq!(fake.requests[0].target, "/Users?filter=userName%20eq%20%22Ana%40Acme.example%22");
    assert_eq!(run(&mut fake, &mut profile, &mut state, present(&old)), End::Done("it is in step already".into()));
    fake.requests.clear();
    run(&mut fake, &mut profile, &mut state, present(&new));
    assert_eq!(methods(&fake), [Patch]);
    let sent = fake.requests[0].body.clone().unwrap();
    assert_eq!(sent["Operations"], json!([{"op": "replace", "path": "title", "value": "New"}]));
    run(&mut fake, &mut profile, &mut state, Goal::Inactive);
    assert_eq!(fake.of("ana@acme.example").unwrap().active(), Some(false));
    run(&mut fake, &mut profile, &mut state, present(&new));
    assert_eq!(fake.of("ana@acme.example").unwrap().active(), Some(true));
    assert_eq!(run(&mut fake, &mut profile, &mut state, Goal::Absent), End::Done("deleted".into()));
    assert_eq!((fake.requests.last().unwrap().method, state.remote_id), (Delete, None));
}

#[test]
fn a_cleared_field_is_cleared_there_and_what_is_not_ours_stays() {
    let mut fake = Fake::new(users(), Quirks::default());
    fake.seed(json!({ "userName": "ana@acme.example", "title": "Theirs", "nickName": "An",
        "emails": [{"type": "home", "value": "h@x"}, {"type": "work", "value": "old@x"}], "x": {"own": 1} }));
    let mut ours = ana("x");
    ours.0.shift_remove("title");
    let (mut profile, mut state) = (Profile::default(), State::default());
    assert_eq!(run(&mut fake, &mut profile, &mut state, present(&ours)), End::Done("updated".into()));
    let there = fake.of("ana@acme.example").unwrap();
    assert_eq!((there.text("title"), there.text("nickName"), &there.0["x"]), (None, Some("An"), &json!({"own": 1})));
    let mails = there.0["emails"].as_array().unwrap();
    assert!(mails.len() == 2 && mails.iter().any(|m| m["value"] == "ana@acme.example"), "{mails:?}");
    // By PUT too.
    let mut fake = Fake::new(users(), Quirks { no_patch: true, ..Quirks::default() });
    fake.seed(json!({ "userName": "ana@acme.example", "title": "Theirs", "nickName": "An" }));
    let mut state = State::default();
    assert_eq!(run(&mut fake, &mut profile, &mut state, present(&ours)), End::Done("updated".into()));
    let there = fake.of("ana@acme.example").unwrap();
    assert_eq!((there.text("title"), there.text("nickName"), profile.update), (None, Some("An"), UpdateBy::Put));
}

#[test]
fn five_hundred_after_the_work_makes_nobody_twice() {
    for fault in [Fault::ErrorAfter, Fault::TimeoutAfter] {
        let mut fake = Fake::new(users(), Quirks::default());
        fake.faults.extend([Fault::None, Fault::None, fault]);
        let (mut profile, mut state) = (Profile::default(), State::default());
        let end = run(&mut fake, &mut profile, &mut state, present(&ana("x")));
        assert_eq!(end, End::Done("it is in step already".into()));
        assert_eq!(fake.resources.len(), 1);
        assert_eq!(state.remote_id.as_deref(), fake.resources[0].id());
    }
}

#[test]
fn one_deleted_there_is_made_again_and_one_gone_is_let_go() {
    let mut fake = Fake::new(users(), Quirks::default());
    let (mut profile, ours) = (Profile::default(), ana("x"));
    let mut state = State::linked("gone", Some(&ana("y")));
    assert_eq!(run(&mut fake, &mut profile, &mut state, present(&ours)), End::Done("created".into()));
    for goal in [Goal::Inactive, Goal::Absent] {
        let mut state = State::linked("gone", Some(&ours));
        assert_eq!(run(&mut fake, &mut profile, &mut state, goal), End::Done("it was gone already".into()));
        assert_eq!(state.remote_id, None);
    }
    let mut never = State::default();
    assert_eq!(run(&mut fake, &mut profile, &mut never, Goal::Absent), End::Done("it was never sent".into()));
}

#[test]
fn a_stale_version_is_read_again() {
    let mut fake = Fake::new(users(), Quirks { wants_versions: true, ..Quirks::default() });
    let id = fake.seed(json!({ "userName": "ana@acme.example" }));
    let mut profile = Profile::default();
    let mut state = State { version: Some("W/\"old\"".into()), ..State::linked(id, Some(&ana("Old"))) };
    assert_eq!(run(&mut fake, &mut profile, &mut state, present(&ana("New"))), End::Done("updated".into()));
    assert!(profile.if_match && fake.of("ana@acme.example").unwrap().text("title") == Some("New"));
}

#[test]
fn conflicts_are_left_to_somebody() {
    let (mut profile, ours) = (Profile::default(), ana("x"));
    let words = |end: End| match end {
        End::GaveUp(words) => words,
        other => panic!("{other:?}"),
    };
    // The name is taken by one that the search does not find.
    let hidden = Outcome::Answered(said(200, &json!({ "totalResults": 0 })));
    let taken = Outcome::Answered(said(409, &json!({ "detail": "exists" })));
    let paths = managed();
    let task = Task {
        definition: &users(),
        profile: &profile.clone(),
        goal: present(&ours),
        managed: &paths,
        may_adopt: false,
        taken: &|_| false,
    };
    let mut state = State::default();
    let mut answers = [&hidden, &hidden, &taken, &hidden].into_iter();
    let last = loop {
        task.next(&mut state);
        match task.answered(&mut state, answers.next().unwrap(), 0.0) {
            After::Continue => {}
            other => break other,
        }
    };
    assert_eq!(last, After::GiveUp("the receiver says that the userName is taken, and finds nobody of it".into()));
    // One is there, and nobody approved.
    let there = Outcome::Answered(said(200, &json!({ "Resources": [{ "id": "1", "userName": "ana@acme.example" }] })));
    task.next(&mut state);
    assert!(matches!(task.answered(&mut state, &there, 0.0), After::Ask(w) if w.contains("approve")));
    // Two are there.
    let mut fake = Fake::new(users(), Quirks::default());
    fake.seed(json!({ "userName": "ana@acme.example" }));
    fake.resources.push(fake.resources[0].clone());
    fake.resources[1].0.insert("id".into(), json!("r9"));
    assert!(words(run(&mut fake, &mut profile, &mut State::default(), present(&ours))).contains("2 of this name"));
    // Another one of ours is linked to it.
    fake.resources.truncate(1);
    fake.resources[0].0.insert("id".into(), json!("taken"));
    assert!(words(run(&mut fake, &mut profile, &mut State::default(), present(&ours))).contains("linked to another"));
}

fn first(outcome: Outcome) -> After {
    let ours = ana("x");
    let (paths, definition, profile) = (managed(), users(), Profile::default());
    let task = Task {
        definition: &definition,
        profile: &profile,
        goal: present(&ours),
        managed: &paths,
        may_adopt: true,
        taken: &|_| false,
    };
    let mut state = State::default();
    task.next(&mut state);
    task.answered(&mut state, &outcome, 0.0)
}

/// Class of security-cases.md: "SSRF": an answer never leads anywhere else.
#[test]
fn ssrf_redirects_pages_and_refusals_stop_the_target_with_words() {
    let answer = |status, body: &str| Outcome::Answered(Answer { status, body: body.into(), ..Answer::default() });
    let redirect = Answer { status: 302, location: Some("http://169.254.169.254/".into()), ..Answer::default() };
    for (outcome, words) in [
        (Outcome::Answered(redirect), "redirects to \"http://169.254.169.254/\", which is not followed"),
        (answer(200, "\u{feff}<!DOCTYPE html>"), "web page"),
        (answer(401, r#"{"detail":"expired"}"#), "the token was refused (401: expired)"),
        (answer(403, "{}"), "may not list /Users"),
        (answer(404, "<html>"), "check the Base URL"),
        (answer(200, "{\"ok\":1}"), "no ListResponse"),
        (Outcome::Failed(Failure::Forbidden("10.0.0.1 is private".into())), "10.0.0.1 is private"),
    ] {
        let after = first(outcome);
        assert!(matches!(&after, After::Stop(w) if w.contains(words)), "{after:?}");
    }
}

#[test]
fn passing_trouble_waits_ever_longer_and_as_long_as_asked() {
    let slow = Outcome::Answered(Answer { status: 429, retry_after_s: Some(120), ..Answer::default() });
    assert!(matches!(first(slow), After::Wait { delay_ms: 120_500, whole_target: true, broken: false, .. }));
    let down = Outcome::Answered(Answer { status: 502, ..Answer::default() });
    assert!(matches!(first(down), After::Wait { delay_ms: 500, whole_target: false, broken: true, .. }));
    assert!(matches!(first(Outcome::Failed(Failure::TooLarge)), After::Wait { broken: true, .. }));
    assert_eq!((delay_ms(1, 0.0, None), delay_ms(1, 1.0, None)), (500, 1000));
    assert_eq!((delay_ms(5, 0.0, None), delay_ms(5, 1.0, None)), (8000, 16_000));
    assert_eq!((delay_ms(4000, 1.0, None), delay_ms(u32::MAX, f64::NAN, None)), (3_600_000, 3_600_000));
    assert!(delay_ms(1, 0.0, Some(u64::MAX)) <= 86_430_000);
    assert_eq!(retry_after_s(" 7 ", 0), Some(7));
    assert_eq!(retry_after_s("1.5", 0), Some(2));
    assert_eq!(retry_after_s("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777 - 30), Some(30));
    assert_eq!(retry_after_s("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777 + 30), Some(0));
    assert_eq!(retry_after_s("soon", 0), None);
}

#[test]
fn the_breaker_opens_tries_once_and_closes() {
    let mut breaker = Breaker::default();
    for _ in 0..4 {
        breaker.failed(0, 0.0, None);
        assert!(breaker.lets_through(0) && !breaker.is_open());
    }
    breaker.failed(0, 0.0, None);
    assert!(breaker.is_open() && !breaker.lets_through(3999));
    assert!(breaker.lets_through(4000) && !breaker.lets_through(4000), "one tries, the others wait");
    breaker.failed(4000, 0.0, None);
    assert!(!breaker.lets_through(4000 + 7999) && breaker.lets_through(4000 + 8000));
    breaker.answered();
    assert!(breaker.lets_through(0) && !breaker.is_open());
    breaker.pause(0, 0.0, Some(10));
    assert!(!breaker.lets_through(10_000) && breaker.lets_through(10_500) && !breaker.is_open());
}

#[test]
fn ids_that_are_paths_or_mails_stay_one_segment() {
    for (id, target) in [
        ("a@b.c", "/Users/a%40b.c"),
        ("../admin", "/Users/..%2Fadmin"),
        ("..", "/Users/%2E%2E"),
        ("a?b#c/ü", "/Users/a%3Fb%23c%2F%C3%BC"),
    ] {
        let mut fake = Fake::new(users(), Quirks::default());
        let mut state = State::linked(id, None);
        run(&mut fake, &mut Profile::default(), &mut state, Goal::Absent);
        assert_eq!(fake.requests[0].target, target);
    }
}

#[test]
fn a_receiver_of_version_1_gets_its_own_messages() {
    let mut fake = Fake::new(users(), Quirks::default());
    let (mut profile, mut state) = (version_1(), State::default());
    let mut ours = ana("x");
    ours.0.insert(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".into(),
        json!({ "department": "D", "manager": { "value": "m1" } }),
    );
    run(&mut fake, &mut profile, &mut state, present(&ours));
    let sent = fake.requests.last().unwrap().body.clone().unwrap();
    assert_eq!(sent["schemas"], json!(["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"]));
    assert_eq!(sent["urn:scim:schemas:extension:enterprise:1.0"]["manager"], json!({ "managerId": "m1" }));
    assert_eq!(
        profile.version.answer(sent)["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["manager"],
        json!({ "value": "m1" })
    );
}

fn member_bodies(profile: &Profile, change: &MemberChange) -> Vec<(HttpMethod, Value)> {
    let all = ["a".to_owned(), "b".to_owned()];
    let task = MemberTask { profile, group_id: "g@1", name: "Tea", change, all: &all };
    let mut out = Vec::new();
    while let MemberNext::Send(request) = task.next(out.len()) {
        assert_eq!(request.target, "/Groups/g%401");
        out.push((request.method, request.body.unwrap()));
    }
    out
}

#[test]
fn members_go_in_small_requests_of_the_receivers_kind() {
    let change = MemberChange { add: vec!["a".into(), "b".into()], remove: vec!["c".into()] };
    let standard = member_bodies(&Profile { members_per_request: 1, ..Profile::default() }, &change);
    assert_eq!(standard.len(), 3);
    assert_eq!(standard[2].1["Operations"][0]["path"], json!("members[value eq \"c\"]"));
    let whole = member_bodies(&Profile { update: UpdateBy::Put, ..Profile::default() }, &change);
    assert_eq!((whole.len(), &whole[0].1["members"]), (1, &json!([{"value": "a"}, {"value": "b"}])));
    let first = member_bodies(&version_1(), &change);
    assert_eq!(first[1].1["members"], json!([{"value": "c", "operation": "delete"}]));
    let all: [String; 0] = [];
    let profile = Profile::default();
    let task = MemberTask { profile: &profile, group_id: "g", name: "Tea", change: &change, all: &all };
    let ok = Outcome::Answered(Answer { status: 204, ..Answer::default() });
    let no = Outcome::Answered(Answer { status: 400, ..Answer::default() });
    let mut sent = 0;
    assert_eq!(task.answered(&mut sent, &ok, 1, 0.0), After::Continue);
    assert!(
        matches!(task.answered(&mut sent, &no, 1, 0.0), After::Learn(_)),
        "a removal by filter is refused: by list then"
    );
    assert_eq!(task.answered(&mut sent, &ok, 1, 0.0), After::Done("members are in step".into()));
    assert!(matches!(task.answered(&mut 0, &no, 1, 0.0), After::GiveUp(_)));
    assert!(matches!(
        task.answered(&mut 0, &Outcome::Failed(Failure::Timeout), 3, 0.0),
        After::Wait { delay_ms: 2000, .. }
    ));
}

#[test]
fn groups_are_adopted_by_name_and_members_of_theirs_stay() {
    for no_patch in [false, true] {
        let mut fake = Fake::new(Definition::group(), Quirks { no_patch, ..Quirks::default() });
        fake.seed(json!({ "displayName": "tea", "members": [{ "value": "u1" }] }));
        let ours = super::group(json!({ "displayName": "Tea" }));
        let (mut profile, mut state, definition) = (Profile::default(), State::default(), Definition::group());
        let paths = ["displayName".parse().unwrap()];
        let end = drive(&mut fake, &mut profile, &mut state, &|profile, then| {
            let goal = present(&ours);
            then(&Task { definition: &definition, profile, goal, managed: &paths, may_adopt: true, taken: &|_| false });
        });
        assert_eq!(end, End::Done("updated".into()));
        let there = fake.of("Tea").unwrap();
        assert_eq!((there.text("displayName"), &there.0["members"]), (Some("Tea"), &json!([{ "value": "u1" }])));
        let slim = fake.requests[0].target.ends_with("&excludedAttributes=members");
        assert!(slim != no_patch || profile.update == UpdateBy::Put, "members are only read to be repeated");
        assert!(!state.last_sent.unwrap().contains_key("members"));
    }
}

fn quirks() -> impl Strategy<Value = Quirks> {
    let flags = proptest::collection::vec(prop::bool::weighted(0.3), 13);
    (flags, proptest::option::of(1..4usize)).prop_map(|(f, page_max)| Quirks {
        no_patch: f[0],
        no_put: f[1] && !f[0],
        no_filter: f[2],
        ignores_filter: f[3],
        no_external_id_filter: f[4],
        no_value_paths: f[5],
        no_delete: f[6],
        patch_says_nothing: f[7],
        create_says_nothing: f[8],
        lower_cases: f[9],
        ids_are_names: f[10],
        wants_versions: f[11],
        nobody_is_404: f[12],
        page_max,
    })
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        4 => Just(Fault::None), 1 => Just(Fault::TimeoutBefore), 2 => Just(Fault::TimeoutAfter), 1 => Just(Fault::ErrorBefore),
        2 => Just(Fault::ErrorAfter), 1 => Just(Fault::SlowDown), 1 => Just(Fault::Unavailable),
    ];
    proptest::collection::vec(fault, 0..25)
}

/// What a plan of changes asks for, one after the other.
#[derive(Clone, Debug)]
enum Change {
    Present(&'static str),
    Inactive,
    Absent,
    SomebodyElse(&'static str),
    DeletedThere,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the receiver's quirks, whatever fails on the way: it ends as it should be, nobody is there twice, and
    /// nobody else was touched.
    #[test]
    fn every_receiver_ends_in_step(
        quirks in quirks(),
        faults in faults(),
        changes in proptest::collection::vec(prop_oneof![
            4 => prop::sample::select(vec!["One", "Two", "Three"]).prop_map(Change::Present),
            1 => Just(Change::Inactive),
            1 => Just(Change::Absent),
            1 => prop::sample::select(vec!["Drift", "One"]).prop_map(Change::SomebodyElse),
            1 => Just(Change::DeletedThere),
        ], 1..6),
        there_before in any::<bool>(),
    ) {
        let mut fake = Fake::new(users(), quirks.clone());
        let others = [json!({ "userName": "bo", "nickName": "Bo" }), json!({ "userName": "cy", "externalId": "other" })];
        for other in &others {
            fake.seed(other.clone());
        }
        if there_before {
            fake.seed(json!({ "userName": "ANA@acme.example", "nickName": "An", "title": "Before" }));
        }
        let bystanders = fake.resources[..2].to_vec();
        fake.faults.extend(faults);
        let (mut profile, mut state) = (Profile::default(), State::default());
        for change in changes {
            let ours = ana(match change { Change::Present(title) => title, _ => "-" });
            let goal = match change {
                Change::Present(_) => present(&ours),
                Change::Inactive => Goal::Inactive,
                Change::Absent => Goal::Absent,
                Change::SomebodyElse(title) => {
                    if let Some(r) = fake.resources.iter_mut().find(|r| r.text("userName").is_some_and(|n| n.starts_with(['a', 'A']))) {
                        r.0.insert("title".into(), json!(title));
                        r.0.insert("meta".into(), json!({ "version": "W/\"theirs\"" }));
                    }
                    continue;
                }
                Change::DeletedThere => {
                    fake.resources.truncate(2);
                    continue;
                }
            };
            let linked = state.remote_id.is_some();
            let end = run(&mut fake, &mut profile, &mut state, goal);
            prop_assert!(matches!(end, End::Done(_)), "{end:?} {:?}", fake.requests.iter().map(|r| (r.method, &r.target)).collect::<Vec<_>>());
            let there = fake.of("ana@acme.example");
            match change {
                Change::Present(title) => {
                    let remote_id = state.remote_id.clone();
                    // One deleted there is not noticed while nothing is sent.
                    if let Some(there) = there {
                        prop_assert_eq!(there.id().map(str::to_owned), remote_id);
                        let drifted = there.text("title") == Some("Drift") || there.text("title") == Some("One");
                        prop_assert!(there.text("title") == Some(title) || drifted, "{there:?}");
                        prop_assert_eq!(there.active(), Some(true));
                    }
                }
                Change::Inactive if linked => prop_assert!(there.is_none_or(|t| t.active() == Some(false))),
                Change::Absent if linked => {
                    prop_assert!(there.is_none_or(|t| quirks.no_delete && t.active() == Some(false)), "{there:?}");
                }
                _ => {}
            }
            prop_assert_eq!(&fake.resources[..2], &bystanders[..]);
        }
    }
}
