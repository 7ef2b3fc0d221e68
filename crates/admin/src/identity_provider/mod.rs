//! Identity providers elsewhere: `/api/v2/identity-providers`, several per organization.

mod check;
mod create;
mod delete;
mod discover;
mod get;
mod list;
mod model;
mod routed;
mod update;
mod write;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(discover::discover))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(check::check))
}
