//! What providers say of themselves: the well-known document and the key set, kept for a while, read anew when a token
//! names a key that is not there (rotation).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use muster_base::{Id, Micros};
use muster_directory::identity_provider::{self, Kind, Saml};
use muster_directory::{Directory, Error};
use muster_http::Egress;
use muster_http::probe::{Answer, Check, CheckState, Discovery, Probe};
use muster_jose::JwkSet;
use muster_oauth::client_auth::Method;
use muster_oauth::discovery::{IssuerRule, Metadata, check, well_known_url};

/// How long a document is believed, in seconds, whatever its headers say: at least and at most.
const KEEP_AT_LEAST_S: i64 = 60;
const KEEP_AT_MOST_S: i64 = 3600;
/// How often an unknown key name makes us read the set anew, per provider and minute: a forger must not make us a load.
const REFRESHES_PER_MINUTE: usize = 6;
/// How long before its end a document in use is read anew, in seconds: longer than a round of the worker.
const REFRESH_AHEAD_S: i64 = 120;
/// How many documents one round reads at most.
const REFRESHES_PER_ROUND: usize = 200;
/// How many providers are kept; beyond it all are forgotten and read again.
const KEPT_MAX: usize = 10_000;

/// A provider's documents.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The well-known document.
    pub metadata: Metadata,
    /// Which issuer its tokens may name.
    pub issuer: IssuerRule,
    /// The keys.
    pub keys: Arc<JwkSet>,
}

struct Kept {
    documents: Documents,
    /// Whether anybody asked since it was read.
    used: bool,
    until: Micros,
    refreshes: Vec<Micros>,
}

/// The providers in use.
pub struct Providers {
    directory: Directory,
    egress: Egress,
    http_allowed: bool,
    // By address, not by organization: the documents are public and the same for everybody.
    kept: Mutex<HashMap<String, Kept>>,
    checks: Mutex<HashMap<(Id, Id), Check>>,
    methods: Mutex<HashMap<(Id, Id), Method>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Providers {
    /// Providers reached through the guard; `http_allowed` where the site itself is plain http on loopback.
    #[must_use]
    pub fn new(directory: Directory, egress: Egress, http_allowed: bool) -> Self {
        Self {
            directory,
            egress,
            http_allowed,
            kept: Mutex::default(),
            checks: Mutex::default(),
            methods: Mutex::default(),
        }
    }

    /// The outgoing guard.
    #[must_use]
    pub fn egress(&self) -> &Egress {
        &self.egress
    }

    /// The documents of the provider at an address.
    ///
    /// # Errors
    /// What stands in the way, in words.
    pub async fn documents(&self, url: &str) -> Result<Documents, String> {
        let now = self.directory.env().clock.now();
        if let Some(kept) = lock(&self.kept).get_mut(url)
            && now < kept.until
        {
            kept.used = true;
            return Ok(kept.documents.clone());
        }
        self.read(url).await
    }

    /// The documents read anew, because a token names a key that is not there; `None` when that was done too often.
    pub async fn refreshed(&self, url: &str) -> Option<Result<Documents, String>> {
        let now = self.directory.env().clock.now();
        {
            let mut kept = lock(&self.kept);
            if let Some(kept) = kept.get_mut(url) {
                kept.refreshes.retain(|at| now < at.plus_s(60));
                if kept.refreshes.len() >= REFRESHES_PER_MINUTE {
                    return None;
                }
                kept.refreshes.push(now);
            }
        }
        Some(self.read(url).await)
    }

    async fn read(&self, url: &str) -> Result<Documents, String> {
        let place = well_known_url(url)?;
        let answer = self.egress.get(&place.metadata_url, None).await.map_err(|e| e.to_string())?;
        if answer.status != 200 {
            return Err(format!("{} answered with status {}", place.metadata_url, answer.status));
        }
        let metadata = Metadata::parse(&answer.body)?;
        let issuer = check(&metadata, url, self.http_allowed)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let jwks_uri = metadata.jwks_uri.clone().unwrap_or_default();
        let set = self.egress.get(&jwks_uri, None).await.map_err(|e| e.to_string())?;
        if set.status != 200 {
            return Err(format!("{jwks_uri} answered with status {}", set.status));
        }
        let keys = JwkSet::parse(&set.body).map_err(|e| format!("{jwks_uri}: {e}"))?;
        let documents = Documents { metadata, issuer, keys: Arc::new(keys) };
        let keep_s = set.max_age_s.unwrap_or(KEEP_AT_MOST_S).clamp(KEEP_AT_LEAST_S, KEEP_AT_MOST_S);
        let until = self.directory.env().clock.now().plus_s(keep_s);
        let mut kept = lock(&self.kept);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        let refreshes = kept.remove(url).map(|k| k.refreshes).unwrap_or_default();
        kept.insert(url.to_owned(), Kept { documents: documents.clone(), used: false, until, refreshes });
        Ok(documents)
    }

    async fn read_metadata(&self, url: &str) -> Result<Saml, String> {
        let answer = self.egress.get(url, None).await.map_err(|e| e.to_string())?;
        if answer.status != 200 {
            return Err(format!("{url} answered with status {}", answer.status));
        }
        Saml::default().with_metadata(&answer.body)
    }

    /// Reads the documents anew that are in use and about to grow old, so that nobody who signs in waits for it. One that
    /// cannot be read stays until it is too old.
    pub async fn refresh_due(&self) {
        let soon = self.directory.env().clock.now().plus_s(REFRESH_AHEAD_S);
        let due: Vec<String> = {
            let kept = lock(&self.kept);
            let old = kept.iter().filter(|(_, kept)| kept.used && kept.until <= soon);
            old.map(|(url, _)| url.clone()).take(REFRESHES_PER_ROUND).collect()
        };
        for url in due {
            if let Err(problem) = self.read(&url).await {
                tracing::warn!(url, problem, "an identity provider's documents could not be read anew");
            }
        }
    }

    /// How we last authenticated at a provider's token endpoint with success.
    #[must_use]
    pub fn method(&self, org: Id, idp: Id) -> Option<Method> {
        lock(&self.methods).get(&(org, idp)).copied()
    }

    /// Remembers how we authenticated with success.
    pub fn remember_method(&self, org: Id, idp: Id, method: Method) {
        lock(&self.methods).insert((org, idp), method);
    }

    /// Remembers how the use of a provider went, for its card in the console.
    pub fn note(&self, org: Id, idp: Id, problem: Option<&str>) {
        let check = Check {
            state: if problem.is_none() { CheckState::Ok } else { CheckState::Failing },
            at: Some(self.directory.env().clock.now()),
            message: problem.unwrap_or_default().to_owned(),
        };
        lock(&self.checks).insert((org, idp), check);
    }
}

/// Says so when every certificate of a provider has run out: its answers are believed all the same, but it will have
/// another one by now.
fn expired(saml: &Saml, now_s: i64) -> Option<String> {
    let certificates = saml.read_certificates();
    let over = !certificates.is_empty() && certificates.iter().all(|certificate| certificate.not_after_s() <= now_s);
    over.then(|| "the provider's certificates have expired: import its metadata anew".to_owned())
}

impl Probe for Providers {
    fn discover<'a>(&'a self, url: &'a str, kind: Kind) -> Answer<'a, Discovery> {
        Box::pin(async move {
            if kind == Kind::Saml {
                return match self.read_metadata(url).await {
                    Ok(saml) => Discovery { saml: Some(saml), ..Discovery::default() },
                    Err(problem) => Discovery { problems: vec![problem], ..Discovery::default() },
                };
            }
            match self.read(url).await {
                Ok(documents) => {
                    let mut problems = Vec::new();
                    if kind == Kind::Google && !documents.issuer.as_str().contains("google") && !self.http_allowed {
                        problems.push("this is not Google's issuer: https://accounts.google.com".to_owned());
                    }
                    Discovery {
                        issuer: Some(documents.issuer.as_str().to_owned()),
                        iss_parameter: documents.metadata.answers_with_iss(),
                        authorization_endpoint: documents.metadata.authorization_endpoint,
                        token_endpoint: documents.metadata.token_endpoint,
                        saml: None,
                        problems,
                    }
                }
                Err(problem) => Discovery { problems: vec![problem], ..Discovery::default() },
            }
        })
    }

    fn check(&self, org: Id, idp: Id) -> Answer<'_, Check> {
        Box::pin(async move {
            let found = identity_provider::store::get(&mut self.directory.read(), org, idp).await;
            match found {
                Ok(provider) => {
                    let problem = match &provider.doc.saml {
                        // There is nothing to ask it without a person: what can be wrong by itself is the certificates.
                        Some(saml) => expired(saml, self.directory.env().clock.now().seconds()),
                        None => self.read(&provider.doc.url).await.err(),
                    };
                    self.note(org, idp, problem.as_deref());
                }
                Err(Error::Missing(_)) => {}
                Err(error) => tracing::error!(reason = error.private(), "a provider could not be loaded"),
            }
            self.last(org, idp)
        })
    }

    fn last(&self, org: Id, idp: Id) -> Check {
        let unknown = Check { state: CheckState::Unknown, at: None, message: String::new() };
        lock(&self.checks).get(&(org, idp)).cloned().unwrap_or(unknown)
    }
}
