//! The verbs of which the test of tenants makes no question about another organization's object.

/// Verbs that name no object by its id: they make one, or speak of the organization itself. `Grant` brings in an
/// administrator, who belongs to the installation.
pub const NAMELESS: &[&str] = &[
    "administrator/grant.rs Grant",
    "application/create.rs Create",
    "attribute/declare.rs Declare",
    "attribute/remove.rs Remove",
    "device/create.rs Create",
    "device/import.rs Import",
    "directory_provider/create.rs Create",
    "group/create.rs Create",
    "identity_provider/create.rs Create",
    "key/rotate.rs Insert",
    "saml_key/warn.rs Warn",
    // They look at what ended in the organization itself.
    "group/due.rs TakeUp",
    "logout/collect.rs Collect",
    "logout/collect.rs Lost",
    "logout/collect.rs Orphans",
    "organization/create.rs Furnish",
    "organization/refurnish.rs Refurnish",
    "organization/update.rs SetLogo",
    "organization/update.rs Update",
    "provision/import.rs Take",
    "registration/client.rs Register",
    "registration/create.rs Create",
    "routing/create.rs Create",
    "saml_key/make.rs Insert",
    "service_account/create.rs Create",
    "user/create.rs Create",
    "user/import.rs Import",
];
