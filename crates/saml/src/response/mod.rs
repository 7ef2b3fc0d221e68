//! The answer to a request for a sign-in (SAML core section 3.3.3, profiles section 4.1). Never here: deciding who may
//! sign in.

mod read;
mod write;

pub use read::{Expected, IncomingResponse, read};
pub use write::{Encrypt, OutgoingResponse, Security, write, write_unsigned};
