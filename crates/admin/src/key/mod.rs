//! Signing keys of an organization.

mod list;
mod rotate;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(rotate::rotate))
}
