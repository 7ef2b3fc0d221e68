//! `PUT /Groups/{id}`.

use muster_directory::fed_group::MemberStep;
use muster_directory::fed_group::push::Push;
use muster_scim::resource::Group;
use muster_scim::{Error, Reading, server};

use super::{create, get, show};
use crate::answer::Answer;
use crate::list;
use crate::schema;
use crate::service::Service;

/// Replaces a group: its name and all of its members.
///
/// # Errors
/// 404, 412, `uniqueness`, `invalidSyntax` and `invalidValue`.
pub(crate) async fn replace(
    s: &Service,
    id: &str,
    body: &[u8],
    if_match: Option<&str>,
    parameters: &[(String, String)],
) -> Result<Answer, Error> {
    let definition = schema::group();
    let projection = list::read(parameters, definition)?.projection;
    let resource = definition.read_bytes(body, Reading::REQUEST)?;
    definition.check_required(&resource)?;
    let sent = Group::from_resource(&resource)?;
    let before = get::find(s, id).await?;
    server::check_if_match(if_match, &show::version(&before))?;
    let push = Push {
        provider: s.provider(),
        id: Some(before.id),
        name: sent.display_name,
        external_id: Some(create::checked(sent.external_id)?),
        address: None,
        members: vec![MemberStep::Replace(create::ids(&sent.members)?)],
        expected: if_match.map(|_| before.version),
    };
    let group = s.write(push).await.map_err(create::named)?;
    show::answer(s, &group, 200, &projection).await
}
