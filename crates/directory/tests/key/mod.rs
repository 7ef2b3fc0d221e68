mod rotate;

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::values;
use muster_directory::application::SigningAlg;
use muster_directory::key::{list, published, signing};

use crate::harness::Test;

muster_db::sql! {
    TEST_SEALED_KEYS = "SELECT sealed, kid, alg FROM signing_keys WHERE org_id = $1 ORDER BY kid";
    TEST_COPY_KEYS = "INSERT INTO signing_keys (org_id, kid, alg, sealed, public_jwk, created_at, signs_from) \
                      SELECT $2, kid, alg, sealed, public_jwk, created_at, signs_from FROM signing_keys WHERE org_id = $1 /* to another org_id */";
}

async fn kids(t: &Test, org: Id) -> Vec<String> {
    published(&t.d, org).await.unwrap().into_iter().filter_map(|jwk| jwk.kid).collect()
}

both! {
    async fn the_first_use_makes_one(t) {
        let key = signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap();
        assert_eq!(signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap().kid(), key.kid());
        let set = kids(t, t.acme.id).await;
        assert!(set.contains(&key.kid().to_owned()));
        assert_eq!(set.len(), 3, "one of each algorithm is always there");
        assert!(!kids(t, t.blue.id).await.contains(&key.kid().to_owned()));
        let listed = list(&t.d, t.acme.id).await.unwrap();
        assert_eq!(listed.len(), 3);
    }

    async fn of_two_first_uses_at_once_one_key_is_kept(t) {
        let other = t.other_node().await;
        let nodes = [&t.d, &other, &t.d, &other];
        let made = futures_util::future::join_all(nodes.map(|d| signing(d, t.acme.id, SigningAlg::EdDsa))).await;
        let kids: BTreeSet<String> = made.into_iter().map(|k| k.unwrap().kid().to_owned()).collect();
        assert_eq!(kids.len(), 1);
    }

    async fn is_sealed_for_its_organization(t) {
        let key = signing(&t.d, t.acme.id, SigningAlg::EdDsa).await.unwrap();
        let pkcs8 = key.to_pkcs8().unwrap();
        let rows: Vec<(Vec<u8>, String, String)> = t.d.read().all(&TEST_SEALED_KEYS, &values![t.acme.id]).await.unwrap();
        let tail = &pkcs8[pkcs8.len() - 16..];
        assert!(!rows[0].0.windows(16).any(|w| w == tail));
        t.d.db().exec(&TEST_COPY_KEYS, &values![t.acme.id, t.blue.id]).await.unwrap();
        let copied = signing(&t.d, t.blue.id, SigningAlg::EdDsa).await;
        assert!(matches!(copied, Err(muster_directory::Error::Internal(_))));
    }
}
