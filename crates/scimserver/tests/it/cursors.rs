//! Pages by cursor (RFC 9865): a cursor leads on in the query that it was answered to and nowhere else.

use axum::body::Body;
use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Feeder, names};

/// The cursor of the second page of such a list.
async fn next(hr: &Feeder<'_>, path: &str) -> String {
    let page = hr.get(&format!("{path}&count=1&cursor=")).await.expect(200);
    page["nextCursor"].as_str().unwrap_or_else(|| panic!("no other page: {page}")).to_owned()
}

both! {
    async fn a_cursor_of_one_query_is_refused_by_another(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for name in ["ana", "bo", "cy"] {
            hr.person(name, json!({"title": "Clerk", "nickName": name})).await;
            hr.group(name, &[]).await;
            // Ids of one moment are in no order.
            t.later(60);
        }
        let lists = [
            "/Users?",
            "/Groups?",
            "/Users?filter=title%20pr",
            "/Users?filter=title%20eq%20%22Clerk%22",
            "/Users?sortBy=userName",
            "/Users?sortBy=nickName",
            "/Users?sortBy=userName&sortOrder=descending",
            "/Users?sortBy=userName&filter=title%20pr",
            "/Groups?sortBy=displayName",
        ];
        for of in lists {
            let cursor = next(&hr, of).await;
            for list in lists {
                let page = hr.get(&format!("{list}&count=1&cursor={cursor}")).await;
                if list == of {
                    assert_eq!(names(&page.expect(200)), ["bo"], "{list}");
                } else {
                    assert_eq!(page.refused(400), "invalidCursor", "{of} {list}");
                }
            }
            // Another number on a page, other attributes: the same query.
            hr.get(&format!("{of}&count=2&attributes=id&cursor={cursor}")).await.expect(200);
        }
    }

    async fn a_damaged_cursor_is_refused_and_never_the_first_page(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.person("ana", json!({})).await;
        hr.person("bo", json!({})).await;
        // In base64url: ["n","abc"], ["n","-1"], ["n","1"], ["id",""].
        for cursor in ["WyJuIiwiYWJjIl0", "WyJuIiwiLTEiXQ", "WyJuIiwiMSJd", "WyJpZCIsIiJd", "rubbish", "%00"] {
            for list in ["/Users?", "/Users?sortBy=userName", "/Groups?", "/Groups?sortBy=displayName"] {
                assert_eq!(hr.get(&format!("{list}&cursor={cursor}")).await.refused(400), "invalidCursor", "{list} {cursor}");
            }
        }
        let cursor = next(&hr, "/Users?").await;
        assert_eq!(hr.get(&format!("/Users?cursor={}", &cursor[..cursor.len() - 2])).await.refused(400), "invalidCursor");
    }

    async fn a_count_that_is_no_number_is_an_invalid_count(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for query in ["cursor=&count=a", "count=a&cursor=", "cursor=&count=0", "cursor=&count=1.5"] {
            assert_eq!(hr.get(&format!("/Users?{query}")).await.refused(400), "invalidCount", "{query}");
        }
        assert_eq!(hr.get("/Users?count=a").await.refused(400), "invalidValue");
        hr.get("/Users?cursor=").await.expect(200);
        let asked = hr.request("POST", "/Users/.search").body(Body::from(json!({"cursor": "", "count": 5}).to_string())).unwrap();
        let _: Value = hr.send(asked).await.expect(200);
    }
}
