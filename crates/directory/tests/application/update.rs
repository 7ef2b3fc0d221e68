use muster_base::Secret;
use muster_directory::application::update::{SetOidc, Update};
use muster_directory::application::{ClientAuthentication, Oidc, secret, store};
use muster_directory::change;

use super::oidc;
use crate::harness::{Test, fields};

async fn log_len(t: &Test) -> usize {
    change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().len()
}

fn general(id: muster_base::Id) -> Update {
    Update {
        id,
        display_label: "Wiki".into(),
        display_name: String::new(),
        description: String::new(),
        hidden: false,
        active: true,
    }
}

both! {
    async fn replaces_the_general_part_and_leaves_the_other(t) {
        let app = t.app(t.acme, "Wiki").await;
        let before = log_len(t).await;
        t.write(t.acme, general(app.id)).await.unwrap();
        assert_eq!(log_len(t).await, before, "nothing changed");
        let update = Update { active: false, description: "d".into(), ..general(app.id) };
        t.write(t.acme, update).await.unwrap();
        let read = store::get(&mut t.d.read(), t.acme.id, app.id).await.unwrap();
        assert_eq!((read.active, read.doc.description.as_str(), read.doc.oidc), (false, "d", app.doc.oidc));
        let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
        let names: Vec<String> = entries.last().unwrap().fields.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["description", "active"]);
        let long = Update { display_label: "x".repeat(256), ..general(app.id) };
        assert_eq!(fields(t.write(t.acme, long).await), ["displayLabel"]);
    }

    async fn a_client_that_becomes_public_loses_its_secrets(t) {
        let app = t.app(t.acme, "Wiki").await;
        let secret = Secret::new("s-1234567890");
        t.write(t.acme, secret::Add { app: app.id, secret: secret.clone() }).await.unwrap();
        let set = async |oidc: Oidc| t.write(t.acme, SetOidc { id: app.id, hidden: None, oidc }).await.unwrap();
        set(oidc(ClientAuthentication::ClientSecretBasic)).await;
        assert!(secret::matches(&mut t.d.read(), t.acme.id, app.id, &secret).await.unwrap());
        set(oidc(ClientAuthentication::None)).await;
        set(oidc(ClientAuthentication::ClientSecretPost)).await;
        assert!(!secret::matches(&mut t.d.read(), t.acme.id, app.id, &secret).await.unwrap());
        let wrong = SetOidc { id: app.id, hidden: None, oidc: Oidc::default() };
        assert_eq!(fields(t.write(t.acme, wrong).await), ["oidc.redirectUris"]);
    }
}
