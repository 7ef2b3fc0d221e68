//! The public keys of an application, with which what it signs is checked.

use muster_http::Site;
use muster_jose::JwkSet;
use muster_oauth::{Error, ErrorCode};

use crate::client::Client;
use crate::key_set::{self, Wanted};

/// The keys that the application registered, by value or by address.
///
/// # Errors
/// `invalid_client` where they have to be fetched and cannot be.
pub async fn client_keys(site: &Site, client: &Client) -> Result<JwkSet, Error> {
    key_set::of(site, client, Wanted::Kept).await.map_err(|why| Error::new(ErrorCode::InvalidClient, why))
}
