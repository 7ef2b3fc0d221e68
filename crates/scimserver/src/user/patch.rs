//! `PATCH /Users/{id}`.

use muster_directory::fed_user::push::Push;
use muster_scim::patch::{self, Dialect};
use muster_scim::urn::MUSTER_USER;
use muster_scim::{Definition, Error, PatchOp, Resource, server};
use serde_json::Value;

use super::{feed, get, password, show};
use crate::answer::{Answer, from_directory};
use crate::list;
use crate::schema::{self, custom_name, custom_names, member};
use crate::service::{ATTEMPTS, Service};

/// Changes what the directory says of a person.
///
/// # Errors
/// 404, 412, `uniqueness`, `mutability`, `noTarget`, `invalidPath`, `invalidSyntax` and `invalidValue`.
pub(crate) async fn patch(
    s: &Service,
    id: &str,
    body: &[u8],
    if_match: Option<&str>,
    parameters: &[(String, String)],
) -> Result<Answer, Error> {
    let projection = list::read(parameters, &schema::user([]))?.projection;
    let operations = PatchOp::read(body)?;
    for attempt in 1.. {
        let before = get::find(s, id).await?;
        let current = show::resource(&before);
        server::check_if_match(if_match, &show::version(&before, &current))?;
        let definition = definition(&current, &operations);
        let next = patch::apply(&current, &operations, &definition, Dialect::TOLERANT)?;
        definition.check_required(&next)?;
        let mut feed = feed::feed(s, &next, None).await?;
        feed.password_hash = password::hash(s, &next, Some(&before.user), &feed).await?;
        let (id, expected) = (Some(before.user.id), Some(before.version));
        let push = Push { id, expected, ..Push::new(s.provider(), feed) };
        match s.write(push).await {
            Err(muster_directory::Error::Stale) if if_match.is_none() && attempt < ATTEMPTS => {}
            other => return show::answer(s, &other.map_err(from_directory)?, 200, &projection).await,
        }
    }
    Err(Error::status(503, "too many changes of this at once: try again"))
}

/// The user with the custom attributes that the resource has and the operations name.
fn definition(current: &Resource, operations: &PatchOp) -> std::borrow::Cow<'static, Definition> {
    let held = member(&current.0, MUSTER_USER).and_then(Value::as_object);
    let mut names: Vec<String> = held.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    for operation in &operations.operations {
        let value = operation.value.as_ref().and_then(Value::as_object);
        match operation.path.as_deref().map(str::trim) {
            Some(path) if path.eq_ignore_ascii_case(MUSTER_USER) => {
                names.extend(value.into_iter().flatten().map(|(name, _)| name.clone()));
            }
            Some(path) => names.extend(custom_name(path)),
            None => names.extend(value.map(custom_names).unwrap_or_default()),
        }
    }
    schema::user(names.iter().map(String::as_str))
}
