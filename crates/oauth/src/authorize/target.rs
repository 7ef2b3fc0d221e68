//! Where the answer to an authorization request may go. Never here: anything that could be answered by a redirect.

use super::MAX_STATE_BYTES;
use crate::{Error, Params, client_auth, redirect_uri};

/// The client and its return address as the request names them, not yet looked up.
///
/// Until the client is known and the address is found registered ([`redirect_uri::registered`]) every error is shown,
/// never redirected (RFC 6749 section 4.1.2.1): else the endpoint would send people anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The client.
    pub client_id: String,
    /// The return address, exactly as given.
    pub redirect_uri: String,
    /// Handed back with every answer, also an error.
    pub state: Option<String>,
}

impl Target {
    /// Reads the client alone: its registration says where the rest of the request is to be found.
    ///
    /// # Errors
    /// `invalid_request`, to be shown: a missing or oversized `client_id`.
    pub fn client_id(params: &Params) -> Result<String, Error> {
        params.required("client_id")?;
        Ok(params.bounded("client_id", client_auth::MAX_BYTES)?.unwrap_or_default().to_owned())
    }

    /// Reads the target.
    ///
    /// # Errors
    /// `invalid_request`, to be shown: a missing or oversized `client_id`, `redirect_uri` or `state`.
    pub fn read(params: &Params) -> Result<Self, Error> {
        let client_id = Self::client_id(params)?;
        params.required("redirect_uri")?;
        let text = |name, max| Ok::<_, Error>(params.bounded(name, max)?.map(str::to_owned));
        Ok(Self {
            client_id,
            redirect_uri: text("redirect_uri", redirect_uri::MAX_BYTES)?.unwrap_or_default(),
            state: text("state", MAX_STATE_BYTES)?,
        })
    }
}
