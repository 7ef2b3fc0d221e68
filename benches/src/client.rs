//! A browser and an application, as thin as can be: their CPU is not counted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::cell::RefCell;

use crate::server::{PASSWORD, Server};

const EMAIL: &str = "ana@bench.example";
const REDIRECT: &str = "http://127.0.0.1:9/callback";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A client that follows no redirects.
#[expect(clippy::disallowed_methods, reason = "a benchmark talks to its own server on loopback")]
pub fn plain() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client")
}

pub struct Client {
    http: reqwest::Client,
    base: String,
    slug: String,
    headers: Vec<(&'static str, String)>,
    group: String,
    cookie: RefCell<String>,
}

pub struct App {
    id: String,
    secret: String,
}

impl Client {
    /// A person with a password, in a group.
    pub async fn prepare(server: &Server) -> Self {
        let headers = vec![("x-api-key", server.api_key.clone()), ("x-org-id", server.org.clone())];
        let mut client = Self {
            http: plain(),
            base: server.base.clone(),
            slug: server.slug.clone(),
            headers,
            group: String::new(),
            cookie: RefCell::default(),
        };
        let person = json!({"username": "ana", "email": EMAIL, "state": "ACTIVATED", "password": PASSWORD});
        let person = client.api("/api/systemusers", &person).await;
        let group = client.api("/api/v2/usergroups", &json!({"name": "Everyone here"})).await;
        client.group = group["id"].as_str().expect("an id").to_owned();
        let member = json!({"op": "add", "type": "user", "id": person["_id"]});
        client.api(&format!("/api/v2/usergroups/{}/members", client.group), &member).await;
        client
    }

    async fn api(&self, path: &str, body: &Value) -> Value {
        let mut request = self.http.post(format!("{}{path}", self.base)).json(body);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// An active application that signs with `alg`, bound to the person's group.
    pub async fn application(&self, alg: &str) -> App {
        let body = json!({"name": "oidc", "active": true, "displayLabel": alg, "config": {}, "sso": {"type": "oidc"}});
        let app = self.api("/api/applications", &body).await;
        let id = app["_id"].as_str().expect("an id").to_owned();
        let sso = json!({"type": "oidc", "oidc": {
            "redirectUris": [REDIRECT], "grantTypes": ["authorization_code"], "tokenEndpointAuthMethod": "client_secret_post",
            "dynamicClaims": [{"name": "email", "value": "email"}], "idTokenSignedResponseAlg": alg}});
        let made = self.api(&format!("/api/v2/applications/{id}/sso"), &sso).await;
        let secret = made["oidc"]["clientSecret"].as_str().expect("a secret").to_owned();
        let bind = json!({"op": "add", "type": "user_group", "id": self.group});
        self.api(&format!("/api/v2/applications/{id}/associations"), &bind).await;
        App { id, secret }
    }

    /// A sign-in with the password, from e-mail to session.
    pub async fn sign_in(&self) {
        let url = format!("{}/o/{}/login/password", self.base, self.slug);
        let form = [("username", EMAIL), ("password", PASSWORD)];
        let response = self.http.post(url).form(&form).send().await.expect("an answer");
        assert_eq!(response.status(), 303, "the sign-in succeeds");
        let cookie =
            response.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a cookie").to_owned();
        *self.cookie.borrow_mut() = cookie;
    }

    /// A code flow on the session: authorization request, token request.
    pub async fn code_flow(&self, app: &App) {
        let issuer = format!("{}/o/{}", self.base, self.slug);
        let query = [
            ("response_type", "code"),
            ("client_id", &app.id),
            ("redirect_uri", REDIRECT),
            ("scope", "openid"),
            ("state", "s"),
            ("nonce", "n"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let url = url::Url::parse_with_params(&format!("{issuer}/oauth2/auth"), query).expect("an address");
        let cookie = self.cookie.borrow().clone();
        let response = self.http.get(url).header("cookie", cookie).send().await.expect("an answer");
        let location = response.headers().get("location").expect("a redirect").to_str().expect("text");
        let location = url::Url::parse(location).expect("an address");
        let code = location.query_pairs().find(|(n, _)| n == "code").expect("a code").1.into_owned();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", &app.id),
            ("client_secret", &app.secret),
        ];
        let response = self.http.post(format!("{issuer}/oauth2/token")).form(&form).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "tokens are given");
        let tokens: Value = response.json().await.expect("JSON");
        let payload =
            tokens["id_token"].as_str().expect("an ID token").split('.').nth(1).expect("a payload").to_owned();
        let claims = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        assert!(String::from_utf8_lossy(&claims).contains(EMAIL), "the mapped claim is there");
    }
}
