//! JSON bodies and query strings: an error names the field.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use http::Method;
use muster_http::{Json, Query};
use muster_testkit::{Browser, Page, Test, both};
use serde::Deserialize;

#[derive(Deserialize)]
struct Asked {
    name: String,
    #[serde(default)]
    numbers: Vec<i64>,
}

fn app(t: &Test) -> Router {
    let read = |Json(asked): Json<Asked>| async move { format!("{} {:?}", asked.name, asked.numbers) };
    let maybe = |asked: Option<Json<Asked>>| async move { asked.map_or_else(|| "none".to_owned(), |a| a.0.name) };
    let query = |Query(asked): Query<std::collections::BTreeMap<String, i64>>| async move { format!("{asked:?}") };
    let routes = Router::new().route("/", post(read)).route("/maybe", post(maybe)).route("/query", get(query));
    t.app(routes.layer(DefaultBodyLimit::max(1024 * 1024)))
}

async fn sent(t: &Test, path: &str, kind: &str, body: &str) -> Page {
    Browser::new(&app(t)).send(Method::POST, path, &[("content-type", kind)], Some(body.to_owned())).await
}

both! {
    async fn what_is_wrong_is_named(t) {
        let json = "application/json";
        assert_eq!(sent(t, "/", json, r#"{"name":"x","numbers":[1]}"#).await.body, "x [1]");
        sent(t, "/", "application/json; charset=utf-8", r#"{"name":"x"}"#).await.is(200);
        for (body, field) in [
            (r#"{"name":1}"#, "name"),
            (r#"{"name":"x","numbers":[1,"2"]}"#, "numbers[1]"),
            (r"{}", "name"),
            ("", "body"),
            ("[]", "body"),
            (r#" ["x",[1]]"#, "body"),
            ("null", "body"),
            ("{", "body"),
            (r#"{"name":"x"} x"#, "body"),
            (r#"{"name":"x","name":"y"}"#, "name"),
            (&"[".repeat(100_000), "body"),
        ] {
            let page = sent(t, "/", json, body).await;
            page.is(400);
            let named = page.body.contains(&format!(r#""field":"{field}""#));
            assert!(named, "{}: {}", body.chars().take(40).collect::<String>(), page.body);
        }
        let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(1024 * 1024));
        sent(t, "/", json, &long).await.is(413).says("larger than 1 MiB");
        // What a form of another site can send without asking first is not read.
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            sent(t, "/", kind, r#"{"name":"x"}"#).await.is(415);
        }
    }

    async fn a_body_may_be_left_out(t) {
        let page = Browser::new(&app(t)).send(Method::POST, "/maybe", &[], None).await;
        assert_eq!(page.body, "none");
        assert_eq!(sent(t, "/maybe", "application/json", r#"{"name":"x"}"#).await.body, "x");
        sent(t, "/maybe", "application/json", "{").await.is(400);
    }

    async fn a_query_is_read_as_a_body_is(t) {
        let mut browser = Browser::new(&app(t));
        browser.get("/query?a=1").await.is(200);
        let page = browser.get("/query?a=x").await;
        page.is(400);
        assert!(page.body.contains(r#""field":"a""#), "{}", page.body);
    }
}
