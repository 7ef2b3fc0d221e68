use muster_directory::change;
use muster_directory::session::end::{End, EndAll};
use muster_directory::session::{Kind, end, start, store};

use crate::harness::{Test, is_missing};

async fn last(t: &Test) -> change::store::Entry {
    change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().pop().unwrap()
}

both! {
    async fn one_session(t) {
        let (ana, bo) = (t.user_with_password(t.acme, "ana").await.id, t.user_with_password(t.acme, "bo").await.id);
        let one = t.sign_in(t.acme, ana, "x").await.session.id;
        let two = t.sign_in(t.acme, ana, "x").await.session.id;
        assert!(is_missing(t.write(t.acme, End { session: one, principal: Some(bo) }).await), "not another's");
        t.write(t.acme, End { session: one, principal: Some(ana) }).await.unwrap();
        assert_eq!(t.sessions(t.acme, ana).await.into_iter().map(|s| s.id).collect::<Vec<_>>(), [two]);
        assert_eq!(last(t).await.fields, serde_json::json!({"sessions": [one]}));
        assert!(is_missing(t.write(t.acme, End { session: one, principal: None }).await));
        assert_eq!(t.stored(t.acme, ana).await.tokens_from.0, 0);
    }

    async fn all_sessions_and_the_tokens_granted_before(t) {
        let (ana, bo) = (t.user_with_password(t.acme, "ana").await.id, t.user_with_password(t.acme, "bo").await.id);
        for user in [ana, ana, bo] {
            t.sign_in(t.acme, user, "x").await;
        }
        t.later(9);
        t.write(t.acme, EndAll { user: ana }).await.unwrap();
        assert!(t.sessions(t.acme, ana).await.is_empty());
        assert_eq!(t.stored(t.acme, ana).await.tokens_from, t.clock.now());
        assert_eq!(t.sessions(t.acme, bo).await.len(), 1);
        assert_eq!(last(t).await.fields["all"], true);
        assert!(is_missing(t.write(t.acme, EndAll { user: t.d.env().id() }).await));
        // Where there is no session left the tokens end all the same, and the log tells.
        let seq = last(t).await.seq;
        t.write(t.acme, EndAll { user: ana }).await.unwrap();
        assert_eq!(last(t).await.seq, seq + 1);
    }

    async fn an_administrators_own(t) {
        let person = t.sign_in_of(t.acme, t.acme.admin, "x");
        let mut sign_in = start::Start { org: None, kind: Kind::Admin, ..person };
        sign_in.event.org = None;
        let session = start::start(&t.d, sign_in).await.unwrap().session;
        end::admin(&t.d, session.id).await.unwrap();
        assert!(store::of_principal(&mut t.d.read(), None, Kind::Admin, t.acme.admin).await.unwrap().is_empty());
    }
}
