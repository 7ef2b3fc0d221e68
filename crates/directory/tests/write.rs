//! The one way to a change: all of it or nothing, logged under who did it, heard of after the commit.

use muster_base::Id;
use muster_directory::change::{Kind, Subject, store::after};
use muster_directory::user::{State, User, create::Create, update::Update};
use muster_directory::{Actor, Error, Result, Verb, Write, listing};
use serde_json::json;

use crate::harness::{HASH, attributes, fields, is_missing};

/// Makes a person, then thinks better of it.
pub struct Regret;

impl Verb for Regret {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let create = Create {
            username: "ana".into(),
            email: "ana@example.test".into(),
            state: Some(State::Activated),
            profile: attributes(json!({})),
            password_hash: Some(HASH.into()),
        };
        create.run(w).await?;
        assert_eq!(w.changes().len(), 1);
        Err(Error::field("x", "no"))
    }
}

/// Logs twice and changes nothing else.
struct Twice(Id);

impl Verb for Twice {
    type Out = i64;

    async fn run(&self, w: &mut Write<'_>) -> Result<i64> {
        for n in 0..2 {
            w.log(Kind::UserUnlocked, Subject::user(self.0), json!({"n": n}));
        }
        Ok(w.cause_seq())
    }
}

both! {
    async fn what_is_refused_leaves_nothing(t) {
        let before = after(&mut t.d.read(), t.acme.id, 0, 99).await.unwrap().len();
        assert_eq!(fields(t.write(t.acme, Regret).await), ["x"]);
        assert!(listing::everyone::<User>(&mut t.d.read(), t.acme.id).await.unwrap().is_empty());
        assert_eq!(after(&mut t.d.read(), t.acme.id, 0, 99).await.unwrap().len(), before);
    }

    async fn the_log_names_who_and_numbers_each_entry(t) {
        let ana = t.user(t.acme, "ana").await.id;
        let last = after(&mut t.d.read(), t.acme.id, 0, 99).await.unwrap().len();
        let cause = t.write(t.acme, Twice(ana)).await.unwrap();
        assert_eq!(usize::try_from(cause).unwrap(), last + 1);
        let entries = after(&mut t.d.read(), t.acme.id, cause - 1, 99).await.unwrap();
        assert_eq!(entries.iter().map(|e| (e.seq, &e.fields["n"])).collect::<Vec<_>>(), [(cause, &json!(0)), (cause + 1, &json!(1))]);
        let entry = &entries[0];
        assert_eq!((entry.actor_kind.as_str(), entry.actor_id), ("admin", Some(t.acme.admin)));
        assert_eq!((entry.kind.as_str(), entry.subject_kind.as_str(), entry.subject_id), ("user_unlocked", "user", ana));
        assert_eq!(entry.at, t.clock.now());
        // Pages are cut where they are asked to be.
        assert_eq!(after(&mut t.d.read(), t.acme.id, 0, 2).await.unwrap().len(), 2);
        t.d.write(Actor::command_line(), t.acme.id, Twice(ana)).await.unwrap();
        let entry = after(&mut t.d.read(), t.acme.id, 0, 99).await.unwrap().pop().unwrap();
        assert_eq!((entry.actor_kind.as_str(), entry.actor_id), ("command_line", None));
    }

    async fn there_is_no_write_without_an_organization(t) {
        let gone = t.d.env().id();
        let ana = t.user(t.acme, "ana").await.id;
        assert!(is_missing(t.d.write(Actor::system(), gone, Update::profile(ana, attributes(json!({})))).await));
    }

    async fn workers_hear_of_it_after_the_commit(t) {
        let mut commits = t.d.commits();
        let ana = t.user(t.acme, "ana").await.id;
        commits.changed().await.unwrap();
        t.write(t.acme, Regret).await.unwrap_err();
        assert!(!commits.has_changed(), "nothing was committed");
        t.write(t.acme, Twice(ana)).await.unwrap();
        assert!(commits.has_changed());
    }
}
