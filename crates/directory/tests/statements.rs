//! Every statement of the crate can be prepared on both engines and is bound to an organization, or stands on the closed
//! list of those that are not.

use std::collections::BTreeSet;

use muster_db::testing::check_statements;

/// The statements that are not bound to one organization, by what they are for. A new one has to be put here, with a
/// reason: most that seem to need it do not.
const GLOBAL: &[&str] = &[
    // The installation itself.
    "META META_PUT META_SET PROVIDER_BY_ID PROVIDER_INSERT",
    // Organizations are their own key.
    "ORG_BY_ID ORG_BY_IDS ORG_BY_SLUG ORG_COUNT ORG_EVERY ORG_INSERT ORG_OF_PROVIDER ORG_UPDATE",
    // Administrators belong to the installation.
    "ADMIN_BY_EMAIL ADMIN_BY_ID ADMIN_BY_KEY ADMIN_DELETE ADMIN_GRANTS_LEFT ADMIN_INSERT ADMIN_KEY_DELETE ADMIN_KEY_SET ADMIN_ROLES_ANYWHERE",
    "ADMIN_ORGANIZATIONS ADMIN_REACHES ADMIN_TOKENS_DROP ADMIN_TOKEN_FIND ADMIN_TOKEN_INSERT ADMIN_TOKEN_TAKE ADMIN_UPDATE",
    "SESSION_ADMIT_ADMIN",
    // A browser is signed in to several organizations.
    "SESSION_BROWSER SESSION_BROWSER_INSERT SESSION_BROWSER_ROTATE SESSION_OF_BROWSER",
    // Look-ups that yield an organization and an id.
    "DP_BY_TOKEN REGISTRY_SLUG SA_BY_TOKEN SA_ORGANIZATION TOKEN_FIND USER_ORGANIZATIONS_OF_EMAIL",
    // Workers.
    "DUE_ORGANIZATIONS PROGRESS_LAST",
    "PROVISION_CHECKS_DUE PROVISION_DUE PROVISION_IMPORTS_OPEN PROVISION_IMPORTS_PRUNE PROVISION_PRUNE PROVISION_READINGS_PRUNE PROVISION_SURVEYS_PRUNE",
    "SCHEDULED_DUE SCHEDULED_FIRST SCHEDULED_PRUNE",
    "BULK_DUE BULK_PRUNE FEED_DUE FEED_OPEN MIGRATION_DUE MIGRATION_PRUNE",
    "LOGOUT_DUE LOGOUT_MARKED LOGOUT_ORGANIZATIONS LOGOUT_ORPHANS LOGOUT_PRUNE",
    "FLOW_PRUNE LOCKOUT_PRUNE MAIL_DUE MAIL_PRUNE MAIL_RECENT MAIL_WAITS SAML_MESSAGES_PRUNE SAML_PARTICIPANTS_PRUNE SAML_SOURCES_DUE SA_TOKEN_PRUNE SESSION_BROWSERS_PRUNE SESSION_PRUNE",
];

both! {
    async fn can_be_prepared(t) {
        let problems = check_statements(t.d.db()).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}

#[test]
fn those_of_no_organization_are_a_closed_list() {
    let ours = muster_db::statements().filter(|sql| sql.global() && sql.module().starts_with("muster_directory"));
    let is: BTreeSet<&str> = ours.map(muster_db::Sql::name).collect();
    let should: BTreeSet<&str> = GLOBAL.iter().flat_map(|line| line.split(' ')).collect();
    assert_eq!(is, should);
}
