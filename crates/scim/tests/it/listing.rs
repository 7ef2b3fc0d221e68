use muster_scim::Definition;
use muster_scim::receiver::Profile;
use muster_scim::reconcile::{After, Answer, Listing, Outcome};
use serde_json::{Value, json};

use super::fake::{Fake, Fault, Quirks, said};
use super::users;

/// Everything, as somebody who waits at once reads it: ids, and how many requests it took.
fn all(definition: &Definition, mut send: impl FnMut(&str) -> Outcome) -> (Vec<String>, usize) {
    let (mut listing, profile) = (Listing::new(false), Profile { page_size: 3, ..Profile::default() });
    let (mut ids, mut requests) = (Vec::new(), 0);
    while let Some(request) = listing.next(definition, &profile) {
        requests += 1;
        assert!(requests < 50, "it does not end: {}", request.target);
        match listing.answered(&send(&request.target), definition, &profile, 0.0) {
            Ok(page) => ids.extend(page.resources.iter().map(|r| r.id().unwrap().to_owned())),
            Err(After::Wait { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    (ids, requests)
}

fn entry(i: usize) -> Value {
    json!({ "id": format!("r{i}"), "userName": format!("u{i}") })
}

fn ids(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|i| format!("r{i}")).collect()
}

#[test]
fn everything_is_read_whatever_the_pages_and_the_faults() {
    for (quirks, faults) in [
        (Quirks::default(), vec![]),
        (Quirks { page_max: Some(2), ..Quirks::default() }, vec![]),
        (Quirks::default(), vec![Fault::None, Fault::TimeoutBefore, Fault::SlowDown, Fault::ErrorBefore]),
    ] {
        let mut fake = Fake::new(users(), quirks);
        for i in 0..10 {
            fake.seed(json!({ "userName": format!("u{i}") }));
        }
        fake.faults.extend(faults);
        let expected: Vec<_> = fake.resources.iter().map(|r| r.id().unwrap().to_owned()).collect();
        let definition = fake.definition.clone();
        let (found, _) = all(&definition, |target| {
            fake.send(&muster_scim::reconcile::Request::new(muster_scim::reconcile::HttpMethod::Get, target))
        });
        assert_eq!(found, expected);
    }
}

#[test]
fn a_receiver_that_passes_over_the_index_is_read_once() {
    let page = json!({ "totalResults": 100, "Resources": [entry(1), entry(2)] });
    let (found, requests) = all(&users(), |_| Outcome::Answered(said(200, &page)));
    assert_eq!((found, requests), (ids(1..3), 2));
    // One that says nothing of a total, and 404 past the end.
    let (found, requests) = all(&users(), |target| match target {
        "/Users?startIndex=1&count=3" => Outcome::Answered(said(200, &json!({ "Resources": [entry(1), entry(2)] }))),
        _ => Outcome::Answered(Answer { status: 404, ..Answer::default() }),
    });
    assert_eq!((found, requests), (ids(1..3), 2));
}

#[test]
fn cursors_are_followed_to_their_end() {
    let mut asked = Vec::new();
    let (found, _) = all(&users(), |target| {
        asked.push(target.to_owned());
        let body = match target {
            "/Users?startIndex=1&count=3" => json!({ "Resources": [entry(0)], "nextCursor": "a b" }),
            "/Users?cursor=a%20b&count=3" => json!({ "Resources": [entry(1)], "nextCursor": "c" }),
            _ => json!({ "Resources": [entry(2)], "totalResults": 3 }),
        };
        Outcome::Answered(said(200, &body))
    });
    assert_eq!((found, asked.len()), (ids(0..3), 3));
}

#[test]
fn what_cannot_be_read_is_counted_and_members_are_left_out() {
    let groups = Definition::group();
    let (mut listing, profile) = (Listing::new(false), Profile::default());
    assert!(listing.next(&groups, &profile).unwrap().target.ends_with("&excludedAttributes=members"));
    let body =
        json!({ "totalResults": 3, "Resources": [5, { "displayName": "no id" }, { "id": "g", "displayName": "Tea" }] });
    let page = listing.answered(&Outcome::Answered(said(200, &body)), &groups, &profile, 0.0).unwrap();
    assert_eq!((page.resources.len(), page.unreadable, listing.next(&groups, &profile)), (1, 2, None));
    let refused = Outcome::Answered(said(403, &json!({ "detail": "no" })));
    assert_eq!(Listing::new(true).answered(&refused, &groups, &profile, 0.0), Err(After::Stop("403: no".into())));
}
