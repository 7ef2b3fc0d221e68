use muster_db::values;
use muster_directory::mail::{due, failed, hand_over, prune, recent, sent};
use muster_directory::user::token::SendLink;

muster_db::sql! {
    TEST_MAIL_SEALED = "SELECT sealed FROM mail WHERE org_id = $1";
    TEST_MAIL_BREAK = "UPDATE mail SET sealed = $3 WHERE org_id = $1 AND user_id = $2";
}

both! {
    async fn is_sealed_and_sent_once(t) {
        let ana = t.user(t.acme, "ana").await;
        let raw: Option<(Vec<u8>,)> = t.d.read().first(&TEST_MAIL_SEALED, &values![t.acme.id]).await.unwrap();
        assert!(!String::from_utf8_lossy(&raw.unwrap().0).contains("token="));
        let queued = due(&t.d).await.unwrap();
        assert_eq!((queued.len(), queued[0].attempts, queued[0].org), (1, 0, t.acme.id));
        assert!(queued[0].message.text().contains(&queued[0].message.link));
        sent(&t.d, &queued[0]).await.unwrap();
        assert!(due(&t.d).await.unwrap().is_empty());
        assert!(hand_over(&t.d, t.acme.id, ana.id).await.unwrap().is_none());
        assert_eq!(recent(&t.d).await.unwrap().len(), 1);
    }

    async fn is_handed_over_once(t) {
        let ana = t.user(t.acme, "ana").await;
        assert!(hand_over(&t.d, t.blue.id, ana.id).await.unwrap().is_none(), "not to another organization");
        let message = hand_over(&t.d, t.acme.id, ana.id).await.unwrap().unwrap();
        assert_eq!(message.to, "ana@example.test");
        assert!(hand_over(&t.d, t.acme.id, ana.id).await.unwrap().is_none());
        assert!(due(&t.d).await.unwrap().is_empty());
    }

    async fn is_tried_again_later_each_time(t) {
        t.user(t.acme, "ana").await;
        let mut waits = Vec::new();
        for _ in 0..10 {
            let queued = due(&t.d).await.unwrap().remove(0);
            failed(&t.d, &queued, "no route").await.unwrap();
            let mut waited = 0;
            while due(&t.d).await.unwrap().is_empty() {
                t.later(15);
                waited += 15;
            }
            waits.push(waited);
        }
        assert_eq!(waits, [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        t.later(31 * 86_400);
        assert_eq!(prune(&t.d).await.unwrap(), 1);
    }

    /// One that cannot be opened does not hold up the others.
    async fn a_broken_one_is_passed_over(t) {
        let ana = t.user(t.acme, "ana").await;
        let bo = t.user(t.acme, "bo").await;
        t.d.db().exec(&TEST_MAIL_BREAK, &values![t.acme.id, ana.id, vec![0_u8; 40]]).await.unwrap();
        let queued = due(&t.d).await.unwrap();
        assert_eq!(queued.iter().map(|q| q.message.to.as_str()).collect::<Vec<_>>(), [bo.email.as_str()]);
        assert_eq!(recent(&t.d).await.unwrap().len(), 1);
        t.write(t.acme, SendLink { id: ana.id, by_anyone: false }).await.unwrap();
        assert_eq!(due(&t.d).await.unwrap().len(), 2);
    }
}
