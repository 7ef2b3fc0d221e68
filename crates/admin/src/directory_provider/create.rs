//! Makes a directory provider with its first token.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::{Id, Secret};
use muster_directory::directory_provider::create::Create;
use muster_directory::directory_provider::token::Add;
use muster_directory::directory_provider::update::Update;
use muster_directory::directory_provider::{DirectoryProvider, Matching, ProviderType};
use muster_directory::{Result as DirectoryResult, Verb, Write};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{ProviderCreated, of};
use crate::failure::Changing;

/// A new directory provider.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct DirectoryProviderCreate {
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What is behind it.
    #[serde(rename = "type")]
    kind: ProviderType,
    /// What is done about people who are here already; nothing when it is left out.
    matching: Option<Matching>,
    /// Among directories that feed the same person: the lower one decides.
    #[schema(minimum = 0, maximum = 1000)]
    precedence: Option<i64>,
    /// Whether the passwords that it pushes are taken: its people sign in with them. Not of a directory that is read.
    passwords: Option<bool>,
}

#[utoipa::path(post, path = "/api/v2/directoryproviders", tag = "directory providers",
    request_body = DirectoryProviderCreate, responses((status = 201, body = ProviderCreated), Changing))]
/// Create a directory provider
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<DirectoryProviderCreate>,
) -> Result<Response, ApiError> {
    who.person()?;
    let env = site.directory().env();
    let secret = env.secret();
    let id = env.id();
    let settings = Settings { matching: body.matching, precedence: body.precedence, passwords: body.passwords };
    let verb = Furnish { id, token: env.id(), name: body.name, kind: body.kind, settings, secret: secret.clone() };
    let provider = site.directory().write(who.actor(), who.org(), verb).await?;
    let token = (!provider.kind.is_read()).then(|| secret.expose().to_owned());
    let out = ProviderCreated { provider: of(&site, &provider).await?, token };
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

/// What is said of a new one beside its name.
#[derive(Clone, Copy)]
struct Settings {
    matching: Option<Matching>,
    precedence: Option<i64>,
    passwords: Option<bool>,
}

/// The directory provider and its token in one transaction.
struct Furnish {
    id: Id,
    token: Id,
    name: String,
    kind: ProviderType,
    settings: Settings,
    secret: Secret,
}

impl Verb for Furnish {
    type Out = DirectoryProvider;

    async fn run(&self, w: &mut Write<'_>) -> DirectoryResult<DirectoryProvider> {
        Create { id: self.id, name: self.name.clone(), kind: self.kind }.run(w).await?;
        let Settings { matching, precedence, passwords } = self.settings;
        let provider = Update { matching, precedence, passwords, ..Update::of(self.id) }.run(w).await?;
        if self.kind.is_read() {
            return Ok(provider);
        }
        Add { provider: self.id, id: self.token, secret: self.secret.clone(), overlap_s: 0 }.run(w).await?;
        Ok(provider)
    }
}
