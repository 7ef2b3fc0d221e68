//! The `expression` of a list: who meets it.

use muster_base::Id;
use muster_directory::group::{GroupKind, matching};
use muster_http::{AdminOrg, ApiError, Site};

use crate::page::Page;

/// The longest expression of a list, in bytes: it stands in an address.
const BYTES_MAX: usize = 8_192;

/// The ids of those who meet the expression of a list, in order; `None` where the list has none.
///
/// # Errors
/// 400 on `expression`, with the place.
pub(crate) async fn ids(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    page: &Page,
) -> Result<Option<Vec<Id>>, ApiError> {
    let Some(text) = &page.expression else { return Ok(None) };
    if text.len() > BYTES_MAX {
        return Err(ApiError::field("expression", format!("at most {BYTES_MAX} bytes")));
    }
    let directory = site.directory();
    let query = matching::read(&mut directory.read(), who.org(), kind, text, "expression").await?;
    Ok(Some(matching::matching(directory, who.org(), kind, query.rule()).await?))
}
