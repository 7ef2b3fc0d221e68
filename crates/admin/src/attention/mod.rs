//! What of an organization needs an administrator: `/api/v2/attention`.

mod list;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    routes!(list::list)
}
