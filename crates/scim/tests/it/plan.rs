use muster_scim::Resource;
use muster_scim::patch::PatchPath;
use muster_scim::plan::{
    Action, Cause, Facts, Guard, Leaving, Link, Policy, Repair, Theirs, Three, Wanted, compare, decide, find, tally,
};
use serde_json::{Value, json};

use super::{user, users};

const DAY: i64 = 86_400;

fn managed() -> Vec<PatchPath> {
    ["userName", "title", "name.givenName", "emails[type eq \"work\"].value", "active"]
        .map(|p| p.parse().unwrap())
        .to_vec()
}

fn ana(title: &str, active: bool) -> Resource {
    user(json!({ "userName": "Ana", "title": title, "active": active, "emails": [{"type": "work", "value": "a@x"}] }))
}

fn there(mut resource: Resource, changes: Value) -> Resource {
    resource.0.insert("id".into(), json!("r1"));
    resource.0.extend(changes.as_object().unwrap().clone());
    resource
}

fn causes(ours: &Resource, theirs: Option<&Resource>, last: Option<&Resource>) -> Vec<(String, Cause)> {
    let fields = compare(&Three { ours, theirs, last }, &managed(), &users());
    fields.into_iter().map(|f| (f.path, f.cause)).collect()
}

#[test]
fn three_ways_say_who_made_the_difference() {
    let (old, new) = (ana("Old", true), ana("New", true));
    let theirs = there(old.clone(), json!({}));
    let one = |cause| vec![("title".to_owned(), cause)];
    assert_eq!(causes(&old, Some(&theirs), Some(&old)), []);
    assert_eq!(causes(&new, Some(&theirs), Some(&old)), one(Cause::Ours));
    assert_eq!(causes(&old, Some(&there(new.clone(), json!({}))), Some(&old)), one(Cause::Drift));
    assert_eq!(causes(&new, Some(&there(ana("Third", true), json!({}))), Some(&old)), one(Cause::Both));
    assert_eq!(causes(&new, Some(&theirs), None), one(Cause::First));
    assert_eq!(causes(&new, None, Some(&old)), one(Cause::Ours));
    // What is not ours to say is not compared.
    assert_eq!(
        causes(&old, Some(&there(old.clone(), json!({ "nickName": "x", "roles": [{"value": "admin"}] }))), Some(&old)),
        []
    );
}

#[test]
fn a_receiver_that_rewrites_letters_has_not_drifted() {
    let ours = ana("Lead", true);
    let lowered = there(ours.clone(), json!({ "userName": "ana", "title": "Lead " }));
    assert_eq!(causes(&ours, Some(&lowered), Some(&ours)), []);
    let renamed = there(ours.clone(), json!({ "userName": "anna" }));
    assert_eq!(causes(&ours, Some(&renamed), Some(&ours)), [("userName".to_owned(), Cause::Drift)]);
    // A change of letters here is sent.
    let mut shouted = ours.clone();
    shouted.0.insert("title".into(), json!("LEAD"));
    assert_eq!(causes(&shouted, Some(&lowered), Some(&ours)).len(), 1);
}

fn decided(
    wanted: Wanted<'_>,
    link: Option<Link<'_>>,
    theirs: Theirs<'_>,
    policy: Policy,
) -> (Action, String, Option<i64>) {
    let decision = decide(&Facts { wanted, link, theirs }, policy, &managed(), &users(), 100 * DAY);
    (decision.action, decision.reason, decision.due_s)
}

#[test]
fn each_decision_says_what_and_why() {
    let (old, new, off) = (ana("Old", true), ana("New", true), ana("Old", false));
    let (theirs, theirs_off) = (there(old.clone(), json!({})), there(off.clone(), json!({})));
    let link = |last| Some(Link { remote_id: "r1", last_sent: Some(last) });
    let repair = Policy { repair: Repair::Automatically, ..Policy::default() };
    let drifted = there(new.clone(), json!({}));
    for (wanted, link, theirs, policy, action, words) in [
        (Wanted::In(&old), None, Theirs::Unread, Policy::default(), Action::Create, "looked for there"),
        (Wanted::In(&off), None, Theirs::Unread, Policy::default(), Action::Nothing, "once it is active"),
        (Wanted::In(&old), link(&old), Theirs::Unread, Policy::default(), Action::Nothing, "in step"),
        (Wanted::In(&new), link(&old), Theirs::Unread, Policy::default(), Action::Update, "changed here (1)"),
        (Wanted::In(&new), link(&old), Theirs::There(&theirs), Policy::default(), Action::Update, "changed here (1)"),
        (Wanted::In(&old), link(&old), Theirs::Missing, Policy::default(), Action::Create, "deleted there"),
        (
            Wanted::In(&old),
            link(&old),
            Theirs::There(&drifted),
            Policy::default(),
            Action::Nothing,
            "1 field was changed there",
        ),
        (Wanted::In(&old), link(&old), Theirs::There(&drifted), repair, Action::Update, "changed there (1)"),
        (Wanted::In(&off), link(&old), Theirs::Unread, Policy::default(), Action::Deactivate, "changed here"),
        (
            Wanted::In(&old),
            link(&off),
            Theirs::There(&theirs_off),
            Policy::default(),
            Action::Reactivate,
            "changed here",
        ),
        (Wanted::Out { since_s: 0 }, None, Theirs::Unread, Policy::default(), Action::Nothing, "never sent"),
        (
            Wanted::Out { since_s: 0 },
            link(&old),
            Theirs::Unread,
            Policy::default(),
            Action::Deactivate,
            "not wanted any more",
        ),
        (Wanted::Out { since_s: 0 }, link(&off), Theirs::Unread, Policy::default(), Action::Nothing, "is deactivated"),
        (
            Wanted::Out { since_s: 0 },
            link(&old),
            Theirs::Missing,
            Policy::default(),
            Action::Forget,
            "not there any more",
        ),
    ] {
        let (found, reason, _) = decided(wanted, link, theirs, policy);
        assert!(found == action && reason.contains(words), "{found:?} {reason}");
    }
}

#[test]
fn who_leaves_is_deactivated_and_deleted_when_it_is_time() {
    let (on, off) = (ana("x", true), ana("x", false));
    let policy = |leaving| Policy { leaving, ..Policy::default() };
    let leave = |last, since_s, leaving| {
        let link = Some(Link { remote_id: "r1", last_sent: Some(last) });
        let (action, _, due) = decided(Wanted::Out { since_s }, link, Theirs::Unread, policy(leaving));
        (action, due)
    };
    assert_eq!(leave(&on, 99 * DAY, Leaving::Delete), (Action::Delete, None));
    let after = Leaving::DeleteAfter { days: 30 };
    assert_eq!(leave(&on, 99 * DAY, after), (Action::Deactivate, Some(129 * DAY)));
    assert_eq!(leave(&off, 99 * DAY, after), (Action::Nothing, Some(129 * DAY)));
    assert_eq!(leave(&off, 70 * DAY, after), (Action::Delete, None));
}

#[test]
fn a_group_that_is_let_go_stays_there() {
    let (tea, group) = (super::group(json!({ "displayName": "Tea" })), muster_scim::Definition::group());
    let link = Some(Link { remote_id: "g1", last_sent: Some(&tea) });
    let out = |leaving| {
        let facts = Facts { wanted: Wanted::Out { since_s: 0 }, link, theirs: Theirs::Unread };
        decide(&facts, Policy { leaving, ..Policy::default() }, &["displayName".parse().unwrap()], &group, 0)
    };
    assert_eq!(out(Leaving::Deactivate).action, Action::Nothing);
    assert!(out(Leaving::Deactivate).reason.contains("left alone"));
    assert_eq!(out(Leaving::Delete).action, Action::Delete);
}

#[test]
fn one_that_is_there_already_is_adopted_or_somebody_is_asked() {
    let wanted = user(json!({ "userName": "Ana", "externalId": "e1", "active": true }));
    let remote = |id: &str, name: &str, external: &str| {
        there(user(json!({ "userName": name, "externalId": external })), json!({ "id": id }))
    };
    let free = |_: &str| false;
    let adopted = |theirs: &[Resource], taken: &dyn Fn(&str) -> bool, policy| {
        decided(Wanted::In(&wanted), None, Theirs::Searched(find(&wanted, theirs, taken)), policy)
    };
    let adopt = |id: &str, ask| Action::Adopt { remote_id: id.into(), ask };
    let by_name = [remote("1", "x", "e1"), remote("2", "ANA", "zz")];
    let (action, reason, _) = adopted(&by_name, &free, Policy::default());
    assert_eq!((action, reason.contains("same userName")), (adopt("2", false), true));
    let by_id = [remote("1", "x", "e1"), remote("2", "y", "E1")];
    let (action, reason, _) = adopted(&by_id, &free, Policy { ask_before_adopting: true, ..Policy::default() });
    assert_eq!((action, reason.contains("externalId") && reason.contains("approve")), (adopt("1", true), true));
    assert_eq!(adopted(&[], &free, Policy::default()).0, Action::Create);
    // The answer to another question is no answer.
    assert_eq!(adopted(&[remote("3", "someone", "else")], &free, Policy::default()).0, Action::Create);
    assert_eq!(adopted(&[remote("2", "ana", "")], &|id| id == "2", Policy::default()).0, Action::Conflict);
    assert_eq!(
        adopted(&[remote("2", "ana", ""), remote("3", "Ana", "")], &free, Policy::default()).0,
        Action::Conflict
    );
    assert_eq!(
        adopted(&[remote("2", "ana", ""), remote("2", "ana", "")], &free, Policy::default()).0,
        adopt("2", false)
    );
}

#[test]
fn the_guard_holds_a_plan_that_takes_too_much_away() {
    let guard = Guard { max_count: Some(50), max_percent: Some(10) };
    assert_eq!(guard.holds(10, 100), None);
    assert!(guard.holds(11, 100).unwrap().contains("11 of 100"));
    assert!(guard.holds(51, 10_000).unwrap().contains("more than 50"));
    assert_eq!(guard.holds(1, 3), None);
    assert!(guard.holds(2, 2).is_some());
    let free = Guard { max_count: None, max_percent: None };
    assert_eq!(free.holds(usize::MAX, 1), None);
    let (old, link) = (ana("x", true), Link { remote_id: "r1", last_sent: None });
    let facts = |wanted, link| Facts { wanted, link, theirs: Theirs::Unread };
    let decisions: Vec<_> = [
        facts(Wanted::Out { since_s: 0 }, Some(link)),
        facts(Wanted::Out { since_s: 0 }, None),
        facts(Wanted::In(&old), None),
    ]
    .iter()
    .map(|f| decide(f, Policy::default(), &managed(), &users(), 0))
    .collect();
    let counted = tally(&decisions);
    assert_eq!((counted.taking_away, counted.actions["create"], counted.actions["nothing"]), (1, 1, 1));
    let stored = serde_json::to_value(&decisions[0]).unwrap();
    assert_eq!(stored["action"], json!("deactivate"));
    assert_eq!(serde_json::from_value::<muster_scim::plan::Decision>(stored).unwrap(), decisions[0]);
}
