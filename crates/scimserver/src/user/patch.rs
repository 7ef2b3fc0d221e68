//! `PATCH /Users/{id}`.

use muster_scim::patch::{self, Dialect};
use muster_scim::urn::MUSTER_USER;
use muster_scim::{Definition, Error, PatchOp, Resource};
use serde_json::Value;

use super::revise::{Active, Asked, Revision, revise};
use crate::answer::Answer;
use crate::list;
use crate::schema::{self, custom_name, custom_names, member};
use crate::service::Service;

impl Revision for PatchOp {
    fn next(&self, current: &Resource) -> Result<(Resource, Active), Error> {
        let definition = definition(current, self);
        let next = patch::apply(current, self, &definition, Dialect::TOLERANT)?;
        definition.check_required(&next)?;
        let active = match (current.active(), next.active()) {
            (Some(_), None) => Active::TakenAway,
            (before, Some(now)) if before != Some(now) => Active::Is(now),
            _ => Active::Unsaid,
        };
        Ok((next, active))
    }

    /// An operation may look through every value, and set the same in each.
    fn work_bytes(current: usize, request: usize) -> usize {
        current.saturating_mul(request)
    }
}

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
    let revision = PatchOp::read(body)?;
    revise(s, Asked { id, revision, bytes: body.len(), if_match, projection }).await
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
