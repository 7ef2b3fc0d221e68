//! Service accounts: programs that use this API with a role. In JumpCloud's paths.

mod auth_config;
mod create;
mod delete;
mod get;
mod list;
mod model;
mod roles;
mod update;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(auth_config::add))
        .routes(routes!(auth_config::remove))
        .routes(routes!(roles::list))
}
