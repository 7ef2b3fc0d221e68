//! After the end.

use muster_db::{Db, Error, values};

use crate::engines::THING_NAMES;

both! {
    async fn ends_what_was_taken_and_refuses_the_rest(t: Test) {
        let taken: Vec<_> = (0..30)
            .map(|i| tokio::spawn({
                let (db, work) = (t.db.clone(), t.add_work(&format!("{i:02}")));
                async move { db.write(work).await.is_ok() }
            }))
            .collect();
        t.add("first").await.unwrap();
        t.db.close().await;
        let kept = futures_util::future::join_all(taken).await.into_iter().filter(|done| *done.as_ref().unwrap()).count();
        assert!(matches!(t.add("late").await, Err(Error::Unavailable(_))));
        assert!(matches!(t.db.ping().await, Err(Error::Unavailable(_))));
        let read = t.db.all::<String>(&THING_NAMES, &values![t.org]).await;
        assert!(matches!(read, Err(Error::Unavailable(_))), "{read:?}");
        t.db.close().await;
        let again = Db::open(&t.config).await.unwrap();
        let names: Vec<String> = again.all(&THING_NAMES, &values![t.org]).await.unwrap();
        assert_eq!(names.len(), kept + 1, "what was answered is there, what was refused is not");
    }
}
