use muster_base::Secret;
use muster_db::values;
use muster_directory::application::secret::{Add, Drop, matches};
use muster_directory::application::{ClientAuthentication, store, update::SetOidc};

use super::oidc;
use crate::harness::{conflict, is_missing};

muster_db::sql! {
    TEST_SECRET_ROWS = "SELECT digest, hint FROM application_secrets WHERE org_id = $1";
}

both! {
    async fn two_at_most_and_each_by_itself(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let (one, two) = (t.d.env().secret(), t.d.env().secret());
        let works = async |secret: &Secret| matches(&mut t.d.read(), t.acme.id, app, secret).await.unwrap();
        assert!(!works(&one).await);
        let first = t.write(t.acme, Add { app, secret: one.clone() }).await.unwrap();
        t.write(t.acme, Add { app, secret: two.clone() }).await.unwrap();
        assert!(works(&one).await && works(&two).await && !works(&t.d.env().secret()).await);
        assert!(conflict(t.write(t.acme, Add { app, secret: t.d.env().secret() }).await).contains("two secrets"));
        t.write(t.acme, Drop { app, secret: first }).await.unwrap();
        assert!(!works(&one).await && works(&two).await);
        assert!(is_missing(t.write(t.acme, Drop { app, secret: first }).await));
        t.write(t.acme, Add { app, secret: t.d.env().secret() }).await.unwrap();
    }

    async fn is_kept_as_its_digest(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let secret = t.d.env().secret();
        t.write(t.acme, Add { app, secret: secret.clone() }).await.unwrap();
        let rows: Vec<(Vec<u8>, String)> = t.d.read().all(&TEST_SECRET_ROWS, &values![t.acme.id]).await.unwrap();
        assert_eq!(rows[0].0, secret.digest());
        let hint = rows[0].1.strip_prefix('…').unwrap();
        assert!(secret.expose().ends_with(hint) && hint.len() == 4);
        assert_eq!(store::secrets(&mut t.d.read(), t.acme.id, app).await.unwrap().len(), 1);
    }

    /// A hint of a short secret would be the secret; one of other letters would be cut inside of one.
    async fn a_hint_gives_nothing_away(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        for (text, hint) in [("abc", "…"), ("ein Schlüssel 漢字漢字", "…漢字漢字")] {
            let id = t.write(t.acme, Add { app, secret: Secret::new(text) }).await.unwrap();
            let kept = store::secrets(&mut t.d.read(), t.acme.id, app).await.unwrap();
            assert_eq!(kept.iter().find(|k| k.id == id).unwrap().hint, hint);
        }
    }

    async fn a_public_client_has_none(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        t.write(t.acme, SetOidc { id: app, hidden: None, oidc: oidc(ClientAuthentication::None) }).await.unwrap();
        assert!(conflict(t.write(t.acme, Add { app, secret: t.d.env().secret() }).await).contains("without a secret"));
    }
}
