//! The application that asks: who it says it is, and whether it is (RFC 6749 section 2.3).

use http::HeaderMap;
use muster_base::{Id, Secret};
use muster_directory::application::{self, Application, ClientAuthentication, GrantType, Oidc};
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_oauth::client_auth::{self, Method};
use muster_oauth::{Error, ErrorCode, Params};

use crate::body;
use crate::error::Refusal;

/// An application with its OpenID Connect side set up, in its organization.
#[derive(Clone, Debug)]
pub struct Client {
    /// The organization.
    pub organization: Organization,
    /// The application; its id is the `client_id`.
    pub app: Application,
    /// Its OpenID Connect side.
    pub oidc: Oidc,
}

impl Client {
    /// Whether it may ask for refresh tokens.
    #[must_use]
    pub fn may_refresh(&self) -> bool {
        self.oidc.grant_types.contains(&GrantType::RefreshToken)
    }
}

/// The application of this organization that the id names, active or not.
///
/// # Errors
/// The database's.
pub async fn find(
    site: &Site,
    organization: &Organization,
    client_id: &str,
) -> muster_directory::Result<Option<Client>> {
    // An id is compared as it was given: upper case is another text, though the same bytes.
    let Some(id) = client_id.parse::<Id>().ok().filter(|id| id.text() == client_id) else { return Ok(None) };
    let Some(app) = application::store::by_id(&mut site.directory().read(), organization.id, id).await? else {
        return Ok(None);
    };
    let Some(oidc) = app.doc.oidc.clone() else { return Ok(None) };
    Ok(Some(Client { organization: organization.clone(), app, oidc }))
}

const fn registered_method(method: ClientAuthentication) -> Method {
    match method {
        ClientAuthentication::ClientSecretPost => Method::ClientSecretPost,
        ClientAuthentication::ClientSecretBasic => Method::ClientSecretBasic,
        ClientAuthentication::None => Method::None,
    }
}

/// The client that sends a request to the token or revocation endpoint, by its registered method and no other.
///
/// # Errors
/// `invalid_client` (an unknown id and a wrong secret are the same answer), `unauthorized_client` for an application
/// that is not active.
pub async fn authenticate(
    site: &Site,
    organization: &Organization,
    headers: &HeaderMap,
    form: &Params,
) -> Result<Client, Refusal> {
    let presented = client_auth::read(body::authorization(headers), form)?;
    let refused = |why: &str| Refusal::from(Error::new(ErrorCode::InvalidClient, why));
    let failed = || refused("client authentication failed: check client_id and client_secret");
    let Some(client) = find(site, organization, &presented.client_id).await? else { return Err(failed()) };
    let registered = registered_method(client.oidc.token_endpoint_auth_method);
    if presented.method != registered {
        return Err(refused(&format!("this client is registered for {}: use that", registered.as_str())));
    }
    if let Some(secret) = presented.secret.map(Secret::new) {
        let mut read = site.directory().read();
        if !application::secret::matches(&mut read, organization.id, client.app.id, &secret).await? {
            return Err(failed());
        }
    }
    if !client.app.active {
        let why = "the application is not active: an administrator can activate it";
        return Err(Error::new(ErrorCode::UnauthorizedClient, why).into());
    }
    Ok(client)
}
