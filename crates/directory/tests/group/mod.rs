mod create;
mod delete;
mod derive;
pub mod devices;
mod exemption;
mod explain;
mod guard;
mod members;
mod nested;
mod past;
mod preview;
mod progress;
mod random;
mod review;
mod timed;
mod update;
mod verify;

use muster_base::Id;
use muster_directory::group::create::Create;
use muster_directory::group::update::Update;
use muster_directory::group::{Exempt, ExemptionMode, Group, GroupKind, Input, Method};
use muster_rules::MemberQuery;
use serde_json::{Value, json};

use crate::harness::{Org, Test};

/// A rule of conditions that all hold: `(field, operation, value)`.
fn rule(conditions: &[(&str, &str, Value)]) -> MemberQuery {
    let filters: Vec<Value> = conditions
        .iter()
        .map(|(field, operation, value)| json!({"field": field, "operation": operation, "value": value}))
        .collect();
    MemberQuery::read(&json!({"filters": filters}), true).unwrap()
}

pub fn in_department(name: &str) -> MemberQuery {
    rule(&[("department", "equals", json!(name))])
}

fn exempt(member: Id, mode: ExemptionMode) -> Exempt {
    Exempt { member, mode, reason: String::new(), until: None }
}

/// What makes a dynamic group.
pub fn dynamic(name: &str, query: MemberQuery) -> Input {
    Input {
        name: Some(name.into()),
        method: Some(Method::DynamicAutomated),
        member_query: Some(Some(query)),
        ..Input::default()
    }
}

impl Test {
    pub async fn group(&self, org: Org, input: Input) -> Group {
        self.write(org, Create::of_users(input)).await.unwrap()
    }

    pub async fn device_group(&self, org: Org, input: Input) -> Group {
        self.write(org, Create { kind: GroupKind::Device, input }).await.unwrap()
    }

    pub async fn static_group(&self, org: Org, name: &str) -> Group {
        self.group(org, Input { name: Some(name.into()), ..Input::default() }).await
    }

    pub async fn change_group(&self, org: Org, id: Id, input: Input) -> Group {
        self.write(org, Update::of_users(id, input)).await.unwrap()
    }
}
