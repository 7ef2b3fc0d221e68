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
    if let Some(within) = &query.within {
        return of_those(s, org, query, within).await;
    }
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

/// How many are read together.
const CHUNK: usize = 1_000;

/// The same of those with these ids, which are in order.
async fn of_those(s: &mut impl Source, org: Id, query: &Query, within: &[Id]) -> Result<(Vec<Device>, i64)> {
    if query.is_of_index() && query.term().is_none() {
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let after = within.iter().copied().filter(|id| id.text().as_str() > query.cursor());
        let page: Vec<Id> = after.take(limit).collect();
        let mut rows = store::by_ids(s, org, &page).await?;
        rows.sort_by_key(|row| row.id);
        return Ok((rows, i64::try_from(within.len()).unwrap_or(i64::MAX)));
    }
    let mut rows = Vec::new();
    match query.term() {
        Some(term) => {
            rows = store::search(s, org, term, "", i64::MAX).await?.0;
            rows.retain(|row| within.binary_search(&row.id).is_ok());
        }
        None => {
            for ids in within.chunks(CHUNK) {
                rows.extend(store::by_ids(s, org, ids).await?);
            }
        }
    }
    rows.sort_by_key(|row| row.id);
    Ok(query.arrange(rows))
}
