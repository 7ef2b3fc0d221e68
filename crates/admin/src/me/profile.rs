//! A person's own profile: what the portal shows, and the few members that they may change themselves.

use axum::extract::State;
use muster_directory::routing::{Outcome, decide};
use muster_directory::user::model::SELF_WRITABLE;
use muster_directory::user::profile::{Address, PhoneNumber};
use muster_directory::user::update::Update;
use muster_directory::user::{Authority, User};
use muster_directory::{Error, FieldError};
use muster_http::{ApiError, Json, Me, Site};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::administration::{self, MyAdministration};
use crate::failure::{Changing, Reading};
use crate::organization::OrganizationRef;

/// A person as they see themselves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyProfile {
    username: String,
    email: String,
    firstname: String,
    middlename: String,
    lastname: String,
    displayname: String,
    alternate_email: String,
    job_title: String,
    department: String,
    location: String,
    phone_numbers: Vec<PhoneNumber>,
    addresses: Vec<Address>,
}

/// A person, their organization, and what they may do here.
#[derive(Serialize, ToSchema)]
#[schema(as = Me)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeOut {
    user: MyProfile,
    organization: OrganizationRef,
    /// Who decides about the password: "None" is Muster itself.
    password_authority: &'static str,
    can_change_password: bool,
    can_edit_profile: bool,
    /// What they may administer, as a member of a group that a directory pushes.
    administration: Option<MyAdministration>,
}

/// A person's own changes. What is left out stays; what does not differ is passed over; anything else is refused.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's: the body is read member by member")]
pub(crate) struct MyProfileWrite {
    firstname: Option<String>,
    lastname: Option<String>,
    displayname: Option<String>,
    alternate_email: Option<String>,
    phone_numbers: Option<Vec<PhoneNumber>>,
    addresses: Option<Vec<Address>>,
}

#[utoipa::path(get, path = "/api/v2/me", tag = "portal", responses((status = 200, body = MeOut), Reading))]
/// Get oneself
pub(crate) async fn get(State(site): State<Site>, me: Me) -> Result<Json<MeOut>, ApiError> {
    Ok(Json(show(&site, &me, &me.user).await?))
}

#[utoipa::path(put, path = "/api/v2/me", tag = "portal", request_body = MyProfileWrite,
    responses((status = 200, body = MeOut), Changing))]
/// Change one's own profile
pub(crate) async fn update(
    State(site): State<Site>,
    me: Me,
    Json(body): Json<Map<String, Value>>,
) -> Result<Json<MeOut>, ApiError> {
    if !me.organization.settings.system_users_can_edit {
        return Err(Error::Denied("your organization's administrators keep your profile: ask them".into()).into());
    }
    let shown = serde_json::to_value(profile(&me.user)).unwrap_or_default();
    let mut patch = Map::new();
    let mut problems = Vec::new();
    for (name, value) in body {
        if shown.get(&name) == Some(&value) {
            continue;
        }
        if !SELF_WRITABLE.contains(&name.as_str()) {
            let message = format!("you cannot change this yourself; you can change {}", SELF_WRITABLE.join(", "));
            problems.push(FieldError::new(name, message));
            continue;
        }
        if me.user.profile.restricted_fields.iter().any(|r| r.field == name) {
            problems.push(FieldError::new(name, "another system of your organization keeps this"));
            continue;
        }
        let empty = value.as_str().is_some_and(str::is_empty);
        patch.insert(name, if empty { Value::Null } else { value });
    }
    let alternate = patch.get("alternateEmail").and_then(Value::as_str);
    if let Some(Err(error)) = alternate.map(str::parse::<muster_base::Email>) {
        problems.push(FieldError::new("alternateEmail", error.to_string()));
    }
    Error::unless_empty(problems)?;
    let user = if patch.is_empty() {
        me.user.clone()
    } else {
        site.directory().write(me.actor(), me.organization.id, Update::profile(me.user.id, patch)).await?
    };
    Ok(Json(show(&site, &me, &user).await?))
}

/// Whether the person may change their password here: it is Muster's, there is one, and no policy sends them elsewhere.
///
/// # Errors
/// The database's.
pub(super) async fn can_change_password(site: &Site, user: &User) -> Result<bool, ApiError> {
    if user.authority() != Authority::Muster || user.password_hash.is_none() {
        return Ok(false);
    }
    Ok(decide::load(&mut site.directory().read(), user).await?.outcome == Outcome::Password)
}

async fn show(site: &Site, me: &Me, user: &User) -> Result<MeOut, ApiError> {
    Ok(MeOut {
        user: profile(user),
        organization: OrganizationRef::new(&me.organization),
        password_authority: user.authority().label(),
        can_change_password: can_change_password(site, user).await?,
        can_edit_profile: me.organization.settings.system_users_can_edit,
        administration: administration::of(site, me).await?,
    })
}

fn profile(user: &User) -> MyProfile {
    let p = &user.profile;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    MyProfile {
        username: user.username.clone(),
        email: user.email.clone(),
        firstname: text(&p.firstname),
        middlename: text(&p.middlename),
        lastname: text(&p.lastname),
        displayname: text(&p.displayname),
        alternate_email: text(&p.alternate_email),
        job_title: text(&p.job_title),
        department: text(&p.department),
        location: text(&p.location),
        phone_numbers: p.phone_numbers.clone(),
        addresses: p.addresses.clone(),
    }
}
