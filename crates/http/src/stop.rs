//! The way out of a list of steps before its end: an answer that is final. For the addresses that people open.

use crate::error::ApiError;
use crate::page::PageError;
use axum::response::{IntoResponse, Response};

/// An answer that ends the steps.
pub struct Stop(Box<Response>);

impl Stop {
    /// With this answer.
    #[must_use]
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

impl From<PageError> for Stop {
    fn from(error: PageError) -> Self {
        Self::with(error.into_response())
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}
