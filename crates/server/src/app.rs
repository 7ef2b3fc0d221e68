//! Puts the doors together and runs them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::{StatusCode, Uri};
use muster_base::{Env, Secret, limits};
use muster_directory::{Directory, organization};
use muster_federation::Providers;
use muster_feeds::Feeder;
use muster_http::site::Asks;
use muster_http::{ApiError, Egress, Site, headers, site};
use muster_scimsync::Provisioner;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::config::Config;
use crate::mailer::Mailer;
use crate::{assets, dev, health, listen, metrics, open, request, workers};

/// A request takes at most this long, in seconds; an identity provider's answer is in it.
const REQUEST_TIMEOUT_S: u64 = 40;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The directory, for tests in process.
    pub directory: Directory,
    /// The address of the first-run page, on an empty database.
    pub setup_url: Option<String>,
    /// Whether the master key was made just now.
    pub key_made: bool,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Stops gracefully: no new connections, present requests to their end, the database closed.
    pub async fn stop(self) {
        if self.stop.send(true).is_err() {
            tracing::debug!("nothing was running any more");
        }
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::warn!(%error, "a task ended badly");
            }
        }
        self.directory.db().close().await;
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store.
    #[error("{0}")]
    Open(#[from] open::OpenError),
    /// The address.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// Certificate or key.
    #[error("{0}")]
    Tls(String),
    /// The client for outgoing requests.
    #[error("outgoing requests cannot be made: {0}")]
    Egress(String),
}

/// Opens the store and serves. `master_key` is `MUSTER_MASTER_KEY`'s value, when it is given.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(config: &Config, env: Env, master_key: Option<&str>) -> Result<Running, ServeError> {
    let tls = match &config.tls {
        Some((cert, key)) => Some(listen::tls(cert, key).map_err(ServeError::Tls)?),
        None => None,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(|e| ServeError::Listen(config.listen, e))?;
    let address = listener.local_addr().map_err(|e| ServeError::Listen(config.listen, e))?;
    let told = match config.metrics {
        Some(at) => Some(TcpListener::bind(at).await.map_err(|e| ServeError::Listen(at, e))?),
        None => None,
    };
    let mut public_url = config.public_url.clone();
    if public_url.port() == Some(0) && public_url.set_port(Some(address.port())).is_err() {
        tracing::debug!("the public URL keeps its port");
    }
    let base = public_url.as_str().trim_end_matches('/').to_owned();
    let opened = open::open(&config.store, env, Some(&base), master_key).await?;
    let directory = opened.directory;
    muster_directory::remember_public_url(directory.db(), &base).await.map_err(open::OpenError::from)?;
    let is_new = organization::store::count(&mut directory.read()).await.map_err(open::OpenError::from)? == 0;
    let setup_token = is_new.then(|| directory.env().secret());
    let setup_url = setup_token.as_ref().map(|t| format!("{base}/setup?token={}", t.expose()));
    let node = directory.env().id().text();
    let egress =
        Egress::new(config.egress_allow.clone(), &public_url).map_err(|e| ServeError::Egress(e.to_string()))?;
    let provisioner = Provisioner::new(directory.clone(), egress.clone(), node.clone());
    let feeder = Feeder::new(directory.clone(), egress.clone(), node.clone());
    let features = (egress, provisioner.clone(), feeder.clone());
    let (site, providers) = site(config, (directory.clone(), features), public_url, setup_token);
    let app = app(config, site.clone(), providers.clone());
    let (stop, stopped) = watch::channel(false);
    let mut tasks = vec![
        tokio::spawn(listen::run(listener, tls, app, stopped.clone())),
        tokio::spawn(workers::keep_house(directory.clone(), node.clone(), stopped.clone())),
        tokio::spawn(workers::tell_applications(site.clone(), stopped.clone())),
        tokio::spawn(workers::send_accounts(provisioner, stopped.clone())),
        tokio::spawn(workers::do_in_bulk(directory.clone(), node.clone(), stopped.clone())),
        tokio::spawn(workers::change_states(directory.clone(), stopped.clone())),
        tokio::spawn(workers::migrate(site.clone(), node.clone(), stopped.clone())),
        tokio::spawn(workers::read_directories(feeder, stopped.clone())),
        tokio::spawn(workers::refresh_service_providers(site, node.clone(), stopped.clone())),
        tokio::spawn(workers::refresh_providers(providers, stopped.clone())),
        tokio::spawn(workers::decide_groups(directory.clone(), node.clone(), stopped.clone())),
        tokio::spawn(workers::keep_saml_messages(directory.clone(), stopped.clone())),
    ];
    if let Some(listener) = told {
        tasks.push(tokio::spawn(listen::run(listener, None, metrics::router(directory.clone()), stopped.clone())));
    }
    if let Some((url, from)) = &config.smtp
        && let Ok(mailer) = Mailer::new(url, from)
    {
        tasks.push(tokio::spawn(workers::send_mail(directory.clone(), mailer, node, stopped)));
    }
    Ok(Running { address, directory, setup_url, key_made: opened.key_made, stop, tasks })
}

/// What the handlers and workers share.
fn site(
    config: &Config,
    (directory, (egress, provisioner, feeder)): (Directory, (Egress, Provisioner, Feeder)),
    public_url: url::Url,
    setup_token: Option<Secret>,
) -> (Site, Arc<Providers>) {
    let http = site::Config {
        public_url,
        dev: config.dev,
        trusted_proxies: config.trusted_proxies.clone(),
        client_certificate: config.client_certificate.clone(),
        egress_allow: config.egress_allow.clone(),
        mail: config.smtp.is_some() || config.dev,
        version: env!("CARGO_PKG_VERSION"),
        setup_token,
    };
    let providers = Arc::new(Providers::new(directory.clone(), egress.clone(), http.http_allowed()));
    let (provisioning, feeding) = (Arc::new(provisioner), Arc::new(feeder));
    (Site::with(directory, http, egress, Asks { probe: providers.clone(), provisioning, feeding }), providers)
}

/// The whole router.
fn app(config: &Config, site: Site, providers: Arc<Providers>) -> Router {
    let console = Router::new()
        .route("/console/", get(|| async { Redirect::to("/console") }))
        .route("/console/{*path}", get(assets::page))
        .route("/portal/", get(|| async { Redirect::to("/portal") }))
        .route("/portal/{*path}", get(assets::page))
        .route("/assets/{*path}", get(assets::file))
        .route("/favicon.svg", get(assets::icon))
        .layer(CompressionLayer::new());
    let mut router: Router<Site> = Router::new()
        .merge(muster_admin::router().layer(CsrfLayer::new()))
        .merge(muster_signin::router())
        .merge(muster_oidc::router(&site))
        .merge(muster_samlidp::router())
        .merge(muster_scimserver::router())
        .merge(muster_federation::router(providers))
        .merge(console)
        .route("/openapi.json", get(|| async { axum::Json(muster_admin::openapi()) }))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    if config.dev {
        router = router.merge(dev::router());
    }
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(limits::BODY_MAX_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(REQUEST_TIMEOUT_S)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn(headers::secure))
        .layer(axum::middleware::from_fn_with_state(site.clone(), request::identify))
        .with_state(site)
}

async fn nothing_here(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return ApiError::not_found().into_response();
    }
    muster_http::page::PageError(ApiError::not_found()).into_response()
}

async fn wrong_method() -> Response {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "this address does not take this method")
        .into_response()
}

fn panicked(reason: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = reason.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| reason.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(reason = text, "a handler panicked");
    ApiError::from(muster_directory::Error::Internal("a handler panicked".into())).into_response()
}
