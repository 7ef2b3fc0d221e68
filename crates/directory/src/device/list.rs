//! Lists devices as JumpCloud's v1 does.

use muster_base::Id;

use super::{Device, store};
pub use crate::listing::{Filter, Query};
use crate::{Result, Source};

/// A page and the number of rows in all.
///
/// # Errors
/// The database's.
pub async fn list(s: &mut impl Source, org: Id, query: &Query) -> Result<(Vec<Device>, i64)> {
    if query.is_of_index() {
        return match query.term() {
            Some(term) => store::search(s, org, term, query.cursor(), query.limit).await,
            None => Ok((store::page(s, org, query.cursor(), query.limit).await?, store::count(s, org).await?)),
        };
    }
    // The console's order, however many there are.
    if query.filters.is_empty() && query.sort == ["displayName"] {
        return store::by_name(s, org, query.term().unwrap_or_default(), query.limit, query.skip).await;
    }
    let rows = match query.term() {
        Some(term) => store::search(s, org, term, "", i64::MAX).await?.0,
        None => store::everyone(s, org).await?,
    };
    Ok(query.arrange(rows))
}
