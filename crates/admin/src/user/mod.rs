//! People: JumpCloud's v1 `systemusers`, and what Muster and its v2 add under `/api/v2/users/{id}`.

mod create;
mod delete;
mod events;
mod get;
mod graph;
mod link;
mod list;
mod lockout;
mod model;
mod password;
mod sessions;
mod ssh_keys;
mod state;
mod update;
mod write;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use sessions::{SessionOut, live};

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(state::activate))
        .routes(routes!(state::suspend))
        .routes(routes!(lockout::unlock))
        .routes(routes!(password::expire))
        .routes(routes!(password::set))
        .routes(routes!(ssh_keys::list, ssh_keys::add))
        .routes(routes!(ssh_keys::remove))
        .routes(routes!(link::activation))
        .routes(routes!(link::reset))
        .routes(routes!(sessions::list, sessions::end_all))
        .routes(routes!(sessions::ended))
        .routes(routes!(sessions::end))
        .routes(routes!(events::list))
        .routes(routes!(graph::member_of))
        .routes(routes!(graph::user_groups))
        .routes(routes!(graph::applications))
        .routes(routes!(graph::associations, graph::associate))
}
