use muster_directory::application::{delete::Delete, secret, store};

use crate::harness::is_missing;

both! {
    async fn takes_secrets_and_bindings_along(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let secret = t.d.env().secret();
        t.write(t.acme, secret::Add { app, secret: secret.clone() }).await.unwrap();
        let all = t.all_users(t.acme).await;
        t.bind(t.acme, app, "user_group", all).await;
        t.write(t.acme, Delete { id: app }).await.unwrap();
        assert!(store::by_id(&mut t.d.read(), t.acme.id, app).await.unwrap().is_none());
        assert!(!secret::matches(&mut t.d.read(), t.acme.id, app, &secret).await.unwrap());
        assert!(store::bound_to(&mut t.d.read(), t.acme.id, "user_group", all).await.unwrap().is_empty());
        assert!(is_missing(t.write(t.acme, Delete { id: app }).await));
    }
}
