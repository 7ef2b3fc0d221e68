//! An application by hand: what it sends, and what it reads from the answers.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use muster_base::Id;
use muster_directory::application::ClientAuthentication;
use muster_directory::key;
use muster_jose::{Alg, Verified, verify};
use muster_oauth::pkce;
use serde_json::Value;

use super::{Answer, BASE, Browser, Org, Test};

/// The verifier of every request made with PKCE.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// An application.
#[derive(Clone)]
pub struct Rp {
    pub id: Id,
    pub org: Org,
    pub secret: String,
    pub method: ClientAuthentication,
}

impl Rp {
    pub const REDIRECT_URI: &str = "https://app.example.test/callback";
    pub const LOGGED_OUT_URI: &str = "https://app.example.test/bye";

    pub fn at(&self, path: &str) -> String {
        format!("/o/{}{path}", self.org.slug)
    }

    pub fn issuer(&self) -> String {
        format!("{BASE}/o/{}", self.org.slug)
    }

    /// The parameters of an authorization request with PKCE; `extra` is laid over it, an empty value leaves one out.
    pub fn request(&self, extra: &[(&str, &str)]) -> Vec<(String, String)> {
        let (client_id, challenge) = (self.id.text(), pkce::challenge(VERIFIER));
        let mut pairs = vec![
            ("client_id", client_id.as_str()),
            ("redirect_uri", Self::REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid email profile offline_access"),
            ("state", "s1"),
            ("nonce", "n1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(own, _)| extra.iter().all(|(name, _)| own != name));
        pairs.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The address of such a request.
    pub fn auth(&self, extra: &[(&str, &str)]) -> String {
        self.address(&self.request(extra))
    }

    fn address(&self, pairs: &[(String, String)]) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}?{query}", self.at("/oauth2/auth"))
    }

    /// The address of a request that consists of these parameters and the client's id.
    pub fn bare(&self, pairs: &[(&str, &str)]) -> String {
        let id = ("client_id".to_owned(), self.id.text());
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.address(&std::iter::once(id).chain(pairs).collect::<Vec<_>>())
    }

    /// Pushes such a request.
    pub async fn push(&self, t: &Test, extra: &[(&str, &str)]) -> Answer {
        let fields = self.request(extra);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let fields = fields.into_iter().filter(|(name, _)| *name != "client_id").collect::<Vec<_>>();
        self.post(t, "/oauth2/par", &fields).await
    }

    /// Pushes such a request; its `request_uri`.
    pub async fn pushed(&self, t: &Test, extra: &[(&str, &str)]) -> String {
        let answer = self.push(t, extra).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()["request_uri"].as_str().unwrap().to_owned()
    }

    /// A code for the person who is signed in.
    pub async fn code(&self, t: &Test, browser: &Browser, extra: &[(&str, &str)]) -> String {
        let answer = browser.get(t, &self.auth(extra)).await;
        answer.redirected_to(Self::REDIRECT_URI).remove("code").unwrap_or_else(|| panic!("no code: {answer:?}"))
    }

    /// Sends a form as this client.
    pub async fn post(&self, t: &Test, path: &str, fields: &[(&str, &str)]) -> Answer {
        let id = self.id.text();
        let mut fields = fields.to_vec();
        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{}", self.secret)));
        let mut headers = Vec::new();
        match self.method {
            ClientAuthentication::ClientSecretPost => {
                fields.extend([("client_id", id.as_str()), ("client_secret", self.secret.as_str())]);
            }
            ClientAuthentication::ClientSecretBasic => headers.push(("authorization", basic.as_str())),
            _ => fields.push(("client_id", id.as_str())),
        }
        t.post(&self.at(path), &fields, &headers).await
    }

    /// Redeems a code.
    pub async fn redeem(&self, t: &Test, code: &str) -> Answer {
        self.redeem_with(t, code, Some(VERIFIER), Self::REDIRECT_URI).await
    }

    pub async fn redeem_with(&self, t: &Test, code: &str, verifier: Option<&str>, redirect_uri: &str) -> Answer {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        self.post(t, "/oauth2/token", &fields).await
    }

    pub async fn refresh(&self, t: &Test, token: &str) -> Answer {
        self.post(t, "/oauth2/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The tokens of a whole sign-in.
    pub async fn tokens(&self, t: &Test, browser: &Browser, extra: &[(&str, &str)]) -> Value {
        let code = self.code(t, browser, extra).await;
        self.redeem(t, &code).await.ok()
    }

    pub async fn userinfo(&self, t: &Test, access_token: &str) -> Answer {
        let bearer = format!("Bearer {access_token}");
        let request = http::Request::get(self.at("/userinfo")).header("authorization", bearer);
        t.send(request.body(axum::body::Body::empty()).unwrap()).await
    }

    /// The header and claims of a token, its signature checked against the published keys.
    pub async fn open(&self, t: &Test, token: &Value) -> Verified {
        let keys = key::published(&t.d, self.org.id).await.unwrap();
        verify(token.as_str().unwrap(), &keys, &Alg::ALL).unwrap()
    }
}

/// A token's text, its header and claims changed, with another signature.
pub fn forge(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(signature))
}
