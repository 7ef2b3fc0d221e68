//! What is refused, in the protocol's shape and before it costs anything. Never a 500.

use axum::body::Body;
use http::Request;
use muster_directory::directory_provider::{store, token};
use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Feeder, op};

both! {
    async fn amplification_of_one_text_over_many_values_is_refused(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let roles: Vec<Value> = (0..1000).map(|n| json!({"value": n.to_string()})).collect();
        let path = format!("/Users/{}", hr.person("ana", json!({"roles": roles})).await);
        let all = |part: &str, bytes: usize| json!([{"op": "replace", "path": part, "value": "x".repeat(bytes)}]);
        let why = hr.patch(&path, all("roles.display", 60_000)).await.refused(400);
        assert_eq!(why, "invalidValue");
        // Of several operations together, too.
        let parts = json!([all("roles.display", 200)[0], all("roles.type", 200)[0]]);
        assert_eq!(hr.patch(&path, parts).await.refused(400), "invalidValue");
        let told = hr.patch(&path, all("roles.display", 200)).await.expect(200);
        assert_eq!(told["roles"][999]["display"].as_str().map(str::len), Some(200));
    }

    async fn spoofing_by_characters_that_nobody_sees_is_refused(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for name in ["an\u{202e}a", "ana\u{200b}", "\u{feff}ana", "a\u{ad}na"] {
            let whole = |name: &str, email: &str| json!({"userName": name, "emails": [{"value": email}]});
            assert_eq!(hr.post("/Users", whole(name, "ana@acme.test")).await.refused(400), "invalidValue");
            assert_eq!(hr.post("/Users", whole("ana", &format!("{name}@acme.test"))).await.refused(400), "invalidValue");
        }
    }

    async fn unbounded_growth_by_many_changes_is_refused(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let path = format!("/Users/{}", hr.person("ana", json!({})).await);
        let photos = |from: usize, number: usize, bytes: usize| {
            let photo = |n: usize| json!({"value": format!("{n}{}", "x".repeat(bytes)), "type": "photo"});
            op("add", "photos", (from..from + number).map(photo).collect())
        };
        // In values, and in bytes.
        hr.patch(&path, photos(0, 600, 10)).await.expect(200);
        assert_eq!(hr.patch(&path, photos(600, 600, 10)).await.refused(400), "invalidValue");
        hr.patch(&path, photos(600, 10, 60_000)).await.expect(200);
        assert_eq!(hr.patch(&path, photos(610, 10, 60_000)).await.refused(400), "invalidValue");
        assert_eq!(hr.get(&path).await.expect(200)["photos"].as_array().map(Vec::len), Some(610));
        hr.patch(&path, op("remove", "photos", Value::Null)).await.expect(200);
    }

    async fn who_asks_is_settled_before_anything_is_read(t) {
        let (hr, it) = (Feeder::new(t, t.acme, "HR").await, Feeder::new(t, t.acme, "IT").await);
        let uri = format!("/scim/v2/{}/Users?filter={}", hr.id, "(".repeat(5000));
        for token in [None, Some("Bearer x".to_owned()), Some("Basic eDp5".into()), Some("Bearer ".into()), Some(format!("Bearer {}", it.token)), Some(format!("Bearer {}", "x".repeat(10_000)))] {
            let mut request = Request::builder().method("POST").uri(&uri);
            if let Some(token) = &token {
                request = request.header("authorization", token);
            }
            let answer = hr.send(request.body(Body::from("{".repeat(3_000_000))).unwrap()).await;
            assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
            answer.refused(401);
        }
        for path in ["/scim/v2/5f3a1c2e9d8b7a6f5e4d3c2b/Users", "/scim/v2/x/Users", "/scim/v2/%FF/Users", "/scim/v2/x"] {
            let request = Request::builder().uri(path).header("authorization", format!("Bearer {}", hr.token));
            hr.send(request.body(Body::empty()).unwrap()).await.refused(401);
        }
    }

    async fn tokens_overlap_end_and_are_dropped(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let second = t.directory.env().secret();
        let second_id = hr.add_token(&second, 3600).await;
        let with = |token: &str| {
            let request = Request::builder().uri(format!("/scim/v2/{}/Users", hr.id)).header("authorization", format!("Bearer {token}"));
            hr.send(request.body(Body::empty()).unwrap())
        };
        with(&hr.token).await.expect(200);
        with(second.expose()).await.expect(200);
        t.later(3601);
        with(&hr.token).await.refused(401);
        with(second.expose()).await.expect(200);
        let kept = store::tokens(&mut t.directory.read(), t.acme.id, hr.id, t.clock.now()).await.unwrap();
        assert_eq!((kept.len(), kept[0].id, kept[0].last_used_at.is_some()), (1, second_id, true));
        t.write(t.acme, token::Drop { provider: hr.id, token: second_id }).await.unwrap();
        with(second.expose()).await.refused(401);
    }

    async fn nobody_is_made_with_more_than_a_change_could_keep(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let custom = |n: usize| -> Value { (0..n).map(|i| (format!("a{i}"), json!("x"))).collect::<serde_json::Map<_, _>>().into() };
        let person = |name: &str, n| json!({"userName": name, "urn:muster:params:scim:schemas:extension:custom:2.0:User": custom(n)});
        assert_eq!(hr.post("/Users", person("ana", 99)).await.refused(400), "invalidValue");
        let bo = hr.post("/Users", person("bo", 90)).await.expect(201);
        hr.patch(&format!("/Users/{}", bo["id"].as_str().unwrap()), op("replace", "title", json!("Head"))).await.expect(200);
    }

    async fn bodies_filters_and_paths_are_bounded(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let path = format!("/Users/{ana}");
        for filter in ["(".repeat(100_000), "a".repeat(1_000_000), format!("{}userName pr{}", "(".repeat(20), ")".repeat(20)), "emails[".repeat(50), "userName xx 1".into(), "userName eq \"\0".into()] {
            assert_eq!(hr.post("/Users/.search", json!({"filter": filter})).await.status.as_u16() / 100, 4);
        }
        assert_eq!(hr.get("/Users?filter=nothing%20eq%201").await.refused(400), "invalidFilter");
        hr.post("/Users", json!({"userName": "x".repeat(2_000_000)})).await.refused(413);
        assert_eq!(hr.post("/Users", json!({"userName": "x".repeat(1_000_000)})).await.refused(400), "invalidValue");
        assert_eq!(hr.post("/Groups", json!({"displayName": "x".repeat(1_000_000)})).await.refused(400), "invalidValue");
        assert_eq!(hr.post("/Users", json!({"userName": "b", "externalId": "x".repeat(3_000)})).await.refused(400), "invalidValue");
        assert_eq!(hr.patch(&path, op("replace", &"a".repeat(5_000), json!(1))).await.refused(400), "invalidSyntax");
        let many: Vec<Value> = (0..1001).map(|_| json!({"method": "DELETE", "path": "/Users/x"})).collect();
        hr.post("/Bulk", json!({"Operations": many})).await.refused(413);
        hr.post("/Bulk", json!({"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "x".repeat(5_000_000)}}]})).await.refused(413);
    }

    async fn what_is_wrong_is_named(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let path = format!("/Users/{ana}");
        for (body, kind) in [
            (json!({}), "invalidValue"),
            (json!({"userName": ""}), "invalidValue"),
            (json!({"userName": "a b"}), "invalidValue"),
            (json!({"userName": "a\u{0}b"}), "invalidValue"),
            (json!({"userName": "b", "displayName": "a\u{0}b"}), "invalidValue"),
            (json!({"userName": "b", "externalId": "a\u{0}b"}), "invalidValue"),
            (json!({"userName": "b", "emails": [{"value": "no address"}]}), "invalidValue"),
            (json!({"userName": "b", "emails": [{"value": "a@x.test", "primary": true}, {"value": "b@x.test", "primary": true}]}), "invalidValue"),
            (json!({"userName": "b", "title": "x".repeat(2000)}), "invalidValue"),
            (json!({"userName": ["b", "c"]}), "invalidValue"),
            (json!({"schemas": ["urn:other"], "userName": "b"}), "invalidSyntax"),
            (json!([]), "invalidSyntax"),
            (json!({"userName": "ANA"}), "uniqueness"),
        ] {
            let status = if kind == "uniqueness" { 409 } else { 400 };
            assert_eq!(hr.post("/Users", body.clone()).await.refused(status), kind, "{body}");
        }
        for (operations, kind) in [
            (op("replace", "id", json!("x")), "mutability"),
            (op("replace", "nothing", json!("x")), "invalidPath"),
            (op("replace", "a b[", json!("x")), "invalidPath"),
            (op("remove", "userName", Value::Null), "mutability"),
            (op("jump", "title", json!("x")), "invalidSyntax"),
            (op("replace", "active", json!("perhaps")), "invalidValue"),
            (json!([]), "invalidSyntax"),
            (op("replace", "groups", json!([{"value": "x"}])), "mutability"),
        ] {
            assert_eq!(hr.patch(&path, operations.clone()).await.refused(400), kind, "{operations}");
        }
        hr.send(hr.request("POST", "/Users").body(Body::from("{")).unwrap()).await.refused(400);
        hr.send(hr.request("POST", "/Users").body(Body::empty()).unwrap()).await.refused(400);
        hr.send(hr.request("POST", "/Users").body(Body::from(vec![0xFF, 0xFE])).unwrap()).await.refused(400);
    }

    async fn unknown_places_and_methods_are_told(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for path in ["/Users/x", "/Users/5f3a1c2e9d8b7a6f5e4d3c2b", "/Groups/x%00y", "/Users/%00", "/Users/%ff", "/Groups/%C3%28", "/%ff", "/Users/a/b", "", "/", "//"] {
            let answer = hr.get(path).await;
            assert!(!answer.body.is_null(), "{path:?}");
            answer.refused(404);
        }
        // Whoever may not ask is told so first, whatever is asked.
        for path in ["/Users/%ff", "/", ""] {
            let request = Request::builder().uri(format!("/scim/v2/{}{path}", hr.id)).header("authorization", "Bearer x");
            hr.send(request.body(Body::empty()).unwrap()).await.refused(401);
        }
        // A base URL that was entered with a slash at its end.
        hr.get("//Users").await.expect(200);
        for (method, path) in [("DELETE", "/Users"), ("PUT", "/Groups"), ("GET", "/Bulk"), ("POST", "/Schemas"), ("TRACE", "/Users")] {
            hr.ask(method, path, json!({})).await.refused(405);
        }
        let too_many: String = (0..200).map(|n| format!("a{n}=1&")).collect();
        hr.get(&format!("/Users?{too_many}")).await.refused(400);
        for query in ["count=x", "startIndex=x", "sortBy=nothing", "sortOrder=up", "attributes=a%20b", "cursor=&startIndex=1"] {
            hr.get(&format!("/Users?{query}")).await.refused(400);
        }
        hr.get("/Users?startIndex=-5&count=99999999").await.expect(200);
        hr.get("/Users?startIndex=9223372036854775807").await.expect(200);
    }
}
