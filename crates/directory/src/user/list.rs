//! Lists people as JumpCloud's v1 does.

use muster_base::Id;

use super::{User, store};
pub use crate::listing::{Filter, Operator, Query};
use crate::{Result, Source};

/// A page and the number of rows in all.
///
/// # Errors
/// The database's.
pub async fn list(s: &mut impl Source, org: Id, query: &Query) -> Result<(Vec<User>, i64)> {
    if query.is_of_index() {
        return match query.term() {
            Some(term) => store::search(s, org, term, query.cursor(), query.limit).await,
            None => Ok((store::page(s, org, query.cursor(), query.limit).await?, store::count(s, org).await?)),
        };
    }
    let rows = match query.term() {
        Some(term) => store::search(s, org, term, "", i64::MAX).await?.0,
        None => store::everyone(s, org).await?,
    };
    Ok(query.arrange(rows))
}
