//! The person who asks, by their browser's session in an organization.

use axum::extract::FromRequestParts;
use http::request::Parts;
use muster_base::Id;
use muster_directory::organization::Organization;
use muster_directory::session::{self, Session};
use muster_directory::user::{self, State, User};
use muster_directory::{Actor, Error, organization};

use crate::context::Context;
use crate::cookie::Browser;
use crate::error::ApiError;
use crate::site::Site;

/// A person who asks.
#[derive(Clone, Debug)]
pub struct Me {
    /// Who.
    pub user: User,
    /// In which organization.
    pub organization: Organization,
    /// Their session.
    pub session: Session,
    /// The request.
    pub context: Context,
}

impl Me {
    /// The person as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::user(self.user.id, Some(self.context.request_id.clone()))
    }
}

/// The live session of a browser in an organization, with its active person.
///
/// # Errors
/// The database's.
pub async fn current(
    site: &Site,
    browser: Option<Id>,
    organization: &Organization,
) -> muster_directory::Result<Option<(Session, User)>> {
    let Some(browser) = browser else { return Ok(None) };
    let directory = site.directory();
    let kind = session::Kind::User;
    let session = session::store::current(&mut directory.read(), browser, Some(organization.id), kind).await?;
    let idle_s = organization.settings.user_portal.idle_session_duration_minutes * 60;
    let Some(session) = session.filter(|s| s.is_live(directory.env().clock.now(), idle_s)) else { return Ok(None) };
    let user = user::store::by_id(&mut directory.read(), organization.id, session.principal).await?;
    let Some(user) = user.filter(|u| u.state == State::Activated) else { return Ok(None) };
    session::store::seen(directory, &session).await?;
    Ok(Some((session, user)))
}

impl FromRequestParts<Site> for Me {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, ApiError> {
        let Browser(browser) = Browser::from_request_parts(parts, site).await?;
        let organization = named(parts, site).await?;
        let found = current(site, browser, &organization).await?;
        let (session, user) = found.ok_or_else(ApiError::unauthorized)?;
        Ok(Self { user, organization, session, context: Context::of(parts, site) })
    }
}

/// The organization by id (`x-org-id`), or by the name that stands in the portal's address (`?org=`).
async fn named(parts: &Parts, site: &Site) -> Result<Organization, ApiError> {
    let mut source = site.directory().read();
    let slug = || {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == "org").map(|(_, slug)| slug.into_owned())
    };
    let found = match parts.headers.get("x-org-id") {
        Some(value) => {
            let id: Option<Id> = value.to_str().ok().and_then(|t| t.parse().ok());
            let wrong = || ApiError::field("x-org-id", "the organization's id: 24 hexadecimal characters");
            match organization::store::get(&mut source, id.ok_or_else(wrong)?).await {
                Err(Error::Missing(_)) => None,
                found => Some(found?),
            }
        }
        None => match slug() {
            Some(slug) => organization::store::by_slug(&mut source, &slug).await?,
            // Nobody can be signed in to no organization.
            None => None,
        },
    };
    found.ok_or_else(ApiError::unauthorized)
}
