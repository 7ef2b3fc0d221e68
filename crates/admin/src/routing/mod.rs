//! Routing policies: `/api/v2/identity-provider/policies`, and whom they are for.

mod associations;
mod create;
mod delete;
mod get;
mod list;
mod model;
mod update;
mod write;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(associations::list, associations::change))
        .merge(routes!(associations::users))
        .merge(routes!(associations::user_groups))
}
