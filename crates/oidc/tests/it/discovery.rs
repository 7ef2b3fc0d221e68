//! Metadata and keys: complete, cacheable, readable from any origin.

use axum::body::Body;
use http::Request;
use muster_oauth::discovery::Metadata;

use crate::harness::{BASE, Test};

both! {
    async fn metadata_names_the_issuer_of_its_organization(t) {
        for path in ["/o/acme/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/o/acme"] {
            let answer = t.get(path).await;
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("cache-control"), "public, max-age=900");
            let metadata = Metadata::parse(answer.body.as_bytes()).unwrap();
            assert_eq!(metadata.issuer, format!("{BASE}/o/acme"));
            assert_eq!(metadata.code_challenge_methods_supported.unwrap(), ["S256"]);
            assert_eq!(metadata.request_uri_parameter_supported, Some(false));
            assert_eq!(metadata.id_token_signing_alg_values_supported.unwrap(), ["RS256", "PS256", "ES256", "ES384", "EdDSA"]);
            assert_eq!(metadata.authorization_response_iss_parameter_supported, Some(true));
            assert_eq!(metadata.pushed_authorization_request_endpoint, Some(format!("{BASE}/o/acme/oauth2/par")));
            assert_eq!(metadata.require_pushed_authorization_requests, Some(false));
            assert_eq!((metadata.request_parameter_supported, metadata.claims_parameter_supported), (Some(true), Some(true)));
            let modes = ["query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"];
            assert_eq!(metadata.response_modes_supported.unwrap(), modes);
            assert_eq!(metadata.acr_values_supported.unwrap(), ["urn:muster:acr:password", "urn:muster:acr:federated"]);
        }
        assert_eq!(t.get("/o/nobody/.well-known/openid-configuration").await.status, 404);
        assert_eq!(t.get("/o/nobody/.well-known/jwks.json").await.status, 404);
    }

    async fn metadata_claims_what_is_there(t) {
        let of = async || t.get("/o/acme/.well-known/openid-configuration").await.json();
        let metadata = of().await;
        let base = format!("{BASE}/o/acme/oauth2");
        assert_eq!(metadata["introspection_endpoint"], format!("{base}/introspect"));
        assert_eq!(metadata["device_authorization_endpoint"], format!("{base}/device/auth"));
        // The tests have a proxy that sees certificates; without one neither method is named.
        let methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"];
        assert_eq!(metadata["introspection_endpoint_auth_methods_supported"], serde_json::json!(methods));
        assert_eq!(metadata["grant_types_supported"], serde_json::json!([
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ]));
        // Registration is named where it is allowed.
        assert!(metadata.get("registration_endpoint").is_none());
        t.set_registration(&t.acme, muster_directory::organization::settings::RegistrationMode::Token, &[]).await;
        assert_eq!(of().await["registration_endpoint"], format!("{base}/register"));
        // Every endpoint that it names answers.
        for (name, address) in of().await.as_object().unwrap() {
            let Some(path) = address.as_str().and_then(|text| text.strip_prefix(BASE)) else { continue };
            if name != "issuer" {
                assert_ne!(t.post(path, &[], &[]).await.status, 404, "{name}");
            }
        }
    }

    async fn keys_are_cached_by_their_name(t) {
        let first = t.get("/o/acme/.well-known/jwks.json").await;
        let keys = first.json()["keys"].as_array().unwrap().clone();
        // One of each usual algorithm from the start: who keeps the set knows the key of a client that comes later.
        let mut algs: Vec<&str> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
        algs.sort_unstable();
        assert_eq!(algs, ["ES256", "ES384", "EdDSA", "RS256"]);
        assert!(keys.iter().all(|key| key["use"] == "sig" && key.get("d").is_none()));
        let again = conditional(t, first.header("etag")).await;
        assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));
        assert_eq!(conditional(t, "\"other\"").await.status, 200);
        // Another organization has other keys.
        assert_ne!(t.get("/o/blue/.well-known/jwks.json").await.json()["keys"][0]["kid"], keys[0]["kid"]);
    }

    async fn programs_in_a_browser_may_ask_from_any_origin(t) {
        for path in ["/o/acme/.well-known/openid-configuration", "/o/acme/oauth2/token", "/o/acme/userinfo"] {
            let request = Request::options(path)
                .header("origin", "https://spa.example.test")
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type");
            let answer = t.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-type,dpop");
            assert!(answer.headers.get("access-control-allow-credentials").is_none());
        }
        // The pages are for people, not for scripts of others.
        let page = t.send(Request::get("/o/acme/oauth2/auth").header("origin", "https://x.test").body(Body::empty()).unwrap());
        assert!(page.await.headers.get("access-control-allow-origin").is_none());
    }
}

async fn conditional(t: &Test, etag: &str) -> crate::harness::Answer {
    let request = Request::get("/o/acme/.well-known/jwks.json").header("if-none-match", etag);
    t.send(request.body(Body::empty()).unwrap()).await
}
