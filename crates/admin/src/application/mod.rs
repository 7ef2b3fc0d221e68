//! Applications: the v1 object, and v2's sign-on settings, secrets, logo and bindings.

mod associations;
mod attributes;
mod create;
mod delete;
mod get;
mod lifespan;
mod list;
mod logo;
mod model;
mod reached_by;
mod secrets;
mod sso;
mod sso_model;
mod update;
mod write;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use logo::{LogoForm, picture};
pub(crate) use model::logo_url;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(attributes::attributes))
        .routes(routes!(sso::get, sso::create, sso::update))
        .routes(routes!(secrets::add))
        .routes(routes!(secrets::remove))
        .routes(routes!(logo::set, logo::remove))
        .routes(routes!(associations::list, associations::change))
        .routes(routes!(reached_by::users))
        .routes(routes!(reached_by::user_groups))
}
