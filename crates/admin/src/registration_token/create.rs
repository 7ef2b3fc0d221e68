//! Makes an initial access token.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_directory::registration::create::Create;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::RegistrationTokenOut;
use crate::failure::Changing;

/// A new initial access token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationTokenCreate {
    /// For whom it is.
    #[serde(default)]
    #[schema(max_length = 255)]
    description: String,
    /// How many clients may register with it; one when left out.
    #[schema(minimum = 1, maximum = 1000)]
    uses: Option<i64>,
    /// How long it lives, in seconds; a day when left out.
    #[schema(minimum = 60, maximum = 31_536_000)]
    expires_in: Option<i64>,
}

#[utoipa::path(post, path = "/api/v2/registration-tokens", tag = "registration",
    request_body = RegistrationTokenCreate, responses((status = 201, body = RegistrationTokenOut), Changing))]
/// Make a token with which a client may register itself
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<RegistrationTokenCreate>,
) -> Result<Response, ApiError> {
    let token = site.directory().env().secret();
    let verb = Create {
        token: token.clone(),
        description: body.description,
        uses: body.uses.unwrap_or(1),
        ttl_s: body.expires_in.unwrap_or(86_400),
    };
    let kept = site.directory().write(who.actor(), who.org(), verb).await?;
    let out = RegistrationTokenOut::new(&kept, Some(token.expose().to_owned()));
    Ok((StatusCode::CREATED, Json(out)).into_response())
}
