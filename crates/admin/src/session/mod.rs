//! The administrator's own session: what the console begins with, and signing out.

mod end;
mod get;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default().merge(routes!(get::get, end::end))
}
