//! The door at which someone stands: the organization, what waits behind it, and where to go on.

use muster_base::Id;
use muster_directory::application::{self, Application};
use muster_directory::flow::{self, Flow};
use muster_directory::organization::{self, Organization};
use muster_directory::{Error, Result};
use muster_http::destination::is_our_path;
use muster_http::page::Brand;
use muster_http::{Browser, Site};
use serde::Deserialize;

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// The request that waits.
    #[serde(default)]
    pub flow: Option<String>,
    /// Where to go on, a path of ours.
    #[serde(default)]
    pub to: Option<String>,
    /// Who is coming, as far as the address knows.
    #[serde(default)]
    pub username: Option<String>,
}

/// A door.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// The organization; none at `/login`, which finds it by the e-mail.
    pub organization: Option<Organization>,
    /// The request that waits.
    pub flow: Option<Flow>,
    /// The application that waits.
    pub app: Option<Application>,
    /// Where to go on.
    pub to: Option<String>,
}

impl Door {
    /// The door of an organization.
    ///
    /// # Errors
    /// [`Error::Missing`] for an unknown organization, and for a request that is not this browser's or is too old.
    pub async fn of(site: &Site, slug: &str, browser: Browser, asked: &Asked) -> Result<Self> {
        let directory = site.directory();
        let organization = organization::store::by_slug(&mut directory.read(), slug).await?;
        let organization = organization.ok_or(Error::Missing("organization"))?;
        let mut door = Self { to: asked.to.clone().filter(|to| is_our_path(to)), ..Self::default() };
        if let Some(id) = asked.flow.as_deref().filter(|f| !f.is_empty()) {
            let missing = || Error::Missing("sign-in request");
            let id: Id = id.parse().map_err(|_| missing())?;
            let browser = browser.0.ok_or_else(missing)?;
            let now = directory.env().clock.now();
            let flow = flow::find(&mut directory.read(), organization.id, id, browser, now).await?;
            if let Some(app) = flow.app {
                door.app = application::store::by_id(&mut directory.read(), organization.id, app).await?;
            }
            door.flow = Some(flow);
        }
        door.organization = Some(organization);
        Ok(door)
    }

    /// The address of one of this door's forms, with everything the door knows.
    #[must_use]
    pub fn address(&self, tail: &str) -> String {
        let path = match &self.organization {
            Some(organization) => format!("/o/{}/login{tail}", organization.slug),
            None => format!("/login{tail}"),
        };
        with_query(&path, &[("flow", self.flow.as_ref().map(|f| f.id.text())), ("to", self.to.clone())])
    }

    /// Where a sign-in goes on.
    #[must_use]
    pub fn destination(&self, organization: &Organization) -> String {
        match (&self.flow, &self.to) {
            (Some(flow), _) => flow.return_to.clone(),
            (None, Some(to)) => to.clone(),
            (None, None) => format!("/portal/{}/", organization.slug),
        }
    }

    /// Where an identity provider is asked about someone.
    #[must_use]
    pub fn federate(&self, organization: &Organization, username: &str) -> String {
        with_query(
            &format!("/o/{}/federate", organization.slug),
            &[
                ("username", Some(username.to_owned())),
                ("flow", self.flow.as_ref().map(|f| f.id.text())),
                ("to", self.to.clone()),
            ],
        )
    }

    /// The name and logo to show; none at `/login`, where the organization is not known to a stranger.
    #[must_use]
    pub fn brand(&self) -> Option<Brand> {
        self.organization.as_ref().map(Brand::of)
    }

    /// The page's title.
    #[must_use]
    pub fn title(&self) -> &'static str {
        if self.flow.is_some() {
            "Log in to your application using Muster"
        } else {
            "Log in to your User Portal using Muster"
        }
    }

    /// The label of the password's button.
    #[must_use]
    pub fn submit(&self) -> &'static str {
        if self.flow.is_some() { "SSO Login" } else { "User Login" }
    }
}

fn with_query(path: &str, pairs: &[(&str, Option<String>)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
