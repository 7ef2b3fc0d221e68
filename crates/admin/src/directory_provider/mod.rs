//! Directory providers: other directories that feed this one. Some push by SCIM: what they send goes to `/scim/v2/{id}`, which
//! is no part of this API. Others we read ([`source`]).

mod create;
mod delete;
mod fed;
mod get;
mod list;
mod model;
mod source;
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
        .merge(source::routes())
}
