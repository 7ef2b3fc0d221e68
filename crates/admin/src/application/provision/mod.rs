//! Identity Management of an application: the settings by which accounts are sent to it, the connection test, the plan,
//! what is known of everybody there, and importing the application's own users.

mod decisions;
mod drift;
mod import;
mod import_job;
mod model;
mod objects;
mod reading;
mod settings;
mod state;
mod status;
mod trial;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(settings::get, settings::set, settings::remove))
        .merge(routes!(trial::test))
        .merge(routes!(trial::preview))
        .merge(routes!(state::activate))
        .merge(routes!(state::deactivate))
        .merge(routes!(state::pause))
        .merge(routes!(state::resume))
        .merge(routes!(state::approve))
        .merge(routes!(status::get))
        .merge(routes!(decisions::list, decisions::set))
        .merge(routes!(objects::list))
        .merge(routes!(objects::get))
        .merge(routes!(objects::retry))
        .merge(routes!(objects::resend))
        .merge(routes!(drift::read))
        .merge(routes!(drift::repair))
        .merge(routes!(reading::get, reading::stop))
        .merge(routes!(import::users))
        .merge(routes!(import_job::begin))
        .merge(routes!(import_job::results))
        .merge(routes!(import_job::stop))
}
