//! A stand-in for an identity provider elsewhere: it publishes its documents, gives codes for whoever the test says, and
//! redeems them, once, for the right verifier. What a test bends, it bends here.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use http::StatusCode;
use muster_base::Clock;
use muster_jose::{Alg, Enc, Jwk, KeyAlg, SigningKey, encrypt};
use muster_oauth::pkce;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use url::Url;

/// The provider.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

struct Inner {
    issuer: String,
    clock: Clock,
    state: Mutex<Bent>,
}

/// What it does, and what was asked of it.
pub struct Bent {
    /// Signs ID tokens.
    pub key: SigningKey,
    /// What the key set holds.
    pub published: Vec<Jwk>,
    /// Laid over the well-known document; null takes away.
    pub metadata: Value,
    /// What tokens say of the person; null takes away.
    pub claims: Value,
    /// Answers of the token endpoint instead of tokens.
    pub token_answer: Option<(u16, String)>,
    /// Laid over the token endpoint's answer; null takes away.
    pub token_patch: Value,
    /// `Cache-Control` of the key set.
    pub cache: &'static str,
    /// How often the key set was read.
    pub keys_read: usize,
    /// The forms that the token endpoint got.
    pub redeemed: Vec<BTreeMap<String, String>>,
    /// The forms that the endpoint for pushed requests got.
    pub pushed: Vec<BTreeMap<String, String>>,
    /// What the userinfo endpoint answers.
    pub userinfo: String,
    /// To whom ID tokens are encrypted.
    pub encrypt_to: Option<(Jwk, KeyAlg)>,
    codes: HashMap<String, BTreeMap<String, String>>,
}

/// What a departure asked for: the address with its parameters.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The address without its query.
    pub endpoint: String,
    /// The parameters.
    pub asked: BTreeMap<String, String>,
}

impl Departure {
    /// Reads the address that a person was sent to.
    pub fn read(location: &str) -> Self {
        let url = Url::parse(location).unwrap();
        let asked = url.query_pairs().map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
        Self { endpoint: location.split('?').next().unwrap_or_default().to_owned(), asked }
    }

    /// The callback's path with an answer to this departure.
    pub fn answer(&self, answer: &[(&str, &str)]) -> String {
        let back = Url::parse(&self.asked["redirect_uri"]).unwrap();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", &self.asked["state"]).extend_pairs(answer);
        format!("{}?{}", back.path(), query.finish())
    }
}

impl Upstream {
    /// Starts one that knows `subject` with their e-mail.
    pub async fn start(clock: &Clock, subject: &str, email: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/tenant", listener.local_addr().unwrap());
        let key = SigningKey::generate(Alg::ES256).unwrap();
        let bent = Bent {
            published: vec![key.public_jwk()],
            key,
            metadata: json!({}),
            claims: json!({"sub": subject, "email": email}),
            token_answer: None,
            token_patch: json!({}),
            cache: "max-age=3600",
            keys_read: 0,
            redeemed: Vec::new(),
            pushed: Vec::new(),
            userinfo: String::new(),
            encrypt_to: None,
            codes: HashMap::new(),
        };
        let upstream = Self(Arc::new(Inner { issuer, clock: clock.clone(), state: Mutex::new(bent) }));
        let app = Router::new()
            .route("/tenant/.well-known/openid-configuration", get(metadata))
            .route("/tenant/keys", get(keys))
            .route("/tenant/token", post(token))
            .route("/tenant/par", post(push))
            .route("/tenant/userinfo", get(userinfo))
            .with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        upstream
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// What it does, to be bent. Not to be held over an await.
    pub fn bend(&self) -> MutexGuard<'_, Bent> {
        self.0.state.lock().unwrap()
    }

    /// A logout token with these claims laid over the usual ones; null takes away.
    pub fn logout_token(&self, typ: Option<&str>, jti: &str, patch: &Value) -> String {
        let now = self.0.clock.now().seconds();
        let usual = json!({
            "iss": self.issuer(), "aud": "muster-client", "iat": now, "exp": now + 120, "jti": jti,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        self.bend().key.sign(typ, &patched(object(&usual), patch)).unwrap()
    }

    /// The person signs in there: the callback's path with code and issuer.
    pub fn signs_in(&self, departure: &Departure) -> String {
        let code = self.code(departure);
        departure.answer(&[("code", &code), ("iss", self.issuer())])
    }

    /// A code for a departure.
    pub fn code(&self, departure: &Departure) -> String {
        let mut bent = self.bend();
        let code = format!("code-{}", bent.codes.len());
        bent.codes.insert(code.clone(), departure.asked.clone());
        code
    }
}

async fn userinfo(State(upstream): State<Upstream>, headers: http::HeaderMap) -> Response {
    if headers.get("authorization").is_none_or(|value| value != "Bearer at") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    upstream.bend().userinfo.clone().into_response()
}

async fn push(State(upstream): State<Upstream>, Form(form): Form<BTreeMap<String, String>>) -> Response {
    let mut bent = upstream.bend();
    bent.pushed.push(form);
    let request_uri = format!("urn:pushed:{}", bent.pushed.len() - 1);
    (StatusCode::CREATED, Json(json!({"request_uri": request_uri, "expires_in": 60}))).into_response()
}

/// Lays `patch` over an object; null takes away.
fn patched(mut object: Map<String, Value>, patch: &Value) -> Map<String, Value> {
    for (name, value) in patch.as_object().into_iter().flatten() {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    object
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

async fn metadata(State(upstream): State<Upstream>) -> Json<Map<String, Value>> {
    let issuer = upstream.issuer();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
    });
    Json(patched(object(&document), &upstream.bend().metadata))
}

async fn keys(State(upstream): State<Upstream>) -> Response {
    let mut bent = upstream.bend();
    bent.keys_read += 1;
    ([("cache-control", bent.cache)], Json(json!({"keys": bent.published}))).into_response()
}

async fn token(State(upstream): State<Upstream>, Form(form): Form<BTreeMap<String, String>>) -> Response {
    let mut bent = upstream.bend();
    bent.redeemed.push(form.clone());
    if let Some((status, body)) = bent.token_answer.clone() {
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    let refused = |error| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    let Some(asked) = bent.codes.remove(&form["code"]) else { return refused("invalid_grant") };
    let right = pkce::challenge(&form["code_verifier"]) == asked["code_challenge"]
        && form["redirect_uri"] == asked["redirect_uri"];
    if !right {
        return refused("invalid_grant");
    }
    let now = upstream.0.clock.now().seconds();
    let standard = json!({
        "iss": upstream.issuer(), "aud": asked["client_id"], "nonce": asked["nonce"], "iat": now, "exp": now + 300,
    });
    let claims = patched(object(&standard), &bent.claims);
    let id_token = bent.key.sign(None, &claims).unwrap();
    let id_token = match &bent.encrypt_to {
        Some((to, alg)) => encrypt(id_token.as_bytes(), to, *alg, Enc::A128CbcHs256, Some("JWT")).unwrap(),
        None => id_token,
    };
    let answer = json!({"access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": id_token});
    Json(patched(object(&answer), &bent.token_patch)).into_response()
}
