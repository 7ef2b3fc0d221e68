//! A consent grows, is taken back, and is told of in the log.

use muster_base::Id;
use muster_directory::change;
use muster_directory::consent::give::Give;
use muster_directory::consent::revoke::Revoke;
use muster_directory::consent::{Allowed, Consent, store};

use crate::harness::{Test, is_missing};

fn scope(words: &[&str]) -> Allowed {
    Allowed { scope: words.iter().map(|word| (*word).to_owned()).collect(), ..Allowed::default() }
}

async fn give(t: &Test, user: Id, app: Id, words: &[&str]) -> Consent {
    t.write(t.acme, Give { user, app, allowed: scope(words) }).await.unwrap()
}

/// How often the log tells of it.
async fn told(t: &Test, word: &str) -> usize {
    let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, 999).await.unwrap();
    entries.iter().filter(|entry| entry.kind == word).count()
}

both! {
    async fn what_is_allowed_adds_up(t) {
        let (ana, app) = (t.user(t.acme, "ana").await.id, t.app(t.acme, "Wiki").await.id);
        let first = give(t, ana, app, &["openid"]).await;
        t.later(5);
        let more = give(t, ana, app, &["email"]).await;
        assert_eq!((more.id, more.created_at), (first.id, first.created_at), "it holds since the first");
        assert!(more.updated_at > first.updated_at && more.allowed.covers(&scope(&["openid", "email"])));
        // The same again changes nothing and is not told.
        t.later(5);
        let same = give(t, ana, app, &["email"]).await;
        assert_eq!((same.updated_at, told(t, "user_consent_give").await), (more.updated_at, 2));
        let kept = store::of(&mut t.d.read(), t.acme.id, ana, app).await.unwrap().unwrap();
        assert_eq!(kept.allowed, more.allowed);
    }

    async fn taken_back_it_is_gone_and_given_anew_it_is_another(t) {
        let (ana, app) = (t.user(t.acme, "ana").await.id, t.app(t.acme, "Wiki").await.id);
        let bo = t.user(t.acme, "bo").await.id;
        let first = give(t, ana, app, &["openid"]).await;
        let theirs = t.write(t.acme, Revoke { user: bo, id: first.id }).await;
        assert!(is_missing(theirs), "another person's");
        t.write(t.acme, Revoke { user: ana, id: first.id }).await.unwrap();
        assert!(is_missing(t.write(t.acme, Revoke { user: ana, id: first.id }).await));
        assert_eq!(told(t, "user_consent_revoke").await, 1);
        t.later(1);
        let anew = give(t, ana, app, &["openid"]).await;
        assert!(anew.id != first.id && anew.created_at > first.created_at);
    }

    async fn nobody_allows_what_is_not_there(t) {
        let (ana, app) = (t.user(t.acme, "ana").await.id, t.app(t.acme, "Wiki").await.id);
        let unknown = t.d.env().id();
        for (user, app) in [(unknown, app), (ana, unknown)] {
            let refused = t.write(t.acme, Give { user, app, allowed: scope(&["openid"]) }).await;
            assert!(is_missing(refused));
        }
    }
}
