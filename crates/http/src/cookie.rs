//! The one cookie: it names the browser. Its value is a secret whose SHA-256 the database holds.

use axum::extract::FromRequestParts;
use axum::response::{AppendHeaders, IntoResponseParts};
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use muster_base::{Id, Secret};
use muster_directory::session;

use crate::error::ApiError;
use crate::site::Site;

/// How long the browser keeps the cookie, in seconds; sessions behind it end earlier.
const MAX_AGE_S: i64 = 400 * 86_400;

/// The cookie's name. `__Host-` binds it to this very host over https; on plain http (loopback) it cannot be used.
#[must_use]
pub fn name(site: &Site) -> &'static str {
    if site.config().is_plain_http() { "muster_browser" } else { "__Host-muster_browser" }
}

/// The browser that asks, when it has a cookie we know.
#[derive(Clone, Copy, Debug)]
pub struct Browser(pub Option<Id>);

impl Browser {
    /// This browser, or a new one with the header that names it.
    ///
    /// # Errors
    /// The database's.
    pub async fn or_new(self, site: &Site) -> muster_directory::Result<(Id, Option<Secret>)> {
        match self.0 {
            Some(id) => Ok((id, None)),
            None => {
                let (id, secret) = session::browser::create(site.directory()).await?;
                Ok((id, Some(secret)))
            }
        }
    }
}

impl FromRequestParts<Site> for Browser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, ApiError> {
        let Some(secret) = read(parts, name(site)) else { return Ok(Self(None)) };
        let now = site.directory().env().clock.now();
        let id = session::store::browser(&mut site.directory().read(), &secret, now).await?;
        Ok(Self(id))
    }
}

/// The value of our cookie. One that is there twice is not believed (cookie tossing).
fn read(parts: &Parts, name: &str) -> Option<Secret> {
    let lines = parts.headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut values = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(n, _)| *n == name)
        .map(|(_, value)| value);
    let value = values.next()?;
    let well_formed = value.len() == 43 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    (values.next().is_none() && well_formed).then(|| Secret::new(value))
}

/// The header that gives the browser its cookie; none when it keeps the one it has.
pub fn set(site: &Site, secret: Option<&Secret>) -> impl IntoResponseParts + use<> {
    AppendHeaders(secret.map(|s| (SET_COOKIE, value(site, s))))
}

/// The `Set-Cookie` value. `Lax`: the cookie comes along when an application or provider sends the browser here.
#[must_use]
pub fn value(site: &Site, secret: &Secret) -> String {
    let secure = if site.config().is_plain_http() { "" } else { "; Secure" };
    format!("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={MAX_AGE_S}{secure}", name(site), secret.expose())
}
