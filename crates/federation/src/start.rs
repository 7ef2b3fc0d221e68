//! `GET /o/{slug}/federate`: sends someone to the identity provider that a routing policy names for them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use muster_base::{Email, Id};
use muster_directory::flow::{self, Flow};
use muster_directory::identity_provider::{self, IdentityProvider};
use muster_directory::organization::{self, Organization};
use muster_directory::user::{self, State as UserState, User};
use muster_directory::{Error, Result, application, routing};
use muster_http::destination::is_our_path;
use muster_http::page::PageError;
use muster_http::{ApiError, Browser, Context, Site, cookie};
use muster_oauth::pkce;
use muster_oauth::relying_party::AuthorizationParams;
use serde::Deserialize;

use crate::departure::{self, Wishes};
use crate::provider::Providers;
use crate::refuse::{Refusal, refuse};
use crate::saml::Place;
use crate::saml::depart::Departure;
use crate::saml::judge::request_id;
use crate::store::{self, Age, Pending, Proofs};

/// A circle (A sends to B, which sends to A) is so many unanswered departures within so many seconds. `HINTED` is for a
/// request that came with a hint, so that nobody typed anything on the way: browsers give up after 20 redirects, and a
/// round takes six.
const CIRCLE: (i64, i64) = (4, 60);
const CIRCLE_HINTED: (i64, i64) = (2, 20);

/// What the address says.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    username: String,
    #[serde(default)]
    flow: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

/// The handler.
pub async fn start(
    State(site): State<Site>,
    Extension(providers): Extension<Arc<Providers>>,
    Path(slug): Path<String>,
    browser: Browser,
    context: Context,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let directory = site.directory();
    let organization = organization::store::by_slug(&mut directory.read(), &slug).await?;
    let organization = organization.ok_or(Error::Missing("organization"))?;
    let flow = waiting(&site, &organization, browser, asked.flow.as_deref()).await?;
    let (user, idp) = match whereto(&site, &organization, flow.as_ref(), &asked.username).await? {
        Some(found) => found,
        None => return Ok(Redirect::to(&format!("/o/{slug}/login")).into_response()),
    };
    let (browser, new_cookie) = browser.or_new(&site).await?;
    let refused = |told: &str, reason: String| Refusal {
        organization: &organization,
        idp: &idp,
        user: user.as_ref().map(|u| u.id),
        status: StatusCode::BAD_GATEWAY,
        told: told.to_owned(),
        reason,
        trace: Vec::new(),
    };
    let now = directory.env().clock.now();
    if is_circle(&site, flow.as_ref(), browser, &idp).await? {
        let told = "The sign-in goes round in a circle: the identity provider sends you back here to sign in, and this organization sends you there again. Wait a minute and try once more.";
        let refusal =
            Refusal { status: StatusCode::CONFLICT, ..refused(told, "the sign-in goes round in a circle".into()) };
        return Ok(refuse(&site, &context, refusal).await?);
    }
    let env = directory.env();
    let (state, wishes) = (env.secret(), Wishes::of(flow.as_ref()));
    let anew_since_s = (wishes.prompt == Some("login")).then(|| now.seconds());
    let pending = Pending {
        org: organization.id,
        idp: idp.id,
        browser,
        user: user.as_ref().map(|u| u.id),
        redirect_uri: answers_to(&site, &organization, &idp),
        flow: flow.as_ref().map(|f| f.id),
        return_to: asked.to.filter(|to| is_our_path(to)),
        proofs: Proofs { nonce: env.secret(), verifier: env.secret() },
        age: Age { max_s: wishes.max_age_s, anew_since_s, fresh: flow.as_ref().is_some_and(|f| f.fresh) },
        response: None,
    };
    if let Some(saml) = &idp.doc.saml {
        // It cannot be told how old a sign-in may be, only that it has to be a new one.
        let force_authn = wishes.prompt == Some("login") || wishes.max_age_s.is_some();
        let (site, organization, idp, state) = (&site, &organization, &idp, &state);
        let id = request_id(&pending);
        let response = Departure { site, organization, idp, saml, state, id, force_authn }.response().await?;
        store::keep(directory, state, &pending).await?;
        return Ok((cookie::set(site, new_cookie.as_ref()), response).into_response());
    }
    let documents = match providers.documents(&idp.doc.url).await {
        Ok(documents) => documents,
        Err(problem) => {
            providers.note(organization.id, idp.id, Some(&problem));
            let told = "The identity provider cannot be reached at the moment, or is not set up rightly. Try again in a few minutes.";
            return Ok(refuse(&site, &context, refused(told, problem)).await?);
        }
    };
    let hint = match &user {
        Some(user) => hint(&site, &idp, user).await?,
        None => asked.username.clone(),
    };
    let challenge = pkce::challenge(pending.proofs.verifier.expose());
    let params = AuthorizationParams {
        client_id: &idp.doc.client_id,
        redirect_uri: &pending.redirect_uri,
        scope: "openid email profile",
        state: state.expose(),
        nonce: pending.proofs.nonce.expose(),
        code_challenge: &challenge,
        login_hint: Some(hint.as_str()).filter(|h| !h.is_empty()),
        prompt: wishes.prompt,
        max_age_s: wishes.max_age_s,
        acr_values: wishes.acr_values.as_deref(),
    };
    let address = match departure::address(&site, &providers, &idp, &documents, &params).await? {
        Ok(address) => address,
        Err(problem) => {
            providers.note(organization.id, idp.id, Some(&problem));
            let told = "The identity provider is not set up rightly, or did not take the request.";
            return Ok(refuse(&site, &context, refused(told, problem)).await?);
        }
    };
    store::keep(directory, &state, &pending).await?;
    Ok((cookie::set(&site, new_cookie.as_ref()), Redirect::to(&address)).into_response())
}

/// Whether this browser was sent to the provider again and again, and no answer came.
async fn is_circle(site: &Site, flow: Option<&Flow>, browser: Id, idp: &IdentityProvider) -> Result<bool> {
    let now = site.directory().env().clock.now();
    let hinted = flow.is_some_and(|f| f.login_hint.is_some());
    let (rounds, within_s) = if hinted { CIRCLE_HINTED } else { CIRCLE };
    Ok(store::unanswered(site.directory(), idp.org, browser, idp.id, now.minus_s(within_s)).await? >= rounds)
}

/// Where the provider's answer has to come.
fn answers_to(site: &Site, organization: &Organization, idp: &IdentityProvider) -> String {
    match idp.doc.saml {
        Some(_) => Place::of(site, &organization.slug, idp.id).acs_url,
        None => format!("{}{}", site.config().base(), idp.callback_path()),
    }
}

/// The request that waits, if the address names one of this browser.
async fn waiting(
    site: &Site,
    organization: &Organization,
    browser: Browser,
    flow: Option<&str>,
) -> Result<Option<Flow>> {
    let Some(id) = flow.filter(|f| !f.is_empty()) else { return Ok(None) };
    let missing = || Error::Missing("sign-in request");
    let id: Id = id.parse().map_err(|_| missing())?;
    let browser = browser.0.ok_or_else(missing)?;
    let now = site.directory().env().clock.now();
    Ok(Some(flow::find(&mut site.directory().read(), organization.id, id, browser, now).await?))
}

/// Who is meant and where they sign in; `None`: here.
async fn whereto(
    site: &Site,
    organization: &Organization,
    flow: Option<&Flow>,
    username: &str,
) -> Result<Option<(Option<User>, IdentityProvider)>> {
    let directory = site.directory();
    let app = match flow.and_then(|f| f.app) {
        Some(app) => application::store::by_id(&mut directory.read(), organization.id, app).await?,
        None => None,
    };
    let user = user::resolve::by_identifier(&mut directory.read(), organization.id, app.as_ref(), username).await?;
    let Some(user) = user else {
        let Ok(email) = username.parse::<Email>() else { return Ok(None) };
        let all = identity_provider::store::all(&mut directory.read(), organization.id).await?;
        return Ok(all.into_iter().find(|p| p.brings_in(email.domain())).map(|p| (None, p)));
    };
    if user.state != UserState::Activated {
        return Ok(None);
    }
    let decision = routing::decide::load(&mut directory.read(), &user).await?;
    match decision.provider() {
        Some(id) => {
            let idp = identity_provider::store::get(&mut directory.read(), organization.id, id).await?;
            Ok(Some((Some(user), idp)))
        }
        None => Ok(None),
    }
}

/// The name that the provider knows the person by: the linked one, else the matched attribute, else the e-mail.
async fn hint(site: &Site, idp: &IdentityProvider, user: &User) -> Result<String> {
    let link = identity_provider::store::link_of(&mut site.directory().read(), idp.org, idp.id, user.id).await?;
    if let Some(name) = link.and_then(|l| l.linked_name) {
        return Ok(name);
    }
    let matched = user.attribute(&idp.doc.matching.attribute).map(std::borrow::Cow::into_owned);
    Ok(matched.unwrap_or_else(|| user.email.clone()))
}
