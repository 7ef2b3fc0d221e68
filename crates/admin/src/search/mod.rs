//! JumpCloud's v1 search: the conditions of a body over people and devices as the API shows them.

mod condition;
mod model;
mod systems;
mod systemusers;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    routes!(systemusers::search).merge(routes!(systems::search))
}
