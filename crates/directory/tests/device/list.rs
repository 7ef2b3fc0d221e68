use muster_directory::device::Device;
use muster_directory::listing::{self, Filter, Query, list};
use serde_json::json;

use crate::harness::Test;

/// The names that a query finds, and how many there are in all.
async fn found(t: &Test, query: Query) -> (Vec<String>, i64) {
    let (rows, total) = list::<Device>(&mut t.d.read(), t.acme.id, &query).await.unwrap();
    (rows.iter().map(muster_directory::device::Device::display).collect(), total)
}

fn query() -> Query {
    Query { limit: 10, ..Query::default() }
}

both! {
    async fn is_searched_filtered_sorted_and_cut(t) {
        for (name, os, minor, serial) in
            [("web", "Ubuntu", 9, "S1"), ("Desk", "Mac OS X", 10, "S2"), ("50%", "Windows", 2, "S3")] {
            let facts = json!({"displayName": name, "os": os, "serialNumber": serial,
                "osVersionDetail": {"minorNumber": minor}, "fde": {"active": name == "Desk"}});
            t.device(t.acme, facts).await;
        }
        t.device(t.blue, json!({"displayName": "web", "os": "Ubuntu"})).await;
        let search = |term: &str| Query { search: Some(term.into()), ..query() };
        assert_eq!(found(t, search("UBUNTU")).await, (vec!["web".into()], 1));
        assert_eq!(found(t, search("s2")).await, (vec!["Desk".into()], 1));
        assert_eq!(found(t, search("%")).await, (vec!["50%".into()], 1));
        assert_eq!(found(t, search("\0")).await, (vec![], 0));
        let filter = |text: &str| Query { filters: vec![Filter::read(text).unwrap()], ..query() };
        assert_eq!(found(t, filter("fde.active:$eq:true")).await, (vec!["Desk".into()], 1));
        assert_eq!(found(t, filter("osFamily:ne:linux")).await.1, 2);
        let by_number = Query { sort: vec!["-osVersionDetail.minorNumber".into()], ..query() };
        assert_eq!(found(t, by_number).await, (vec!["Desk".into(), "web".into(), "50%".into()], 3));
        let by_name = Query { sort: vec!["displayName".into()], skip: 1, limit: 1, ..query() };
        assert_eq!(found(t, by_name).await, (vec!["Desk".into()], 3));
    }

    async fn the_index_of_names_gives_the_order_that_sorting_gives(t) {
        for name in ["b", "A", "a", "Ä", "Zoë", "10", "9", "B_2"] {
            t.device(t.acme, json!({"displayName": name, "os": if name.len() == 1 { "Ubuntu" } else { "Windows" }})).await;
        }
        for (search, skip, limit) in [(None, 0, 100), (None, 3, 2), (Some("ubuntu"), 0, 100), (Some("ubuntu"), 1, 1), (Some("\0"), 0, 9)] {
            let search = search.map(str::to_owned);
            let by_index = Query { search: search.clone(), skip, limit, sort: vec!["displayName".into()], ..query() };
            // Sorted in memory, since the order is not the index's.
            let sorted = Query { sort: vec!["displayName".into(), "_id".into()], ..by_index.clone() };
            assert_eq!(found(t, by_index).await, found(t, sorted).await, "{search:?} {skip} {limit}");
        }
        // A new name is a new place.
        let first = listing::by_name::<Device>(&mut t.d.read(), t.acme.id, "", 1, 0).await.unwrap().0.remove(0);
        let rename = json!({"displayName": "zz"});
        let update = muster_directory::device::update::Update { id: first.id, settings: crate::harness::attributes(rename), owner: None };
        t.write(t.acme, update).await.unwrap();
        let last = Query { sort: vec!["displayName".into()], skip: 6, ..query() };
        assert_eq!(found(t, last).await.0.len(), 2);
        assert_ne!(listing::by_name::<Device>(&mut t.d.read(), t.acme.id, "", 1, 0).await.unwrap().0[0].id, first.id);
    }

    async fn pages_meet_every_device_once(t) {
        for i in 0..7 {
            t.device(t.acme, json!({"displayName": format!("d{i}"), "serialNumber": "same"})).await;
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let rows = listing::page::<Device>(&mut t.d.read(), t.acme.id, &after, 3).await.unwrap();
            let Some(last) = rows.last() else { break };
            after = last.id.text();
            seen.extend(rows.iter().map(muster_directory::device::Device::display));
        }
        seen.sort();
        assert_eq!(seen, (0..7).map(|i| format!("d{i}")).collect::<Vec<_>>());
        let mut s = t.d.read();
        assert_eq!(listing::everyone::<Device>(&mut s, t.acme.id).await.unwrap().len(), 7);
        assert_eq!(listing::count::<Device>(&mut s, t.acme.id).await.unwrap(), 7);
        assert_eq!(muster_directory::device::store::by_serial(&mut s, t.acme.id, "same").await.unwrap().len(), 2);
    }
}
