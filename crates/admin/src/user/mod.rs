//! People: JumpCloud's v1 `systemusers`, and what Muster and its v2 add under `/api/v2/users/{id}`.

mod create;
mod delete;
mod get;
mod list;
mod model;
mod ssh_keys;
mod state;
mod update;
mod write;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use model::{UserOut, show};

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(state::activate))
        .routes(routes!(state::suspend))
}
