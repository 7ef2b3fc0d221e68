use muster_directory::routing::{Target, delete::Delete, store};

use crate::harness::is_missing;

both! {
    async fn routes_nobody_any_more(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let id = t.policy(t.acme, "P", idp, &[Target::User(ana)]).await.id;
        t.write(t.acme, Delete { id }).await.unwrap();
        assert!(store::all(&mut t.d.read(), t.acme.id).await.unwrap().is_empty());
        assert!(is_missing(t.write(t.acme, Delete { id }).await));
    }
}
