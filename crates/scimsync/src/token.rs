//! Access tokens by OAuth client credentials (RFC 6749 section 4.4), kept until they run out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use muster_base::{Id, Micros, Secret};
use muster_directory::provision::{Authentication, Settings};
use muster_http::Egress;
use muster_http::egress::Call;
use serde_json::Value;

use crate::client::{basic, secret_value};

/// A token is not used in its last seconds.
const MARGIN_S: i64 = 30;
/// How long a token is used whose life is not told, and at most, in seconds.
const LIFE_S: i64 = 300;
const LIFE_MAX_S: i64 = 86_400;

/// The tokens of this node's targets.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<(Id, Id), Kept>>);

struct Kept {
    token: Secret,
    until: Micros,
    of: Of,
}

/// What a token was got with and goes to: with another secret, or for another place, it is another one.
pub struct Of {
    /// The token endpoint, and who we are there.
    pub authentication: Authentication,
    /// Who gets the token.
    pub base_url: String,
    /// What it was got with.
    pub secret: Secret,
}

impl Of {
    fn is(&self, other: &Self) -> bool {
        self.authentication == other.authentication
            && self.base_url == other.base_url
            && self.secret.expose() == other.secret.expose()
    }

    /// Of what is entered.
    pub fn new(settings: &Settings, secret: &Secret) -> Self {
        Self {
            authentication: settings.authentication.clone(),
            base_url: settings.base_url.clone(),
            secret: secret.clone(),
        }
    }
}

impl Tokens {
    /// The token of a target, if it still holds.
    pub fn find(&self, target: (Id, Id), of: &Of, now: Micros) -> Option<Secret> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&target).filter(|k| k.until > now && k.of.is(of)).map(|k| k.token.clone())
    }

    /// The token of a target, whether it still holds or not.
    pub fn last(&self, target: (Id, Id)) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&target).map(|k| k.token.clone())
    }

    /// Forgets the token of a target.
    pub fn forget(&self, target: (Id, Id)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&target);
    }

    /// Asks for a token.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn ask(&self, egress: &Egress, target: (Id, Id), of: Of, now: Micros) -> Result<Secret, String> {
        let a = &of.authentication;
        let scope = Some(("scope", a.scope.as_str())).filter(|(_, scope)| !scope.is_empty());
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .extend_pairs(scope)
            .finish();
        let call = Call {
            method: Method::POST,
            url: a.token_url.clone(),
            headers: vec![
                (ACCEPT, HeaderValue::from_static("application/json")),
                (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
                (AUTHORIZATION, secret_value(&basic(&a.client_id, &of.secret))?),
            ],
            body: Some(Bytes::from(form)),
        };
        let reply = egress.call(call).await.map_err(|e| format!("no token: {e}"))?;
        let said: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let token = said.get("access_token").and_then(Value::as_str).filter(|_| (200..300).contains(&reply.status));
        let Some(token) = token else {
            let error = said.get("error").and_then(Value::as_str).unwrap_or("no access_token");
            let error: String = error.chars().filter(|c| !c.is_control()).take(100).collect();
            return Err(format!("the token endpoint answered {} ({error})", reply.status));
        };
        let token = Secret::new(token);
        let life = said.get("expires_in").and_then(Value::as_i64).unwrap_or(LIFE_S).clamp(0, LIFE_MAX_S);
        let kept = Kept { token: token.clone(), until: now.plus_s(life - MARGIN_S), of };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(target, kept);
        Ok(token)
    }
}
