//! People: JumpCloud's v1 `systemusers`, and what Muster and its v2 add under `/api/v2/users/{id}`.

pub(crate) mod bulk;
mod consents;
mod create;
mod delete;
pub(crate) mod events;
mod export;
mod get;
mod graph;
mod import;
mod link;
mod list;
mod lockout;
mod model;
mod password;
mod scheduled;
mod sessions;
mod ssh_keys;
mod state;
mod update;
mod write;

use crate::routes::{Routes, routes};

pub(crate) use consents::{ConsentOut, of};
pub(crate) use list::Users;
pub(crate) use model::UserOut;
pub(crate) use sessions::{SessionOut, live};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(import::import))
        .merge(routes!(export::export))
        .merge(routes!(bulk::create_all, bulk::update_all))
        .merge(routes!(bulk::results))
        .merge(routes!(scheduled::list, scheduled::create))
        .merge(routes!(scheduled::next))
        .merge(routes!(scheduled::cancel))
        .merge(routes!(state::activate))
        .merge(routes!(state::suspend))
        .merge(routes!(lockout::unlock))
        .merge(routes!(password::expire))
        .merge(routes!(password::set))
        .merge(routes!(ssh_keys::list, ssh_keys::add))
        .merge(routes!(ssh_keys::remove))
        .merge(routes!(link::activation))
        .merge(routes!(link::reset))
        .merge(routes!(consents::list))
        .merge(routes!(consents::revoke))
        .merge(routes!(sessions::list, sessions::end_all))
        .merge(routes!(sessions::ended))
        .merge(routes!(sessions::end))
        .merge(routes!(events::list))
        .merge(routes!(graph::member_of))
        .merge(routes!(graph::user_groups))
        .merge(routes!(graph::applications))
        .merge(routes!(graph::associations, graph::associate))
}
