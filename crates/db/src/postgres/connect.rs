//! Making connections: the URL, TLS, and what is set on each.

use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::text;
use crate::error::Error;

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay unacknowledged before the connection counts as dead.
const UNACKNOWLEDGED: Duration = Duration::from_secs(20);

/// A statement, a wait for a lock and a forgotten transaction end by themselves.
const SETUP: &str = "SET statement_timeout = 15000; SET lock_timeout = 10000; \
     SET idle_in_transaction_session_timeout = 30000; SET default_transaction_isolation = 'read committed'; \
     SET client_min_messages = warning";

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum For {
    /// Reads: the server refuses to write.
    Reads,
    /// Works.
    Works,
}

/// Knows how to reach the server.
pub(super) struct Connector {
    config: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|e| Error::Unavailable(format!("the PostgreSQL URL is not valid: {}", text(&e))))?;
        if config.get_application_name().is_none() {
            config.application_name("muster");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
        // Only `require` means TLS, and it means a checked certificate: an unchecked one protects from no one who
        // can stand between.
        let tls = if config.get_ssl_mode() == SslMode::Require { Some(tls()?) } else { None };
        Ok(Self { config, tls })
    }

    /// A new connection, set up; a task of its own drives it until the client is dropped.
    pub(super) async fn connect(&self, what: For) -> Result<Client, Error> {
        // The configured limit is for the TCP connection alone; TLS and the server's greeting may hang as well.
        let limit = self.config.get_connect_timeout().map_or(CONNECT, |limit| *limit) * 2;
        tokio::time::timeout(limit, self.connect_now(what)).await.unwrap_or_else(|_| {
            Err(Error::Unavailable(format!("cannot connect to PostgreSQL: no answer in {} s", limit.as_secs())))
        })
    }

    async fn connect_now(&self, what: For) -> Result<Client, Error> {
        let client = match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await.map_err(|e| unreachable(&e))?;
                tokio::spawn(drive(connection));
                client
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(|e| unreachable(&e))?;
                tokio::spawn(drive(connection));
                client
            }
        };
        let read_only = match what {
            For::Reads => "; SET default_transaction_read_only = on",
            For::Works => "; SET default_transaction_read_only = off",
        };
        client.batch_execute(&[SETUP, read_only].concat()).await.map_err(|e| unreachable(&e))?;
        Ok(client)
    }
}

async fn drive<F: Future<Output = Result<(), tokio_postgres::Error>>>(connection: F) {
    if let Err(error) = connection.await {
        tracing::warn!(error = %text(&error), "a connection to PostgreSQL ended");
    }
}

fn unreachable(error: &tokio_postgres::Error) -> Error {
    Error::Unavailable(format!("cannot connect to PostgreSQL: {}", text(error)))
}

/// TLS with the system's roots (`SSL_CERT_FILE` names others, for a private authority).
fn tls() -> Result<MakeRustlsConnect, Error> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(Error::Unavailable(
            "sslmode=require needs root certificates and the system has none; install ca-certificates or set \
             SSL_CERT_FILE"
                .to_owned(),
        ));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Internal(format!("TLS: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
