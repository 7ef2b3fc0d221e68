//! Encrypted assertions (SAML core section 2.3.4, XML Encryption 1.1): the content with AES, its key with RSA-OAEP. Never
//! here: signing (what is encrypted was signed before), other kinds of encrypted elements, RSA 1.5 key transport.

mod algorithm;
mod decrypt;
mod encrypt;

pub use algorithm::{ContentCipher, KeyTransport};
pub(crate) use decrypt::decrypt;
pub use encrypt::EncryptionRandom;
pub(crate) use encrypt::encrypt;
