//! Bulk requests (RFC 7644 section 3.7): names, references, and an answer in time.

use std::time::Duration;

use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Feeder, op};

fn person(bulk_id: &str, name: &str) -> Value {
    json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": {"userName": name}})
}

fn group(bulk_id: &str, member: &str) -> Value {
    let data = json!({"displayName": bulk_id, "members": [{"value": format!("bulkId:{member}")}]});
    json!({"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data})
}

/// The results of a bulk request.
async fn results(hr: &Feeder<'_>, operations: Value) -> Vec<Value> {
    hr.post("/Bulk", json!({"Operations": operations})).await.expect(200)["Operations"].as_array().unwrap().clone()
}

/// Status and detail of a result; a refusal's status stands in its body, too.
fn told(result: &Value) -> (&str, &str) {
    let (status, response) = (result["status"].as_str().unwrap(), &result["response"]);
    assert!(response.is_null() || response["status"] == status, "{result}");
    (status, response["detail"].as_str().unwrap_or_default())
}

both! {
    async fn a_bulk_id_that_is_there_twice_is_refused_by_name(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let answer = hr.post("/Bulk", json!({"Operations": [person("one", "ana"), person("two", "bo"), person("one", "cy")]})).await;
        assert!(answer.body["detail"].as_str().unwrap().starts_with("Operations[2]: bulkId \"one\": "), "{}", answer.body);
        assert_eq!(answer.refused(400), "invalidValue");
        assert_eq!(hr.get("/Users").await.expect(200)["totalResults"], 0, "nobody was made");
    }

    async fn a_path_without_a_slash_is_told_so(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for path in ["Users", &format!("https://id.example.test/scim/v2/{}/Users", hr.id)] {
            let answer = hr.post("/Bulk", json!({"Operations": [{"method": "POST", "path": path, "bulkId": "a", "data": {}}]})).await;
            let detail = answer.body["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("path must begin with a slash, such as /Users") && detail.contains(path), "{detail}");
            assert_eq!(answer.refused(400), "invalidSyntax");
        }
    }

    async fn references_that_fail_or_go_in_a_circle_are_conflicts(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let done = results(&hr, json!([
            group("a", "b"), group("b", "c"), group("c", "a"), group("self", "self"), group("beside", "a"),
            person("bad", "no spaces"), group("of bad", "bad"), group("of that", "of bad"), group("of nobody", "nobody"),
            {"method": "PATCH", "path": "/Groups/bulkId:a", "data": {"Operations": op("replace", "externalId", json!("x"))}},
            person("ana", "ana"),
        ])).await;
        for (result, words) in done.iter().zip([
            "the references are circular: \"b\" refers to \"c\" refers to \"a\" refers to \"b\"", "the references are circular: ",
            "the references are circular: ", "\"self\" refers to \"self\"", "the references are circular: ", "",
            "under the bulkId \"bad\": its operation made nothing", "under the bulkId \"of bad\", which waits for \"bad\": its operation",
            "under the bulkId \"nobody\": no operation of this request has it", "the references are circular: ", "",
        ]) {
            let (status, detail) = told(result);
            assert!(detail.contains(words), "{result}");
            match result["bulkId"].as_str() {
                Some("bad") => assert_eq!((status, result["response"]["scimType"].as_str()), ("400", Some("invalidValue"))),
                Some("ana") => assert_eq!(status, "201"),
                _ => {
                    assert_eq!((status, result["response"].get("scimType"), result.get("location")), ("409", None, None));
                }
            }
        }
        // They count as errors.
        let stop = json!({"failOnErrors": 2, "Operations": [group("a", "b"), group("b", "a"), group("c", "c")]});
        assert_eq!(hr.post("/Bulk", stop).await.expect(200)["Operations"].as_array().unwrap().len(), 2);
    }

    async fn a_bulk_request_is_answered_in_time_with_what_is_done(t) {
        let hr = Feeder::new(t, t.acme, "HR").await.within(Duration::ZERO);
        let ana = hr.person("ana", json!({})).await;
        let operations = json!([
            group("g", "bo"), person("bo", "bo"), person("cy", "cy"), {"method": "DELETE", "path": format!("/Users/{ana}")},
        ]);
        let done = results(&hr, operations).await;
        let statuses: Vec<&str> = done.iter().map(|one| told(one).0).collect();
        // One is done however late it is, so that what is sent again comes further.
        assert_eq!(statuses, ["503", "201", "503", "503"]);
        for late in [&done[0], &done[2], &done[3]] {
            assert!(told(late).1.starts_with("not done: the request took too long, send the rest again"), "{late}");
        }
        assert!(done[3]["location"].as_str().unwrap().ends_with(&format!("/Users/{ana}")), "{}", done[3]);
        assert_eq!(hr.get("/Users?sortBy=userName&attributes=userName").await.expect(200)["totalResults"], 2, "ana and bo");
        // What nothing is done for is told as it is.
        assert_eq!(told(&results(&hr, json!([group("a", "a")])).await[0]).0, "409");
        let patient = Feeder::new(t, t.acme, "Patient").await.within(Duration::from_secs(3600));
        assert_eq!(told(&results(&patient, json!([group("h", "di"), person("di", "di")])).await[0]).0, "201");
    }
}
