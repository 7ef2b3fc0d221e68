//! Tells applications, server to server, that a session ended (OpenID Connect Back-Channel Logout 1.0): what the token
//! says ([`token`]) and how it gets there ([`deliver`]). Whom to tell of what is `directory::logout`'s.

mod deliver;
mod token;

pub use deliver::{Round, deliver, round};
