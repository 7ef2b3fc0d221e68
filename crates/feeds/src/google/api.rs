//! Asks the Directory API: with a token, through the guard on outgoing requests, patient where Google asks for patience.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, header};
use muster_base::Secret;
use muster_directory::feed::Google;
use muster_http::egress::{Call, EgressError};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded::Serializer;

use super::key::{Key, SCOPES};
use super::model::Failure;
use crate::feeder::Feeder;

/// How often something is asked before it is given up.
const TRIES: u32 = 6;
/// The longest wait that is granted, in seconds.
const WAIT_MAX_S: u64 = 60;

/// What holds of what was asked.
pub enum Told<T> {
    /// The answer.
    Answer(T),
    /// There is no such object.
    Missing,
    /// The page is larger than is read: ask for a smaller one.
    TooLarge,
}

/// The Directory API with a token.
pub struct Api<'g> {
    feeder: &'g Feeder,
    of: &'g Google,
    key: Key,
    token: HeaderValue,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Token {
    access_token: String,
    error: String,
    error_description: String,
}

impl<'g> Api<'g> {
    /// Asks for a token.
    ///
    /// # Errors
    /// Why there is none, for an administrator.
    pub async fn open(feeder: &'g Feeder, of: &'g Google, secret: Option<&Secret>) -> Result<Self, String> {
        let key = Key::read(secret.ok_or("paste the service account's key")?)?;
        let token = token(feeder, of, &key).await?;
        Ok(Self { feeder, of, key, token })
    }

    /// The service account.
    pub fn account(&self) -> &str {
        &self.key.account
    }

    /// Asks for something.
    ///
    /// # Errors
    /// What Google said, for an administrator.
    pub async fn get<T: DeserializeOwned>(&mut self, path: &str, query: &[(&str, &str)]) -> Result<Told<T>, String> {
        let query = Serializer::new(String::new()).extend_pairs(query).finish();
        let url = format!("{}/admin/directory/v1/{path}?{query}", self.of.api_url.trim_end_matches('/'));
        let (mut last, mut renewed) = (String::new(), false);
        for attempt in 0..TRIES {
            let headers = vec![(header::AUTHORIZATION, self.token.clone())];
            let call = Call { method: Method::GET, url: url.clone(), headers, body: None };
            let reply = match self.feeder.egress().call(call).await {
                Ok(reply) => reply,
                Err(EgressError::TooLarge(_)) => return Ok(Told::TooLarge),
                Err(error @ (EgressError::Slow(_) | EgressError::Unreachable(..))) => {
                    last = error.to_string();
                    self.wait(attempt, &HeaderMap::new()).await;
                    continue;
                }
                Err(error) => return Err(error.to_string()),
            };
            if reply.status == 200 {
                let answer = serde_json::from_slice(&reply.body);
                return answer.map(Told::Answer).map_err(|_| "the answer is not one of the Directory API".into());
            }
            let failure: Failure = serde_json::from_slice(&reply.body).unwrap_or_default();
            match reply.status {
                404 => return Ok(Told::Missing),
                // A long reading outlives its token.
                401 if !renewed => {
                    renewed = true;
                    self.token = token(self.feeder, self.of, &self.key).await?;
                }
                403 if !failure.error.is_too_often() => return Err(forbidden(&failure.error.message)),
                403 | 429 | 500..=599 => {
                    last = format!("Google asks for patience ({}): {}", reply.status, said(&failure.error.message));
                    self.wait(attempt, &reply.headers).await;
                }
                status => return Err(format!("Google answered {status}: {}", said(&failure.error.message))),
            }
        }
        Err(last)
    }

    /// Waits longer each time; as long as Google says, where it does.
    async fn wait(&self, attempt: u32, headers: &HeaderMap) {
        let asked = headers.get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
        let patience = self.feeder.patience();
        let time = match asked {
            Some(seconds) => patience.saturating_mul(u32::try_from(seconds.min(WAIT_MAX_S)).unwrap_or(60)),
            None => patience.saturating_mul(1 << attempt),
        };
        tokio::time::sleep(time.min(Duration::from_secs(WAIT_MAX_S))).await;
    }
}

async fn token(feeder: &Feeder, of: &Google, key: &Key) -> Result<HeaderValue, String> {
    let assertion = key.assertion(of, feeder.directory().env().clock.now())?;
    let body = Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .append_pair("assertion", &assertion)
        .finish();
    let answer = feeder.egress().post_form(&of.token_url, body, None).await.map_err(|e| e.to_string())?;
    let token: Token = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status != 200 || token.access_token.is_empty() {
        return Err(refused(&token, &key.account, of));
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.access_token))
        .map_err(|_| "the token that Google gave is none".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// What a refused token means, and what to do about it.
fn refused(token: &Token, account: &str, of: &Google) -> String {
    let words = said(&token.error_description);
    match token.error.as_str() {
        "unauthorized_client" => format!(
            "domain-wide delegation is missing: in the Google Admin console, under Security > API controls, let the client \
             of {account} have the scopes {SCOPES} ({words})"
        ),
        "invalid_grant" => format!(
            "Google refuses to act for {}: it must be an administrator of the domain, and the key must not have been \
             removed ({words})",
            of.admin_email
        ),
        "" => "the token address does not answer as Google's does".into(),
        other => format!("Google gives no token: {} ({words})", said(other)),
    }
}

/// What is told of an answer that is no token.
#[cfg(any(test, fuzzing))]
pub fn token_refused(body: &[u8]) -> String {
    let of =
        Google { token_url: String::new(), api_url: String::new(), admin_email: "a@b.c".into(), ..Google::default() };
    refused(&serde_json::from_slice(body).unwrap_or_default(), "account", &of)
}

fn forbidden(message: &str) -> String {
    format!(
        "Google does not let this administrator read that: give them a role that reads users and groups, and turn on the \
         Admin SDK API of the project ({})",
        said(message)
    )
}

pub(super) fn said(words: &str) -> String {
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    if words.is_empty() { "it says no more".into() } else { words }
}
