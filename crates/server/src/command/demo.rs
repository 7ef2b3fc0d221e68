//! `muster demo`: the story of two organizations, one of which signs its people in with the other, ready to try.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use muster_base::{Env, Id, Secret};
use muster_directory::application::{self, Doc, Mapping, Oidc};
use muster_directory::group::{self, Method};
use muster_directory::identity_provider::{self, Jit, Kind, Match};
use muster_directory::routing::{self, Target};
use muster_directory::setup::{SetUp, set_up};
use muster_directory::user::{self, State};
use muster_directory::{Actor, Directory, Result, organization};
use muster_server::config::Settings;
use serde_json::{Map, Value, json};

use super::serve::until_told;

const PASSWORD: &str = "muster-demo-lantern-7";
const ADMIN: &str = "admin@demo.example";
const PERSON: &str = "ana@primary.example";
const ALIAS: &str = "ana+secondary@primary.example";

/// Serves an installation with two federated organizations; makes them when the data folder is new.
#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    settings: Settings,
}

pub async fn run(command: Demo, file: Option<&Path>) -> ExitCode {
    muster_server::init_logs(false);
    let config = match super::settings(command.settings, file).and_then(|s| s.check()) {
        Ok(config) => config,
        Err(error) => return super::fail(&error),
    };
    let running = match muster_server::serve(&config, Env::system(), super::master_key().as_deref()).await {
        Ok(running) => running,
        Err(error) => return super::fail(&error),
    };
    if running.setup_url.is_some()
        && let Err(error) = furnish(&running.directory).await
    {
        return super::fail(&error);
    }
    let base = running.directory.public_url().to_owned();
    println!("Two organizations: people of Secondary Org sign in with Primary Org.\n");
    println!("  Administrator   {ADMIN}   {PASSWORD}   {base}/console");
    println!("  Person          {PERSON}   {PASSWORD}   {base}/o/primary-org/login");
    println!("  Federated       {ALIAS}   (no password of its own)   {base}/o/secondary-org/login\n");
    println!("Try: open {base}/o/secondary-org/login, enter {ALIAS}, Continue;");
    println!("at Primary Org enter the person's password, SSO Login; you are in the Secondary's portal.");
    until_told().await;
    running.stop().await;
    ExitCode::SUCCESS
}

async fn organization(directory: &Directory, name: &str, provider: Option<&str>) -> Result<Id> {
    let input = SetUp {
        organization: name.into(),
        slug: None,
        email: ADMIN.into(),
        password: Some(Secret::new(PASSWORD)),
        provider: provider.map(str::to_owned),
    };
    Ok(set_up(directory, Actor::command_line(), input).await?.organization.id)
}

fn attribute(value: &str) -> Map<String, Value> {
    let mut profile = Map::new();
    profile.insert("attributes".into(), json!([{"name": "SecondaryEmail", "value": value}]));
    profile.insert("firstname".into(), json!("Ana"));
    profile.insert("lastname".into(), json!("Example"));
    profile
}

async fn furnish(directory: &Directory) -> Result<()> {
    let primary = organization(directory, "Primary Org", Some("Demo Services")).await?;
    let secondary = organization(directory, "Secondary Org", None).await?;
    let (client_id, client_secret) = furnish_primary(directory, primary).await?;
    furnish_secondary(directory, secondary, client_id, client_secret).await
}

/// The person, and the application that stands for the Secondary.
async fn furnish_primary(directory: &Directory, org: Id) -> Result<(Id, Secret)> {
    let actor = Actor::command_line;
    let hash = directory.hasher().hash(&Secret::new(PASSWORD), &directory.env().rng).await?;
    let create = user::create::Create {
        username: "ana".into(),
        email: PERSON.into(),
        state: Some(State::Activated),
        profile: attribute(ALIAS),
        password_hash: Some(hash),
    };
    let ana = directory.write(actor(), org, create).await?;
    let name = Some("Users of Secondary Org".to_owned());
    let create = group::create::Create::of_users(group::Input { name, ..group::Input::default() });
    let members = directory.write(actor(), org, create).await?;
    let change = group::members::Change::of_user(members.id, ana.id, true);
    directory.write(actor(), org, change).await?;
    let oidc = Oidc {
        redirect_uris: vec![format!("{}/oauth/callback", directory.public_url())],
        relying_party_url: format!("{}/console", directory.public_url()),
        dynamic_claims: vec![Mapping { name: "email".into(), value: "SecondaryEmail".into() }],
        ..Oidc::default()
    };
    let doc = Doc {
        display_label: "OIDC for Secondary Org".into(),
        display_name: "OpenID Connect".into(),
        hidden: true,
        oidc: Some(oidc),
        ..Doc::default()
    };
    let create = application::create::Create { name: "oidc".into(), doc, active: true };
    let app = directory.write(actor(), org, create).await?;
    let bind = application::bind::Bind { app: app.id, kind: "user_group", subject: members.id, add: true };
    directory.write(actor(), org, bind).await?;
    let secret = directory.env().secret();
    directory.write(actor(), org, application::secret::Add { app: app.id, secret: secret.clone() }).await?;
    Ok((app.id, secret))
}

/// The identity provider, the group it is for, the policy and the person.
async fn furnish_secondary(directory: &Directory, org: Id, client_id: Id, secret: Secret) -> Result<()> {
    let actor = Actor::command_line;
    let primary = organization::store::by_slug(&mut directory.read(), "primary-org").await?;
    let slug = primary.map(|o| o.slug).unwrap_or_default();
    let doc = identity_provider::Doc {
        kind: Kind::Oidc,
        url: format!("{}/o/{slug}", directory.public_url()),
        client_id: client_id.text(),
        saml: None,
        matching: Match::default(),
        jit: Jit::default(),
        iss_parameter: true,
        options: identity_provider::Options::default(),
    };
    let create = identity_provider::create::Create {
        id: None,
        name: "Primary Org".into(),
        doc,
        client_secret: Some(secret),
        enabled: true,
        http_allowed: directory.public_url().starts_with("http://"),
    };
    let idp = directory.write(actor(), org, create).await?;
    let rule = json!({"filters": [{"field": "user.email", "operation": "ends_with", "value": "@primary.example"}]});
    let query = muster_directory::group::read_query(&rule)?;
    let input = group::Input {
        name: Some("Federated Users to the Primary Org".into()),
        method: Some(Method::DynamicAutomated),
        member_query: Some(Some(query)),
        ..group::Input::default()
    };
    let federated = directory.write(actor(), org, group::create::Create::of_users(input)).await?;
    let input = routing::Input {
        name: Some("Primary Org's people".into()),
        idp: Some(idp.id),
        targets: Some(vec![Target::Group(federated.id)]),
        ..routing::Input::default()
    };
    directory.write(actor(), org, routing::create::Create { input }).await?;
    let mut profile = attribute(ALIAS);
    profile.insert("restrictedFields".into(), json!([{"field": "password", "type": "federated_identity_provider"}]));
    let create = user::create::Create {
        username: "ana".into(),
        email: ALIAS.into(),
        state: Some(State::Activated),
        profile,
        password_hash: None,
    };
    directory.write(actor(), org, create).await?;
    Ok(())
}
