//! What a connection test, a preview, a drift report and an import say. Pure.

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ObjectKind;
use super::decision::Answer;

/// What was found when a target was read to see what drifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// When.
    pub at: Micros,
    /// How many objects were otherwise than they were sent, or not there.
    pub found: usize,
    /// How many of them are sent again.
    pub repaired: usize,
    /// Why it could not be read.
    pub error: Option<String>,
}

/// How one check of a connection test went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProvisionCheckOutcome)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Nothing can be sent so.
    Failed,
    /// It was not tried.
    Skipped,
    /// Otherwise, and it can be lived with.
    Warning,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProvisionCheck)]
pub struct Line {
    /// What was tried.
    pub check: String,
    /// How it went.
    pub outcome: Outcome,
    /// What the answer meant.
    pub message: String,
}

/// A connection test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProvisionTestReport)]
pub struct TestReport {
    /// Whether accounts can be sent.
    pub ok: bool,
    /// Check by check.
    pub lines: Vec<Line>,
}

/// A field that would change; values as JSON texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionFieldChange)]
pub struct PlannedField {
    /// The SCIM attribute.
    pub name: String,
    /// What is there.
    pub from: Option<String>,
    /// What it should be.
    pub to: Option<String>,
}

/// What would be done about one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionPlanItem)]
pub struct PlanItem {
    /// A person or a group.
    pub kind: ObjectKind,
    /// Its id here.
    #[schema(value_type = String, pattern = "^[0-9a-fA-F]{24}$")]
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What: `create`, `update`, `adopt`, `deactivate`, `delete`, `reactivate`, `none` or `conflict`.
    pub action: String,
    /// Why.
    pub why: String,
    /// The fields that would change.
    pub fields: Vec<PlannedField>,
    /// Those there that it could be; somebody has to choose, or to say that the only one is taken over.
    pub candidates: Vec<Candidate>,
    /// What an administrator decided.
    pub decision: Option<Answer>,
}

/// One there that an object here could be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionCandidate)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its id there.
    pub remote_id: String,
    /// What it is called there.
    pub name: String,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionPlanCounts)]
#[expect(missing_docs, reason = "the words of the actions")]
pub struct PlanCounts {
    pub create: u32,
    pub update: u32,
    pub adopt: u32,
    pub deactivate: u32,
    pub delete: u32,
    pub reactivate: u32,
    pub none: u32,
    pub conflict: u32,
}

/// A preview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionPlan)]
pub struct Plan {
    /// How many of each.
    pub counts: PlanCounts,
    /// Whether the delete guard would hold what takes accounts away.
    pub guarded: bool,
    /// Object by object: the first thousand that something would be done about.
    pub items: Vec<PlanItem>,
}

/// A field that was changed there; values as JSON texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionDriftField)]
pub struct DriftField {
    /// The SCIM attribute.
    pub name: String,
    /// What it should be.
    pub ours: Option<String>,
    /// What it is there.
    pub theirs: Option<String>,
    /// What was sent last.
    pub sent: Option<String>,
}

/// One finding of a drift report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionDriftItem)]
#[serde(rename_all = "camelCase")]
pub struct DriftItem {
    /// A person or a group.
    pub kind: ObjectKind,
    /// Its id here; none for an account there that nobody here is linked to.
    #[schema(value_type = Option<String>, pattern = "^[0-9a-fA-F]{24}$")]
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
    /// Its id there.
    pub remote_id: Option<String>,
    /// What was found, in words.
    pub finding: String,
    /// The fields that differ.
    pub fields: Vec<DriftField>,
}

/// What a read of the whole target found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The findings: the first thousand.
    pub items: Vec<DriftItem>,
    /// How many there are.
    pub found: usize,
    /// What of ours is there otherwise than it was sent, or not there: all of it, and whether it is to be sent already.
    /// For who repairs it; it is not kept.
    #[serde(skip)]
    pub drifted: Vec<(ObjectKind, Id, bool)>,
}
