//! Initial access tokens: with one a client may register itself (RFC 7591).

mod create;
mod delete;
mod list;
mod model;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default().merge(routes!(list::list, create::create)).merge(routes!(delete::delete))
}
