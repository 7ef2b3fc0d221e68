//! The authorization endpoint (RFC 6749 section 4.1, OpenID Connect Core 3.1.2), in two steps: [`Target`] says where
//! an answer may go, and whatever is wrong with it is shown to the person; [`Request`] is everything else, and what is
//! wrong with it is sent to the target. Never here: sessions, pages, codes.

pub mod claims;
mod request;
pub mod request_object;
mod response;
mod response_mode;
mod target;

pub use claims::ClaimsRequest;
pub use request::{ClientRules, Display, Prompt, Request};
pub use response::{Response, error_redirect, success_redirect};
pub use response_mode::{Delivery, ResponseMode};
pub use target::Target;

/// The longest `state`, in bytes.
pub const MAX_STATE_BYTES: usize = 4096;
/// The longest `nonce`, in bytes.
pub const MAX_NONCE_BYTES: usize = 1024;
/// The longest `login_hint` or `logout_hint`, in bytes.
pub const MAX_HINT_BYTES: usize = 512;
/// The most languages or authentication classes that are kept of a list.
pub const MAX_LIST: usize = 16;

/// The languages of `ui_locales`, best first. It is a wish: what is malformed is left out.
pub(crate) fn locales(text: Option<&str>) -> Vec<String> {
    let is_tag =
        |tag: &&str| (1..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.unwrap_or_default().split(' ').filter(is_tag).take(MAX_LIST).map(str::to_owned).collect()
}
