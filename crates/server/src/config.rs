//! The configuration: defaults, then a TOML file, then `MUSTER_*`, then flags. Checked as a whole at start, every error
//! named. What an organization's administrator may change is a row in the database and never here.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use muster_base::Secret;
use muster_http::ClientCertificate;
use serde::Deserialize;
use url::Url;

/// The settings as they are written; each also as `MUSTER_*`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the embedded database and the master key are kept.
    #[arg(long, env = "MUSTER_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database: postgres://user:password@host/database
    #[arg(long, env = "MUSTER_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A file that holds the database URL.
    #[arg(long, env = "MUSTER_DATABASE_URL_FILE", value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "MUSTER_LISTEN", value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// An address for metrics at /metrics, such as 127.0.0.1:9090, for whoever can reach it [default: none].
    #[arg(long, env = "MUSTER_METRICS_LISTEN", value_name = "HOST:PORT")]
    pub metrics_listen: Option<String>,
    /// What people's browsers reach this server by [default: http:// and the listening address].
    #[arg(long, env = "MUSTER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The file of the master key (64 hexadecimal characters) [default: master.key in the data folder, made once].
    #[arg(long, env = "MUSTER_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// The certificate chain for TLS (PEM).
    #[arg(long, env = "MUSTER_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key for TLS (PEM).
    #[arg(long, env = "MUSTER_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// A proxy whose X-Forwarded-For is believed (network; may be repeated or separated by commas).
    #[arg(long, env = "MUSTER_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxy: Vec<String>,
    /// The header in which a trusted proxy names the client's TLS certificate, such as client-cert (RFC 9440).
    #[arg(long, env = "MUSTER_CLIENT_CERT_HEADER", value_name = "NAME")]
    pub client_cert_header: Option<String>,
    /// The header in which it says SUCCESS when it checked that certificate against an authority.
    #[arg(long, env = "MUSTER_CLIENT_CERT_VERIFIED_HEADER", value_name = "NAME")]
    pub client_cert_verified_header: Option<String>,
    /// A private network that outgoing requests may reach (may be repeated or separated by commas).
    #[arg(long, env = "MUSTER_EGRESS_ALLOW", value_name = "NETWORK", value_delimiter = ',')]
    pub egress_allow: Vec<String>,
    /// The mail server: smtp://user:password@host:587 (STARTTLS), smtps://host (TLS), smtp://localhost:25?tls=none
    #[arg(long, env = "MUSTER_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file that holds the mail server's URL.
    #[arg(long, env = "MUSTER_SMTP_URL_FILE", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// The sender of mails.
    #[arg(long, env = "MUSTER_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// For developing, on loopback only: mail is caught at /_dev/mail.
    #[arg(long, env = "MUSTER_DEV")]
    pub dev: bool,
}

/// The store: what every command needs.
#[derive(Clone, Debug)]
pub struct Store {
    /// The database.
    pub database: muster_db::Config,
    /// The folder of the embedded database and the master key.
    pub data: PathBuf,
    /// The master key's file.
    pub master_key_file: PathBuf,
}

/// The checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Database and master key.
    pub store: Store,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where metrics are told.
    pub metrics: Option<SocketAddr>,
    /// What browsers reach this server by.
    pub public_url: Url,
    /// Certificate chain and private key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How a trusted proxy names the client's certificate.
    pub client_certificate: Option<ClientCertificate>,
    /// Private networks that outgoing requests may reach.
    pub egress_allow: Vec<IpNet>,
    /// The mail server and the sender.
    pub smtp: Option<(Secret, String)>,
    /// Developing.
    pub dev: bool,
}

/// Everything that is wrong with the configuration.
#[derive(Debug)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration cannot be used:")?;
        for error in &self.0 {
            writeln!(f, "  - {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

impl Settings {
    /// These settings with what they leave out taken from a TOML file.
    ///
    /// # Errors
    /// The file cannot be read, or has an unknown or wrong member.
    pub fn over_file(mut self, path: &std::path::Path) -> Result<Self, ConfigErrors> {
        let wrong = |e: &dyn fmt::Display| ConfigErrors(vec![format!("{}: {e}", path.display())]);
        let text = std::fs::read_to_string(path).map_err(|e| wrong(&e))?;
        let file: Self = toml::from_str(&text).map_err(|e| wrong(&e))?;
        macro_rules! fill { ($($name:ident),*) => { $( self.$name = self.$name.or(file.$name); )* } }
        fill!(data, database_url, database_url_file, listen, public_url, master_key_file, tls_cert, tls_key);
        fill!(metrics_listen, smtp_url, smtp_url_file, mail_from, client_cert_header, client_cert_verified_header);
        if self.trusted_proxy.is_empty() {
            self.trusted_proxy = file.trusted_proxy;
        }
        if self.egress_allow.is_empty() {
            self.egress_allow = file.egress_allow;
        }
        self.dev |= file.dev;
        Ok(self)
    }

    /// The store alone, for commands that do not listen.
    ///
    /// # Errors
    /// Every setting that is wrong.
    pub fn store(&self) -> Result<Store, ConfigErrors> {
        let mut errors = Vec::new();
        let store = self.read_store(&mut errors);
        if errors.is_empty() { Ok(store) } else { Err(ConfigErrors(errors)) }
    }

    fn read_store(&self, errors: &mut Vec<String>) -> Store {
        let data = self.data.clone().unwrap_or_else(|| PathBuf::from("./data"));
        let url = secret_of("database_url", self.database_url.as_deref(), self.database_url_file.as_ref(), errors);
        let database = match url {
            Some(url) => {
                if !url.expose().starts_with("postgres://") && !url.expose().starts_with("postgresql://") {
                    errors.push("database_url: must begin with postgres://".into());
                }
                muster_db::Config::Postgres { url: url.expose().to_owned(), connections: 16 }
            }
            None => muster_db::Config::Sqlite { path: data.join("muster.db"), readers: 4 },
        };
        let master_key_file = self.master_key_file.clone().unwrap_or_else(|| data.join("master.key"));
        Store { database, data, master_key_file }
    }

    fn client_certificate(&self, proxies: &[IpNet], errors: &mut Vec<String>) -> Option<ClientCertificate> {
        let mut header = |name: &str, text: Option<&String>| {
            let parsed = text.map(|text| text.parse::<http::HeaderName>());
            if parsed.as_ref().is_some_and(Result::is_err) {
                errors.push(format!("{name}: not the name of a header, such as client-cert"));
            }
            parsed.and_then(Result::ok)
        };
        let certificate = header("client_cert_header", self.client_cert_header.as_ref());
        let verified = header("client_cert_verified_header", self.client_cert_verified_header.as_ref());
        if certificate.is_some() && proxies.is_empty() {
            errors.push("client_cert_header: only with trusted_proxy, whose header it is".into());
        }
        if certificate.is_none() && verified.is_some() {
            errors.push("client_cert_verified_header: only with client_cert_header".into());
        }
        certificate.map(|header| ClientCertificate { header, verified })
    }

    /// Checks everything.
    ///
    /// # Errors
    /// Every setting that is wrong, not only the first.
    pub fn check(&self) -> Result<Config, ConfigErrors> {
        let mut errors = Vec::new();
        let store = self.read_store(&mut errors);
        let text = self.listen.as_deref().unwrap_or("127.0.0.1:8080");
        let listen: SocketAddr = text.parse().unwrap_or_else(|_| {
            errors.push(format!("listen: \"{text}\" is not an address such as 127.0.0.1:8080"));
            SocketAddr::from(([127, 0, 0, 1], 0))
        });
        let metrics = self.metrics_listen.as_deref().and_then(|text| {
            let address = text.parse::<SocketAddr>().ok();
            if address.is_none() {
                errors.push(format!("metrics_listen: \"{text}\" is not an address such as 127.0.0.1:9090"));
            }
            address
        });
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Some((cert.clone(), key.clone())),
            (None, None) => None,
            _ => {
                errors.push("tls_cert and tls_key: give both or none".into());
                None
            }
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let text = self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{listen}"));
        let public_url = public_url(&text, &mut errors);
        let trusted_proxies = networks("trusted_proxy", &self.trusted_proxy, &mut errors);
        let client_certificate = self.client_certificate(&trusted_proxies, &mut errors);
        let egress_allow = networks("egress_allow", &self.egress_allow, &mut errors);
        let smtp =
            secret_of("smtp_url", self.smtp_url.as_deref(), self.smtp_url_file.as_ref(), &mut errors).map(|url| {
                let from = self.mail_from.clone().unwrap_or_default();
                if from.parse::<muster_base::Email>().is_err() {
                    errors.push("mail_from: with smtp_url the sender's e-mail address is needed".into());
                }
                (url, from)
            });
        if let Some((url, from)) = &smtp
            && let Err(error) = crate::mailer::Mailer::new(url, from)
        {
            errors.push(format!("smtp_url: {error}"));
        }
        if self.dev && !(listen.ip().is_loopback() && is_loopback(&public_url)) {
            errors.push("dev: only with listen and public_url on loopback".into());
        }
        if !errors.is_empty() {
            return Err(ConfigErrors(errors));
        }
        let dev = self.dev;
        Ok(Config {
            store,
            listen,
            metrics,
            public_url,
            tls,
            trusted_proxies,
            client_certificate,
            egress_allow,
            smtp,
            dev,
        })
    }
}

fn secret_of(name: &str, text: Option<&str>, file: Option<&PathBuf>, errors: &mut Vec<String>) -> Option<Secret> {
    match (text, file) {
        (Some(_), Some(_)) => {
            errors.push(format!("{name} and {name}_file: give one of them"));
            None
        }
        (Some(text), None) => Some(Secret::new(text)),
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(text) => Some(Secret::new(text.trim())),
            Err(error) => {
                errors.push(format!("{name}_file: {}: {error}", file.display()));
                None
            }
        },
        (None, None) => None,
    }
}

fn networks(name: &str, texts: &[String], errors: &mut Vec<String>) -> Vec<IpNet> {
    let parse = |text: &String| {
        let text = text.trim();
        text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
    };
    let mut out = Vec::new();
    for text in texts.iter().filter(|t| !t.trim().is_empty()) {
        match parse(text) {
            Ok(net) => out.push(net),
            Err(_) => errors.push(format!("{name}: \"{text}\" is not a network such as 10.0.0.0/8")),
        }
    }
    out
}

fn public_url(text: &str, errors: &mut Vec<String>) -> Url {
    #[expect(clippy::expect_used, reason = "a fixed text")]
    let fallback = || Url::parse("http://127.0.0.1/").expect("a fixed text");
    let Ok(url) = Url::parse(text) else {
        errors.push(format!("public_url: \"{text}\" is not an address such as https://id.example.com"));
        return fallback();
    };
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !bare {
        errors
            .push(format!("public_url: \"{text}\" must be scheme, host and port only, such as https://id.example.com"));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        errors
            .push("public_url: plain http is allowed on loopback only: use https, with TLS here or at a proxy".into());
    }
    url
}

/// Whether an address is on this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_named() {
        let settings = Settings {
            listen: Some("nowhere".into()),
            public_url: Some("http://id.example.com/x".into()),
            tls_cert: Some("a".into()),
            trusted_proxy: vec!["ten".into()],
            database_url: Some("mysql://x".into()),
            smtp_url: Some("smtp://mail.example.com".into()),
            ..Settings::default()
        };
        let errors = settings.check().unwrap_err().0.join("\n");
        for name in ["listen", "public_url", "tls_cert", "trusted_proxy", "database_url", "mail_from"] {
            assert!(errors.contains(name), "{name} in {errors}");
        }
    }

    #[test]
    fn defaults_are_on_loopback() {
        let config = Settings::default().check().unwrap();
        assert_eq!(config.public_url.as_str(), "http://127.0.0.1:8080/");
    }

    #[test]
    fn dev_is_for_loopback_only() {
        let settings = Settings { dev: true, listen: Some("0.0.0.0:80".into()), ..Settings::default() };
        assert!(settings.check().is_err());
    }
}
