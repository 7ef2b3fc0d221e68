//! The application that asks: who it says it is, and whether it is (RFC 6749 section 2.3). A file for each thing by which
//! it shows that.

mod assertion;
pub mod certificate;

use std::ops::Deref;
use std::sync::Arc;

use http::HeaderMap;
use muster_base::{Id, Secret};
use muster_directory::application::registry::{self, Registered};
use muster_directory::application::{ClientAuthentication, GrantType};
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_oauth::client_auth::{self, Method, Presented};
use muster_oauth::{Error, ErrorCode, Params};

use crate::body;
use crate::error::Refusal;

/// An application with its OpenID Connect side set up, in its organization. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client(Arc<Registered>);

impl Deref for Client {
    type Target = Registered;

    fn deref(&self) -> &Registered {
        &self.0
    }
}

impl Client {
    /// Its `client_id`.
    #[must_use]
    pub fn id(&self) -> String {
        self.app.id.text()
    }

    /// Whether it may ask for refresh tokens.
    #[must_use]
    pub fn may_refresh(&self) -> bool {
        self.oidc.may(GrantType::RefreshToken)
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
    Ok(registry::client(site.directory(), &organization.slug, id).await?.map(Client))
}

const fn registered_method(method: ClientAuthentication) -> Method {
    match method {
        ClientAuthentication::ClientSecretPost => Method::ClientSecretPost,
        ClientAuthentication::ClientSecretBasic => Method::ClientSecretBasic,
        ClientAuthentication::None => Method::None,
        ClientAuthentication::PrivateKeyJwt => Method::PrivateKeyJwt,
        ClientAuthentication::TlsClientAuth => Method::TlsClientAuth,
        ClientAuthentication::SelfSignedTlsClientAuth => Method::SelfSignedTlsClientAuth,
    }
}

/// The client that sends a request to the token endpoint or one like it, by its registered method and no other.
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
    let Some(client) = find(site, organization, &presented.client_id).await? else { return Err(failed()) };
    let registered = registered_method(client.oidc.token_endpoint_auth_method);
    let by_certificate = matches!(registered, Method::TlsClientAuth | Method::SelfSignedTlsClientAuth);
    // Of a certificate the form says nothing.
    if presented.method != registered && !(by_certificate && presented.method == Method::None) {
        return Err(refused(&format!("this client is registered for {}: use that", registered.as_str())));
    }
    prove(site, &client, headers, &presented, registered).await?;
    if !client.app.active {
        let why = "the application is not active: an administrator can activate it";
        return Err(Error::new(ErrorCode::UnauthorizedClient, why).into());
    }
    Ok(client)
}

async fn prove(
    site: &Site,
    client: &Client,
    headers: &HeaderMap,
    presented: &Presented,
    method: Method,
) -> Result<(), Refusal> {
    match method {
        Method::None => Ok(()),
        Method::ClientSecretBasic | Method::ClientSecretPost => {
            let digest = Secret::new(presented.secret.as_deref().unwrap_or_default()).digest();
            // Every kept one is compared, in constant time.
            let same =
                client.secrets.iter().fold(false, |found, kept| muster_base::secret::same(kept, &digest) | found);
            if same { Ok(()) } else { Err(failed()) }
        }
        Method::PrivateKeyJwt => {
            let assertion = presented.assertion.as_deref().unwrap_or_default();
            assertion::check(site, client, assertion).await
        }
        Method::TlsClientAuth => certificate::check_name(site, client, headers),
        Method::SelfSignedTlsClientAuth => certificate::check_key(site, client, headers).await,
    }
}

/// What every client that is not who it says is told.
fn failed() -> Refusal {
    refused("client authentication failed: check client_id and client_secret")
}

fn refused(why: &str) -> Refusal {
    Refusal::from(Error::new(ErrorCode::InvalidClient, why))
}
