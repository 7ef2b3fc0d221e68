use muster_db::{Tx, V, Work, values};
use muster_directory::group::verify::verify;
use muster_directory::{Error, Result};
use serde_json::json;

use super::{dynamic, in_department};

muster_db::sql! {
    TEST_FORGE = "INSERT INTO group_memberships (org_id, group_id, member_id, via, since_at, since_seq) VALUES ($1, $2, $3, 'rule', 0, 1)";
    TEST_LOSE = "DELETE FROM group_memberships WHERE org_id = $1 AND group_id = $2 AND member_id = $3";
    TEST_MISLABEL = "UPDATE group_memberships SET via = 'direct' WHERE org_id = $1 AND group_id = $2 AND member_id = $3";
    TEST_RELABEL = "UPDATE group_memberships SET via = 'rule' WHERE org_id = $1 AND group_id = $2 AND member_id = $3";
}

struct Forge(&'static muster_db::Sql, [V<'static>; 3]);

impl Work for Forge {
    type Out = u64;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<u64> {
        Ok(tx.exec(self.0, &self.1).await?)
    }
}

both! {
    async fn finds_what_no_change_explains(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let wrong = async || verify(&mut t.d.read(), t.acme.id, t.clock.now()).await.unwrap().join("; ");
        let run = async |sql, user: muster_base::Id| {
            assert_eq!(t.d.work(Forge(sql, values![t.acme.id, group, user])).await.unwrap(), 1);
        };
        assert_eq!(wrong().await, "");
        run(&TEST_FORGE, bo).await;
        assert!(wrong().await.contains(&format!("{bo} should not be a member")), "{}", wrong().await);
        run(&TEST_LOSE, bo).await;
        run(&TEST_LOSE, ana).await;
        assert!(wrong().await.contains(&format!("{ana} should be a member")), "{}", wrong().await);
        run(&TEST_FORGE, ana).await;
        run(&TEST_MISLABEL, ana).await;
        assert!(wrong().await.contains("direct"), "how someone came is derived too: {}", wrong().await);
        run(&TEST_RELABEL, ana).await;
        assert_eq!(wrong().await, "");
    }
}
