//! Who asks the administrators' API: an administrator, by API key or by their browser's session, or a service account, by
//! the token that it got at `/oauth2/token`; and the organization they ask about.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Method, StatusCode, header};
use muster_base::{Id, Secret};
use muster_directory::administrator::{Administrator, Role, store};
use muster_directory::organization::Organization;
use muster_directory::service_account::{self, ServiceAccount};
use muster_directory::session::model::ADMIN_IDLE_S;
use muster_directory::session::{self, Session};
use muster_directory::user::User;
use muster_directory::{Actor, Error, organization};

use crate::context::Context;
use crate::cookie::Browser;
use crate::error::ApiError;
use crate::me;
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
    asks: Asks,
}

/// What has a body and changes nothing, beside searches: what a rule would do, worked out before it is saved.
const COMPUTED: [&str; 6] = [
    "/api/v2/usergroups/preview",
    "/api/v2/usergroups/count",
    "/api/v2/usergroups/expression",
    "/api/v2/systemgroups/preview",
    "/api/v2/systemgroups/count",
    "/api/v2/systemgroups/expression",
];

/// Whether a request changes nothing, as far as that can be told from its method and address.
#[derive(Clone, Debug)]
struct Asks {
    method: Method,
    /// Though its method would let it change something.
    reads: bool,
}

impl Asks {
    fn of(parts: &Parts) -> Self {
        let (method, path) = (parts.method.clone(), parts.uri.path());
        let reads = path.starts_with("/api/search/") || COMPUTED.contains(&path);
        Self { reads: reads && method == Method::POST, method }
    }

    /// Refuses what a role does not allow; `whose` names who has it.
    fn check(&self, role: Role, whose: &str) -> Result<(), ApiError> {
        if role.allows(self.method.as_str()) || (self.reads && role.allows("GET")) {
            return Ok(());
        }
        let message = format!("the role \"{}\" of {whose} does not allow this", role.word());
        Err(ApiError::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message))
    }
}

const MINE: &str = "your account";

impl Admin {
    /// What they may do in an organization, if they reach it and may ask in this way.
    ///
    /// # Errors
    /// 404 for unknown and foreign ones, 403 where their role does not allow it.
    pub async fn role_in(&self, site: &Site, org: Id) -> Result<Role, ApiError> {
        // Unknown and foreign are the same answer.
        let role =
            store::role(&mut site.directory().read(), org, self.admin.id).await?.ok_or_else(ApiError::not_found)?;
        self.asks.check(role, MINE)?;
        Ok(role)
    }

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
                let admin = store::by_api_key(&mut site.directory().read(), &key).await?;
                // Those of people have none; should there be one, it is not theirs to use.
                (admin.filter(|admin| admin.derived.is_none()), None)
            }
            None => by_session(parts, site).await?,
        };
        let admin = admin.filter(|a| !a.suspended).ok_or_else(ApiError::unauthorized)?;
        let who = Self { admin, session, context, asks: Asks::of(parts) };
        who.check_anywhere(parts, site).await?;
        Ok(who)
    }
}

impl Admin {
    /// One who only reads everywhere changes nothing of their own either, but signs out.
    async fn check_anywhere(&self, parts: &Parts, site: &Site) -> Result<(), ApiError> {
        if Role::ReadOnly.allows(self.asks.method.as_str()) || parts.uri.path() == "/api/v2/session" {
            return Ok(());
        }
        match store::role_anywhere(&mut site.directory().read(), self.admin.id).await? {
            Some(role) => self.asks.check(role, MINE),
            None => Ok(()),
        }
    }
}

async fn by_session(parts: &mut Parts, site: &Site) -> Result<(Option<Administrator>, Option<Session>), ApiError> {
    let Browser(browser) = Browser::from_request_parts(parts, site).await?;
    let Some((session, admin)) = current(site, browser).await? else { return Ok((None, None)) };
    session::store::seen(site.directory(), &session).await?;
    Ok((Some(admin), Some(session)))
}

/// The live administrator's session of a browser. That of a person holds only beside their own.
///
/// # Errors
/// The database's.
pub async fn current(site: &Site, browser: Option<Id>) -> muster_directory::Result<Option<(Session, Administrator)>> {
    let Some(browser) = browser else { return Ok(None) };
    let directory = site.directory();
    let session = session::store::current(&mut directory.read(), browser, None, session::Kind::Admin).await?;
    let Some(session) = session.filter(|s| s.is_live(directory.env().clock.now(), ADMIN_IDLE_S)) else {
        return Ok(None);
    };
    let admin = match store::get(&mut directory.read(), session.principal).await {
        Ok(admin) => admin,
        Err(Error::Missing(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    if let Some(derived) = &admin.derived {
        let organization = organization::store::get(&mut directory.read(), derived.org).await?;
        let person = me::current(site, Some(browser), &organization).await?;
        let holds = |(own, user): (Session, User)| Some(own.id) == session.under && user.id == derived.user;
        return Ok(person.is_some_and(holds).then_some((session, admin)));
    }
    Ok(session.under.is_none().then_some((session, admin)))
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
        let organization = organization_of(parts, site, &admin).await?;
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
    Asks::of(parts).check(account.role, "this service account")?;
    let context = Context::of(parts, site);
    let organization = organization::store::get(&mut site.directory().read(), account.org).await?;
    let actor = Actor::service_account(account.id, Some(context.request_id));
    Ok(AdminOrg { admin: None, organization, actor })
}

/// The header's organization if the administrator reaches it; without the header the only one they reach.
async fn organization_of(parts: &Parts, site: &Site, who: &Admin) -> Result<Organization, ApiError> {
    let directory = site.directory();
    let org: Id = match parts.headers.get("x-org-id").map(|v| v.to_str().unwrap_or_default()) {
        Some(text) => {
            text.parse().map_err(|_| ApiError::field("x-org-id", "the organization's id: 24 hexadecimal characters"))?
        }
        None => match store::organizations(&mut directory.read(), who.admin.id).await?.as_slice() {
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
    who.role_in(site, org).await?;
    Ok(organization::store::get(&mut directory.read(), org).await?)
}
