//! What every door shares: the site handle, the request's context, cookies, who is asking, error shapes, page frame,
//! and the guard on outgoing requests.
//!
//! Never here: a route, a protocol's message, SQL.

pub mod admin;
pub mod body;
pub mod context;
pub mod cookie;
pub mod destination;
pub mod document;
pub mod egress;
pub mod error;
pub mod feeding;
pub mod headers;
pub mod me;
pub mod page;
pub mod probe;
pub mod provisioning;
pub mod rate;
pub mod saml_source;
pub mod sector;
pub mod site;
pub mod stop;

pub use admin::{Admin, AdminOrg};
pub use body::{Json, Query};
pub use context::Context;
pub use cookie::Browser;
pub use egress::Egress;
pub use error::ApiError;
pub use me::Me;
pub use site::{ClientCertificate, Config, Site};
