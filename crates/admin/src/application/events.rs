//! What happened at an application: sign-ins with the outcome of each check, the newest first.

use axum::extract::State;
use muster_directory::application;
use muster_directory::event::{Event, store};
use muster_http::{AdminOrg, ApiError, Json, Site};

use crate::failure::Reading;
use crate::id::{ObjectId, PathId};
use crate::page::{Page, PageQuery};
use crate::user::events::{EventOut, Events};

/// How many events of the organization one page looks through: there is no list by application.
const LOOKED_THROUGH: i64 = 2000;

#[utoipa::path(get, path = "/api/v2/applications/{id}/events", tag = "applications",
    params(("id" = ObjectId, Path), PageQuery), responses((status = 200, body = Events), Reading))]
/// List what happened at an application
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Json<Events>, ApiError> {
    let mut source = site.directory().read();
    application::store::get(&mut source, who.org(), id).await?;
    let before = page.cursor.map(|c| c.text()).unwrap_or_default();
    let looked = store::all(&mut source, who.org(), &before, LOOKED_THROUGH).await?;
    let (wanted, limit) = (id.text(), usize::try_from(page.limit).unwrap_or(usize::MAX));
    let of_this = |event: &&Event| event.detail.application.as_ref().is_some_and(|app| app.id == wanted);
    let found: Vec<&Event> = looked.iter().filter(of_this).take(limit).collect();
    // Where a page is full it goes on after its last one, else after all that was looked through.
    let last = if found.len() == limit { found.last().copied() } else { looked.last() };
    let full = found.len() == limit || i64::try_from(looked.len()).is_ok_and(|n| n == LOOKED_THROUGH);
    let cursor = last.filter(|_| full).map(|event| ObjectId(event.id));
    let results = found.into_iter().cloned().map(EventOut::new).collect();
    Ok(Json(Events { results, cursor }))
}
