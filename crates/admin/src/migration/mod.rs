//! Migration from JumpCloud, or from another Muster, through its API: read only, planned first, repeatable.
//! `client.rs` asks, `shape.rs` turns what it answers into items, `read.rs` goes through all of it, `drive.rs` carries a
//! migration on. What an item does here is the directory's (`migration/take.rs`).

mod client;
mod decisions;
pub(crate) mod drive;
#[cfg(any(test, fuzzing))]
pub mod hostile;
mod model;
mod read;
mod report;
mod results;
mod route;
mod shape;

pub use drive::{Migrations, Order, begin, run};

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(route::list, route::create))
        .merge(routes!(route::test))
        .merge(routes!(route::get))
        .merge(routes!(route::apply))
        .merge(routes!(route::cancel))
        .merge(routes!(results::results))
        .merge(routes!(decisions::decide))
        .merge(routes!(report::report))
}
