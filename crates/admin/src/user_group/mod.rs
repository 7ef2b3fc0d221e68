//! User groups: `/api/v2/usergroups`, their members, bindings, and what a rule would do.

mod applications;
mod associations;
mod attributes;
mod create;
mod delete;
mod get;
mod list;
mod member_list;
mod members;
mod model;
mod preview;
mod query;
mod update;
mod write;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::groups))
        .routes(routes!(attributes::attributes))
        .routes(routes!(preview::preview))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(members::list, members::change))
        .routes(routes!(members::membership))
        .routes(routes!(member_list::list))
        .routes(routes!(associations::list, associations::change))
        .routes(routes!(applications::list))
}
