//! What became of each object of a migration, or would.

use axum::extract::State;
use muster_base::Id;
use muster_directory::migration::{self, Kind, Row, Wanted};
use muster_directory::{Error, Source};
use muster_http::{AdminOrg, ApiError, Json, Query, Site};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{ItemOut, ResultsOut};
use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

/// Results of a page when nothing is said.
const LIMIT: i64 = 100;
/// At most.
const LIMIT_MAX: i64 = 1_000;
/// Pages that a search reads.
const PAGES_MAX: usize = 1_000;

/// Which results.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResultsQuery {
    /// Of this kind only.
    #[serde(default)]
    kind: Option<Kind>,
    /// With this outcome only.
    #[serde(default)]
    outcome: Option<migration::Word>,
    /// Occurs in the name, or is the id there.
    #[serde(default)]
    #[param(max_length = 256)]
    search: Option<String>,
    /// After this place: the `seq` of the last result of the page before.
    #[serde(default)]
    #[param(minimum = 0)]
    after: Option<i64>,
    /// Results at most: 100 when nothing is said.
    #[serde(default)]
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

#[utoipa::path(get, path = "/api/v2/imports/jumpcloud/{id}/results", tag = "imports",
    params(("id" = ObjectId, Path), ResultsQuery), responses((status = 200, body = ResultsOut), Reading))]
/// List what became of the objects of a migration, or would
pub(crate) async fn results(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Query(query): Query<ResultsQuery>,
) -> Result<Json<ResultsOut>, ApiError> {
    let mut s = site.directory().read();
    migration::get(&mut s, who.org(), id).await?;
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(ApiError::field("limit", format!("from 1 to {LIMIT_MAX}")));
    }
    let wanted = Wanted {
        kind: query.kind.map(Kind::word).unwrap_or_default(),
        outcome: query.outcome.map(migration::Word::word).unwrap_or_default(),
        after: query.after.unwrap_or(0),
    };
    let search = query.search.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let rows = match search {
        None => migration::page(&mut s, (who.org(), id), wanted, limit).await?,
        Some(search) => found(&mut s, (who.org(), id), wanted, (&search, limit)).await?,
    };
    Ok(Json(ResultsOut { results: rows.into_iter().map(ItemOut::from).collect() }))
}

/// The next of those in whose name a text occurs. Case is folded here, since the databases fold it differently.
async fn found(
    s: &mut impl Source,
    job: (Id, Id),
    mut wanted: Wanted<'_>,
    (search, limit): (&str, i64),
) -> Result<Vec<Row>, Error> {
    let most = usize::try_from(limit).unwrap_or(0);
    let mut out = Vec::new();
    for _ in 0..PAGES_MAX {
        let rows = migration::page(s, job, wanted, LIMIT_MAX).await?;
        let Some(last) = rows.last() else { break };
        wanted.after = last.seq;
        let fits = |row: &Row| row.name.to_lowercase().contains(search) || row.remote_id.to_lowercase() == search;
        out.extend(rows.into_iter().filter(fits));
        if out.len() >= most {
            break;
        }
    }
    out.truncate(most);
    Ok(out)
}
