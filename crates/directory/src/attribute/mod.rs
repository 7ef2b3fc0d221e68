//! Custom attributes of people with a declared type: what may be entered in them, and how rules compare them. One that is
//! not declared is text.

pub mod declare;
pub mod fit;
pub mod model;
pub mod remove;
pub mod store;

pub use model::{Declared, Type};
