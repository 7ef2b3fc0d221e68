//! Accepts connections, with or without TLS, and stops gracefully: no new ones, the present requests to their end.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// A client that sends its request header slower than this is let go, in seconds.
const HEADER_TIMEOUT_S: u64 = 15;
/// A TLS handshake takes at most this long, in seconds.
const HANDSHAKE_TIMEOUT_S: u64 = 10;
/// How long present requests may take once the server stops, in seconds.
const DRAIN_S: u64 = 20;

/// Reads certificate chain and key.
pub fn tls(cert: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| format!("tls_cert {}: {e}", cert.display()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|e| format!("tls_key {}: {e}", key.display()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| format!("tls: {e}"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until told to stop.
pub async fn run(listener: TcpListener, tls: Option<TlsAcceptor>, app: Router, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: those in use come back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (app, tls) = (app.clone(), tls.clone());
        tokio::spawn(async move { connection(stream, peer, tls, app, watcher).await });
    }
    drop(listener);
    if tokio::time::timeout(Duration::from_secs(DRAIN_S), graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut");
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    app: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = app.map_request(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    let service = TowerToHyperService::new(service);
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEADER_TIMEOUT_S));
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(100);
    let ended = match tls {
        None => {
            let served = builder.serve_connection(TokioIo::new(stream), service);
            watcher.watch(served.into_owned()).await
        }
        Some(acceptor) => {
            let handshake = tokio::time::timeout(Duration::from_secs(HANDSHAKE_TIMEOUT_S), acceptor.accept(stream));
            let Ok(Ok(stream)) = handshake.await else { return };
            let served = builder.serve_connection(TokioIo::new(stream), service);
            watcher.watch(served.into_owned()).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}
