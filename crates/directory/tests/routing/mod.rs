mod create;
mod decide;
mod delete;
mod update;

use muster_base::Id;
use muster_directory::routing::create::Create;
use muster_directory::routing::{Input, Policy, Target};

use crate::harness::{Org, Test};

impl Test {
    /// Makes a policy that sends these to a provider.
    pub async fn policy(&self, org: Org, name: &str, idp: Id, targets: &[Target]) -> Policy {
        let input =
            Input { name: Some(name.into()), idp: Some(idp), targets: Some(targets.to_vec()), ..Input::default() };
        self.write(org, Create { input }).await.unwrap()
    }
}
