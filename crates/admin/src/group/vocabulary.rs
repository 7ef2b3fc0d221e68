//! What a rule may speak of: attributes, operators, and the values to choose from; and a rule as text, read while it is
//! being written.

use std::collections::BTreeMap;

use muster_directory::group::{GroupKind, rule, store};
use muster_http::{AdminOrg, ApiError, Json, Site};
use muster_rules::{MemberQuery, Operator, Schema, ValueKind, language};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::query::QueryForm;

/// An attribute.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleAttribute {
    /// The name; `attributes.NAME` for a custom one.
    name: String,
    /// The name for people.
    label: String,
    /// Whether an administrator made it.
    custom: bool,
    /// `text`, `enumeration`, `number`, `bool`, `date` or `group`.
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
    /// The label for people.
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

/// What rules about such members may speak of.
///
/// # Errors
/// The database's.
pub(crate) async fn attributes(site: &Site, who: &AdminOrg, kind: GroupKind) -> Result<Json<RuleVocabulary>, ApiError> {
    let schema = rule::schema(&mut site.directory().read(), who.org(), kind).await?;
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

/// A rule as text or as a tree.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RuleExpressionRequest)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpressionRequest {
    /// The text; the tree is answered.
    #[schema(max_length = 262_144)]
    expression: Option<String>,
    /// The tree in the v2 form; the text is answered.
    #[schema(value_type = Option<QueryForm>)]
    member_query: Option<Value>,
    /// Where the cursor is, in characters: what may come there is answered.
    #[schema(minimum = 0)]
    cursor: Option<u32>,
}

/// What cannot be read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpressionFault {
    /// The first character that is at fault.
    from: usize,
    /// The character after the last.
    to: usize,
    /// What is wrong, and what would be right.
    message: String,
}

/// What may come at the cursor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpressionCompletion {
    /// The character from which on it takes the place of what stands there.
    from: usize,
    /// What is put there.
    insert: String,
    /// Words for people.
    label: String,
}

/// A rule read both ways.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleExpression)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpressionAnswer {
    /// The rule as text, with the names of groups.
    expression: String,
    /// The same as a tree in the v2 form, with the ids of groups; `null` where the text cannot be read.
    #[schema(value_type = Option<QueryForm>)]
    member_query: Option<Value>,
    /// What cannot be read, or cannot be saved.
    faults: Vec<ExpressionFault>,
    /// What may come at the cursor.
    completions: Vec<ExpressionCompletion>,
}

/// Reads a rule as text, or writes a tree as one.
///
/// # Errors
/// 400 on a tree that cannot be read.
pub(crate) async fn expression(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    body: ExpressionRequest,
) -> Result<Json<ExpressionAnswer>, ApiError> {
    let mut s = site.directory().read();
    let schema = rule::schema(&mut s, who.org(), kind).await?;
    if let Some(tree) = body.member_query.filter(|tree| !tree.is_null()) {
        let query = MemberQuery::read(&tree, true).map_err(super::query::invalid)?;
        let query = rule::resolved(&mut s, who.org(), kind, &query).await?;
        let named = rule::with_names(&mut s, who.org(), query.rule()).await?;
        let answer = ExpressionAnswer {
            expression: language::write(&named),
            member_query: Some(query.write_v2()),
            faults: Vec::new(),
            completions: Vec::new(),
        };
        return Ok(Json(answer));
    }
    let text = body.expression.unwrap_or_default();
    let mut completions = Vec::new();
    if let Some(cursor) = body.cursor {
        let at = text.char_indices().nth(cursor as usize).map_or(text.len(), |(at, _)| at);
        completions = completed(site, who, kind, &text, at, &schema).await?;
    }
    let characters = |byte: usize| text.get(..byte).map_or(0, |before| before.chars().count());
    let (member_query, faults) = match language::parse(&text) {
        Err(fault) => {
            let (from, to) = (characters(fault.at.start), characters(fault.at.end));
            (None, vec![ExpressionFault { from, to, message: fault.message }])
        }
        Ok(_) => {
            let written = json!({"queryType": "Expression", "expression": text});
            let query = MemberQuery::read(&written, false).map_err(super::query::invalid)?;
            let query = rule::resolved(&mut s, who.org(), kind, &query).await?;
            let end = text.chars().count();
            let problems = rule::problems(&mut s, who.org(), kind, &query).await?;
            let faults =
                problems.into_iter().map(|p| ExpressionFault { from: 0, to: end, message: p.message }).collect();
            (Some(query.write_v2()), faults)
        }
    };
    Ok(Json(ExpressionAnswer { expression: text, member_query, faults, completions }))
}

async fn completed(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    text: &str,
    at: usize,
    schema: &Schema,
) -> Result<Vec<ExpressionCompletion>, ApiError> {
    let mut found = language::complete(text, at, schema);
    let before = text.get(..at).unwrap_or(text);
    let tail: Vec<String> = before.split_whitespace().map(str::to_lowercase).collect();
    let n = tail.len();
    // The names of groups are no part of the schema: there may be thousands.
    if n >= 2
        && tail.get(n - 2..).is_some_and(|last| *last == ["member", "of"])
        && before.ends_with(char::is_whitespace)
    {
        let of_devices = tail.get(n.wrapping_sub(3)).is_some_and(|whose| whose == "devices");
        let of_people = tail.get(n.wrapping_sub(3)).is_some_and(|whose| whose == "owner");
        let kind = if of_devices {
            GroupKind::Device
        } else if of_people {
            GroupKind::User
        } else {
            kind
        };
        let groups = store::all_of(&mut site.directory().read(), who.org(), kind).await?;
        let quoted = |name: &str| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
        let named = groups.into_iter().take(50);
        found = named.map(|g| language::Completion { from: at, insert: quoted(&g.name), label: g.name }).collect();
    }
    let mut seen = BTreeMap::new();
    for completion in found {
        let from = text.get(..completion.from).map_or(0, |before| before.chars().count());
        let label = completion.label;
        seen.entry(completion.insert.clone()).or_insert(ExpressionCompletion {
            from,
            insert: completion.insert,
            label,
        });
    }
    Ok(seen.into_values().collect())
}
