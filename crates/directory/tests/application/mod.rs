mod access;
mod bind;
mod create;
mod delete;
mod logo;
mod secret;
mod update;

use muster_base::Id;
use muster_directory::application::bind::Bind;
use muster_directory::application::create::Create;
use muster_directory::application::{Application, ClientAuthentication, Doc, Oidc};

use crate::harness::{Org, Test};

fn oidc(method: ClientAuthentication) -> Oidc {
    Oidc {
        redirect_uris: vec!["https://app.example.test/cb".into()],
        token_endpoint_auth_method: method,
        ..Oidc::default()
    }
}

impl Test {
    /// Makes an active confidential client.
    pub async fn app(&self, org: Org, label: &str) -> Application {
        let doc = Doc {
            display_label: label.into(),
            oidc: Some(oidc(ClientAuthentication::ClientSecretPost)),
            ..Doc::default()
        };
        self.write(org, Create { name: "oidc".into(), doc, active: true }).await.unwrap()
    }

    pub async fn bind(&self, org: Org, app: Id, kind: &'static str, subject: Id) {
        self.write(org, Bind { app, kind, subject, add: true }).await.unwrap();
    }
}
