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

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(list::groups))
        .merge(routes!(attributes::attributes))
        .merge(routes!(preview::preview))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(members::list, members::change))
        .merge(routes!(members::membership))
        .merge(routes!(member_list::list))
        .merge(routes!(associations::list, associations::change))
        .merge(routes!(applications::list))
}
