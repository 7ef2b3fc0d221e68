//! The application's own users, in JumpCloud's shapes.
//!
//! Never here: importing them ([`super::import_job`]).

use std::collections::{HashMap, HashSet};

use axum::extract::State as Of;
use axum::response::{IntoResponse, Response};
use muster_base::Id;
use muster_directory::provision::import::{self, Person};
use muster_directory::provision::reading::{self, Reading as Read, State};
use muster_directory::provision::survey::{SortBy, Survey, Wanted};
use muster_directory::provision::{ObjectKind, decision, store};
use muster_directory::{Error, Source, application, user};
use muster_http::provisioning::Order as Asked;
use muster_http::{AdminOrg, ApiError, Json, Query, Site};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::reading::{ReadingOut, accepted};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// A user of the application.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportUser)]
#[serde(rename_all = "camelCase")]
struct UserOut {
    /// The application's id.
    id: String,
    username: String,
    email: String,
    firstname: Option<String>,
    middlename: Option<String>,
    lastname: Option<String>,
    displayname: Option<String>,
    job_title: Option<String>,
    department: Option<String>,
    company: Option<String>,
    cost_center: Option<String>,
    employee_identifier: Option<String>,
    employee_type: Option<String>,
    /// Whether the account is active there.
    active: bool,
    /// The person here whom an import would change; none: it would make one.
    system_user_id: Option<ObjectId>,
    /// The person here whose account this is, or who was chosen to have it.
    held_by: Option<HolderOut>,
}

/// Whose account a user of the application is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportUserHolder)]
pub(crate) struct HolderOut {
    id: ObjectId,
    username: String,
    displayname: String,
    /// It is linked; otherwise an administrator chose it, and it is not sent yet.
    linked: bool,
}

impl UserOut {
    fn new(person: Person, system_user_id: Option<ObjectId>, held_by: Option<HolderOut>) -> Self {
        let text = |name: &str| person.profile.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            firstname: text("firstname"),
            middlename: text("middlename"),
            lastname: text("lastname"),
            displayname: text("displayname"),
            job_title: text("jobTitle"),
            department: text("department"),
            company: text("company"),
            cost_center: text("costCenter"),
            employee_identifier: text("employeeIdentifier"),
            employee_type: text("employeeType"),
            id: person.remote_id,
            username: person.username,
            email: person.email,
            active: person.active,
            system_user_id,
            held_by,
        }
    }
}

/// A page of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportUsersResponse)]
pub(crate) struct UsersOut {
    /// How many there are.
    total_count: usize,
    users: Vec<UserOut>,
    /// Always empty: pages are asked for by `skip`.
    cursor: String,
    /// The list that this page is of: given back, the next page is of the same list, and the application is not read again.
    session_id: String,
}

/// What a page is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ImportSort)]
#[serde(rename_all = "lowercase")]
enum Sort {
    Firstname,
    Lastname,
    Email,
}

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ImportSortOrder)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
}

/// Which users.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsersQuery {
    /// Occurs in the names or the e-mail.
    filter: Option<String>,
    /// What is sorted by.
    #[param(inline)]
    sort: Option<Sort>,
    /// Up or down.
    #[param(inline)]
    sort_order: Option<Order>,
    /// Only the number.
    is_count: Option<bool>,
    /// Rows at most: 100 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<usize>,
    /// The `session_id` of a page before; a list is kept for an hour.
    session_id: Option<String>,
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/import/users", tag = "applications",
    params(("id" = ObjectId, Path), UsersQuery),
    responses((status = 200, body = UsersOut), (status = 202, body = ReadingOut), Changing))]
/// List the users of an application, to import them; where reading them takes long, how far that is
pub(crate) async fn users(
    Of(site): Of<Site>,
    who: AdminOrg,
    PathId(app): PathId,
    Query(query): Query<UsersQuery>,
) -> Result<Response, ApiError> {
    let (org, mut source) = (who.org(), site.directory().read());
    application::store::get(&mut source, org, app).await?;
    store::get(&mut source, org, app).await?;
    let limit = query.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(ApiError::field("limit", "a whole number from 1 to 1000"));
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let wanted = Wanted {
        search: query.filter.unwrap_or_default(),
        sort: match query.sort {
            Some(Sort::Firstname) => SortBy::FirstName,
            Some(Sort::Lastname) => SortBy::LastName,
            _ => SortBy::Email,
        },
        down: query.sort_order == Some(Order::Desc),
        skip: count(query.skip.unwrap_or(0)),
        limit: if query.is_count == Some(true) { 0 } else { count(limit) },
    };
    let session = query.session_id.and_then(|id| id.parse().ok());
    let list = match list(&site, (org, app), session).await? {
        List::Kept(list) => list,
        List::Coming(read) => return Ok(accepted(read)),
    };
    let (total, people) = list.people(&mut source, &wanted).await?;
    let mut holders = holders(&mut source, (org, app), &people).await?;
    let mut users = Vec::new();
    for person in people {
        let known = import::matching(&mut source, org, &person).await?;
        let held_by = holders.remove(&person.remote_id);
        users.push(UserOut::new(person, known.map(|u| ObjectId(u.id)), held_by));
    }
    let total_count = usize::try_from(total).unwrap_or(0);
    let out = UsersOut { total_count, users, cursor: String::new(), session_id: list.id.text() };
    Ok(Json(out).into_response())
}

/// The list that a page is of.
enum List {
    Kept(Survey),
    /// It is being read.
    Coming(Read),
}

/// The list of a page before, where it is kept still; what is no list of ours is read again.
async fn list(site: &Site, (org, app): (Id, Id), session: Option<Id>) -> Result<List, ApiError> {
    if let Some(id) = session {
        match reading::get(site.directory(), org, app, id).await {
            // A part of a list is none.
            Ok(read) if read.state == State::Running => return Ok(List::Coming(read)),
            Ok(Read { state: State::Failed(_), .. }) => {}
            Ok(_) | Err(Error::Missing(_)) => {
                if let Some(list) = Survey::find(&mut site.directory().read(), org, app, id).await? {
                    return Ok(List::Kept(list));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    let read = site.provisioning().read(org, app, Asked::Users).await?;
    let id = read.id;
    Ok(if matches!(read.state, State::Finished(_)) { List::Kept(Survey { org, app, id }) } else { List::Coming(read) })
}

/// Whose these accounts are, by their ids there: a link goes before what was only decided.
async fn holders(
    s: &mut impl Source,
    (org, app): (Id, Id),
    page: &[Person],
) -> Result<HashMap<String, HolderOut>, ApiError> {
    let there: Vec<String> = page.iter().map(|person| person.remote_id.clone()).collect();
    let decided = decision::all(s, org, app).await?.into_iter();
    let decided = decided.filter(|((kind, _), _)| *kind == ObjectKind::User);
    let mut of: HashMap<String, (Id, bool)> =
        decided.filter_map(|((_, id), decision)| Some((decision.remote_id?, (id, false)))).collect();
    let taken = store::taken(s, org, app, ObjectKind::User, &there).await?;
    of.extend(taken.into_iter().map(|(remote, id)| (remote, (id, true))));
    let shown: HashSet<&String> = there.iter().collect();
    of.retain(|remote, _| shown.contains(remote));
    let ids: Vec<Id> = of.values().map(|(id, _)| *id).collect();
    let people = user::store::by_ids(s, org, &ids).await?;
    let mut out = HashMap::new();
    for (remote, (id, linked)) in of {
        if let Some(user) = people.iter().find(|user| user.id == id) {
            let displayname = user.profile.displayname.clone().unwrap_or_default();
            out.insert(remote, HolderOut { id: id.into(), username: user.username.clone(), displayname, linked });
        }
    }
    Ok(out)
}
