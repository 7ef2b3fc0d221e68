use muster_base::Secret;
use muster_directory::change;
use muster_directory::identity_provider::{Doc, store, update::Update};

use super::{CLIENT_SECRET, doc};
use crate::harness::{Test, fields};

async fn secret(t: &Test, id: muster_base::Id) -> String {
    store::client_secret(&t.d, t.acme.id, id).await.unwrap().unwrap().expose().to_owned()
}

both! {
    async fn the_secret_stays_unless_a_new_one_is_given(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let update = |client_secret: Option<&str>, enabled| Update {
            id: idp,
            name: "Corp 2".into(),
            doc: Doc { client_id: "other".into(), ..doc() },
            client_secret: client_secret.map(Secret::new),
            enabled,
            http_allowed: false,
        };
        let after = t.write(t.acme, update(None, false)).await.unwrap();
        assert_eq!((after.name.as_str(), after.enabled, after.has_secret), ("Corp 2", false, true));
        assert_eq!(secret(t, idp).await, CLIENT_SECRET);
        t.write(t.acme, update(Some("a new one"), true)).await.unwrap();
        assert_eq!(secret(t, idp).await, "a new one");
        let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
        let changed = entries.last().unwrap().fields.to_string();
        assert!(changed.contains("clientSecret") && !changed.contains("a new one"), "{changed}");
        let wrong = Update { doc: Doc { url: "x".into(), ..doc() }, ..update(None, true) };
        assert_eq!(fields(t.write(t.acme, wrong).await), ["oidc.url"]);
    }

    async fn nothing_new_is_no_change(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let len = async || change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().len();
        let before = len().await;
        let same = Update { id: idp, name: "Corp".into(), doc: doc(), client_secret: None, enabled: true, http_allowed: false };
        t.write(t.acme, same).await.unwrap();
        assert_eq!(len().await, before);
    }
}
