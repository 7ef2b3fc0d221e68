//! From what an administrator pastes to the address of the metadata. Never here: fetching it.

use crate::redirect_uri::MAX_BYTES;
use url::Url;

/// Where the metadata lies under the issuer (Discovery section 4).
pub const WELL_KNOWN_PATH: &str = "/.well-known/openid-configuration";

/// The two addresses that follow from what was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WellKnown {
    /// Where to fetch the metadata.
    pub metadata_url: String,
    /// The issuer that is expected in it, without a trailing slash.
    pub issuer: String,
}

/// Reads the issuer, with or without a trailing slash, or the full address of its metadata (with its query, which some
/// providers need).
///
/// # Errors
/// A sentence for the administrator: not an http(s) address, or one with a user name or fragment.
pub fn well_known_url(pasted: &str) -> Result<WellKnown, String> {
    let text = pasted.trim();
    if text.len() > MAX_BYTES {
        return Err(format!("the URL is longer than {MAX_BYTES} characters"));
    }
    let url = Url::parse(text).map_err(|_| "not a URL: paste the issuer, as in https://id.example.com".to_owned())?;
    if !matches!(url.scheme(), "https" | "http") || !text.contains("://") {
        return Err("the URL must begin with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the URL must not contain a user name or password".to_owned());
    }
    if url.fragment().is_some() || text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err("the URL must not contain a fragment (#...), spaces or backslashes".to_owned());
    }
    let (address, query) = text.split_once('?').map_or((text, None), |(address, query)| (address, Some(query)));
    let address = address.trim_end_matches('/');
    let issuer = address.strip_suffix(WELL_KNOWN_PATH).unwrap_or(address).trim_end_matches('/').to_owned();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Ok(WellKnown { metadata_url: format!("{issuer}{WELL_KNOWN_PATH}{query}"), issuer })
}
