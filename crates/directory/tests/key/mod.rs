mod rotate;

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::values;
use muster_directory::application::SigningAlg;
use muster_directory::key::schedule::rotate_due;
use muster_directory::key::{LEAD_S, generated, list, published, signing};
use muster_directory::{Actor, organization};
use serde_json::json;

use crate::harness::Test;

muster_db::sql! {
    TEST_SEALED_KEYS = "SELECT sealed, kid, alg FROM signing_keys WHERE org_id = $1 ORDER BY kid";
    TEST_COPY_KEYS = "INSERT INTO signing_keys (org_id, kid, alg, sealed, public_jwk, created_at, signs_from) \
                      SELECT $2, kid, alg, sealed, public_jwk, created_at, signs_from FROM signing_keys WHERE org_id = $1 /* to another org_id */";
}

async fn kids(t: &Test, org: Id) -> Vec<String> {
    published(&t.d, org).await.unwrap().keys.iter().filter_map(|jwk| jwk.kid.clone()).collect()
}

both! {
    async fn the_first_use_makes_one(t) {
        let key = signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap();
        assert_eq!(signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap().kid(), key.kid());
        let set = kids(t, t.acme.id).await;
        assert!(set.contains(&key.kid().to_owned()));
        assert_eq!(set.len(), 4, "one of each usual algorithm is always there");
        assert!(!kids(t, t.blue.id).await.contains(&key.kid().to_owned()));
        let listed = list(&t.d, t.acme.id).await.unwrap();
        assert_eq!(listed.len(), 4);
        signing(&t.d, t.acme.id, SigningAlg::Ps256).await.unwrap();
        assert_eq!(kids(t, t.acme.id).await.len(), 5, "PS256 is made when it is used");
    }

    async fn of_two_first_uses_at_once_one_key_is_kept(t) {
        let other = t.other_node().await;
        let nodes = [&t.d, &other, &t.d, &other];
        let made = futures_util::future::join_all(nodes.map(|d| signing(d, t.acme.id, SigningAlg::EdDsa))).await;
        let kids: BTreeSet<String> = made.into_iter().map(|k| k.unwrap().kid().to_owned()).collect();
        assert_eq!(kids.len(), 1);
    }

    /// An RSA key takes a tenth of a second: the others wait for it, they do not make their own.
    async fn many_first_uses_at_once_make_one_key(t) {
        let many = (0..16).map(|_| signing(&t.d, t.acme.id, SigningAlg::Rs256));
        let made = futures_util::future::join_all(many).await;
        let kids: BTreeSet<String> = made.into_iter().map(|k| k.unwrap().kid().to_owned()).collect();
        assert_eq!((kids.len(), generated(&t.d)), (1, 1));
    }

    async fn the_last_use_is_known_to_ten_minutes(t) {
        let last = async || {
            let listed = list(&t.other_node().await, t.acme.id).await.unwrap();
            listed.into_iter().find(|(row, _)| row.alg == SigningAlg::Es256).and_then(|(row, _)| row.last_used_at)
        };
        published(&t.d, t.acme.id).await.unwrap();
        assert_eq!(last().await, None, "published, but never used");
        let first = t.clock.now();
        signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap();
        assert_eq!(last().await, Some(first));
        t.later(599);
        signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap();
        assert_eq!(last().await, Some(first), "not written for every signature");
        t.later(1);
        signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap();
        assert_eq!(last().await, Some(t.clock.now()));
    }

    async fn keys_are_rotated_by_the_organizations_schedule(t) {
        let old = signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap().kid().to_owned();
        for organization in [&t.acme, &t.blue] {
            let settings = json!({"signingKeys": {"rotateEveryDays": if organization.id == t.acme.id { 30 } else { 0 }}});
            let settings = settings.as_object().unwrap().clone();
            let update = organization::update::Update { name: None, settings };
            t.d.write(Actor::system(), organization.id, update).await.unwrap();
        }
        signing(&t.d, t.blue.id, SigningAlg::Es256).await.unwrap();
        assert_eq!(rotate_due(&t.d).await.unwrap(), 0);
        t.later(30 * 86_400);
        assert_eq!(rotate_due(&t.d).await.unwrap(), 1);
        assert_eq!(rotate_due(&t.d).await.unwrap(), 0, "the next one is there");
        assert_eq!(signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap().kid(), old);
        t.later(LEAD_S);
        assert_ne!(signing(&t.d, t.acme.id, SigningAlg::Es256).await.unwrap().kid(), old);
        assert!(kids(t, t.acme.id).await.contains(&old), "what it signed is still believed");
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
