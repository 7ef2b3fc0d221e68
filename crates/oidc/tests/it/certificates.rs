//! Clients by TLS certificate (RFC 8705), which a trusted proxy names in a header.
//! Class: proxy-header trust. The header of anybody else is not there.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use muster_directory::application::oidc::{ClientKey, ClientKeys};
use muster_directory::application::{Authentication, ClientAuthentication, Oidc};
use serde_json::json;

use crate::harness::{Answer, Browser, Key, Rp, Test, form, machine, oidc};

/// Subject `CN=batch,O=Acme Example,C=CH`; of alternative names one of each kind.
const BATCH: &str = include_str!("certificate_batch.txt");
const OTHER: &str = include_str!("certificate_other.txt");
const PROXY: &str = "10.1.2.3:4444";

fn der(text: &str) -> Vec<u8> {
    STANDARD.decode(text.replace('\n', "")).unwrap()
}

/// RFC 9440's form.
fn header(text: &str) -> String {
    format!(":{}:", STANDARD.encode(der(text)))
}

fn thumbprint(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(muster_base::digest(&der(text)))
}

async fn send(t: &Test, rp: &Rp, from: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
    let id = rp.id.text();
    let mut fields = fields.to_vec();
    fields.push(("client_id", &id));
    let mut request = form(&rp.at("/oauth2/token"), &fields, headers);
    request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
    t.send(request).await
}

async fn ask(t: &Test, rp: &Rp, from: &str, certificate: &str, verified: &str) -> Answer {
    let headers = [("client-cert", certificate), ("client-verify", verified)];
    send(t, rp, from, &headers, &[("grant_type", "client_credentials")]).await
}

fn named(authentication: Authentication) -> Oidc {
    Oidc { token_endpoint_auth_method: ClientAuthentication::TlsClientAuth, authentication, ..machine() }
}

fn self_signed(key: ClientKey) -> Oidc {
    let jwks = Some(ClientKeys { keys: vec![key] });
    Oidc {
        token_endpoint_auth_method: ClientAuthentication::SelfSignedTlsClientAuth,
        authentication: Authentication { jwks, ..Authentication::default() },
        ..machine()
    }
}

fn refused(answer: &Answer) {
    assert_eq!(answer.error(), (401, "invalid_client".into()), "{}", answer.body);
}

both! {
    async fn rfc8705_2_1_each_registered_name_is_the_client(t) {
        let some = |text: &str| Some(text.to_owned());
        let none = Authentication::default();
        for (right, wrong) in [
            (
                Authentication { tls_client_auth_subject_dn: some("CN=batch,O=Acme Example,C=CH"), ..none.clone() },
                Authentication { tls_client_auth_subject_dn: some("CN=batch"), ..none.clone() },
            ),
            (
                Authentication { tls_client_auth_subject_dn: some("cn=batch, o=Acme Example, c=CH"), ..none.clone() },
                Authentication { tls_client_auth_subject_dn: some("C=CH,O=Acme Example,CN=batch"), ..none.clone() },
            ),
            (
                Authentication { tls_client_auth_san_dns: some("batch.example.test"), ..none.clone() },
                Authentication { tls_client_auth_san_dns: some("example.test"), ..none.clone() },
            ),
            (
                Authentication { tls_client_auth_san_uri: some("urn:example:batch"), ..none.clone() },
                Authentication { tls_client_auth_san_uri: some("urn:example:batc"), ..none.clone() },
            ),
            (
                Authentication { tls_client_auth_san_ip: some("192.0.2.9"), ..none.clone() },
                Authentication { tls_client_auth_san_ip: some("192.0.2.90"), ..none.clone() },
            ),
            (
                Authentication { tls_client_auth_san_email: some("batch@example.test"), ..none.clone() },
                // A name of one kind is none of another.
                Authentication { tls_client_auth_san_email: some("batch.example.test"), ..none.clone() },
            ),
        ] {
            let rp = t.app(&t.acme, named(right.clone())).await;
            let answer = ask(t, &rp, PROXY, &header(BATCH), "SUCCESS").await;
            assert_eq!(answer.status, 200, "{right:?} {}", answer.body);
            refused(&ask(t, &rp, PROXY, &header(OTHER), "SUCCESS").await);
            let rp = t.app(&t.acme, named(wrong)).await;
            refused(&ask(t, &rp, PROXY, &header(BATCH), "SUCCESS").await);
        }
    }

    async fn proxy_header_trust_only_the_trusted_proxy_is_believed(t) {
        let dns = Some("batch.example.test".to_owned());
        let rp = t.app(&t.acme, named(Authentication { tls_client_auth_san_dns: dns, ..Authentication::default() })).await;
        assert_eq!(ask(t, &rp, PROXY, &header(BATCH), "SUCCESS").await.status, 200);
        // Anybody else can write a header; who came through the proxy stands in no address that they choose.
        for from in ["203.0.113.9:4444", "127.0.0.1:4444", "[::1]:4444", "11.0.0.1:4444"] {
            refused(&ask(t, &rp, from, &header(BATCH), "SUCCESS").await);
        }
        let forwarded = [("client-cert", &*header(BATCH)), ("client-verify", "SUCCESS"), ("x-forwarded-for", "10.1.2.3")];
        refused(&send(t, &rp, "203.0.113.9:1", &forwarded, &[("grant_type", "client_credentials")]).await);
        // The proxy did not check it, or says two things.
        for verified in ["", "NONE", "FAILED:self-signed certificate", "success", "SUCCESS, FAILED"] {
            refused(&ask(t, &rp, PROXY, &header(BATCH), verified).await);
        }
        let twice = [("client-cert", &*header(BATCH)), ("client-cert", &*header(OTHER)), ("client-verify", "SUCCESS")];
        refused(&send(t, &rp, PROXY, &twice, &[("grant_type", "client_credentials")]).await);
        for malformed in ["", "::", ":AAAA:", "x", "%", &"A".repeat(20_000)] {
            refused(&ask(t, &rp, PROXY, malformed, "SUCCESS").await);
        }
    }

    async fn rfc8705_2_2_a_registered_certificate_is_the_client(t) {
        let key = serde_json::from_value::<ClientKey>(Key::new().jwk()).unwrap();
        let by_thumbprint = ClientKey { x5t: Some(thumbprint(BATCH)), ..key.clone() };
        let by_certificate = ClientKey { x5c: vec![STANDARD.encode(der(BATCH))], ..key.clone() };
        for key in [by_thumbprint, by_certificate] {
            let rp = t.app(&t.acme, self_signed(key)).await;
            // Nobody vouches for it, and nobody has to.
            assert_eq!(ask(t, &rp, PROXY, &header(BATCH), "FAILED:self-signed certificate").await.status, 200);
            refused(&ask(t, &rp, PROXY, &header(OTHER), "SUCCESS").await);
            refused(&ask(t, &rp, "203.0.113.9:1", &header(BATCH), "SUCCESS").await);
            refused(&send(t, &rp, PROXY, &[], &[("grant_type", "client_credentials")]).await);
        }
        // A key without its certificate says nothing of a certificate.
        let rp = t.app(&t.acme, self_signed(key)).await;
        refused(&ask(t, &rp, PROXY, &header(BATCH), "SUCCESS").await);
    }

    async fn rfc8705_3_a_bound_token_is_of_use_with_its_certificate_only(t) {
        let ana = t.person(&t.acme, "ana").await;
        let authentication = Authentication {
            tls_client_auth_san_dns: Some("batch.example.test".into()),
            tls_client_certificate_bound_access_tokens: true,
            ..Authentication::default()
        };
        let method = ClientAuthentication::TlsClientAuth;
        let rp = t.app_for(&t.acme, &ana, Oidc { token_endpoint_auth_method: method, authentication, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        let shown = header(BATCH);
        let headers = [("client-cert", &*shown), ("client-verify", "SUCCESS")];
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", Rp::REDIRECT_URI),
            ("code_verifier", crate::harness::VERIFIER),
        ];
        let tokens = send(t, &rp, PROXY, &headers, &fields).await.ok();
        let token = tokens["access_token"].as_str().unwrap();
        let claims = rp.open(t, &tokens["access_token"]).await.claims;
        assert_eq!(claims["cnf"], json!({"x5t#S256": thumbprint(BATCH)}));
        assert_eq!(tokens["token_type"], "Bearer");
        for (certificate, from, status) in
            [(Some(BATCH), PROXY, 200), (Some(OTHER), PROXY, 401), (None, PROXY, 401), (Some(BATCH), "203.0.113.9:1", 401)]
        {
            let mut request = http::Request::get(rp.at("/userinfo")).header("authorization", format!("Bearer {token}"));
            if let Some(certificate) = certificate {
                request = request.header("client-cert", header(certificate));
            }
            let mut request = request.body(axum::body::Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
            assert_eq!(t.send(request).await.status.as_u16(), status, "{from}");
        }
    }
}
