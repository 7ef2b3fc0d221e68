use muster_directory::identity_provider::{delete::Delete, store};
use muster_directory::routing::{self, Target};

use super::link::{identity, resolve};
use crate::harness::{conflict, is_missing};

both! {
    async fn only_when_no_policy_names_it(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let ana = t.user(t.acme, "ana").await;
        let policy = t.policy(t.acme, "Everyone", idp, &[Target::User(ana.id)]).await.id;
        assert!(resolve(t, idp, identity("s1", "ana@example.test")).await.user.is_some());
        assert!(conflict(t.write(t.acme, Delete { id: idp }).await).contains("Everyone"));
        t.write(t.acme, routing::delete::Delete { id: policy }).await.unwrap();
        t.write(t.acme, Delete { id: idp }).await.unwrap();
        assert!(is_missing(store::get(&mut t.d.read(), t.acme.id, idp).await));
        assert!(store::link_of(&mut t.d.read(), t.acme.id, idp, ana.id).await.unwrap().is_none());
        assert!(is_missing(t.write(t.acme, Delete { id: idp }).await));
    }
}
