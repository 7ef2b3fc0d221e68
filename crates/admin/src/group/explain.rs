//! Why somebody is in a group, or is not, now or at a moment in the past.

use axum::extract::FromRequestParts;
use http::request::Parts;
use muster_base::Id;
use muster_directory::change::store::Entry;
use muster_directory::group::explain::{self, Interval, Question, Reason};
use muster_directory::group::{GroupKind, Method, rule};
use muster_http::{AdminOrg, ApiError, Json, Site};
use muster_rules::{Explanation, Schema};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::query::{ExemptionBody, read_time};
use crate::id::{ObjectId, Time};

/// The query, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct ExplainQuery {
    /// The moment that is asked about: RFC 3339, or a day; now, when it is left out.
    at: Option<String>,
}

/// The moment that is asked about.
pub(crate) struct At(Option<muster_base::Micros>);

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        match pairs.find(|(name, _)| name == "at") {
            None => Ok(Self(None)),
            Some((_, text)) => match read_time(&text) {
                Some(at) => Ok(Self(Some(at))),
                None => Err(ApiError::field("at", "write a time as 2027-01-31T09:00:00Z, or a day as 2027-01-31")),
            },
        }
    }
}

/// A change of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MembershipCause)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cause {
    /// Its number in the organization's log.
    seq: i64,
    at: Time,
    /// What was done: `user_update`, `group_update`, ...
    event: String,
    /// To what kind of object.
    subject_type: String,
    /// To which.
    subject_id: ObjectId,
    /// Who: `admin`, `user`, `system`, ...
    actor_type: String,
    /// Who, where they have an id.
    actor_id: Option<ObjectId>,
    /// The fields that changed.
    #[schema(value_type = Object)]
    fields: Value,
}

impl From<Entry> for Cause {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at.into(),
            event: entry.kind,
            subject_type: entry.subject_kind,
            subject_id: entry.subject_id.into(),
            actor_type: entry.actor_kind,
            actor_id: entry.actor_id.map(Into::into),
            fields: entry.fields,
        }
    }
}

/// A time in which somebody was in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MembershipInterval)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IntervalOut {
    via: &'static str,
    since: Time,
    began_by: Option<Cause>,
    until: Option<Time>,
    ended_by: Option<Cause>,
}

impl From<Interval> for IntervalOut {
    fn from(interval: Interval) -> Self {
        Self {
            via: interval.via.word(),
            since: interval.since.into(),
            began_by: interval.began_by.map(Into::into),
            until: interval.until.map(Into::into),
            ended_by: interval.ended_by.map(Into::into),
        }
    }
}

/// One clause of a rule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleClause)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClauseOut {
    /// Whether it holds.
    matched: bool,
    /// In words: `Department equals "Sales"`.
    text: String,
    /// The value that it saw; `null` where there is none.
    saw: Option<String>,
}

/// What a rule says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleOutcome)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuleOut {
    matched: bool,
    /// Every clause in written order.
    clauses: Vec<ClauseOut>,
    /// The rule's tree with the outcome of every node.
    #[schema(value_type = Object)]
    tree: Value,
}

/// Why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MembershipReason)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReasonOut {
    member: bool,
    /// `direct`, `rule`, `exemption` or `nested`.
    via: Option<&'static str>,
    /// In one sentence.
    sentence: String,
    group_id: ObjectId,
    group_name: String,
    membership_method: Method,
    /// What the rule says.
    member_query: Option<RuleOut>,
    /// What the rule of who is kept out says.
    exclude_query: Option<RuleOut>,
    exemption: Option<ExemptionBody>,
    /// The groups that this group holds and they are in.
    member_groups: Vec<HeldBy>,
    /// `add` or `remove`, where an administrator is asked.
    suggestion: Option<&'static str>,
    member_query_error_flags: Vec<&'static str>,
    /// What cannot be told of a moment in the past, each in words.
    cannot_be_told: Vec<String>,
    /// The times in which they were in it, the last first.
    history: Vec<IntervalOut>,
}

/// A group that holds somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MembershipHeldBy)]
pub(crate) struct HeldBy {
    id: ObjectId,
    name: String,
}

/// Why somebody is in a group, or is not.
///
/// # Errors
/// 404.
pub(crate) async fn explain(
    site: &Site,
    who: &AdminOrg,
    kind: GroupKind,
    group: Id,
    member: Id,
    At(at): At,
) -> Result<Json<ReasonOut>, ApiError> {
    let mut s = site.directory().read();
    let now = site.directory().env().clock.now();
    let reason = explain::membership(&mut s, who.org(), &Question { kind, group, member, at }, now).await?;
    let schema = rule::schema(&mut s, who.org(), kind).await?;
    Ok(Json(shown(reason, &schema)))
}

fn shown(reason: Reason, schema: &Schema) -> ReasonOut {
    let told = |explanation: Explanation| RuleOut {
        matched: explanation.matched,
        clauses: explanation
            .clauses()
            .into_iter()
            .map(|(matched, clause)| ClauseOut {
                matched,
                text: schema.describe(&clause.test),
                saw: clause.saw.clone(),
            })
            .collect(),
        tree: serde_json::to_value(&explanation).unwrap_or_default(),
    };
    ReasonOut {
        member: reason.via.is_some(),
        via: reason.via.map(|via| via.word()),
        sentence: reason.sentence,
        group_id: reason.group.id.into(),
        group_name: reason.group.name.clone(),
        membership_method: reason.group.method,
        member_query: reason.include.map(told),
        exclude_query: reason.exclude.map(told),
        exemption: reason.exemption.as_ref().map(|e| ExemptionBody::new(reason.group.kind, e)),
        member_groups: reason.nested.into_iter().map(|(id, name)| HeldBy { id: id.into(), name }).collect(),
        suggestion: reason.suggestion.map(|s| s.word()),
        member_query_error_flags: reason.flags.iter().map(|f| f.word()).collect(),
        cannot_be_told: reason.untold,
        history: reason.history.into_iter().map(Into::into).collect(),
    }
}
