//! Initial access tokens: with one a client may register itself (RFC 7591).

mod create;
mod delete;
mod list;
mod model;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(delete::delete))
}
