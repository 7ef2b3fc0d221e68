//! The administrator's own session: what the console begins with, and signing out.

mod end;
mod get;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get::get, end::end))
}
