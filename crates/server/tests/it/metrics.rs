//! The metrics of the server, on an address of their own.

use serde_json::json;

use super::{Installation, free_port, until};

#[expect(clippy::disallowed_methods, reason = "a test talks to its own server on loopback")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn the_lag_of_memberships_is_told_per_organization_and_not_on_the_public_address() {
    let at = Installation::new();
    let metrics = format!("127.0.0.1:{}", free_port());
    let server = at.serve(&["--metrics-listen", &metrics]);
    let http = client();
    let get = async |url: String| http.get(url).send().await.ok()?.error_for_status().ok()?.text().await.ok();
    until("the server", async || get(format!("{}/healthz", server.base)).await).await;

    let person = json!({"username": "bo", "email": "bo@acme.example", "state": "ACTIVATED"});
    let made = http
        .post(format!("{}/api/systemusers", server.base))
        .header("x-api-key", &at.api_key)
        .json(&person)
        .send()
        .await
        .unwrap();
    assert!(made.status().is_success(), "{}", made.text().await.unwrap());
    // They are in the group of all people, by the transaction that made them.
    let told = get(format!("http://{metrics}/metrics")).await.unwrap();
    for line in [
        format!("muster_membership_lag_seconds{{org=\"{}\",quantile=\"0.99\"}} 0.000000", at.org),
        format!("muster_membership_lag_seconds_count{{org=\"{}\"}} 1", at.org),
    ] {
        assert!(told.lines().any(|told| told == line), "{line} in\n{told}");
    }
    assert!(!told.contains("bo@acme.example"));
    assert!(get(format!("{}/metrics", server.base)).await.is_none());
}
