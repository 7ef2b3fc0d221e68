//! One holder at a time.

use muster_base::Micros;

both! {
    async fn pass_from_holder_to_holder(t: Test) {
        let at = Micros::from_seconds;
        assert_eq!(t.db.lease("sweep", "node a", 30, at(100)).await, Ok(true));
        assert_eq!(t.db.lease("sweep", "node b", 30, at(129)).await, Ok(false), "it is taken");
        assert_eq!(t.db.lease("other", "node b", 30, at(129)).await, Ok(true), "names are apart");
        assert_eq!(t.db.lease("sweep", "node a", 30, at(120)).await, Ok(true), "the holder prolongs");
        assert_eq!(t.db.lease("sweep", "node b", 30, at(149)).await, Ok(false));
        assert_eq!(t.db.lease("sweep", "node b", 30, at(150)).await, Ok(true), "the time is up");
        assert_eq!(t.db.lease("sweep", "node a", 30, at(151)).await, Ok(false));
        t.db.release("sweep", "node a").await.unwrap();
        assert_eq!(t.db.lease("sweep", "node a", 30, at(151)).await, Ok(false), "a stranger's release is nothing");
        t.db.release("sweep", "node b").await.unwrap();
        assert_eq!(t.db.lease("sweep", "node a", 30, at(151)).await, Ok(true));
    }

    async fn one_of_many_gets_it(t: Test) {
        let tries = (0..20).map(|i| {
            let db = t.db.clone();
            tokio::spawn(async move { db.lease("sweep", &format!("node {i}"), 30, Micros(0)).await.unwrap() })
        });
        let got = futures_util::future::join_all(tries).await;
        assert_eq!(got.into_iter().filter(|got| *got.as_ref().unwrap()).count(), 1);
    }
}
