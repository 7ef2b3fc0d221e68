//! `/Users`.

mod create;
mod delete;
mod feed;
mod get;
mod list;
mod password;
mod patch;
mod replace;
mod revise;
mod show;

pub(crate) use create::create;
pub(crate) use delete::delete;
pub(crate) use get::get;
pub(crate) use list::list;
pub(crate) use patch::patch;
pub(crate) use replace::replace;
