//! Where the answer may go: the application and its return address, both known before anything is redirected
//! (RFC 6749 section 4.1.2.1). What is wrong here is shown to the person.

use http::StatusCode;
use muster_http::page::whom_to_ask;
use muster_oauth::authorize;
use muster_oauth::redirect_uri;

use super::Asked;
use crate::client::{self, Client};
use crate::page::malformed;
use muster_http::stop::Stop;

/// The longest part of an unregistered address that is shown.
const SHOWN_MAX: usize = 200;

/// An active application and a return address that it registered.
pub struct Target {
    /// The application.
    pub client: Client,
    /// The address, exactly as given.
    pub redirect_uri: String,
    /// Handed back with every answer.
    pub state: Option<String>,
}

/// Finds the application that the request names.
pub async fn client(asked: &Asked<'_>) -> Result<Client, Stop> {
    let named = authorize::Target::client_id(asked.params);
    let named = named.map_err(|error| malformed(asked.organization, asked.context, &error))?;
    let client = client::find(asked.site, asked.organization, &named).await?;
    client.ok_or_else(|| unknown(asked))
}

/// Checks the address to which the application wants the answer.
pub fn resolve(asked: &Asked<'_>, client: Client) -> Result<Target, Stop> {
    let named = authorize::Target::read(asked.params);
    let named = named.map_err(|error| malformed(asked.organization, asked.context, &error))?;
    if named.client_id != client.app.id.text() {
        return Err(unknown(asked));
    }
    let registered = &client.oidc.redirect_uris;
    if !redirect_uri::registered(&named.redirect_uri, registered, client.oidc.is_public()) {
        return Err(unregistered(asked, &client, &named.redirect_uri));
    }
    if !client.app.active {
        return Err(inactive(asked, &client));
    }
    Ok(Target { client, redirect_uri: named.redirect_uri, state: named.state })
}

fn unknown(asked: &Asked<'_>) -> Stop {
    let paragraphs = [
        format!("{} has no application of the name under which this one asks to sign in.", name(asked)),
        "For its developer: client_id must be the Client ID that was shown when the application was saved.".to_owned(),
        whom_to_ask(asked.organization),
    ];
    asked.page(StatusCode::BAD_REQUEST, "This application is not known here", &paragraphs)
}

fn unregistered(asked: &Asked<'_>, client: &Client, given: &str) -> Stop {
    // Only what looks like an address is repeated, so that nobody can write a message onto this page.
    let plain = given.len() <= SHOWN_MAX && given.bytes().all(|b| b.is_ascii_graphic());
    let given = if plain { format!(" ({given})") } else { String::new() };
    let paragraphs = [
        format!("{} asks to return to an address{given} that is not registered for it.", client.app.label()),
        "For its administrator: add it to the application's Redirect URIs, exactly as it is sent.".to_owned(),
        whom_to_ask(asked.organization),
    ];
    asked.page(StatusCode::BAD_REQUEST, "This return address is not registered", &paragraphs)
}

fn inactive(asked: &Asked<'_>, client: &Client) -> Stop {
    let title = format!("{} is not active", client.app.label());
    let paragraphs = [
        format!("Nobody can sign in to it with {} until an administrator activates it.", name(asked)),
        whom_to_ask(asked.organization),
    ];
    asked.page(StatusCode::FORBIDDEN, &title, &paragraphs)
}

fn name<'a>(asked: &Asked<'a>) -> &'a str {
    &asked.organization.display_name
}
