//! Devices: JumpCloud's v1 `systems`, its v2 graph of them, and what Muster adds under `/api/v2/systems`.

mod associations;
mod changes;
mod create;
mod delete;
mod get;
mod import;
mod list;
mod model;
mod of_user;
mod update;
mod users;

use crate::routes::{Routes, routes};

pub(crate) use associations::bind;
pub(crate) use list::SystemList;
pub(crate) use model::shown;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(import::import))
        .merge(routes!(associations::list, associations::change))
        .merge(routes!(users::users))
        .merge(routes!(users::list))
        .merge(routes!(changes::list))
        .merge(routes!(of_user::systems))
        .merge(routes!(of_user::list))
}
