//! Browsers and the sessions behind them. One cookie per browser; a session per (organization, kind, principal) behind
//! it, so that one browser is signed in to several organizations at once.

pub mod browser;
pub mod end;
pub mod model;
pub mod start;
pub mod store;

pub use model::{Kind, Method, Session, Upstream};
