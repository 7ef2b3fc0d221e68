//! Who comes to which application: the first step of every request.

use axum::extract::{FromRequestParts, Path};
use http::StatusCode;
use http::request::Parts;
use muster_base::{Id, Micros};
use muster_directory::application::Application;
use muster_directory::application::saml::Saml;
use muster_directory::application::saml_metadata::Addresses;
use muster_directory::event::{Detail, Event, Named};
use muster_directory::organization::Organization;
use muster_directory::saml_sso::Parties;
use muster_directory::trace::Trace;
use muster_directory::{application, organization};
use muster_http::error::ApiError;
use muster_http::page::whom_to_ask;
use muster_http::{Browser, Context, Site};
use muster_saml::key::PublicKey;

use crate::page::page;
use muster_http::stop::Stop;

/// The longest slug that is looked up.
const SLUG_MAX: usize = 63;

/// A browser at an application's SAML addresses.
pub struct Visit {
    pub site: Site,
    pub organization: Organization,
    pub app: Application,
    pub saml: Saml,
    pub context: Context,
    pub browser: Browser,
    /// The keys that the service provider's signatures are checked with.
    pub sp_keys: Vec<PublicKey>,
}

impl Visit {
    /// A path of ours for this application.
    pub fn path(&self, rest: &str) -> String {
        format!("/o/{}/saml/{}{rest}", self.organization.slug, self.app.id)
    }

    /// Our addresses for this application.
    pub fn addresses(&self) -> Addresses {
        Addresses::new(&self.site.issuer(&self.organization.slug), self.app.id)
    }

    /// Our entity identifier for this application.
    pub fn entity_id(&self) -> String {
        self.addresses().entity_id(&self.saml)
    }

    pub fn now(&self) -> Micros {
        self.site.directory().env().clock.now()
    }

    /// A fresh identifier that nobody can guess.
    pub fn fresh_id(&self) -> String {
        format!("_{}", self.site.directory().env().secret().expose())
    }

    /// What a request is measured by.
    pub fn parties<'a>(&'a self, addresses: &'a Addresses) -> Parties<'a> {
        Parties { app: &self.app, saml: &self.saml, sp_keys: &self.sp_keys, addresses }
    }

    /// A page that tells what is wrong; where nothing may be sent on.
    pub fn page(&self, status: StatusCode, title: &str, paragraphs: &[String]) -> Stop {
        Stop::with(page(&self.organization, &self.context, status, title, paragraphs))
    }

    /// The page for a message that is refused.
    pub fn refused(&self, why: &impl std::fmt::Display) -> Stop {
        let paragraphs = [
            format!("{} sent a request that is not accepted.", self.app.label()),
            format!("For its administrator: {why}."),
            whom_to_ask(&self.organization),
        ];
        self.page(StatusCode::BAD_REQUEST, "This request is not valid", &paragraphs)
    }

    /// An event of this application.
    pub fn event(&self, user: Option<Id>, success: bool, summary: String, trace: Trace) -> Event {
        let env = self.site.directory().env();
        let detail = Detail {
            application: Some(Named { id: self.app.id.text(), name: self.app.label().to_owned() }),
            trace,
            ..self.context.detail(success, summary)
        };
        let org = Some(self.organization.id);
        Event { org, id: env.id(), at: env.clock.now(), kind: "sso_auth".to_owned(), user, detail }
    }
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Stop> {
        let missing = || Stop::from(ApiError::not_found());
        let path = Path::<(String, String)>::from_request_parts(parts, site).await;
        let Path((slug, app)) = path.map_err(|_| missing())?;
        if slug.len() > SLUG_MAX || slug.contains('\0') {
            return Err(missing());
        }
        let mut read = site.directory().read();
        let organization = organization::store::by_slug(&mut read, &slug).await?.ok_or_else(missing)?;
        // An id is compared as it was given: upper case is another text, though the same bytes.
        let id = app.parse::<Id>().ok().filter(|id| id.text() == app).ok_or_else(missing)?;
        let app = application::store::by_id(&mut read, organization.id, id).await?.ok_or_else(missing)?;
        let saml = app.saml().ok_or_else(missing)?;
        let browser = Browser::from_request_parts(parts, site).await?;
        let context = Context::of(parts, site);
        let sp_keys = saml.certificates().iter().map(|certificate| certificate.key().clone()).collect();
        Ok(Self { site: site.clone(), organization, app, saml, context, browser, sp_keys })
    }
}
