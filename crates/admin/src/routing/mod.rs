//! Routing policies: `/api/v2/identity-provider/policies`, and whom they are for.

mod associations;
mod create;
mod delete;
mod get;
mod list;
mod model;
mod update;
mod write;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(associations::list, associations::change))
        .routes(routes!(associations::users))
        .routes(routes!(associations::user_groups))
}
