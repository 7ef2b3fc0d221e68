//! Directory providers: other directories that feed this one by SCIM. What they send goes to `/scim/v2/{id}`, which is no
//! part of this API.

mod create;
mod delete;
mod fed;
mod get;
mod list;
mod model;
mod token;
mod update;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(token::add))
        .merge(routes!(token::remove))
        .merge(routes!(fed::users))
        .merge(routes!(fed::groups))
}
