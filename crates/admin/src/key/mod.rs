//! Signing keys of an organization.

mod list;
mod rotate;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default().merge(routes!(list::list)).merge(routes!(rotate::rotate))
}
