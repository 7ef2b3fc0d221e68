//! Makes a service account with its first secret.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::{Id, Secret};
use muster_directory::service_account::create::Create;
use muster_directory::service_account::secret::Add;
use muster_directory::service_account::store::KeptSecret;
use muster_directory::service_account::{Role, ServiceAccount};
use muster_directory::{Result as DirectoryResult, Verb, Write};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{AuthConfigOut, ServiceAccountOut, days};
use crate::failure::Changing;

/// A new service account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceAccountCreate {
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    role_name: Role,
    /// How long its first secret lives: from `1 Days` to `365 Days`; `90 Days` when left out.
    #[schema(pattern = "^[0-9]{1,3} Days?$")]
    lifetime: Option<String>,
}

#[utoipa::path(post, path = "/api/v2/service-accounts", tag = "service accounts", request_body = ServiceAccountCreate,
    responses((status = 201, body = ServiceAccountOut), Changing))]
/// Create a service account
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<ServiceAccountCreate>,
) -> Result<Response, ApiError> {
    who.person()?;
    let directory = site.directory();
    let (secret, days) = (directory.env().secret(), days(body.lifetime.as_deref())?);
    let verb =
        Furnish { id: directory.env().id(), name: body.name, role: body.role_name, secret: secret.clone(), days };
    let (account, kept) = directory.write(who.actor(), who.org(), verb).await?;
    let config = AuthConfigOut::new(&kept, Some(secret.expose().to_owned()));
    Ok((StatusCode::CREATED, Json(ServiceAccountOut::new(&account, vec![config]))).into_response())
}

/// The account and its secret in one transaction.
struct Furnish {
    id: Id,
    name: String,
    role: Role,
    secret: Secret,
    days: i64,
}

impl Verb for Furnish {
    type Out = (ServiceAccount, KeptSecret);

    async fn run(&self, w: &mut Write<'_>) -> DirectoryResult<Self::Out> {
        let account = Create { id: self.id, name: self.name.clone(), role: self.role }.run(w).await?;
        let add = Add { account: account.id, secret: self.secret.clone(), days: self.days };
        Ok((account, add.run(w).await?))
    }
}
