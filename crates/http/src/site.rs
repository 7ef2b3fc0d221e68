//! The handle that every handler gets: the directory, the configuration that concerns HTTP, and the outgoing guard.

use std::sync::Arc;

use http::HeaderName;
use ipnet::IpNet;
use muster_base::Secret;
use muster_directory::Directory;
use url::Url;

use crate::document::Documents;
use crate::egress::Egress;
use crate::feeding::{Feeding, NoFeeding};
use crate::probe::Probe;
use crate::provisioning::{NoProvisioning, Provisioning};
use crate::rate::Rates;

/// The headers in which a trusted proxy, which ends the TLS connection, names the client's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate: RFC 9440's form, PEM with percent escapes, or base64 of DER.
    pub header: HeaderName,
    /// `SUCCESS` when the proxy checked it against an authority. Without this header none counts as checked.
    pub verified: Option<HeaderName>,
}

/// The part of the configuration that concerns HTTP.
#[derive(Clone, Debug)]
pub struct Config {
    /// What all addresses begin with; without path, query and fragment.
    pub public_url: Url,
    /// `--dev`: on loopback only; `/_dev/*` exists.
    pub dev: bool,
    /// Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// In which headers a trusted proxy names the client's TLS certificate; none: there are no such clients.
    pub client_certificate: Option<ClientCertificate>,
    /// Networks that outgoing requests may reach although they are private.
    pub egress_allow: Vec<IpNet>,
    /// Whether mail is sent (or, with `--dev`, caught).
    pub mail: bool,
    /// The version, for the console.
    pub version: &'static str,
    /// What the first-run page asks for: printed when the server starts on an empty database.
    pub setup_token: Option<Secret>,
}

impl Config {
    /// Whether the site is on plain http, which is allowed on loopback only: cookies then lack `Secure` and `__Host-`.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.public_url.scheme() == "http"
    }

    /// The public URL without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// Whether identity providers may be plain http: only where the site itself is.
    #[must_use]
    pub fn http_allowed(&self) -> bool {
        self.is_plain_http()
    }
}

/// The features that others are asked by.
pub struct Asks {
    /// The federation's way to ask a provider.
    pub probe: Arc<dyn Probe>,
    /// Applications that accounts are sent to.
    pub provisioning: Arc<dyn Provisioning>,
    /// Directories that we read.
    pub feeding: Arc<dyn Feeding>,
}

/// The site.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    directory: Directory,
    config: Config,
    egress: Egress,
    probe: Arc<dyn Probe>,
    provisioning: Arc<dyn Provisioning>,
    feeding: Arc<dyn Feeding>,
    rates: Rates,
    documents: Documents,
}

impl Site {
    /// A site; `probe` is the federation's way to ask a provider.
    #[must_use]
    pub fn new(directory: Directory, config: Config, egress: Egress, probe: Arc<dyn Probe>) -> Self {
        let (provisioning, feeding) = (Arc::new(NoProvisioning), Arc::new(NoFeeding));
        Self::with(directory, config, egress, Asks { probe, provisioning, feeding })
    }

    /// The same, where accounts are sent to applications and directories are read.
    #[must_use]
    pub fn with(directory: Directory, config: Config, egress: Egress, asks: Asks) -> Self {
        let (rates, documents) = (Rates::new(), Documents::default());
        let Asks { probe, provisioning, feeding } = asks;
        Self(Arc::new(Inner { directory, config, egress, probe, provisioning, feeding, rates, documents }))
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Outgoing requests.
    #[must_use]
    pub fn egress(&self) -> &Egress {
        &self.0.egress
    }

    /// Asks identity providers about themselves.
    #[must_use]
    pub fn probe(&self) -> &dyn Probe {
        self.0.probe.as_ref()
    }

    /// Asks applications that accounts are sent to.
    #[must_use]
    pub fn provisioning(&self) -> &dyn Provisioning {
        self.0.provisioning.as_ref()
    }

    /// Asks directories that we read.
    #[must_use]
    pub fn feeding(&self) -> &dyn Feeding {
        self.0.feeding.as_ref()
    }

    /// Documents of others, as they were fetched.
    #[must_use]
    pub fn documents(&self) -> &Documents {
        &self.0.documents
    }

    /// The limits on how often a network may ask.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// The issuer of an organization.
    #[must_use]
    pub fn issuer(&self, slug: &str) -> String {
        format!("{}/o/{slug}", self.config().base())
    }
}
