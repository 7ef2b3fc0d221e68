//! What a rule may speak of: attributes, operators, and the values to choose from.

use axum::extract::State;
use muster_directory::group::update;
use muster_http::{AdminOrg, ApiError, Json, Site};
use muster_rules::{Operator, ValueKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;

/// An attribute.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleAttribute {
    /// The name; `attributes.NAME` for a custom one.
    name: String,
    /// The name for people.
    label: String,
    /// Whether an administrator made it.
    custom: bool,
    /// `text`, `enumeration`, `number`, `bool` or `date`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The operators that apply.
    operators: Vec<&'static str>,
    /// The values to choose from, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
}

/// How many values an operator takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperatorValues)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Values {
    /// One.
    One,
    /// Several.
    List,
    /// None.
    None,
}

/// An operator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleOperator {
    /// The name.
    name: &'static str,
    /// The name for people.
    label: &'static str,
    /// How many values it takes.
    value: Values,
}

/// What a rule may speak of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleVocabulary {
    attributes: Vec<RuleAttribute>,
    operators: Vec<RuleOperator>,
}

#[utoipa::path(get, path = "/api/v2/usergroups/attributes", tag = "user groups",
    responses((status = 200, body = RuleVocabulary), Reading))]
/// List what rules may speak of
pub(crate) async fn attributes(State(site): State<Site>, who: AdminOrg) -> Result<Json<RuleVocabulary>, ApiError> {
    let schema = update::schema(&mut site.directory().read(), who.org()).await?;
    let attributes = schema.attributes().iter().map(|a| RuleAttribute {
        name: a.name.clone(),
        label: a.label.clone(),
        custom: a.custom,
        kind: a.kind.name(),
        operators: a.kind.operators().iter().map(|o| o.name()).collect(),
        values: a.kind.values().map(|values| values.into_iter().map(str::to_owned).collect()),
    });
    let operators = Operator::ALL.into_iter().map(|o| RuleOperator {
        name: o.name(),
        label: o.label(),
        value: match o.value_kind() {
            ValueKind::One => Values::One,
            ValueKind::List => Values::List,
            ValueKind::None => Values::None,
        },
    });
    Ok(Json(RuleVocabulary { attributes: attributes.collect(), operators: operators.collect() }))
}
