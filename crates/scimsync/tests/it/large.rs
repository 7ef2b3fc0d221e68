//! Targets that have much: no more of them than a few pages is ever in memory.

use muster_directory::provision::survey::{SortBy, Wanted};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::world::{Reads, World, setup};

/// People there.
const MANY: usize = 20_000;
/// Of them, held at once: the page that is read, and those that a few of ours may be.
const HELD: usize = 1_500;

both! {
    async fn a_plan_and_a_list_hold_a_few_pages_of_a_large_target(t) with setup(); {
        let w = World::off(t, Quirks { page_max: Some(500), ..Quirks::default() }, |_| {}).await;
        for n in 0..MANY {
            let there = json!({"userName": format!("p{n}"), "emails": [{"value": format!("{:05}@there.test", MANY - n)}],
                "name": {"givenName": format!("G{n}"), "familyName": "Same"}});
            w.receiver.inside().users.seed(there);
        }
        for n in 0..5 {
            w.member(&format!("p{}", n * 4_000)).await;
        }
        w.member("nobody").await;
        let plan = w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
        assert_eq!((plan.counts.adopt, plan.counts.create, plan.counts.none), (5, 1, 0), "{:?}", plan.counts);
        assert!((1..=HELD).contains(&w.provisioner.most_held()), "{} held", w.provisioner.most_held());
        w.receiver.calls();
        let wanted = Wanted { skip: 2, limit: 2, ..Wanted::default() };
        let list = w.provisioner.users(t.acme.id, w.app, None, wanted).await.unwrap();
        let names = |people: &[muster_directory::provision::import::Person]| -> Vec<String> {
            people.iter().map(|p| p.username.clone()).collect()
        };
        assert_eq!((list.total, names(&list.people)), (20_000, vec!["p19997".to_owned(), "p19996".to_owned()]));
        assert!(!w.receiver.calls().is_empty());
        let wanted = Wanted { search: "G1999".into(), sort: SortBy::FirstName, down: true, skip: 0, limit: 3 };
        let again = w.provisioner.users(t.acme.id, w.app, Some(list.list), wanted).await.unwrap();
        assert_eq!((again.total, names(&again.people)), (11, ["p19999", "p19998", "p19997"].map(str::to_owned).to_vec()));
        assert!(w.receiver.calls().is_empty(), "a list that was read is not read again");
        assert!(w.provisioner.most_held() <= HELD, "{} held", w.provisioner.most_held());
        // Nor is it anybody else's.
        assert!(w.provisioner.users(t.blue.id, w.app, Some(list.list), Wanted::default()).await.is_err());
    }

    async fn whoever_else_is_meant_is_found_where_many_have_one_name(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        for _ in 0..1_100 {
            w.receiver.inside().users.seed(json!({"userName": "ana"}));
        }
        w.receiver.inside().users.seed(json!({"userName": "bo"}));
        for name in ["ana", "bo"] {
            w.member(name).await;
        }
        let plan = w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
        assert_eq!((plan.counts.conflict, plan.counts.adopt), (1, 1), "{plan:?}");
    }

    async fn what_nobody_finished_is_thrown_away(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        w.receiver.inside().users.seed(json!({"userName": "ana"}));
        let wanted = Wanted { limit: 1, ..Wanted::default() };
        let read = async |list| w.provisioner.users(t.acme.id, w.app, list, wanted.clone()).await.unwrap().list;
        let first = read(None).await;
        assert_eq!(read(Some(first)).await, first);
        let mut last = first;
        for _ in 0..4 {
            t.later(1);
            last = read(None).await;
        }
        assert_ne!(read(Some(first)).await, first, "four of one application are kept");
        t.later(3_602);
        muster_directory::provision::survey::prune(&t.directory).await.unwrap();
        assert_ne!(read(Some(last)).await, last, "and for an hour");
    }
}
