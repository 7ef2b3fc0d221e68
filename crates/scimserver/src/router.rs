//! The addresses. One handler takes them all: who asks is settled first, then the path is read, then the body, bounded. Of
//! who makes and changes people one after the other it is settled by the transaction of the change, and before anything is told.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router};
use http::request::Parts;
use http::{HeaderValue, Method, header};
use muster_base::limits::BODY_MAX_BYTES;
use muster_http::Site;
use muster_scim::Error;
use muster_scim::limits::BULK_BYTES_MAX;
use muster_scim::server::Route;
use tokio::time::Instant;

use crate::answer::{Answer, missing, refusal};
use crate::caller::{authenticate, recognise};
use crate::seen::Seen;
use crate::service::Service;
use crate::{bulk, group, search, user};

/// The longest query, in parameters.
const PARAMETERS_MAX: usize = 100;

/// How long a bulk request begins operations. The rest of the 40 s after which the server cuts a request off
/// (`crates/server`) is for the last of them.
const BULK_TIME: Duration = Duration::from_secs(25);

/// Everything of this crate, to be mounted at the root.
pub fn router() -> Router<Site> {
    router_within(BULK_TIME)
}

/// The same, with another time for a bulk request.
pub fn router_within(bulk_time: Duration) -> Router<Site> {
    let routes = Router::new().route("/scim/v2/{directory}", any(base)).route("/scim/v2/{directory}/", any(base));
    let shared = Shared { seen: Seen::default(), bulk_time };
    routes.route("/scim/v2/{directory}/{*rest}", any(below)).layer(Extension(Arc::new(shared)))
}

/// What all requests have in common.
struct Shared {
    seen: Seen,
    bulk_time: Duration,
}

async fn base(
    State(site): State<Site>,
    shared: Extension<Arc<Shared>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let directory = path.map(|Path(directory)| directory).unwrap_or_default();
    answered((&site, &shared), &directory, "", request).await
}

async fn below(
    State(site): State<Site>,
    shared: Extension<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    // A path that is no UTF-8 leads nowhere, which is told after who asks is settled: the directory stands where it always does.
    let (directory, rest) = match path {
        Ok(Path(both)) => both,
        Err(_) => (request.uri().path().split('/').nth(3).unwrap_or_default().to_owned(), String::new()),
    };
    answered((&site, &shared), &directory, &rest, request).await
}

async fn answered(of_site: (&Site, &Shared), directory: &str, rest: &str, request: Request) -> Response {
    match run(of_site, directory, rest, request).await {
        Ok(answer) => answer.into_response(),
        Err(error) => {
            let mut response = refusal(&error);
            // RFC 9110 section 15.5.6: a 405 says what is taken instead.
            let allow = Route::read(rest).filter(|_| error.status == 405).map(|route| route.methods().join(", "));
            if let Some(allow) = allow.and_then(|allow| HeaderValue::from_str(&allow).ok()) {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            response
        }
    }
}

/// A request whose body was read.
pub(crate) struct Asked {
    /// The parameters of the query.
    pub parameters: Vec<(String, String)>,
    /// The body.
    pub body: axum::body::Bytes,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
}

async fn run((site, shared): (&Site, &Shared), directory: &str, rest: &str, request: Request) -> Result<Answer, Error> {
    // From here, as the server's own: the body may be slow to come.
    let (seen, bulk_until) = (&shared.seen, Instant::now() + shared.bulk_time);
    let (head, body) = request.into_parts();
    let recognised =
        if is_proven_by_its_change(&head.method, rest) { recognise(site, seen, &head, directory) } else { None };
    let mut asking = match recognised {
        Some(asking) => asking,
        None => authenticate(site, seen, &head, directory).await?,
    };
    let read = read(&head, rest, body).await;
    loop {
        let is_proven = asking.unproven.is_none();
        let told = match &read {
            Ok((route, asked)) => {
                let service = Service::new(site.clone(), asking, bulk_until);
                dispatch(&service, &head.method, route.clone(), asked).await
            }
            Err(error) => Err(error.clone()),
        };
        let Err(error) = told else { return told };
        if is_proven {
            return Err(error);
        }
        // What is wrong is told to those alone who may ask.
        asking = authenticate(site, seen, &head, directory).await?;
        // Where a database does not answer, the person may have been made: nothing is done twice.
        if error.status >= 500 {
            return Err(error);
        }
    }
}

/// Whether the transaction that does what is asked looks whether the token holds, and everything that is told comes out of it.
fn is_proven_by_its_change(method: &Method, rest: &str) -> bool {
    match *method {
        Method::POST => rest == "Users",
        Method::PUT | Method::PATCH => rest.starts_with("Users/"),
        _ => false,
    }
}

/// What is asked for.
async fn read(head: &Parts, rest: &str, body: Body) -> Result<(Route, Asked), Error> {
    let route = Route::read(rest).ok_or_else(missing)?;
    let query = head.uri.query().unwrap_or_default();
    let parameters: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if parameters.len() > PARAMETERS_MAX {
        return Err(Error::invalid_value(format!("at most {PARAMETERS_MAX} parameters")));
    }
    let text = |name| head.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (if_match, if_none_match) = (text(header::IF_MATCH), text(header::IF_NONE_MATCH));
    // A group names its members, a bulk request many resources.
    let most = match route {
        Route::Groups | Route::Group(_) | Route::Bulk => BULK_BYTES_MAX,
        _ => BODY_MAX_BYTES,
    };
    let body = to_bytes(body, most)
        .await
        .map_err(|_| Error::status(413, format!("the body could not be read, or is larger than {most} bytes")))?;
    Ok((route, Asked { parameters, body, if_match, if_none_match }))
}

async fn dispatch(s: &Service, method: &Method, route: Route, asked: &Asked) -> Result<Answer, Error> {
    let parameters = &asked.parameters;
    // RFC 9110 section 9.3.2: answered as GET; the body is left out where the answer is sent.
    let done_as = if *method == Method::HEAD { "GET" } else { method.as_str() };
    match (done_as, route) {
        ("GET", Route::Users) => user::list(s, parameters).await,
        ("POST", Route::Users) => user::create(s, &asked.body, parameters).await,
        ("GET", Route::User(id)) => user::get(s, &id, asked).await,
        ("PUT", Route::User(id)) => user::replace(s, &id, &asked.body, asked.if_match.as_deref(), parameters).await,
        ("PATCH", Route::User(id)) => user::patch(s, &id, &asked.body, asked.if_match.as_deref(), parameters).await,
        ("DELETE", Route::User(id)) => user::delete(s, &id, asked.if_match.as_deref()).await,
        ("GET", Route::Groups) => group::list(s, parameters).await,
        ("POST", Route::Groups) => group::create(s, &asked.body, parameters).await,
        ("GET", Route::Group(id)) => group::get(s, &id, asked).await,
        ("PUT", Route::Group(id)) => group::replace(s, &id, &asked.body, asked.if_match.as_deref(), parameters).await,
        ("PATCH", Route::Group(id)) => group::patch(s, &id, &asked.body, asked.if_match.as_deref(), parameters).await,
        ("DELETE", Route::Group(id)) => group::delete(s, &id, asked.if_match.as_deref()).await,
        ("POST", Route::SearchUsers) => user::list(s, &search::parameters(&asked.body)?).await,
        ("POST", Route::SearchGroups) => group::list(s, &search::parameters(&asked.body)?).await,
        ("POST", Route::Search) => search::everywhere(s, &search::parameters(&asked.body)?).await,
        ("POST", Route::Bulk) => bulk::run(s, &asked.body).await,
        ("GET", route) if route.is_discovery() && parameters.iter().any(|(n, _)| n.eq_ignore_ascii_case("filter")) => {
            // RFC 7644 section 4.
            Err(Error::status(403, "filter: what is supported is told as a whole: ask without a filter"))
        }
        ("GET", Route::ServiceProviderConfig) => Ok(Answer::of(s.config())),
        ("GET", Route::ResourceTypes) => s.discovery(|d| Ok(d.resource_types())).await,
        ("GET", Route::ResourceType(id)) => s.discovery(move |d| d.resource_type(&id)).await,
        ("GET", Route::Schemas) => s.discovery(|d| Ok(d.schemas())).await,
        ("GET", Route::Schema(id)) => s.discovery(move |d| d.schema(&id)).await,
        (_, Route::Me) => Err(Error::status(501, "a bearer token is nobody's: ask for /Users/{id}")),
        (_, route) => {
            let (method, takes) = (muster_scim::error::shown(method.as_str()), route.methods().join(", "));
            Err(Error::status(405, format!("{method} is not done here: this address takes {takes}")))
        }
    }
}
