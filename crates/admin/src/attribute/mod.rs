//! Custom attributes of people and their declared types: `/api/v2/attributes`.

mod declare;
mod list;
mod model;
mod remove;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default().merge(routes!(list::list, declare::declare)).merge(routes!(remove::remove))
}
