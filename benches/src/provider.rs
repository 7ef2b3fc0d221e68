//! A provider under load, ours or the peer: where its endpoints are, an application of it, and what an application sends.

use std::cell::RefCell;

use serde_json::Value;

use crate::wire::{Wire, form, get};

pub const REDIRECT: &str = "http://127.0.0.1:9/callback";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Where the endpoints of one issuer are.
#[derive(Clone)]
pub struct Endpoints {
    /// `host:port`
    pub host: String,
    pub auth: String,
    pub token: String,
    pub userinfo: String,
    pub introspection: String,
    pub discovery: String,
}

impl Endpoints {
    /// An organization of ours.
    pub fn muster(host: &str, slug: &str) -> Self {
        let at = |path: &str| format!("/o/{slug}{path}");
        Self {
            host: host.to_owned(),
            auth: at("/oauth2/auth"),
            token: at("/oauth2/token"),
            userinfo: at("/userinfo"),
            introspection: at("/oauth2/introspect"),
            discovery: at("/.well-known/openid-configuration"),
        }
    }

    /// npm oidc-provider.
    pub fn peer(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            auth: "/auth".into(),
            token: "/token".into(),
            userinfo: "/me".into(),
            introspection: "/token/introspection".into(),
            discovery: "/.well-known/openid-configuration".into(),
        }
    }
}

/// An application, and the cookie of a browser that is signed in.
#[derive(Clone)]
pub struct App {
    pub at: Endpoints,
    pub id: String,
    pub secret: String,
    pub cookie: String,
}

/// What is done again and again.
pub enum Work {
    /// These requests in turn; each is answered with 200 and this text.
    Ask(Vec<Vec<u8>>, &'static str),
    /// An authorization request on a session and its token request, for these applications in turn.
    CodeFlow(Vec<App>),
    /// Each connection refreshes the token that the refresh before gave it.
    Refresh(Box<App>, RefCell<Vec<String>>),
}

impl App {
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let own = [("client_id", self.id.as_str()), ("client_secret", self.secret.as_str())];
        form(&self.at.host, path, &[fields, &own].concat())
    }

    pub fn client_credentials(&self) -> Vec<u8> {
        self.post(&self.at.token, &[("grant_type", "client_credentials")])
    }

    pub fn introspection(&self, token: &str) -> Vec<u8> {
        self.post(&self.at.introspection, &[("token", token)])
    }

    pub fn userinfo(&self, token: &str) -> Vec<u8> {
        get(&self.at.host, &self.at.userinfo, &[("authorization", &format!("Bearer {token}"))])
    }

    pub fn discovery(&self) -> Vec<u8> {
        get(&self.at.host, &self.at.discovery, &[])
    }

    /// The address of an authorization request.
    pub fn authorization(&self, scope: &str) -> String {
        let query = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "s"),
            ("nonce", "n"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        format!("{}?{query}", self.at.auth)
    }

    /// A code flow on the session; what the token endpoint answered.
    pub async fn tokens(&self, wire: &mut Wire, scope: &str) -> Value {
        let answer = wire.ask(&get(&self.at.host, &self.authorization(scope), &[("cookie", &self.cookie)])).await;
        let location = answer.header("location").unwrap_or_else(|| panic!("no redirect: {}", answer.text()));
        let location = url::Url::parse(location).expect("an address");
        let code = location.query_pairs().find(|(name, _)| name == "code");
        let code = code.unwrap_or_else(|| panic!("no code: {location}")).1.into_owned();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let answer = wire.ask(&self.post(&self.at.token, &fields)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

/// A text of a JSON answer.
pub fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned()
}

impl Work {
    /// Refresh tokens of this application for so many connections.
    pub async fn refresh(app: App, connections: usize) -> Self {
        let mut wire = Wire::connect(&app.at.host).await;
        let mut tokens = Vec::new();
        for _ in 0..connections {
            tokens.push(text(&app.tokens(&mut wire, "openid offline_access").await, "refresh_token"));
        }
        Self::Refresh(Box::new(app), RefCell::new(tokens))
    }

    pub fn host(&self) -> &str {
        match self {
            Self::CodeFlow(apps) => &apps[0].at.host,
            Self::Refresh(app, _) => &app.at.host,
            Self::Ask(requests, _) => {
                let start = requests[0].windows(6).position(|bytes| bytes == b"host: ").expect("a host") + 6;
                let end = requests[0][start..].iter().position(|byte| *byte == b'\r').expect("a line");
                std::str::from_utf8(&requests[0][start..start + end]).expect("text")
            }
        }
    }

    /// Does it once, the `n`th time.
    pub async fn once(&self, wire: &mut Wire, n: usize) {
        match self {
            Self::Ask(requests, expected) => {
                let answer = wire.ask(&requests[n % requests.len()]).await;
                let holds = answer.body.windows(expected.len()).any(|bytes| bytes == expected.as_bytes());
                assert!(answer.status == 200 && holds, "{} {}", answer.status, answer.text());
            }
            Self::CodeFlow(apps) => {
                let tokens = apps[n % apps.len()].tokens(wire, "openid").await;
                assert!(tokens["id_token"].is_string() && tokens["access_token"].is_string(), "{tokens}");
            }
            Self::Refresh(app, tokens) => {
                let token = tokens.borrow_mut().pop().expect("one for each connection");
                let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
                let answer = wire.ask(&app.post(&app.at.token, &fields)).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                let next = text(&answer.json(), "refresh_token");
                assert_ne!(next, token, "rotated");
                tokens.borrow_mut().push(next);
            }
        }
    }
}
