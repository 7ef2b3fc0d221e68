//! Service accounts: programs that use this API with a role. In JumpCloud's paths.

mod auth_config;
mod create;
mod delete;
mod get;
mod list;
mod model;
mod roles;
mod update;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(auth_config::add))
        .merge(routes!(auth_config::remove))
        .merge(routes!(roles::list))
}
