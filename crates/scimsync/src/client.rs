//! One receiver's address and how we say who we are there: makes a request of the wire crate's, through the guard on
//! outgoing requests, and tells what came of it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method};
use muster_base::{Id, Secret};
use muster_directory::provision::{AuthenticationKind, Call as Taped, Settings};
use muster_directory::{Directory, Error, Result};
use muster_http::Egress;
use muster_http::egress::{Call, EgressError};
use muster_scim::Version;
use muster_scim::reconcile::{Answer, Failure, HttpMethod, Outcome, Request, retry_after_s};
use serde_json::Value;

use crate::gate::Place;
use crate::held::Held;
use crate::token::{Of, Tokens};

/// How much of a body the tape keeps, in characters.
const TAPE_MAX: usize = 4000;
/// What is shorter stands in any text.
const SECRET_MIN: usize = 4;

/// A receiver.
pub struct Client {
    directory: Directory,
    egress: Egress,
    tokens: Arc<Tokens>,
    held: Arc<Held>,
    target: (Id, Id),
    place: Arc<Place>,
    settings: Settings,
    secret: Option<Secret>,
}

/// The value of `Authorization: Basic`.
pub fn basic(name: &str, secret: &Secret) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{}", secret.expose())))
}

/// A header's value that is not logged.
///
/// # Errors
/// When it cannot be one, in words.
pub fn secret_value(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|_| "the secret cannot stand in a header".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

impl Client {
    /// A client of a target as it is entered; `secret` where another than the saved one is tried.
    ///
    /// # Errors
    /// [`Error::Internal`] when the master key does not open the saved one.
    pub async fn new(
        (directory, egress, tokens, held): (&Directory, &Egress, &Arc<Tokens>, &Arc<Held>),
        (target, place): ((Id, Id), Arc<Place>),
        settings: &Settings,
        secret: Option<Secret>,
    ) -> Result<Self> {
        let secret = match secret {
            Some(secret) => Some(secret),
            None => muster_directory::provision::store::secret(directory, target.0, target.1).await?,
        };
        Ok(Self {
            directory: directory.clone(),
            egress: egress.clone(),
            tokens: Arc::clone(tokens),
            held: Arc::clone(held),
            target,
            place,
            settings: settings.clone(),
            secret,
        })
    }

    /// Makes a request. What is not an answer to it, but words about it, does not repeat our secret.
    pub async fn send(&self, request: &Request, version: Version) -> Outcome {
        let mut outcome = self.once(request, version).await;
        let refused = matches!(&outcome, Outcome::Answered(Answer { status: 401, .. }));
        if refused && self.settings.authentication.kind == AuthenticationKind::OAuth {
            // The token may have been taken back: once more with a new one.
            self.tokens.forget(self.target);
            outcome = self.once(request, version).await;
        }
        match &mut outcome {
            Outcome::Answered(answer) if !(200..300).contains(&answer.status) => {
                answer.body = self.without_secrets(&String::from_utf8_lossy(&answer.body)).into_bytes();
            }
            Outcome::Failed(Failure::Connection(words)) => *words = self.redacted(words),
            _ => {}
        }
        outcome
    }

    async fn once(&self, request: &Request, version: Version) -> Outcome {
        let call = match self.call(request, version).await {
            Ok(call) => call,
            Err(words) => return Outcome::Failed(Failure::Connection(words)),
        };
        match self.egress.call(call).await {
            Ok(reply) => {
                let text = |name: HeaderName| reply.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
                let now_s = self.directory.env().clock.now().0 / 1_000_000;
                Outcome::Answered(Answer {
                    status: reply.status,
                    retry_after_s: text(RETRY_AFTER).and_then(|v| retry_after_s(&v, now_s)),
                    etag: text(ETAG),
                    location: text(LOCATION),
                    body: reply.body.to_vec(),
                })
            }
            Err(EgressError::Slow(_)) => Outcome::Failed(Failure::Timeout),
            Err(EgressError::TooLarge(_)) => Outcome::Failed(Failure::TooLarge),
            Err(error @ (EgressError::Forbidden(_) | EgressError::Scheme | EgressError::Address)) => {
                Outcome::Failed(Failure::Forbidden(error.to_string()))
            }
            Err(error @ (EgressError::Unreachable(..) | EgressError::Redirect(_))) => {
                Outcome::Failed(Failure::Connection(error.to_string()))
            }
        }
    }

    async fn call(&self, request: &Request, version: Version) -> Result<Call, String> {
        let method = match request.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
            HttpMethod::Put => Method::PUT,
            HttpMethod::Patch => Method::PATCH,
            HttpMethod::Delete => Method::DELETE,
        };
        let accept = HeaderValue::from_static("application/scim+json, application/json");
        let mut headers = vec![(ACCEPT, accept)];
        headers.extend(self.authentication().await?);
        if let Some(version) = &request.if_match {
            let value = HeaderValue::from_str(version).map_err(|_| "the receiver's ETag is no header".to_owned())?;
            headers.push((IF_MATCH, value));
        }
        let body = request.body.as_ref().map(|body| Bytes::from(body.to_string()));
        if body.is_some() {
            headers.push((CONTENT_TYPE, HeaderValue::from_static(version.content_type())));
        }
        let url = format!("{}{}", self.settings.base_url.trim_end_matches('/'), request.target);
        Ok(Call { method, url, headers, body })
    }

    async fn authentication(&self) -> Result<Option<(HeaderName, HeaderValue)>, String> {
        let Some(secret) = &self.secret else { return Ok(None) };
        let a = &self.settings.authentication;
        Ok(Some(match a.kind {
            AuthenticationKind::Bearer => (AUTHORIZATION, secret_value(&format!("Bearer {}", secret.expose()))?),
            AuthenticationKind::Basic => (AUTHORIZATION, secret_value(&basic(&a.username, secret))?),
            AuthenticationKind::Header => {
                let name = a.header_name.parse::<HeaderName>().map_err(|_| "this is no header's name".to_owned())?;
                (name, secret_value(secret.expose())?)
            }
            AuthenticationKind::OAuth => {
                let now = self.directory.env().clock.now();
                let of = Of::new(&self.settings, secret);
                let token = match self.tokens.find(self.target, &of, now) {
                    Some(token) => token,
                    None => self.tokens.ask(&self.egress, self.target, of, now).await?,
                };
                (AUTHORIZATION, secret_value(&format!("Bearer {}", token.expose()))?)
            }
        }))
    }

    /// A request and what came of it, as the tape keeps them.
    pub fn taped(&self, request: &Request, outcome: &Outcome, attempt: u32, words: String) -> Taped {
        let (status, answer) = match outcome {
            Outcome::Answered(answer) => {
                let text = String::from_utf8_lossy(&answer.body);
                (Some(answer.status), Some(self.redacted(&text)).filter(|t| !t.is_empty()))
            }
            Outcome::Failed(_) => (None, None),
        };
        Taped {
            at: self.directory.env().clock.now(),
            method: request.method.word().to_owned(),
            path: self.redacted(&request.target),
            request: request.body.as_ref().map(|body| self.redacted(&body.to_string())),
            status,
            answer,
            outcome: self.redacted(&words),
            attempt,
        }
    }

    /// The beginning of a text, without our secret should the receiver repeat it.
    pub fn redacted(&self, text: &str) -> String {
        self.without_secrets(text).chars().filter(|c| !c.is_control()).take(TAPE_MAX).collect()
    }

    fn without_secrets(&self, text: &str) -> String {
        self.secrets().iter().fold(text.to_owned(), |text, secret| text.replace(secret, "[secret]"))
    }

    /// All that was sent to say who we are, as JSON repeats it, too.
    fn secrets(&self) -> Vec<String> {
        let Some(secret) = &self.secret else { return Vec::new() };
        let a = &self.settings.authentication;
        let mut all = vec![secret.expose().to_owned()];
        let name = match a.kind {
            AuthenticationKind::Basic => Some(&a.username),
            AuthenticationKind::OAuth => Some(&a.client_id),
            AuthenticationKind::Bearer | AuthenticationKind::Header => None,
        };
        all.extend(name.map(|name| basic(name, secret).trim_start_matches("Basic ").to_owned()));
        all.extend(self.tokens.last(self.target).map(|token| token.expose().to_owned()));
        let escaped: Vec<String> = all
            .iter()
            .flat_map(|s| [Value::from(s.as_str()).to_string().trim_matches('"').to_owned(), s.replace('/', "\\/")])
            .collect();
        all.extend(escaped);
        all.retain(|s| s.len() >= SECRET_MIN);
        // What contains another one goes first.
        all.sort_unstable_by_key(|s| std::cmp::Reverse(s.len()));
        all.dedup();
        all
    }

    /// Waits until a request may leave, where so many a second are allowed.
    pub async fn paced(&self, per_second: Option<u32>) {
        self.place.paced(per_second).await;
    }

    /// What is counted that is read here.
    pub fn held(&self) -> &Arc<Held> {
        &self.held
    }

    /// The words of an error of the directory's that is shown to an administrator.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }
}

/// An error of ours, for logs.
pub fn log(error: &Error, what: &str) {
    tracing::error!(reason = error.private(), error = %error, "{what}");
}
