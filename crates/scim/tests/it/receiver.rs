use muster_scim::receiver::{Lesson, Probe, ProbeInput, Profile, UpdateBy, Verdict};
use muster_scim::reconcile::{Answer, HttpMethod, Outcome};
use muster_scim::schema::ServiceProviderConfig;
use muster_scim::{Definition, Resource};
use serde_json::json;

use super::fake::{Fake, Quirks, said};
use super::{user, users};

fn input(email: Option<&str>, groups: bool) -> ProbeInput {
    let test_email = email.map(str::to_owned);
    ProbeInput { profile: Profile::default(), test_email, groups, group_name: "muster-test-7f3a".into() }
}

/// Runs the test against two endpoints of one receiver.
fn probe(
    input: ProbeInput,
    users: &mut Fake,
    groups: Option<&mut Fake>,
) -> (muster_scim::receiver::Report, Profile, Vec<String>) {
    let mut groups = groups;
    let mut probe = Probe::new(input);
    let mut tape = Vec::new();
    while let Some(request) = probe.next() {
        tape.push(format!("{} {}", request.method.word(), request.target.split('?').next().unwrap()));
        let outcome = if request.target.starts_with("/Users") {
            users.send(&request)
        } else if request.target.starts_with("/Groups")
            && let Some(groups) = groups.as_deref_mut()
        {
            groups.send(&request)
        } else {
            Outcome::Answered(Answer { status: 404, ..Answer::default() })
        };
        probe.answered(&outcome);
        assert!(tape.len() < 40, "{tape:?}");
    }
    let (report, profile) = probe.finish();
    (report, profile, tape)
}

#[test]
fn without_a_test_user_the_test_only_reads() {
    let mut fake = Fake::new(users(), Quirks::default());
    let (report, _, tape) = probe(input(None, false), &mut fake, None);
    assert!(report.passed(), "{report:?}");
    assert_eq!(tape, ["GET /ServiceProviderConfig", "GET /Users"]);
}

#[test]
fn with_one_everything_that_will_be_needed_is_tried_and_taken_away() {
    let mut fake = Fake::new(users(), Quirks { patch_says_nothing: true, ..Quirks::default() });
    let mut groups = Fake::new(Definition::group(), Quirks::default());
    let (report, profile, tape) = probe(input(Some("t@acme.example"), true), &mut fake, Some(&mut groups));
    assert!(report.passed(), "{report:?}");
    assert_eq!((fake.resources.len(), groups.resources.len()), (0, 0));
    assert_eq!(tape.len(), 11, "{tape:?}");
    assert_eq!(profile, Profile::default());
    assert!(groups.requests.iter().any(|r| r.body.as_ref().is_some_and(|b| b.to_string().contains("members"))));
}

#[test]
fn what_it_learns_changes_the_profile() {
    let quirks = Quirks { no_patch: true, no_filter: true, no_delete: true, ..Quirks::default() };
    let mut fake = Fake::new(users(), quirks);
    let (report, profile, _) = probe(input(Some("t@acme.example"), true), &mut fake, None);
    assert!(report.passed(), "{report:?}");
    assert_eq!((profile.update, profile.filter, profile.delete, profile.groups), (UpdateBy::Put, false, false, false));
    assert_eq!(fake.resources[0].active(), Some(false), "the test user is left behind, not active");
    assert!(report.lines.iter().any(|l| l.verdict == Verdict::Noted && l.words.contains("left behind")));
}

#[test]
fn an_account_that_is_there_is_never_touched() {
    let mut fake = Fake::new(users(), Quirks::default());
    fake.seed(json!({ "userName": "CEO@acme.example" }));
    let (report, _, tape) = probe(input(Some("ceo@acme.example"), false), &mut fake, None);
    assert!(!report.passed() && report.lines.last().unwrap().words.contains("another test e-mail"));
    assert!(tape.iter().all(|l| l.starts_with("GET")));
    // Nor when the search does not find it.
    let mut fake = Fake::new(users(), Quirks { no_filter: true, ..Quirks::default() });
    fake.seed(json!({ "userName": "CEO@acme.example" }));
    let (report, ..) = probe(input(Some("ceo@acme.example"), false), &mut fake, None);
    assert!(!report.passed());
    assert_eq!((fake.resources.len(), fake.resources[0].active()), (1, None));
}

#[test]
fn a_failure_is_told_in_words_and_leaves_nothing_behind() {
    let answers = |outcome: Outcome| {
        let mut probe = Probe::new(input(Some("t@x"), false));
        while probe.next().is_some() {
            probe.answered(&outcome);
        }
        probe.finish().0
    };
    let page = Answer { status: 200, body: b"<html>".to_vec(), ..Answer::default() };
    assert!(answers(Outcome::Answered(page)).lines[0].words.contains("web page"));
    let refused = answers(Outcome::Answered(said(401, &json!({}))));
    assert!(!refused.passed() && refused.lines[0].words.contains("token was refused"));
    assert!(answers(Outcome::Answered(said(404, &json!({})))).lines[1].words.contains("check the Base URL"));
    // It fails when the group is made: the user goes away again.
    let mut fake = Fake::new(users(), Quirks::default());
    let mut probe = Probe::new(input(Some("t@x"), true));
    while let Some(request) = probe.next() {
        let outcome = match (request.method, request.target.starts_with("/Users")) {
            (_, true) => fake.send(&request),
            (HttpMethod::Get, _) => Outcome::Answered(said(200, &json!({ "totalResults": 0 }))),
            _ => Outcome::Answered(said(400, &json!({ "detail": "no groups today" }))),
        };
        probe.answered(&outcome);
    }
    let (report, _) = probe.finish();
    assert!(!report.passed() && fake.resources.is_empty());
    assert!(report.lines.iter().any(|l| l.words.contains("no groups today")));
}

#[test]
fn a_receiver_is_known_by_its_host_and_believed_in_its_refusals() {
    assert_eq!(Profile::for_host("scim.eu-central-1.amazonaws.com").members_per_request, 100);
    assert!(!Profile::for_host("API.github.com.").value_paths);
    assert_eq!(Profile::for_host("notgithub.com"), Profile::default());
    let mut config = ServiceProviderConfig::ours();
    assert_eq!(Profile::default().told(&config), Profile { etags: true, ..Profile::default() });
    config.patch.supported = false;
    config.filter.supported = false;
    config.filter.max_results = 20;
    let told = Profile::default().told(&config);
    assert_eq!((told.update, told.filter, told.page_size), (UpdateBy::Put, false, 20));
    let stored = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<Profile>(&stored).unwrap(), told);
    assert_eq!(serde_json::from_str::<Profile>("{}").unwrap(), Profile::default());
    assert!(!Profile::default().learnt(Lesson::DeleteRefused).delete);
}

#[test]
fn what_a_receiver_does_not_keep_is_not_compared() {
    let managed = ["userName", "title", "nickName"].map(|p| p.parse().unwrap());
    let sent = user(json!({ "userName": "a", "title": "T", "nickName": "N" }));
    let answered =
        users().read(json!({ "id": "1", "userName": "a", "title": "T" }), muster_scim::Reading::ANSWER).unwrap();
    let unkept = Profile::unkept(&sent, &answered, &managed, &users());
    assert_eq!(unkept, ["nickName"]);
    assert!(Profile::unkept(&sent, &Resource::default(), &managed, &users()).is_empty());
    let profile = Profile { not_kept: unkept, ..Profile::default() };
    assert_eq!(profile.comparable(&managed).len(), 2);
}
