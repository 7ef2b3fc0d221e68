//! `POST /Groups`.

use muster_base::Id;
use muster_directory::fed_group::MemberStep;
use muster_directory::fed_group::push::Push;
use muster_scim::resource::{Group, Member};
use muster_scim::{Error, Reading};

use super::show;
use crate::answer::{Answer, from_directory};
use crate::list;
use crate::schema;
use crate::service::Service;

/// The longest text that an index holds, in bytes.
const KEY_MAX: usize = 1000;

/// Makes a group.
///
/// # Errors
/// `uniqueness`, `invalidSyntax` and `invalidValue`.
pub(crate) async fn create(s: &Service, body: &[u8], parameters: &[(String, String)]) -> Result<Answer, Error> {
    let definition = schema::group();
    let projection = list::read(parameters, definition)?.projection;
    let resource = definition.read_bytes(body, Reading::REQUEST)?;
    definition.check_required(&resource)?;
    let group = Group::from_resource(&resource)?;
    let push = Push {
        provider: s.provider(),
        id: None,
        name: group.display_name,
        external_id: Some(checked(group.external_id)?),
        address: None,
        members: vec![MemberStep::Add(ids(&group.members)?)],
        expected: None,
    };
    let group = s.write(push).await.map_err(named)?;
    show::answer(s, &group, 201, &projection).await
}

/// An `externalId` that an index can hold.
///
/// # Errors
/// `invalidValue`.
pub(super) fn checked(external_id: Option<String>) -> Result<Option<String>, Error> {
    match external_id {
        Some(id) if id.len() > KEY_MAX => Err(Error::invalid_value(format!("externalId: at most {KEY_MAX} bytes"))),
        other => Ok(other),
    }
}

/// The ids of members.
///
/// # Errors
/// `invalidValue`.
pub(super) fn ids(members: &[Member]) -> Result<Vec<Id>, Error> {
    members.iter().map(|m| id(m.value.as_deref().unwrap_or_default())).collect()
}

fn id(text: &str) -> Result<Id, Error> {
    text.parse().map_err(|_| {
        let shown = muster_scim::error::shown(text);
        Error::invalid_value(format!("members.value: {shown:?} is not the id of a person or group of this directory"))
    })
}

/// What the directory refused of a group.
pub(super) fn named(error: muster_directory::Error) -> Error {
    let error = from_directory(error.renamed("name", "displayName"));
    match error.detail.strip_prefix("name:") {
        Some(rest) => Error { detail: format!("displayName:{rest}"), ..error },
        None => error,
    }
}
