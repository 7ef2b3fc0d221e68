//! Changes side by side: what is unique stays unique, numbers have no gaps, and derived facts are right whoever was first.
//! `finish` looks at the log and the memberships afterwards.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use muster_directory::application::secret;
use muster_directory::group::{self, ExemptionMode, Input};
use muster_directory::user::State;
use muster_directory::user::create::Create;
use muster_directory::user::state::SetState;
use muster_directory::user::update::Update;
use muster_directory::{Actor, Error, change, organization};
use serde_json::json;

use crate::group::{dynamic, in_department};
use crate::harness::{attributes, members};
use crate::write::Regret;

fn person(username: String, email: &str) -> Create {
    Create {
        username,
        email: email.into(),
        state: Some(State::Activated),
        profile: attributes(json!({"department": "Sales"})),
        password_hash: None,
    }
}

both! {
    async fn of_many_with_one_e_mail_one_is_made(t) {
        let other = t.other_node().await;
        let race = (0..8).map(|i| {
            let d = if i % 2 == 0 { &t.d } else { &other };
            d.write(Actor::system(), t.acme.id, person(format!("ana{i}"), "ana@example.test"))
        });
        let (made, refused): (Vec<_>, Vec<_>) = join_all(race).await.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 7));
        for error in refused {
            assert!(matches!(&error, Err(Error::Conflict(text)) if text.starts_with("email:")), "{error:?}");
        }
    }

    async fn numbers_have_no_gaps_and_no_change_is_lost(t) {
        let other = t.other_node().await;
        let all = (0..60).map(|i| {
            let d = if i % 2 == 0 { &t.d } else { &other };
            let org = if i % 3 == 0 { t.blue.id } else { t.acme.id };
            // Every fifth is refused: it takes no number.
            let username = if i % 5 == 0 { "not allowed".into() } else { format!("user{i}") };
            d.write(Actor::system(), org, person(username, &format!("user{i}@example.test")))
        });
        let made = join_all(all).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(made, 48);
        let mut logged = 0;
        for org in [t.acme.id, t.blue.id] {
            let entries = change::store::after(&mut t.d.read(), org, 0, i64::MAX).await.unwrap();
            logged += entries.iter().filter(|e| e.kind == "user_create").count();
        }
        assert_eq!(logged, made);
    }

    /// A consumer that reads by its cursor while others write skips nothing: numbers are seen in their order.
    async fn a_cursor_never_skips(t) {
        let writes = join_all((0..40).map(|i| t.write(t.acme, person(format!("u{i}"), &format!("u{i}@example.test")))));
        let reads = async {
            let mut cursor = 0;
            let mut seen = 0;
            while seen < 40 {
                for entry in change::store::after(&mut t.d.read(), t.acme.id, cursor, 7).await.unwrap() {
                    assert_eq!(entry.seq, cursor + 1, "skipped");
                    cursor = entry.seq;
                    seen += usize::from(entry.kind == "user_create");
                }
                tokio::task::yield_now().await;
            }
        };
        let (written, ()) = tokio::join!(writes, reads);
        assert!(written.into_iter().all(|w| w.is_ok()));
    }

    async fn a_rule_and_the_people_it_is_about_change_together(t) {
        let mut people = Vec::new();
        for i in 0..10 {
            people.push(t.user(t.acme, &format!("u{i}")).await.id);
        }
        let filters = |department: &str| json!({"filters": [
            {"field": "department", "operation": "equals", "value": department},
            {"field": "state", "operation": "equals", "value": "ACTIVATED"},
        ]});
        let query = |department: &str| muster_rules::MemberQuery::read(&filters(department), true).unwrap();
        let input = Input {
            name: Some("G".into()),
            method: Some(group::Method::DynamicAutomated),
            member_query: Some(Some(query("Sales"))),
            ..Input::default()
        };
        let group = t.group(t.acme, input).await.id;
        let moves = people.iter().enumerate().map(|(i, user)| {
            let department = ["Sales", "Legal"][i % 2];
            t.write(t.acme, Update::profile(*user, attributes(json!({"department": department}))))
        });
        let states = people.iter().take(4).map(|user| t.write(t.acme, SetState { id: *user, state: State::Suspended }));
        let rules = ["Legal", "Sales", "Legal"].map(|department| {
            let exemptions = vec![group::Exempt { member: people[9], mode: ExemptionMode::Out, reason: String::new(), until: None }];
            let input = Input {
                member_query: Some(Some(query(department))),
                exemptions: Some(exemptions),
                ..Input::default()
            };
            t.write(t.acme, group::update::Update::of_users(group, input))
        });
        let (a, b, c) = tokio::join!(join_all(moves), join_all(states), join_all(rules));
        assert!(a.iter().all(Result::is_ok) && b.iter().all(Result::is_ok) && c.iter().all(Result::is_ok));
        // Whatever the order was, `finish` finds the memberships that the rule gives; the exempt one is never in.
        assert!(!members(t, t.acme, group).await.contains(&people[9]));
    }

    /// On SQLite writers share a commit, and one that fails makes the others run again: what they saw of each other the first time
    /// (here groups that are made anew, under other ids) is remembered by nobody.
    async fn a_failure_beside_a_new_rule_leaves_nobody_with_the_old_one(t) {
        for round in 0..8 {
            let in_sales = |n| dynamic(&format!("G{round}-{n}"), in_department("Sales"));
            let groups = join_all((0..3).map(|n| t.write(t.acme, group::create::Create::of_users(in_sales(n)))));
            let people = join_all((0..3).map(|n| {
                let name = format!("u{round}-{n}");
                t.write(t.acme, person(name.clone(), &format!("{name}@example.test")))
            }));
            let settings = join_all((0..2).map(|n| {
                let name = Some(format!("Acme {round}-{n}"));
                t.write(t.acme, organization::update::Update { name, settings: attributes(json!({})) })
            }));
            let failures = join_all((0..2).map(|_| t.write(t.acme, Regret)));
            let (groups, people, settings, failures) = tokio::join!(groups, people, settings, failures);
            assert!(groups.iter().all(Result::is_ok) && settings.iter().all(Result::is_ok));
            assert!(failures.iter().all(Result::is_err));
            for made in people {
                // By the rules of every group that is here: `finish` looks whether these are all.
                made.unwrap();
            }
        }
    }

    async fn of_secrets_at_once_two_are_kept(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let adds = join_all((0..6).map(|_| t.write(t.acme, secret::Add { app, secret: t.d.env().secret() }))).await;
        assert_eq!(adds.into_iter().filter(Result::is_ok).count(), secret::SECRETS_MAX);
    }

    async fn members_put_in_at_once_are_in_once(t) {
        let group = t.static_group(t.acme, "G").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let adds = join_all((0..6).map(|_| t.write(t.acme, group::members::Change::of_user(group, ana, true)))).await;
        assert_eq!(adds.into_iter().filter(Result::is_ok).count(), 1);
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
    }

    /// A chain of managers that two changes would close together stays open.
    async fn two_changes_close_no_circle_of_managers(t) {
        let (a, b) = (t.user(t.acme, "a").await.id, t.user(t.acme, "b").await.id);
        let manage = |who, by: muster_base::Id| t.write(t.acme, Update::profile(who, attributes(json!({"manager": by}))));
        let (one, two) = tokio::join!(manage(a, b), manage(b, a));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    }
}
