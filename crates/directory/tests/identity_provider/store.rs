use muster_base::Keyring;
use muster_db::{Db, values};
use muster_directory::identity_provider::store;
use muster_directory::{Directory, Error};

use super::CLIENT_SECRET;
use crate::harness::PUBLIC_URL;

muster_db::sql! {
    TEST_SEALED = "SELECT client_secret FROM identity_providers WHERE org_id = $1";
    TEST_COPY_SECRET = "UPDATE identity_providers SET client_secret = (SELECT client_secret FROM identity_providers WHERE org_id = $1 AND id = $2) \
                        WHERE org_id = $1 AND id = $3";
}

both! {
    async fn a_client_secret_is_sealed(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let raw: Option<(Vec<u8>,)> = t.d.read().first(&TEST_SEALED, &values![t.acme.id]).await.unwrap();
        let raw = raw.unwrap().0;
        assert!(!raw.windows(8).any(|w| CLIENT_SECRET.as_bytes().windows(8).any(|s| s == w)));
        let secret = store::client_secret(&t.d, t.acme.id, idp).await.unwrap().unwrap();
        assert_eq!(secret.expose(), CLIENT_SECRET);
        assert!(store::client_secret(&t.d, t.blue.id, idp).await.unwrap().is_none());
    }

    async fn a_sealed_secret_copied_elsewhere_does_not_open(t) {
        let one = t.provider(t.acme, "One").await.id;
        let two = t.provider(t.acme, "Two").await.id;
        t.d.db().exec(&TEST_COPY_SECRET, &values![t.acme.id, one, two]).await.unwrap();
        assert!(matches!(store::client_secret(&t.d, t.acme.id, two).await, Err(Error::Internal(_))));
    }

    async fn another_master_key_is_refused_at_the_door(t) {
        let db = Db::open(&t.config).await.unwrap();
        let refused = Directory::open(db, t.d.env().clone(), Keyring::new(&[43; 32]), PUBLIC_URL).await;
        let Err(Error::Denied(text)) = refused else { panic!("opened with another master key") };
        assert!(text.contains("master key"));
        let again = t.other_node().await;
        assert_eq!(again.public_url(), PUBLIC_URL);
    }
}
