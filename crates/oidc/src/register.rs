//! Dynamic client registration (RFC 7591, OpenID Connect Registration) and the client's own management of it (RFC 7592).
//! Off unless the organization's setting `clientRegistration` says otherwise.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_base::{Id, Secret};
use muster_directory::application::{Application, Oidc};
use muster_directory::organization::Organization;
use muster_directory::organization::settings::RegistrationMode;
use muster_directory::registration::client::{Register, Remove, Replace};
use muster_directory::registration::store;
use muster_directory::{Actor, Error as DirectoryError};
use muster_http::{Context, Site, sector};
use muster_oauth::registration::Registration;
use muster_oauth::{Error, ErrorCode, bearer};
use serde_json::{Map, Value, json};

use crate::client::{self, Client};
use crate::error::Refusal;
use crate::{body, organization};

/// `POST /o/{slug}/oauth2/register`
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    context: Context,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let mode = allowed(&organization)?;
    let initial_token = bearer::read(body::authorization(&headers), None)?.map(|token| Secret::new(token).digest());
    if mode == RegistrationMode::Token && initial_token.is_none() {
        return Err(no_token());
    }
    site.rates().registration(&context.prefix()).map_err(Refusal::TooOften)?;
    let registration = Registration::read(body::json(&headers, bytes)?)?;
    let directory = site.directory();
    let (secret, access_token) = (directory.env().secret(), directory.env().secret());
    // Whoever registers by itself is a third party: people are asked before it learns about them.
    let base = Map::from_iter([("consent".to_owned(), json!("required"))]);
    let name = registration.client_name.clone();
    let oidc = settings(registration, base)?;
    in_sector(&site, &oidc, None).await?;
    let verb = Register { name, oidc, secret: secret.clone(), access_token: access_token.digest(), initial_token };
    let actor = Actor { request_id: Some(context.request_id.clone()), ..Actor::system() };
    let app = directory.write(actor, organization.id, verb).await.map_err(refusal)?;
    let mut answer = shown(&site, &organization, &app);
    answer.insert("registration_access_token".to_owned(), access_token.expose().into());
    say_secret(&mut answer, &app, Some(&secret));
    Ok(send(StatusCode::CREATED, answer))
}

/// `GET /o/{slug}/oauth2/register/{client_id}`
pub async fn get(
    State(site): State<Site>,
    Path((slug, client_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (organization, client) = registered(&site, &slug, &client_id, &headers).await?;
    let mut answer = shown(&site, &organization, &client.app);
    say_secret(&mut answer, &client.app, None);
    Ok(send(StatusCode::OK, answer))
}

/// `PUT /o/{slug}/oauth2/register/{client_id}`: replaces (RFC 7592 section 2.2). Everything is checked anew.
pub async fn put(
    State(site): State<Site>,
    Path((slug, client_id)): Path<(String, String)>,
    context: Context,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let (organization, client) = registered(&site, &slug, &client_id, &headers).await?;
    let document = body::json(&headers, bytes)?;
    same_client(&client, &document)?;
    let registration = Registration::read(document)?;
    let name = registration.client_name.clone();
    let oidc = settings(registration, members(&client.oidc))?;
    in_sector(&site, &oidc, Some(&client.oidc)).await?;
    let secret = site.directory().env().secret();
    let verb = Replace { app: client.app.id, name, oidc, secret: secret.clone() };
    let actor = Actor { request_id: Some(context.request_id.clone()), ..Actor::system() };
    let (app, kept) = site.directory().write(actor, organization.id, verb).await.map_err(refusal)?;
    let mut answer = shown(&site, &organization, &app);
    say_secret(&mut answer, &app, Some(&secret).filter(|_| kept));
    Ok(send(StatusCode::OK, answer))
}

/// `DELETE /o/{slug}/oauth2/register/{client_id}`
pub async fn delete(
    State(site): State<Site>,
    Path((slug, client_id)): Path<(String, String)>,
    context: Context,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (organization, client) = registered(&site, &slug, &client_id, &headers).await?;
    let actor = Actor { request_id: Some(context.request_id.clone()), ..Actor::system() };
    site.directory().write(actor, organization.id, Remove { app: client.app.id }).await?;
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

fn allowed(organization: &Organization) -> Result<RegistrationMode, Refusal> {
    match organization.settings.client_registration.mode {
        RegistrationMode::Off => {
            let why = "clients cannot register themselves here: an administrator may allow it (clientRegistration)";
            Err(Refusal::Forbidden(Error::new(ErrorCode::AccessDenied, why)))
        }
        mode => Ok(mode),
    }
}

fn no_token() -> Refusal {
    let why = "a token is needed that belongs to this: in the header Authorization, as Bearer";
    Error::new(ErrorCode::InvalidToken, why).into()
}

/// The client whose registration token is shown. An unknown client and a wrong token are one answer.
async fn registered(
    site: &Site,
    slug: &str,
    client_id: &str,
    headers: &HeaderMap,
) -> Result<(std::sync::Arc<Organization>, Client), Refusal> {
    let organization = organization::for_program(site, slug).await?;
    allowed(&organization)?;
    let token = bearer::read(body::authorization(headers), None)?.ok_or_else(no_token)?;
    let id: Id = client_id.parse().map_err(|_| no_token())?;
    let digest = Secret::new(token).digest();
    if !store::is_of(&mut site.directory().read(), organization.id, id, digest).await? {
        return Err(no_token());
    }
    let client = client::find(site, &organization, client_id).await?.ok_or_else(no_token)?;
    Ok((organization, client))
}

/// RFC 7592 section 2.2: what a client sends of its own names has to be right, and of what it may not set, nothing.
fn same_client(client: &Client, document: &Map<String, Value>) -> Result<(), Error> {
    let refuse = |why: &str| Error::new(ErrorCode::InvalidClientMetadata, why);
    if document.get("client_id").and_then(Value::as_str) != Some(&client.id()) {
        return Err(refuse("client_id must be there, and be this client's"));
    }
    let ours =
        ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];
    if let Some(name) = ours.into_iter().find(|name| document.contains_key(*name)) {
        return Err(refuse(&format!("{name} is not the client's to set: leave it out")));
    }
    let secret = document.get("client_secret").map(|secret| Secret::new(secret.as_str().unwrap_or_default()).digest());
    if secret.is_some_and(|secret| !client.secrets.iter().any(|kept| muster_base::secret::same(kept, &secret))) {
        return Err(refuse("client_secret is not this client's: a client does not choose its secret"));
    }
    Ok(())
}

fn members(oidc: &Oidc) -> Map<String, Value> {
    match serde_json::to_value(oidc) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The application's settings: what the client says laid over what it cannot say.
fn settings(registration: Registration, base: Map<String, Value>) -> Result<Oidc, Error> {
    serde_json::from_value(Value::Object(registration.over(base))).map_err(|error| {
        Error::new(ErrorCode::InvalidClientMetadata, format!("a member has a value that is not known here: {error}"))
    })
}

/// Nobody joins the sector of others by itself (OpenID Connect Registration section 5).
async fn in_sector(site: &Site, oidc: &Oidc, before: Option<&Oidc>) -> Result<(), Error> {
    let refused = |why: String| Error::new(ErrorCode::InvalidClientMetadata, format!("sector_identifier_uri: {why}"));
    sector::check(site, oidc, before).await.map_err(refused)
}

fn refusal(error: DirectoryError) -> Refusal {
    match error {
        DirectoryError::Invalid(fields) => {
            let at_uri = fields.first().is_some_and(|field| field.field.starts_with("oidc.redirectUris"));
            let code = if at_uri { ErrorCode::InvalidRedirectUri } else { ErrorCode::InvalidClientMetadata };
            let told: Vec<String> =
                fields.iter().map(|f| format!("{}: {}", f.field.trim_start_matches("oidc."), f.message)).collect();
            Error::new(code, told.join("; ")).into()
        }
        DirectoryError::Denied(why) => Error::new(ErrorCode::InvalidToken, why).into(),
        other => other.into(),
    }
}

fn shown(site: &Site, organization: &Organization, app: &Application) -> Map<String, Value> {
    let settings = app.doc.oidc.as_ref().map(members).unwrap_or_default();
    let mut answer = Registration::shown(&app.doc.display_label, &settings);
    let address = format!("{}/oauth2/register/{}", site.issuer(&organization.slug), app.id);
    answer.insert("client_id".to_owned(), json!(app.id));
    answer.insert("client_id_issued_at".to_owned(), app.created_at.seconds().into());
    answer.insert("registration_client_uri".to_owned(), address.into());
    answer
}

/// The secret, where it was just made; and that it does not end (RFC 7591 section 3.2.1).
fn say_secret(answer: &mut Map<String, Value>, app: &Application, secret: Option<&Secret>) {
    if app.doc.oidc.as_ref().is_some_and(Oidc::has_secret) {
        if let Some(secret) = secret {
            answer.insert("client_secret".to_owned(), secret.expose().into());
        }
        answer.insert("client_secret_expires_at".to_owned(), 0.into());
    }
}

fn send(status: StatusCode, answer: Map<String, Value>) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}
