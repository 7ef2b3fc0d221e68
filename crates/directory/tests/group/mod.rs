mod create;
mod delete;
mod derive;
mod members;
mod preview;
mod update;
mod verify;

use muster_base::Id;
use muster_directory::group::create::Create;
use muster_directory::group::update::Update;
use muster_directory::group::{Exemption, ExemptionMode, Group, Input, Method};
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

fn in_department(name: &str) -> MemberQuery {
    rule(&[("department", "equals", json!(name))])
}

fn exempt(user: Id, mode: ExemptionMode) -> Exemption {
    Exemption { user, mode }
}

/// What makes a dynamic group.
fn dynamic(name: &str, query: MemberQuery) -> Input {
    Input {
        name: Some(name.into()),
        method: Some(Method::DynamicAutomated),
        member_query: Some(Some(query)),
        ..Input::default()
    }
}

impl Test {
    pub async fn group(&self, org: Org, input: Input) -> Group {
        self.write(org, Create { input }).await.unwrap()
    }

    pub async fn static_group(&self, org: Org, name: &str) -> Group {
        self.group(org, Input { name: Some(name.into()), ..Input::default() }).await
    }

    pub async fn change_group(&self, org: Org, id: Id, input: Input) -> Group {
        self.write(org, Update { id, input }).await.unwrap()
    }
}
