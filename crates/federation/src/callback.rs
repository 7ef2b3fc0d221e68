//! `GET /oauth/callback[/{idp}]`: the provider's answer. Read, judged, and turned into a session, or a page that says why
//! not.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use muster_base::{Secret, limits};
use muster_directory::identity_provider::link::{self, Identity};
use muster_directory::identity_provider::{self, IdentityProvider, Kind as ProviderKind};
use muster_directory::organization;
use muster_directory::session::Upstream;
use muster_directory::trace::Trace;
use muster_directory::{Error, Result};
use muster_http::page::{self, PageError};
use muster_http::{Browser, Context, Site};
use muster_jose::{Alg, half_hash};
use muster_oauth::Params;
use muster_oauth::relying_party::{
    Callback, EmailVerified, IdTokenChecks, IdentityClaims, Outcome, SubjectRule, check_id_token, check_iss,
};
use serde_json::{Map, Value, json};

use crate::admit::Admission;
use crate::context::{There, is_anew, upstream};
use crate::provider::{Documents, Providers};
use crate::refuse::{Refusal, refuse};
use crate::store::{self, Pending};
use crate::{redeem, token, userinfo};

/// The ID token comes straight from the token endpoint: it was issued a moment ago, in seconds.
const TOKEN_AGE_MAX_S: i64 = 600;
/// How long a provider may take for everything that it is asked, in seconds: less than a request may take here, so that
/// a slow provider ends on a page that says so.
const PATIENCE_S: u64 = 30;

/// The callback shared by providers that name themselves in the answer.
pub async fn shared(
    State(site): State<Site>,
    Extension(providers): Extension<Arc<Providers>>,
    browser: Browser,
    context: Context,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    answer(&site, &providers, browser, &context, query, "/oauth/callback").await
}

/// The callback of one provider.
pub async fn own(
    State(site): State<Site>,
    Extension(providers): Extension<Arc<Providers>>,
    Path(idp): Path<String>,
    browser: Browser,
    context: Context,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    answer(&site, &providers, browser, &context, query, &format!("/oauth/callback/{idp}")).await
}

async fn answer(
    site: &Site,
    providers: &Providers,
    browser: Browser,
    context: &Context,
    query: Option<String>,
    path: &str,
) -> Result<Response, PageError> {
    let read = Params::parse(&query.unwrap_or_default()).and_then(|params| Callback::read(&params));
    let Ok(callback) = read else {
        return Ok(lost(context, "The answer of the identity provider could not be read."));
    };
    let state = Secret::new(callback.state.clone());
    let Some(pending) = store::take(site.directory(), &state).await? else {
        return Ok(lost(context, "This sign-in is too old, or was finished already."));
    };
    // Login CSRF: an answer counts only in the browser that was sent away.
    if browser.0 != Some(pending.browser) {
        return Ok(lost(context, "This sign-in was started in another browser."));
    }
    let directory = site.directory();
    let organization = organization::store::get(&mut directory.read(), pending.org).await?;
    let idp = match identity_provider::store::get(&mut directory.read(), pending.org, pending.idp).await {
        Ok(idp) => idp,
        Err(Error::Missing(_)) => return Ok(lost(context, "The identity provider was removed here meanwhile.")),
        Err(error) => return Err(error.into()),
    };
    let sign_in = SignIn { site, providers, idp: &idp, pending: &pending };
    let patience = Duration::from_secs(PATIENCE_S);
    let judged = match tokio::time::timeout(patience, sign_in.judge(&callback, path)).await {
        Ok(judged) => judged?,
        Err(_) => sign_in.broken(format!("the provider took more than {PATIENCE_S} seconds in all")),
    };
    match judged {
        Judged::Identity(found) => {
            let (identity, upstream) = *found;
            let admission = Admission { site, context, organization: &organization, idp: &idp, pending: &pending };
            Ok(admission.admit(identity, upstream).await?)
        }
        Judged::Refused { told, reason, status } => {
            let refusal = Refusal {
                organization: &organization,
                idp: &idp,
                user: pending.user,
                status,
                told: told.to_owned(),
                reason,
                trace: Trace::new(),
            };
            Ok(refuse(site, context, refusal).await?)
        }
    }
}

/// A page for an answer that belongs to nothing we know: there is no organization to tell.
pub fn lost(context: &Context, text: &str) -> Response {
    let text = [text.to_owned(), "Go back to where you began and sign in again.".to_owned()];
    let back = Some(("/login".to_owned(), "Back to login".to_owned()));
    let title = "This sign-in cannot go on";
    page::message(StatusCode::BAD_REQUEST, title, None, &text, &context.request_id, back)
}

enum Judged {
    Identity(Box<(Identity, Upstream)>),
    Refused { told: &'static str, reason: String, status: StatusCode },
}

fn refused(told: &'static str, reason: impl ToString) -> Judged {
    Judged::Refused { told, reason: reason.to_string(), status: StatusCode::FORBIDDEN }
}

fn broken(reason: impl ToString) -> Judged {
    let told = "The identity provider cannot be reached at the moment, or did not answer as it should. Try again in a few minutes.";
    Judged::Refused { told, reason: reason.to_string(), status: StatusCode::BAD_GATEWAY }
}

const NOT_BELIEVED: &str = "What the identity provider answered does not hold, so it was not believed.";

struct SignIn<'a> {
    site: &'a Site,
    providers: &'a Providers,
    idp: &'a IdentityProvider,
    pending: &'a Pending,
}

impl SignIn<'_> {
    /// From the answer to a verified identity.
    async fn judge(&self, callback: &Callback, path: &str) -> Result<Judged> {
        let idp = self.idp;
        if !idp.enabled {
            return Ok(refused("This identity provider is turned off.", "the identity provider is off"));
        }
        if self.pending.redirect_uri != format!("{}{path}", self.site.config().base()) {
            return Ok(refused(NOT_BELIEVED, format!("the answer came to {path}, not to where it was asked for")));
        }
        let documents = match self.providers.documents(&idp.doc.url).await {
            Ok(documents) => documents,
            Err(problem) => return Ok(self.broken(problem)),
        };
        // The shared callback is for those who name themselves, and only the name tells them apart there.
        let announced = documents.metadata.answers_with_iss() || idp.doc.iss_parameter;
        // The issuer that names itself in the answer is compared before anything is sent to the provider (RFC 9207).
        if let Err(problem) = check_iss(callback.iss.as_deref(), documents.issuer.as_str(), announced) {
            return Ok(refused(NOT_BELIEVED, problem));
        }
        let code = match &callback.outcome {
            Outcome::Code(code) => code,
            Outcome::Refused { error, description } => {
                let reason = format!("the provider refused: {error} {}", description.as_deref().unwrap_or_default());
                return Ok(refused("The identity provider refused the sign-in.", reason.trim_end()));
            }
        };
        let tokens = redeem::redeem(self.site.directory(), self.providers, idp, &documents, self.pending, code).await?;
        let (id_token, access_token) = match tokens {
            Ok(tokens) => tokens,
            Err(problem) => return Ok(self.broken(problem)),
        };
        let opened = match token::opened(self.site.directory(), idp, &id_token).await? {
            Ok(opened) => opened,
            Err(problem) => return Ok(refused(NOT_BELIEVED, problem)),
        };
        let (claims, documents) = match token::verified(self.providers, idp, documents, &opened, &Alg::ALL).await {
            Ok(verified) => verified,
            Err(problem) => return Ok(refused(NOT_BELIEVED, problem)),
        };
        let at_hash = half_hash(claims.header.alg, &access_token);
        let checks = IdTokenChecks {
            issuer: &documents.issuer,
            client_id: &idp.doc.client_id,
            nonce: self.pending.proofs.nonce.expose(),
            now_s: self.site.directory().env().clock.now().seconds(),
            skew_s: limits::CLOCK_SKEW_S,
            max_token_age_s: Some(TOKEN_AGE_MAX_S),
            // Who does not say when was asked for a new sign-in besides (`prompt=login`).
            max_age_s: self.pending.age.max_s.filter(|_| claims.claims.contains_key("auth_time")),
            at_hash: Some(&at_hash),
            subject: if idp.doc.kind == ProviderKind::Azure { SubjectRule::TidOid } else { SubjectRule::Sub },
        };
        let claims = match check_id_token(&claims.claims, &checks) {
            Ok(claims) => claims,
            Err(problem) => return Ok(refused(NOT_BELIEVED, problem)),
        };
        if let Err(problem) = is_anew(self.pending.age, claims.auth_time_s) {
            return Ok(refused(NOT_BELIEVED, problem));
        }
        let (directory, providers, documents) = (self.site.directory(), self.providers, &documents);
        let asked = userinfo::Asked { directory, providers, idp, documents, access_token: &access_token };
        match asked.complete(claims).await? {
            Ok(claims) => {
                self.providers.note(idp.org, idp.id, None);
                let upstream = upstream(idp, self.pending.age, There::of(&claims));
                Ok(Judged::Identity(Box::new((identity(idp, documents, &claims), upstream))))
            }
            Err(problem) => Ok(self.broken(problem)),
        }
    }

    fn broken(&self, problem: String) -> Judged {
        self.providers.note(self.idp.org, self.idp.id, Some(&problem));
        broken(problem)
    }
}

/// What the directory is told of the claims.
fn identity(idp: &IdentityProvider, documents: &Documents, claims: &IdentityClaims) -> Identity {
    let text = |name: &str| claims.raw.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut profile = Map::new();
    for (ours, theirs) in
        [("firstname", &claims.given_name), ("lastname", &claims.family_name), ("displayname", &claims.name)]
    {
        if let Some(value) = theirs {
            profile.insert(ours.into(), json!(value));
        }
    }
    Identity {
        issuer: claims.issuer.clone(),
        subject: claims.subject.clone(),
        match_value: text(&idp.doc.matching.claim),
        email: claims.email.clone(),
        email_verified: match claims.email_verified {
            EmailVerified::True => link::EmailVerified::True,
            EmailVerified::False => link::EmailVerified::False,
            EmailVerified::Absent => link::EmailVerified::Absent,
        },
        issuer_is_one_organizations: is_one_organizations(idp, documents, claims),
        linked_name: claims.email.clone().or_else(|| claims.preferred_username.clone()),
        profile,
    }
}

/// Whether the issuer belongs to one organization, so that it need not say `email_verified`: a fixed issuer does; Google
/// serves the world, and only its `hd` ties an address to an organization.
fn is_one_organizations(idp: &IdentityProvider, documents: &Documents, claims: &IdentityClaims) -> bool {
    let domain = claims.email.as_deref().and_then(|e| e.rsplit_once('@')).map(|(_, domain)| domain);
    match idp.doc.kind {
        ProviderKind::Google => match (&claims.hd, domain) {
            (Some(hd), Some(domain)) => hd.eq_ignore_ascii_case(domain),
            _ => false,
        },
        _ => documents.issuer.is_single_tenant(),
    }
}
