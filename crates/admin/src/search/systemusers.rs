//! Searches people.

use axum::extract::State;
use axum::response::Response;
use muster_directory::listing;
use muster_directory::user::{User, lockout};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::{Search, SearchBody};
use crate::failure::Changing;
use crate::user::{UserOut, Users};

/// Where a term is looked for when the search does not say.
const NAMES: &[&str] =
    &["username", "email", "firstname", "lastname", "displayname", "employeeIdentifier", "jobTitle", "department"];

#[utoipa::path(post, path = "/api/search/systemusers", tag = "users", request_body = SearchBody,
    responses((status = 200, body = Users), Changing))]
/// Search people
pub(crate) async fn search(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<SearchBody>,
) -> Result<Response, ApiError> {
    let search = Search::read(body, NAMES)?;
    let directory = site.directory();
    let now = directory.env().clock.now();
    let locked = lockout::locked_subjects(&mut directory.read(), who.org(), now).await?;
    let people: Vec<User> = listing::everyone(&mut directory.read(), who.org()).await?;
    let objects = people.iter().map(|user| {
        let out = UserOut::new(user, &who.organization.settings, locked.contains(&user.id.text()), now);
        (user.id, serde_json::to_value(out).unwrap_or_default())
    });
    Ok(search.found(&site, objects).wrapped("results"))
}
