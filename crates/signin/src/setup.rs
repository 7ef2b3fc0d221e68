//! The first run: the first organization and its administrator. Asks for the token that the server printed when it
//! started on an empty database, so that nobody else takes the installation.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use muster_base::Secret;
use muster_directory::setup::{SetUp, set_up};
use muster_directory::{Actor, Error, organization};
use muster_http::page::{self, PageError};
use muster_http::{ApiError, Browser, Context, Site};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::{administrator, view};

type Page = std::result::Result<Response, PageError>;

/// A form that was sent twice is done once: the second waits, and finds an organization.
static FIRST_RUN: Mutex<()> = Mutex::const_new(());

/// What the address says.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    token: String,
}

/// `GET /setup?token=`.
pub async fn show(State(site): State<Site>, Query(asked): Query<Asked>) -> Page {
    if let Some(refusal) = refusal(&site, &asked.token).await? {
        return Ok(refusal);
    }
    Ok(view::setup(&asked.token, "", "", "", &[]))
}

async fn refusal(site: &Site, token: &str) -> Result<Option<Response>, PageError> {
    if organization::store::count(&mut site.directory().read()).await? > 0 {
        return Ok(Some(Redirect::to("/console").into_response()));
    }
    let right = site.config().setup_token.as_ref().filter(|t| !t.expose().is_empty());
    if right.is_some_and(|t| muster_base::secret::same(t.expose().as_bytes(), token.as_bytes())) {
        return Ok(None);
    }
    let text = [
        "This installation is empty. The server printed an address for the first run when it started: open that one."
            .to_owned(),
        "Or run `muster setup` beside the server.".to_owned(),
    ];
    Ok(Some(page::message(StatusCode::FORBIDDEN, "Set up Muster", None, &text, "", None)))
}

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    token: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// `POST /setup`.
pub async fn submit(State(site): State<Site>, browser: Browser, context: Context, Form(typed): Form<Typed>) -> Page {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let _turn = FIRST_RUN.lock().await;
    if let Some(refusal) = refusal(&site, &typed.token).await? {
        return Ok(refusal);
    }
    let input = SetUp {
        organization: typed.organization.clone(),
        slug: None,
        email: typed.username.clone(),
        password: Some(Secret::new(typed.password)),
        provider: Some(typed.provider.clone()).filter(|p| !p.trim().is_empty()),
    };
    let actor = Actor { request_id: Some(context.request_id.clone()), ..Actor::system() };
    match set_up(site.directory(), actor, input).await {
        Ok(done) => {
            let to = format!("/console/{}/", done.organization.slug);
            Ok(administrator::sign_in(&site, browser, &context, &done.administrator, &to).await?)
        }
        Err(Error::Invalid(fields)) => {
            let errors: Vec<String> = fields.into_iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
            Ok(view::setup(&typed.token, &typed.organization, &typed.provider, &typed.username, &errors))
        }
        Err(error) => Err(error.into()),
    }
}
