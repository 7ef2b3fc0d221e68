//! Who asks the administrators' API: an administrator, by API key or by their browser's session, or a service account, by
//! the token that it got at `/oauth2/token`; and the organization they ask about.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{StatusCode, header};
use muster_base::{Id, Secret};
use muster_directory::administrator::{Administrator, store};
use muster_directory::organization::Organization;
use muster_directory::service_account::{self, ServiceAccount};
use muster_directory::session::model::ADMIN_IDLE_S;
use muster_directory::session::{self, Session};
use muster_directory::{Actor, Error, organization};

use crate::context::Context;
use crate::cookie::Browser;
use crate::error::ApiError;
use crate::site::Site;

/// An administrator who asks.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Who.
    pub admin: Administrator,
    /// Their session, when they ask by browser.
    pub session: Option<Session>,
    /// The request.
    pub context: Context,
}

impl Admin {
    /// The administrator as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::admin(self.admin.id, Some(self.context.request_id.clone()))
    }
}

impl FromRequestParts<Site> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, ApiError> {
        let context = Context::of(parts, site);
        if service_account(parts, site).await?.is_some() {
            // JumpCloud's words.
            let message = "service accounts are not allowed to access this endpoint";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message));
        }
        let (admin, session) = match parts.headers.get("x-api-key") {
            Some(value) => {
                let key = value.to_str().map(Secret::new).map_err(|_| ApiError::unauthorized())?;
                (store::by_api_key(&mut site.directory().read(), &key).await?, None)
            }
            None => by_session(parts, site).await?,
        };
        let admin = admin.filter(|a| !a.suspended).ok_or_else(ApiError::unauthorized)?;
        Ok(Self { admin, session, context })
    }
}

async fn by_session(parts: &mut Parts, site: &Site) -> Result<(Option<Administrator>, Option<Session>), ApiError> {
    let Some(session) = current(parts, site).await? else { return Ok((None, None)) };
    session::store::seen(site.directory(), &session).await?;
    match store::get(&mut site.directory().read(), session.principal).await {
        Ok(admin) => Ok((Some(admin), Some(session))),
        Err(Error::Missing(_)) => Ok((None, None)),
        Err(error) => Err(error.into()),
    }
}

/// The live administrator's session of the browser that asks.
///
/// # Errors
/// The database's.
pub async fn current(parts: &mut Parts, site: &Site) -> Result<Option<Session>, ApiError> {
    let Browser(Some(browser)) = Browser::from_request_parts(parts, site).await? else { return Ok(None) };
    let directory = site.directory();
    let session = session::store::current(&mut directory.read(), browser, None, session::Kind::Admin).await?;
    Ok(session.filter(|s| s.is_live(directory.env().clock.now(), ADMIN_IDLE_S)))
}

/// Who asks with a service account's token, if anybody does. Other schemes are not ours to read; a key beside the token is
/// one name too many.
async fn service_account(parts: &Parts, site: &Site) -> Result<Option<ServiceAccount>, ApiError> {
    let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    if parts.headers.contains_key("x-api-key") {
        return Err(ApiError::unauthorized());
    }
    let (directory, token) = (site.directory(), Secret::new(token.trim()));
    let now = directory.env().clock.now();
    let account = service_account::store::by_token(&mut directory.read(), token.digest(), now).await?;
    account.filter(|account| !account.disabled).map(Some).ok_or_else(ApiError::unauthorized)
}

/// One who asks about an organization (`x-org-id`): an administrator who reaches it, or one of its service accounts.
#[derive(Clone, Debug)]
pub struct AdminOrg {
    /// Who asks; none for a service account.
    pub admin: Option<Admin>,
    /// About which organization.
    pub organization: Organization,
    actor: Actor,
}

impl AdminOrg {
    /// The organization's id.
    #[must_use]
    pub fn org(&self) -> Id {
        self.organization.id
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }

    /// The administrator, where a service account may not ask: what gives rights is for people.
    ///
    /// # Errors
    /// 403.
    pub fn person(&self) -> Result<&Admin, ApiError> {
        let message = "service accounts are not allowed to access this endpoint";
        let denied = || ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message);
        self.admin.as_ref().ok_or_else(denied)
    }
}

impl FromRequestParts<Site> for AdminOrg {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, ApiError> {
        if let Some(account) = service_account(parts, site).await? {
            return for_account(parts, site, &account).await;
        }
        let admin = Admin::from_request_parts(parts, site).await?;
        let organization = organization_of(parts, site, &admin.admin).await?;
        Ok(Self { actor: admin.actor(), admin: Some(admin), organization })
    }
}

/// A service account asks about its own organization, in the ways of its role.
async fn for_account(parts: &Parts, site: &Site, account: &ServiceAccount) -> Result<AdminOrg, ApiError> {
    if let Some(named) = parts.headers.get("x-org-id")
        && named.to_str().ok().and_then(|text| text.parse::<Id>().ok()) != Some(account.org)
    {
        // Unknown and foreign are the same answer.
        return Err(ApiError::not_found());
    }
    // A search has a body and changes nothing.
    let reads = parts.uri.path().starts_with("/api/search/") && account.role.allows("GET");
    if !account.role.allows(parts.method.as_str()) && !reads {
        let message = format!("the role \"{}\" of this service account does not allow this", account.role.word());
        return Err(ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message));
    }
    let context = Context::of(parts, site);
    let organization = organization::store::get(&mut site.directory().read(), account.org).await?;
    let actor = Actor::service_account(account.id, Some(context.request_id));
    Ok(AdminOrg { admin: None, organization, actor })
}

/// The header's organization if the administrator reaches it; without the header the only one they reach.
async fn organization_of(parts: &Parts, site: &Site, admin: &Administrator) -> Result<Organization, ApiError> {
    let directory = site.directory();
    let org: Id = match parts.headers.get("x-org-id").map(|v| v.to_str().unwrap_or_default()) {
        Some(text) => {
            text.parse().map_err(|_| ApiError::field("x-org-id", "the organization's id: 24 hexadecimal characters"))?
        }
        None => match store::organizations(&mut directory.read(), admin.id).await?.as_slice() {
            [only] => *only,
            [] => return Err(ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", "you reach no organization")),
            _ => {
                return Err(ApiError::new(
                    StatusCode::UNAUTHORIZED,
                    "Unauthorized",
                    "this key reaches several organizations: say which one with the header x-org-id",
                ));
            }
        },
    };
    // Unknown and foreign are the same answer.
    if !store::reaches(&mut directory.read(), admin.id, org).await? {
        return Err(ApiError::not_found());
    }
    Ok(organization::store::get(&mut directory.read(), org).await?)
}
