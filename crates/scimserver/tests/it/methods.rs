//! Which methods an address takes (RFC 9110): HEAD as GET without the body, and a 405 that says what may be asked instead.

use axum::body::Body;
use http::Request;
use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Feeder, op};

both! {
    async fn head_is_answered_as_get_without_a_body(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let group = hr.group("Staff", &[&ana]).await;
        let (user, group) = (format!("/Users/{ana}"), format!("/Groups/{group}"));
        for path in [
            "/Users", "/Users?count=1&filter=userName%20pr", &user, "/Groups", &group, "/ServiceProviderConfig", "/ResourceTypes",
            "/ResourceTypes/User", "/Schemas", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
            "/Users/nobody", "/Users?filter=x", "/Schemas?filter=x", "/nothing",
        ] {
            let (get, head) = (hr.get(path).await, hr.ask("HEAD", path, Value::Null).await);
            assert_eq!((head.status, head.body), (get.status, Value::Null), "{path}");
            for name in ["content-type", "content-length", "etag", "content-location", "cache-control"] {
                assert_eq!(head.headers.get(name), get.headers.get(name), "{path} {name}");
            }
        }
        let etag = hr.get(&user).await.headers["etag"].clone();
        let known = hr.request("HEAD", &user).header("if-none-match", etag).body(Body::empty()).unwrap();
        hr.send(known).await.expect(304);
    }

    async fn another_method_is_told_which_are_taken(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let group = hr.group("Staff", &[]).await;
        let (user, group) = (format!("/Users/{ana}"), format!("/Groups/{group}"));
        let (many, one, read, asked) = ("GET, HEAD, POST", "GET, HEAD, PUT, PATCH, DELETE", "GET, HEAD", "POST");
        for (path, allow) in [
            ("/Users", many), ("/Groups", many), (&user, one), (&group, one), ("/Bulk", asked), ("/.search", asked),
            ("/Users/.search", asked), ("/Groups/.search", asked), ("/ServiceProviderConfig", read), ("/ResourceTypes", read),
            ("/ResourceTypes/User", read), ("/Schemas", read), ("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", read),
        ] {
            // DELETE last: what it is asked of is gone.
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", "TRACE", "FOO", "DELETE"] {
                let body = if method == "PATCH" { json!({"Operations": op("replace", "externalId", json!("e"))}) } else { json!({}) };
                let answer = hr.ask(method, path, body).await;
                let is_taken = allow.split(", ").any(|one| one == method);
                assert_eq!(answer.status != 405, is_taken, "{method} {path}");
                if !is_taken {
                    assert_eq!(answer.headers["allow"], allow, "{method} {path}");
                    assert!(method == "HEAD" || answer.body["detail"].as_str().unwrap().contains(allow), "{}", answer.body);
                }
            }
        }
        hr.ask("POST", "/Me", json!({})).await.refused(501);
        // To those alone who may ask.
        let uri = format!("/scim/v2/{}/Users", hr.id);
        let answer = hr.send(Request::builder().method("OPTIONS").uri(uri).body(Body::empty()).unwrap()).await;
        assert!(answer.headers.get("allow").is_none());
        answer.refused(401);
    }
}
