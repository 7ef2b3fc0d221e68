//! `/o/{slug}/federation/{idp}/saml/acs`: where a provider's answer is posted. The post comes from another site, without our
//! cookie: the answer is kept, and the browser comes again for it with a GET, by which it shows that it is the one that was
//! sent away (login CSRF).

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use muster_base::{Id, Secret};
use muster_directory::organization::{self, Organization};
use muster_directory::trace::Trace;
use muster_directory::{Error, Result, identity_provider};
use muster_http::page::PageError;
use muster_http::{Browser, Context, Site};
use muster_saml::binding::{MessageKind, Received};
use serde::Deserialize;

use super::judge::{Judge, Problem};
use super::{Place, key};
use crate::admit::Admission;
use crate::callback::lost;
use crate::provider::Providers;
use crate::refuse::{Refusal, refuse};
use crate::store::{self, Pending};

const UNASKED: &str = "This sign-in was not begun here, is too old, or was finished already.";

async fn place(site: &Site, slug: &str, idp: &str) -> Result<(Organization, Id)> {
    let organization = organization::store::by_slug(&mut site.directory().read(), slug).await?;
    let organization = organization.ok_or(Error::Missing("organization"))?;
    Ok((organization, idp.parse().map_err(|_| Error::Missing("identity_provider"))?))
}

/// Keeps the answer.
pub async fn post(
    State(site): State<Site>,
    Path((slug, idp)): Path<(String, String)>,
    context: Context,
    body: Bytes,
) -> Result<Response, PageError> {
    let (organization, idp) = place(&site, &slug, &idp).await?;
    let received = std::str::from_utf8(&body).ok().and_then(|body| Received::from_form(body).ok());
    let Some(received) = received.filter(|received| received.kind() == MessageKind::Response) else {
        return Ok(lost(&context, "The answer of the identity provider could not be read."));
    };
    // What we did not ask for is not taken: anybody could plant a sign-in of theirs in a browser so.
    let Some(state) = received.relay_state().map(Secret::new) else { return Ok(lost(&context, UNASKED)) };
    if !store::answer(site.directory(), organization.id, idp, &state, received.xml()).await? {
        return Ok(lost(&context, UNASKED));
    }
    let state: String = url::form_urlencoded::byte_serialize(state.expose().as_bytes()).collect();
    let again = format!("/o/{}/federation/{idp}/saml/acs?state={state}", organization.slug);
    Ok(Redirect::to(&again).into_response())
}

/// What the address says.
#[derive(Deserialize)]
pub struct Again {
    #[serde(default)]
    state: String,
}

/// Takes the answer up, in the browser that was sent away.
pub async fn get(
    State(site): State<Site>,
    Extension(providers): Extension<Arc<Providers>>,
    Path((slug, idp)): Path<(String, String)>,
    browser: Browser,
    context: Context,
    Query(again): Query<Again>,
) -> Result<Response, PageError> {
    let (organization, id) = place(&site, &slug, &idp).await?;
    let directory = site.directory();
    let pending = store::take(directory, &Secret::new(again.state)).await?;
    let Some(pending) = pending.filter(|p| p.org == organization.id && p.idp == id && p.response.is_some()) else {
        return Ok(lost(&context, UNASKED));
    };
    if browser.0 != Some(pending.browser) {
        return Ok(lost(&context, "This sign-in was started in another browser."));
    }
    let idp = match identity_provider::store::get(&mut directory.read(), organization.id, id).await {
        Err(Error::Missing(_)) => return Ok(lost(&context, "The identity provider was removed here meanwhile.")),
        found => found?,
    };
    let admission =
        Admission { site: &site, context: &context, organization: &organization, idp: &idp, pending: &pending };
    Ok(judged(&admission, &providers, &pending).await?)
}

async fn judged(admission: &Admission<'_>, providers: &Providers, pending: &Pending) -> Result<Response> {
    let Admission { site, context, organization, idp, .. } = *admission;
    let refused = |told: &str, reason: String| Refusal {
        organization,
        idp,
        user: pending.user,
        status: StatusCode::FORBIDDEN,
        told: told.to_owned(),
        reason,
        trace: Trace::new(),
    };
    let place = Place::of(site, &organization.slug, idp.id);
    let (Some(saml), true) = (&idp.doc.saml, pending.redirect_uri == place.acs_url) else {
        let reason = "the answer came to another address than the one where it was asked for";
        return refuse(site, context, refused("The identity provider was changed here meanwhile.", reason.into()))
            .await;
    };
    if !idp.enabled {
        let reason = "the identity provider is off".to_owned();
        return refuse(site, context, refused("This identity provider is turned off.", reason)).await;
    }
    let directory = site.directory();
    let pair = key::pair(directory, organization.id).await?;
    let judge = Judge {
        idp,
        saml,
        place: &place,
        pending,
        decryption: &pair.decryption,
        now_s: directory.env().clock.now().seconds(),
    };
    match judge.identity(pending.response.as_deref().unwrap_or_default()) {
        Ok((identity, upstream)) => {
            providers.note(idp.org, idp.id, None);
            admission.admit(identity, upstream).await
        }
        Err(Problem::Refused(reason)) => {
            refuse(site, context, refused("The identity provider refused the sign-in.", reason)).await
        }
        Err(Problem::NotBelieved(reason)) => {
            providers.note(idp.org, idp.id, Some(&reason));
            let told = "What the identity provider answered does not hold, so it was not believed.";
            refuse(site, context, refused(told, reason)).await
        }
    }
}
