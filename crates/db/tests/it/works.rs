//! What a work may rely on: all or nothing, one failure ends it, and nobody's panic or departure harms another.

use std::task::{Context, Waker};
use std::time::Duration;

use muster_base::Id;
use muster_db::{Error, Tx, V, Work, values};

use crate::engines::{PART_ADD, Script, THING_ADD, THING_BY_ID, THING_NAMES, Test};

muster_db::sql! {
    ADD_RETURNING = "INSERT INTO things (org_id, id, name) VALUES ($1, $2, $3) RETURNING name";
    DELETE_RETURNING = "DELETE FROM things WHERE org_id = $1 AND id = $2 RETURNING name";
}

#[derive(Debug, PartialEq)]
enum Problem {
    Refused(Vec<String>),
    Database(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// Adds a thing, then does what `how` says.
struct AddThen {
    org: Id,
    id: Id,
    how: How,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Refuse,
    Panic,
    Wait,
}

impl Work for AddThen {
    type Out = ();
    type Err = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        tx.exec(&THING_ADD, &values![self.org, self.id, "not kept"]).await?;
        match self.how {
            How::Refuse => Err(Problem::Refused(tx.all(&THING_NAMES, &values![self.org]).await?)),
            How::Panic => panic!("as the test wants it"),
            How::Wait => {
                tokio::task::yield_now().await;
                Ok(())
            }
        }
    }
}

/// Adds many in one go, and one of them by RETURNING.
struct Many(Id, Vec<Id>);

impl Work for Many {
    type Out = (u64, Option<String>);
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Error> {
        let rows = self.1.iter().map(|id| values![self.0, id, id.text()].to_vec()).collect();
        let added = tx.exec_all(&THING_ADD, rows).await?;
        let one = Id::new(muster_base::Micros(0), &muster_base::Rng::seeded(7));
        Ok((added, tx.first(&ADD_RETURNING, &values![self.0, one, "returned"]).await?))
    }
}

struct Remove(Id, Id);

impl Work for Remove {
    type Out = Option<String>;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Option<String>, Error> {
        tx.first(&DELETE_RETURNING, &values![self.0, self.1]).await
    }
}

both! {
    async fn a_refusing_work_leaves_nothing(t: Test) {
        let refused = t.db.write(AddThen { org: t.org, id: t.env.id(), how: How::Refuse }).await;
        assert_eq!(refused, Err(Problem::Refused(vec!["not kept".to_owned()])), "it sees its own changes");
        assert!(t.names().await.is_empty());
        t.add("kept").await.unwrap();
        assert_eq!(t.names().await, ["kept"]);
    }

    async fn a_panic_fails_its_own_work_only(t: Test) {
        for _ in 0..10 {
            let panicked = t.db.write(AddThen { org: t.org, id: t.env.id(), how: How::Panic }).await;
            let Err(Problem::Database(Error::Internal(why))) = panicked else { panic!("{panicked:?}") };
            assert_eq!(why, "a work panicked: as the test wants it");
        }
        t.add("kept").await.unwrap();
        assert_eq!(t.names().await, ["kept"]);
    }

    async fn the_first_failure_ends_the_work(t: Test) {
        let id = t.add("one").await.unwrap();
        let other = t.env.id();
        // The second statement breaks a key, the third would be fine, and the work says that all is well.
        let ignoring = Script(vec![
            (&THING_ADD, values![t.org, other, "two"].to_vec()),
            (&THING_ADD, values![t.org, id, "again"].to_vec()),
            (&THING_ADD, values![t.org, t.env.id(), "three"].to_vec()),
        ]);
        assert_eq!(t.db.write(ignoring).await, Err(Error::Unique { on: "things__org_id__id".to_owned() }));
        assert_eq!(t.names().await, ["one"]);
        assert_eq!(t.db.first::<(String,)>(&THING_BY_ID, &values![t.org, other]).await, Ok(None));
    }

    async fn many_rows_in_one_go(t: Test) {
        let ids: Vec<Id> = (0..300).map(|_| t.env.id()).collect();
        assert_eq!(t.db.write(Many(t.org, ids.clone())).await, Ok((300, Some("returned".to_owned()))));
        assert_eq!(t.names().await.len(), 301);
        let again = t.db.write(Many(t.org, vec![t.env.id(), ids[0], ids[1], t.env.id()])).await;
        // The row breaks two keys; which of them is named first is the engine's choice.
        assert!(matches!(again, Err(Error::Unique { .. })), "{again:?}");
        assert_eq!(t.names().await.len(), 301);
        assert_eq!(t.db.write(Many(t.env.id(), vec![])).await, Ok((0, Some("returned".to_owned()))));
    }

    async fn what_returning_hides_is_found(t: Test) {
        let id = t.add("one").await.unwrap();
        t.db.exec(&PART_ADD, &values![t.org, t.env.id(), id]).await.unwrap();
        // The row is answered before the engine looks at the references.
        assert_eq!(t.db.write(Remove(t.org, id)).await, Err(Error::Foreign));
        assert_eq!(t.names().await, ["one"]);
    }

    async fn goes_on_when_nobody_waits(t: Test) {
        for i in 0..20 {
            let mut write = Box::pin(t.db.write(t.add_work(&format!("{i:02}"))));
            // One poll hands the work over, then whoever asked goes away.
            let _ = write.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            drop(write);
        }
        let all = async {
            while t.names().await.len() < 20 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.unwrap();
    }

    async fn counts_what_was_done(t: Test) {
        let before = t.db.counts();
        t.add("one").await.unwrap();
        t.names().await;
        t.add("one").await.unwrap_err();
        let after = t.db.counts();
        assert_eq!((after.statements - before.statements, after.works - before.works), (3, 1));
    }
}

#[tokio::test]
async fn sqlite_refuses_to_wait_inside_a_work() {
    let t = Test::sqlite().await;
    let waited = t.db.write(AddThen { org: t.org, id: t.env.id(), how: How::Wait }).await;
    let Err(Problem::Database(Error::Internal(why))) = waited else { panic!("{waited:?}") };
    assert!(why.contains("AddThen waited for something that is not its transaction"), "{why}");
    assert!(t.names().await.is_empty());
    assert_eq!(t.db.exec(&THING_ADD, &[V::from(t.org), V::from(t.env.id()), V::from("kept")]).await, Ok(1));
}
