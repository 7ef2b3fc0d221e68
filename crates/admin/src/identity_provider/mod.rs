//! Identity providers elsewhere: `/api/v2/identity-providers`, several per organization.

mod check;
mod create;
mod delete;
mod discover;
mod get;
mod list;
mod model;
mod routed;
mod update;
mod write;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(discover::discover))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(check::check))
}
