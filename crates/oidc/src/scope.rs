//! Which of the scopes that are asked for an application is given.

use muster_directory::Error;
use muster_oauth::Scope;

use crate::client::Client;
use crate::discovery::SCOPES;
use crate::grant::model::OFFLINE_ACCESS;

/// What is granted of what was asked for a person: scopes that mean something here, and `offline_access` only where the
/// application may have refresh tokens. The rest is passed over (OpenID Connect Core 3.1.2.1).
///
/// # Errors
/// None in practice: the known scopes are our own text.
pub fn for_person(client: &Client, asked: &Scope) -> Result<Scope, Error> {
    let known = SCOPES.into_iter().filter(|scope| *scope != OFFLINE_ACCESS || client.may_refresh());
    let known = Scope::parse(&known.collect::<Vec<_>>().join(" "));
    Ok(asked.intersection(&known.map_err(|error| Error::Internal(error.to_string()))?))
}
