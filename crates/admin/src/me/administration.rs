//! The way from the portal into the console, of a person who is an administrator by a directory's group.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use muster_base::Id;
use muster_directory::administrator::{Administrator, Role, store};
use muster_directory::event::Event;
use muster_directory::flow::{self, Flow};
use muster_directory::session::Kind;
use muster_directory::session::start::{Start, start_under};
use muster_directory::{Error, derived_administrator};
use muster_http::{ApiError, Json, Me, Site, cookie};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::administrator::AdministratorSource;
use crate::failure::Changing;

/// How long ago the person may have shown who they are, in seconds.
const FRESH_S: i64 = 15 * 60;

/// What a person may administer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyAdministration {
    role_name: Role,
    /// What made them an administrator.
    source: Option<AdministratorSource>,
}

/// Where to go on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdministrationOpened {
    /// A path: the console, or the sign-in page.
    location: String,
    /// Whether the person has to sign in once more first: they did so too long ago.
    sign_in_again: bool,
}

/// What a person is as an administrator, if they are one.
///
/// # Errors
/// The database's.
pub(super) async fn of(site: &Site, me: &Me) -> Result<Option<MyAdministration>, ApiError> {
    let Some((admin, role_name)) = mine(site, me).await? else { return Ok(None) };
    Ok(Some(MyAdministration { role_name, source: admin.derived.as_ref().map(AdministratorSource::new) }))
}

async fn mine(site: &Site, me: &Me) -> Result<Option<(Administrator, Role)>, ApiError> {
    let (mut read, org) = (site.directory().read(), me.organization.id);
    let Some(kept) = derived_administrator::store::of_user(&mut read, org, me.user.id).await? else { return Ok(None) };
    match store::get(&mut read, kept.admin).await {
        Ok(admin) => Ok(Some((admin, kept.given.role))),
        Err(Error::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[utoipa::path(post, path = "/api/v2/me/administration", tag = "portal",
    responses((status = 200, body = AdministrationOpened), Changing))]
/// Open the console as oneself
pub(crate) async fn open(State(site): State<Site>, me: Me) -> Result<Response, ApiError> {
    let Some((admin, _)) = mine(&site, &me).await? else {
        return Err(Error::Denied("you are no administrator of this organization".into()).into());
    };
    let slug = &me.organization.slug;
    let now = site.directory().env().clock.now();
    if now > me.session.auth_at.plus_s(FRESH_S) {
        let flow = again(&site, &me).await?;
        let location = format!("/o/{slug}/login?flow={flow}");
        return Ok(Json(AdministrationOpened { location, sign_in_again: true }).into_response());
    }
    let start = Start {
        browser: Some(me.session.browser),
        org: None,
        kind: Kind::Admin,
        principal: admin.id,
        method: me.session.method,
        idp: me.session.idp,
        prefix: me.context.prefix(),
        client_ip: me.context.client_ip.to_string(),
        user_agent: me.context.user_agent.clone(),
        event: opened(&site, &me),
    };
    let started = start_under(site.directory(), start, &me.session).await?;
    let body = AdministrationOpened { location: format!("/console/{slug}/"), sign_in_again: false };
    Ok((cookie::set(&site, Some(&started.cookie)), Json(body)).into_response())
}

fn opened(site: &Site, me: &Me) -> Event {
    let env = site.directory().env();
    Event {
        org: Some(me.organization.id),
        id: env.id(),
        at: env.clock.now(),
        kind: "admin_login_attempt".into(),
        user: Some(me.user.id),
        detail: me.context.detail(true, "A person opened the console"),
    }
}

/// A sign-in that counts only when it happens from now on, and leads back.
async fn again(site: &Site, me: &Me) -> Result<Id, ApiError> {
    let env = site.directory().env();
    let flow = Flow {
        org: me.organization.id,
        id: env.id(),
        browser: me.session.browser,
        app: None,
        login_hint: Some(me.user.email.clone()),
        payload: Value::Null,
        return_to: format!("/portal/{}/administration", me.organization.slug),
        fresh: true,
        created_at: env.clock.now(),
    };
    flow::create(site.directory(), &flow).await?;
    Ok(flow.id)
}
