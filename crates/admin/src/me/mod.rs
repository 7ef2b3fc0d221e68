//! The portal: what a person sees and changes of themselves.

mod applications;
mod consents;
mod password;
mod profile;
mod sessions;

use muster_http::Site;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(profile::get, profile::update))
        .routes(routes!(applications::list))
        .routes(routes!(consents::list))
        .routes(routes!(consents::revoke))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(password::change))
}
