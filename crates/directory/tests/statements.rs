//! Every statement of the crate can be prepared on both engines and is bound to an organization, or says that it is not.

use muster_db::testing::check_statements;

both! {
    async fn can_be_prepared(t) {
        let problems = check_statements(t.d.db()).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
