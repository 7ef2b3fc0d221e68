//! Single logout (SAML core section 3.7): the request and the response, in both directions. Never here: which sessions
//! end.

mod request;
mod response;

pub use request::{LogoutRequest, read_request, write_request};
pub use response::{LogoutResponse, read_response, write_response};
