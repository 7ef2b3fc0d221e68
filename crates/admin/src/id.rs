//! Ids and times as the API writes them, and ids in paths.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use muster_base::{Id, Micros};
use muster_http::ApiError;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

/// The id of an object: 24 hexadecimal characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, pattern = "^[0-9a-fA-F]{24}$", examples("5f3a1c2e9d8b7a6f5e4d3c2b"))]
pub(crate) struct ObjectId(pub Id);

impl From<Id> for ObjectId {
    fn from(id: Id) -> Self {
        Self(id)
    }
}

/// A time (RFC 3339, UTC).
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub(crate) struct Time(pub Micros);

impl From<Micros> for Time {
    fn from(at: Micros) -> Self {
        Self(at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.rfc3339())
    }
}

/// The one id of a path. What is not an id is no object either: 404.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathId(pub Id);

/// The two ids of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathIds(pub Id, pub Id);

async fn ids<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<Id>, ApiError> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
    params.iter().map(|(_, text)| text.parse().map_err(|_| ApiError::not_found())).collect()
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match ids(parts, state).await?.as_slice() {
            [id] => Ok(Self(*id)),
            _ => Err(ApiError::not_found()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match ids(parts, state).await?.as_slice() {
            [first, second] => Ok(Self(*first, *second)),
            _ => Err(ApiError::not_found()),
        }
    }
}
