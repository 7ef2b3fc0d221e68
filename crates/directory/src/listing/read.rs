//! Reads what is listed as it is asked for: by index where one has the order, and otherwise whole.

use muster_base::Id;
use muster_db::{FromRow, Sql, V};
use muster_rules::Subject;

use super::Query;
use crate::source::like;
use crate::{Result, Source};

/// Rows that are read together.
const CHUNK: usize = 1_000;

/// The statements behind the list of one kind; each is bound to its organization (`$1`).
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the parameters are those of the functions of the same names")]
pub struct Statements {
    pub page: &'static Sql,
    pub search: &'static Sql,
    pub search_count: &'static Sql,
    pub by_name: &'static Sql,
    pub count: &'static Sql,
    pub by_ids: &'static Sql,
}

/// What an organization has many of, and an administrator a list of.
pub trait Listed: Subject + FromRow + Send + Sync {
    /// How they are read.
    const STATEMENTS: Statements;
    /// The attribute whose order has an index: the console's, however many there are.
    const NAME: &'static str;

    /// Whose row it is.
    fn id(&self) -> Id;
}

/// A page in the order of ids, after a cursor.
///
/// # Errors
/// The database's.
pub async fn page<T: Listed>(s: &mut impl Source, org: Id, after: &str, limit: i64) -> Result<Vec<T>> {
    Ok(s.all(T::STATEMENTS.page, &[(&org).into(), after.into(), limit.into()]).await?)
}

/// All of them, read in pages.
///
/// # Errors
/// The database's.
pub async fn everyone<T: Listed>(s: &mut impl Source, org: Id) -> Result<Vec<T>> {
    let mut out: Vec<T> = Vec::new();
    loop {
        let after = out.last().map_or_else(String::new, |row| row.id().text());
        let mut rows = page(s, org, &after, i64::try_from(CHUNK).unwrap_or(i64::MAX)).await?;
        let last = rows.len() < CHUNK;
        out.append(&mut rows);
        if last {
            return Ok(out);
        }
    }
}

/// A page in the order of ids of those in which `term` occurs, and how many those are.
///
/// # Errors
/// The database's.
pub async fn search<T: Listed>(
    s: &mut impl Source,
    org: Id,
    term: &str,
    after: &str,
    limit: i64,
) -> Result<(Vec<T>, i64)> {
    if term.contains('\0') {
        // No text holds it, and the database takes none that does.
        return Ok((Vec::new(), 0));
    }
    let pattern = like(term);
    let params = [(&org).into(), after.into(), pattern.as_str().into(), limit.into()];
    Ok((s.all(T::STATEMENTS.search, &params).await?, search_count::<T>(s, org, &pattern).await?))
}

/// A page in the order of names of those in which `term` occurs, and how many those are.
///
/// # Errors
/// The database's.
pub async fn by_name<T: Listed>(
    s: &mut impl Source,
    org: Id,
    term: &str,
    limit: i64,
    skip: i64,
) -> Result<(Vec<T>, i64)> {
    if term.contains('\0') {
        return Ok((Vec::new(), 0));
    }
    let pattern = like(term);
    let params = [(&org).into(), pattern.as_str().into(), limit.into(), skip.into()];
    let rows = s.all(T::STATEMENTS.by_name, &params).await?;
    let total = if term.is_empty() { count::<T>(s, org).await? } else { search_count::<T>(s, org, &pattern).await? };
    Ok((rows, total))
}

/// How many the organization has.
///
/// # Errors
/// The database's.
pub async fn count<T: Listed>(s: &mut impl Source, org: Id) -> Result<i64> {
    Ok(s.first::<(i64,)>(T::STATEMENTS.count, &[(&org).into()]).await?.map_or(0, |(n,)| n))
}

async fn search_count<T: Listed>(s: &mut impl Source, org: Id, pattern: &str) -> Result<i64> {
    let params = [(&org).into(), pattern.into()];
    Ok(s.first::<(i64,)>(T::STATEMENTS.search_count, &params).await?.map_or(0, |(n,)| n))
}

async fn by_ids<T: Listed>(s: &mut impl Source, org: Id, ids: &[Id]) -> Result<Vec<T>> {
    Ok(s.all(T::STATEMENTS.by_ids, &[(&org).into(), V::list(ids)]).await?)
}

/// A page as it is asked for, and the number of rows in all.
///
/// # Errors
/// The database's.
pub async fn list<T: Listed>(s: &mut impl Source, org: Id, query: &Query) -> Result<(Vec<T>, i64)> {
    if let Some(within) = &query.within {
        return of_those(s, org, query, within).await;
    }
    if query.is_of_index() {
        return match query.term() {
            Some(term) => search(s, org, term, query.cursor(), query.limit).await,
            None => Ok((page(s, org, query.cursor(), query.limit).await?, count::<T>(s, org).await?)),
        };
    }
    if query.filters.is_empty() && query.sort == [T::NAME] {
        return by_name(s, org, query.term().unwrap_or_default(), query.limit, query.skip).await;
    }
    let rows = match query.term() {
        Some(term) => search(s, org, term, "", i64::MAX).await?.0,
        None => everyone(s, org).await?,
    };
    Ok(query.arrange(rows))
}

/// The same of those with these ids, which are in order.
async fn of_those<T: Listed>(s: &mut impl Source, org: Id, query: &Query, within: &[Id]) -> Result<(Vec<T>, i64)> {
    if query.is_of_index() && query.term().is_none() {
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let after = within.iter().copied().filter(|id| id.text().as_str() > query.cursor());
        let page: Vec<Id> = after.take(limit).collect();
        let mut rows: Vec<T> = by_ids(s, org, &page).await?;
        rows.sort_by_key(Listed::id);
        return Ok((rows, i64::try_from(within.len()).unwrap_or(i64::MAX)));
    }
    let mut rows: Vec<T> = Vec::new();
    match query.term() {
        Some(term) => {
            rows = search(s, org, term, "", i64::MAX).await?.0;
            rows.retain(|row| within.binary_search(&row.id()).is_ok());
        }
        None => {
            for ids in within.chunks(CHUNK) {
                rows.extend(by_ids(s, org, ids).await?);
            }
        }
    }
    rows.sort_by_key(Listed::id);
    Ok(query.arrange(rows))
}
