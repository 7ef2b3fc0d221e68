//! A database with ten thousand organizations, ten clients in each, and a person who is signed in. Made by the directory
//! itself, before the server starts on it.

use futures_util::stream::{self, StreamExt as _};
use muster_base::{Env, Id};
use muster_directory::application::{ClientAuthentication, SigningAlg};
use muster_directory::application::{Doc, GrantType, Oidc, bind, create, secret};
use muster_directory::event::{Detail, Event};
use muster_directory::session::{self, Kind, Method};
use muster_directory::user::{self, State};
use muster_directory::{Actor, Directory, Verb, group, organization};
use muster_server::config::Store;
use serde_json::Map;

use crate::provider::{App, Endpoints, REDIRECT};
use crate::server::Server;

/// Organizations.
pub const ORGANIZATIONS: usize = 10_000;
/// Clients of each, the first of which people use.
pub const CLIENTS: usize = 10;
/// Organizations that are made at once, so that commits are shared.
const AT_ONCE: usize = 64;

/// The server, and all its clients: those that people use first.
pub struct Many {
    pub server: Server,
    pub people: Vec<App>,
    pub programs: Vec<App>,
}

/// Makes the database and starts the server on it.
pub async fn start(binary: &str) -> Many {
    let empty = Server::start(binary).await;
    let data = empty.keep_data();
    drop(empty);
    let made = fill(&data).await;
    let server = Server::start_on(binary, &data).await.owning_data();
    let host = server.host().to_owned();
    let (mut people, mut programs) = (Vec::new(), Vec::new());
    for (slug, cookie, clients) in made {
        let at = Endpoints::muster(&host, &slug);
        for (n, (id, secret)) in clients.into_iter().enumerate() {
            let app = App { at: at.clone(), id: id.text(), secret, cookie: cookie.clone() };
            if n == 0 { people.push(app) } else { programs.push(app) }
        }
    }
    Many { server, people, programs }
}

/// The slug, the browser's cookie, and each client with its secret.
type Made = (String, String, Vec<(Id, String)>);

async fn fill(data: &std::path::Path) -> Vec<Made> {
    let database = muster_db::Config::Sqlite { path: data.join("muster.db"), readers: 4 };
    let store = Store { database, data: data.to_owned(), master_key_file: data.join("master.key") };
    let opened = muster_server::open::open(&store, Env::system(), None, None).await.expect("the database opens");
    let directory = &opened.directory;
    stream::iter(0..ORGANIZATIONS).map(|n| one(directory, n)).buffered(AT_ONCE).collect().await
}

async fn one(directory: &Directory, n: usize) -> Made {
    let slug = format!("org-{n}");
    let input = organization::create::Create {
        id: directory.env().id(),
        name: format!("Organization {n}"),
        slug: Some(slug.clone()),
        provider_id: None,
    };
    let org = organization::create::create(directory, Actor::system(), input, None).await.expect("an organization").id;
    let create = user::create::Create {
        username: "ana".into(),
        email: format!("ana@{slug}.example"),
        state: Some(State::Activated),
        profile: Map::new(),
        password_hash: None,
    };
    let user = write(directory, org, create).await;
    let everybody = group::store::all(&mut directory.read(), org).await.expect("read").remove(0);
    let mut clients = Vec::new();
    for n in 0..CLIENTS {
        let grant = if n == 0 { GrantType::AuthorizationCode } else { GrantType::ClientCredentials };
        let oidc = Oidc {
            redirect_uris: vec![REDIRECT.into()],
            grant_types: vec![grant],
            token_endpoint_auth_method: ClientAuthentication::ClientSecretPost,
            id_token_signed_response_alg: SigningAlg::Es256,
            ..Oidc::default()
        };
        let doc = Doc { display_label: format!("Client {n}"), oidc: Some(oidc), ..Doc::default() };
        let app = write(directory, org, create::Create { name: "oidc".into(), doc, active: true }).await;
        let secret = directory.env().secret();
        write(directory, org, secret::Add { app: app.id, secret: secret.clone() }).await;
        if n == 0 {
            write(directory, org, bind::Bind { app: app.id, kind: "user_group", subject: everybody.id, add: true })
                .await;
        }
        clients.push((app.id, secret.expose().to_owned()));
    }
    (slug, format!("muster_browser={}", sign_in(directory, org, user.id).await), clients)
}

async fn write<V: Verb>(directory: &Directory, org: Id, verb: V) -> V::Out {
    directory.write(Actor::system(), org, verb).await.unwrap_or_else(|error| panic!("{error}"))
}

/// A session, without the cost of its password; the browser's cookie.
async fn sign_in(directory: &Directory, org: Id, user: Id) -> String {
    let env = directory.env();
    let detail = Detail { success: true, ..Detail::default() };
    let kind = "user_login_attempt".to_owned();
    let event = Event { org: Some(org), id: env.id(), at: env.clock.now(), kind, user: Some(user), detail };
    let start = session::start::Start {
        browser: None,
        org: Some(org),
        kind: Kind::User,
        principal: user,
        method: Method::Password,
        idp: None,
        prefix: "127.0.0.1/24".into(),
        client_ip: "127.0.0.1".into(),
        user_agent: "Bench/1".into(),
        event,
    };
    session::start::start(directory, start).await.expect("a session").cookie.expose().to_owned()
}
