//! Every statement on both engines.

use muster_db::testing::check_statements;
use muster_testkit::both;

use crate::world::setup;

both! {
    async fn all_can_be_prepared(t) with setup(); {
        let problems = check_statements(t.directory.db()).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
