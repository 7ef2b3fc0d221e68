//! `PATCH /Groups/{id}`. What is said of members is carried out without reading the others.

use muster_base::Id;
use muster_directory::fed_group::push::Push;
use muster_directory::fed_group::{FedGroup, MemberStep};
use muster_scim::patch::{self, Dialect, MemberOperation};
use muster_scim::{Error, Filter, PatchOp, server};
use serde_json::Value;

use super::{create, get, show};
use crate::answer::Answer;
use crate::list;
use crate::schema;
use crate::service::{ATTEMPTS, Service};

/// Changes a group. The answer has a body only where it was said what it should hold: with its members it would be as large
/// as the group.
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
    let definition = schema::group();
    let projection = list::read(parameters, definition)?.projection;
    let chosen = |n: &str| n.eq_ignore_ascii_case("attributes") || n.eq_ignore_ascii_case("excludedAttributes");
    let status = if parameters.iter().any(|(n, _)| chosen(n)) { 200 } else { 204 };
    let (steps, rest) = patch::split_members(PatchOp::read(body)?, definition)?;
    for attempt in 1.. {
        let before = get::find(s, id).await?;
        server::check_if_match(if_match, &show::version(&before))?;
        let current = show::resource(&before);
        let next = patch::apply(&current, &rest, definition, Dialect::TOLERANT)?;
        definition.check_required(&next)?;
        let expected = (if_match.is_some() || !rest.is_empty()).then_some(before.version);
        let push = Push {
            provider: s.provider(),
            id: Some(before.id),
            name: next.text("displayName").map(str::to_owned),
            external_id: Some(create::checked(next.external_id().map(str::to_owned))?),
            address: None,
            members: members(s, &before, &steps).await?,
            expected,
        };
        match s.write(push).await {
            Err(muster_directory::Error::Stale) if if_match.is_none() && attempt < ATTEMPTS => {}
            other => return show::answer(s, &other.map_err(create::named)?, status, &projection).await,
        }
    }
    Err(Error::status(503, "too many changes of this at once: try again"))
}

async fn members(s: &Service, group: &FedGroup, steps: &[MemberOperation]) -> Result<Vec<MemberStep>, Error> {
    let mut out = Vec::with_capacity(steps.len());
    for step in steps {
        out.push(match step {
            MemberOperation::Add(members) => MemberStep::Add(create::ids(members)?),
            MemberOperation::Replace(members) => MemberStep::Replace(create::ids(members)?),
            MemberOperation::Remove(ids) => MemberStep::Remove(known(ids)?),
            MemberOperation::RemoveMatching(filter) => MemberStep::Remove(matching(s, group, filter).await?),
            MemberOperation::RemoveAll => MemberStep::RemoveAll,
        });
    }
    Ok(out)
}

/// Who cannot be a member is none: there is nothing to remove. But what is no id at all was meant otherwise, and whoever sent it
/// would believe that somebody is out.
fn known(ids: &[String]) -> Result<Vec<Id>, Error> {
    if let Some(other) = ids.iter().find(|id| id.starts_with(['[', '{'])) {
        let shown = muster_scim::error::shown(other);
        return Err(Error::invalid_value(format!("members.value: {shown:?} is a text and no list of members")));
    }
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// The members whom a filter fits that says more than ids.
async fn matching(s: &Service, group: &FedGroup, filter: &Filter) -> Result<Vec<Id>, Error> {
    let mut resource = show::resource(group);
    show::add_members(s, group, &mut resource).await?;
    let attribute = schema::group().top("members");
    let members = resource.0.get("members").and_then(Value::as_array);
    let fitting = members.into_iter().flatten().filter(|member| filter.matches_element(member, attribute));
    Ok(fitting.filter_map(|member| member.get("value")?.as_str()?.parse().ok()).collect())
}
