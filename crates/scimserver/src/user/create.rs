//! `POST /Users`.

use muster_directory::Error as DirectoryError;
use muster_directory::fed_user::push::Push;
use muster_scim::{Definition, Error, Reading, Resource};
use serde_json::{Value, json};

use super::{feed, password, show};
use crate::answer::{Answer, from_directory};
use crate::list;
use crate::schema::{self, custom_names};
use crate::service::Service;

/// Reads a body, with whatever custom attributes it names.
///
/// # Errors
/// `invalidSyntax` and `invalidValue`.
pub(super) fn read(body: &[u8]) -> Result<(Resource, std::borrow::Cow<'static, Definition>), Error> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|e| Error::invalid_syntax(format!("the body is no JSON ({e}): send a User object")))?;
    let names = value.as_object().map(custom_names).unwrap_or_default();
    let definition = schema::user(names.iter().map(String::as_str));
    let resource = definition.read(value, Reading::REQUEST)?;
    Ok((resource, definition))
}

/// Makes a person, or takes over the one who has the e-mail.
///
/// # Errors
/// `uniqueness`, `invalidSyntax` and `invalidValue`.
pub(crate) async fn create(s: &Service, body: &[u8], parameters: &[(String, String)]) -> Result<Answer, Error> {
    let projection = list::read(parameters, &schema::user([]))?.projection;
    let (resource, definition) = read(body)?;
    definition.check_required(&resource)?;
    if s.shown().is_some() && s.takes_passwords() && password::said(&resource).is_some() {
        // A password is hashed for those alone whose token holds.
        return Err(from_directory(DirectoryError::Stale));
    }
    let active = resource.active().unwrap_or(true);
    let mut feed =
        feed::feed(&mut s.directory().read(), s.both(), &resource, (Some(active), Some(&json!(active)))).await?;
    feed.password_hash = password::hash(s, &resource, None, &feed).await?;
    let push = Push { shown: s.shown(), ..Push::new(s.provider(), feed) };
    let fed = s.write(push).await.map_err(from_directory)?;
    if fed.made_here {
        return Ok(show::made(s, &fed, feed::document(resource), &projection));
    }
    show::answer(s, &fed, 201, &projection).await
}
