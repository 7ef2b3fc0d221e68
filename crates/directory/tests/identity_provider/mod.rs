mod create;
mod delete;
pub mod link;
mod store;
mod update;

use muster_base::Secret;
use muster_directory::identity_provider::create::Create;
use muster_directory::identity_provider::{Doc, IdentityProvider, Jit, Kind, Match};

use crate::harness::{Org, Test};

const CLIENT_SECRET: &str = "client-secret-at-the-provider";

fn doc() -> Doc {
    Doc {
        kind: Kind::Oidc,
        url: "https://idp.example.test".into(),
        client_id: "muster".into(),
        saml: None,
        matching: Match::default(),
        jit: Jit::default(),
        iss_parameter: true,
        options: muster_directory::identity_provider::Options::default(),
    }
}

fn creation(name: &str, doc: Doc) -> Create {
    Create {
        id: None,
        name: name.into(),
        doc,
        client_secret: Some(Secret::new(CLIENT_SECRET)),
        enabled: true,
        http_allowed: false,
    }
}

impl Test {
    pub async fn provider(&self, org: Org, name: &str) -> IdentityProvider {
        self.write(org, creation(name, doc())).await.unwrap()
    }
}
