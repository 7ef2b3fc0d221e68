//! The administrator who asks, by API key or by their browser's session, and the organization they ask about.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use muster_base::{Id, Secret};
use muster_directory::administrator::{Administrator, store};
use muster_directory::organization::Organization;
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

/// An administrator and the organization that the request is about (`x-org-id`).
#[derive(Clone, Debug)]
pub struct AdminOrg {
    /// Who asks.
    pub admin: Admin,
    /// About which organization.
    pub organization: Organization,
}

impl AdminOrg {
    /// The organization's id.
    #[must_use]
    pub fn org(&self) -> Id {
        self.organization.id
    }

    /// The administrator as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.admin.actor()
    }
}

impl FromRequestParts<Site> for AdminOrg {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, ApiError> {
        let admin = Admin::from_request_parts(parts, site).await?;
        let organization = organization_of(parts, site, &admin.admin).await?;
        Ok(Self { admin, organization })
    }
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
