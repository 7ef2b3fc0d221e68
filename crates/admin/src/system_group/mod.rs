//! Device groups: `/api/v2/systemgroups`.

mod route;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(route::list, route::create))
        .merge(routes!(route::attributes))
        .merge(routes!(route::expression))
        .merge(routes!(route::preview))
        .merge(routes!(route::count))
        .merge(routes!(route::get, route::update, route::delete))
        .merge(routes!(route::copy))
        .merge(routes!(route::members, route::change_members))
        .merge(routes!(route::membership, route::change_membership))
        .merge(routes!(route::member_list))
        .merge(routes!(route::explain))
        .merge(routes!(route::exempt, route::lift))
        .merge(routes!(route::suggestions, route::accept))
        .merge(routes!(route::reject))
}
