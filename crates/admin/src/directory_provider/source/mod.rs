//! Directories that we read: where each is and how it is read, its runs, and what came of each object.

mod decisions;
mod model;
mod results;
mod runs;
mod settings;
mod state;
mod trial;

use crate::routes::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(settings::get, settings::set))
        .merge(routes!(trial::test))
        .merge(routes!(runs::plan))
        .merge(routes!(runs::import))
        .merge(routes!(runs::approve))
        .merge(routes!(runs::list))
        .merge(routes!(runs::get))
        .merge(routes!(results::list))
        .merge(routes!(decisions::list, decisions::set))
        .merge(routes!(state::pause))
        .merge(routes!(state::resume))
}
