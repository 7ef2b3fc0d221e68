//! The way out of a list of steps before its end: an answer that is final.

use axum::response::{IntoResponse, Response};
use muster_http::error::ApiError;
use muster_http::page::PageError;

/// An answer that ends the steps.
pub struct Stop(Box<Response>);

impl Stop {
    /// With this answer.
    pub fn with(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl From<muster_directory::Error> for Stop {
    fn from(error: muster_directory::Error) -> Self {
        Self::with(PageError::from(error).into_response())
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::with(PageError(error).into_response())
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}
