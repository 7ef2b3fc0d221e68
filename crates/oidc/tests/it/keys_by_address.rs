//! A client's keys at an address of its own (`jwks_uri`): kept, followed when they change, and fetched no oftener than a
//! stranger could make us. Class: SSRF in discovery and key sets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use muster_directory::application::{Authentication, ClientAuthentication, Oidc};
use muster_oauth::assertion::TYPE;
use serde_json::{Value, json};

use crate::harness::{Answer, Key, LOOPBACK, Rp, Test, form, machine};

/// The client's own server.
#[derive(Clone, Default)]
struct Server {
    document: Arc<Mutex<String>>,
    fetched: Arc<AtomicUsize>,
}

impl Server {
    /// Where it serves its keys.
    async fn start(&self) -> String {
        let server = self.clone();
        let handler = move || {
            server.fetched.fetch_add(1, Ordering::SeqCst);
            let document = server.document.lock().unwrap().clone();
            async move { ([("cache-control", "max-age=120")], document) }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/keys", get(handler))).await });
        address
    }

    fn publish(&self, keys: &[&Key]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        *self.document.lock().unwrap() = json!({"keys": keys}).to_string();
    }

    fn fetched(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }
}

fn at(address: &str) -> Oidc {
    Oidc {
        token_endpoint_auth_method: ClientAuthentication::PrivateKeyJwt,
        authentication: Authentication { jwks_uri: Some(address.to_owned()), ..Authentication::default() },
        ..machine()
    }
}

/// Asks the site on loopback, which may reach the client's server.
async fn ask(t: &Test, site: &Router, rp: &Rp, key: &Key) -> Answer {
    let assertion = key.assertion(t, rp, json!({"aud": format!("{LOOPBACK}/o/acme")}));
    let fields =
        [("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", &*assertion)];
    t.send_to(site, form(&rp.at("/oauth2/token"), &fields, &[])).await
}

both! {
    async fn keys_are_kept_and_followed_when_they_change(t) {
        let (server, old, new) = (Server::default(), Key::new(), Key::new());
        server.publish(&[&old]);
        let rp = t.app(&t.acme, at(&server.start().await)).await;
        let site = t.on_loopback();
        for _ in 0..3 {
            ask(t, &site, &rp, &old).await.ok();
        }
        assert_eq!(server.fetched(), 1);
        // The client changes its key: its first assertion with it makes us look, but not at every stranger's whim.
        server.publish(&[&new]);
        for _ in 0..3 {
            assert_eq!(ask(t, &site, &rp, &new).await.error(), (401, "invalid_client".into()));
        }
        assert_eq!(server.fetched(), 1);
        t.later(10);
        ask(t, &site, &rp, &new).await.ok();
        assert_eq!(server.fetched(), 2);
        assert_eq!(ask(t, &site, &rp, &old).await.error(), (401, "invalid_client".into()));
        // After the time that the client gave it is fetched anew.
        t.later(120);
        ask(t, &site, &rp, &new).await.ok();
        assert_eq!(server.fetched(), 3);
    }

    async fn what_cannot_be_read_is_refused_and_what_was_read_serves_on(t) {
        let (server, key) = (Server::default(), Key::new());
        let rp = t.app(&t.acme, at(&server.start().await)).await;
        let site = t.on_loopback();
        for document in ["", "[]", "{}", "{\"keys\": 1}", &format!("{{\"x\": \"{}\"}}", "x".repeat(1_100_000))] {
            *server.document.lock().unwrap() = document.to_owned();
            t.later(300);
            let answer = ask(t, &site, &rp, &key).await;
            assert_eq!(answer.error(), (401, "invalid_client".into()));
            assert!(answer.body.contains("jwks_uri"), "{}", answer.body);
        }
        server.publish(&[&key]);
        t.later(300);
        ask(t, &site, &rp, &key).await.ok();
        let nowhere = t.app(&t.acme, at("http://127.0.0.1:9/keys")).await;
        let answer = ask(t, &site, &nowhere, &key).await;
        assert_eq!(answer.error(), (401, "invalid_client".into()));
    }

    async fn ssrf_keys_are_not_fetched_from_inside(t) {
        let (server, key) = (Server::default(), Key::new());
        server.publish(&[&key]);
        let inside = server.start().await;
        for address in [inside.as_str(), "https://127.0.0.1/k", "https://169.254.169.254/latest", "https://[::1]/", "https://localhost/"] {
            let rp = t.app(&t.acme, at(address)).await;
            let assertion = key.assertion(t, &rp, json!({}));
            let fields = [("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", &*assertion)];
            let answer = t.send_to(&t.guarded(), form(&rp.at("/oauth2/token"), &fields, &[])).await;
            assert_eq!(answer.error(), (401, "invalid_client".into()), "{address}");
        }
        assert_eq!(server.fetched(), 0);
    }
}
