//! What a change is. The words are JumpCloud's event types where it has one.

use muster_base::Id;
use serde_json::Value;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The kind of a change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }
        impl Kind {
            /// The word kept in the log.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

kinds! {
    /// A person was made.
    UserCreate = "user_create",
    /// A person's attributes changed.
    UserUpdate = "user_update",
    /// A person was removed.
    UserDelete = "user_delete",
    /// Became ACTIVATED.
    UserActivated = "user_activated",
    /// Became SUSPENDED.
    UserSuspended = "user_suspended",
    /// A change of a person's state was asked for, at a time to come.
    UserStateSchedule = "user_state_schedule",
    /// It was taken back before its time.
    UserStateCancel = "user_state_cancel",
    /// The password was set or changed.
    UserPasswordSet = "user_password_set",
    /// The password must be changed at the next sign-in.
    UserPasswordExpired = "user_password_expired",
    /// A link to set the password was made.
    UserPasswordLink = "user_password_reset_request",
    /// The counters of failed sign-ins were cleared.
    UserUnlocked = "user_unlocked",
    /// One or more sessions were ended.
    SessionEnd = "session_end",
    /// A person allowed an application something.
    ConsentGive = "user_consent_give",
    /// What a person allowed an application was taken back.
    ConsentRevoke = "user_consent_revoke",
    /// A group was made.
    GroupCreate = "group_create",
    /// A group's settings or rule changed.
    GroupUpdate = "group_update",
    /// A group was removed.
    GroupDelete = "group_delete",
    /// More of a large group's members were worked out, after its rule changed.
    GroupMembersUpdate = "group_members_update",
    /// Memberships that time alone changed.
    GroupMembersDue = "group_members_due",
    /// A membership, or an application's or policy's assignment changed.
    AssociationChange = "association_change",
    /// The type of a custom attribute was declared or changed.
    AttributeDeclare = "attribute_declare",
    /// The declaration of a custom attribute was removed.
    AttributeRemove = "attribute_delete",
    /// A device was made.
    SystemCreate = "system_create",
    /// A device's settings, its owner or what it reports changed.
    SystemUpdate = "system_update",
    /// A device was removed.
    SystemDelete = "system_delete",
    /// An application was made.
    ApplicationCreate = "application_create",
    /// An application changed.
    ApplicationUpdate = "application_update",
    /// An application was removed.
    ApplicationDelete = "application_delete",
    /// The metadata of an application's service provider says something else; it waits for an administrator.
    ApplicationMetadataHeld = "application_metadata_held",
    /// What the metadata says was taken over.
    ApplicationMetadataApprove = "application_metadata_approve",
    /// What the metadata says was not wanted.
    ApplicationMetadataReject = "application_metadata_reject",
    /// The settings by which accounts are sent to an application were entered or changed.
    ProvisionUpdate = "application_provision_update",
    /// Sending accounts to an application was turned on or off, or something of it was asked for.
    ProvisionState = "application_provision_state",
    /// Accounts are no longer sent to an application.
    ProvisionDelete = "application_provision_delete",
    /// An administrator tried a sign-in for a person; nothing was sent.
    ApplicationTest = "application_test",
    /// A client secret was made.
    ApplicationSecretCreate = "application_secret_create",
    /// A client secret was dropped.
    ApplicationSecretDelete = "application_secret_delete",
    /// An identity provider was made.
    IdpCreate = "idp_create",
    /// An identity provider changed.
    IdpUpdate = "idp_update",
    /// An identity provider was removed.
    IdpDelete = "idp_delete",
    /// A person was linked to a subject of an identity provider.
    IdpLink = "idp_link",
    /// A directory that feeds us was entered.
    DirectoryProviderCreate = "directory_provider_create",
    /// A directory that feeds us, or its tokens, changed.
    DirectoryProviderUpdate = "directory_provider_update",
    /// A directory that fed us was removed.
    DirectoryProviderDelete = "directory_provider_delete",
    /// A directory began or ceased to feed a person or a group, or sent of them what only it keeps.
    DirectoryProviderFeed = "directory_provider_feed",
    /// A directory that we read was asked to be read, or was read.
    DirectoryProviderRead = "directory_provider_read",
    /// It was decided that an object of a migration's source is left there, or that was taken back.
    MigrationDecide = "migration_decide",
    /// A routing policy was made.
    RoutingPolicyCreate = "idp_routing_policy_create",
    /// A routing policy changed.
    RoutingPolicyUpdate = "idp_routing_policy_update",
    /// A routing policy was removed.
    RoutingPolicyDelete = "idp_routing_policy_delete",
    /// The organization was made.
    OrganizationCreate = "organization_create",
    /// The organization's settings changed.
    OrganizationUpdate = "organization_update",
    /// An administrator was given this organization.
    AdminGrant = "admin_create",
    /// An administrator changed.
    AdminUpdate = "admin_update",
    /// An administrator lost this organization.
    AdminRevoke = "admin_delete",
    /// A pushed group holds more people than its mapping allows, so that nobody new becomes an administrator by it; or it does not any more.
    AdminGrantHeld = "admin_create_held",
    /// Signing keys were rotated.
    KeyRotate = "signing_key_rotate",
    /// A service account was made.
    ServiceAccountCreate = "service_account_create",
    /// A service account, or its secrets, changed.
    ServiceAccountUpdate = "service_account_update",
    /// A service account was removed.
    ServiceAccountDelete = "service_account_delete",
    /// A token with which clients register themselves was made.
    RegistrationTokenCreate = "registration_token_create",
    /// A token with which clients register themselves was removed.
    RegistrationTokenDelete = "registration_token_delete",
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind of object, a word of JumpCloud's graph where it has one.
    pub kind: &'static str,
    /// Its id.
    pub id: Id,
}

impl Subject {
    /// A person.
    #[must_use]
    pub const fn user(id: Id) -> Self {
        Self { kind: "user", id }
    }

    /// A user group.
    #[must_use]
    pub const fn group(id: Id) -> Self {
        Self { kind: "user_group", id }
    }

    /// A device; JumpCloud calls it a system.
    #[must_use]
    pub const fn device(id: Id) -> Self {
        Self { kind: "system", id }
    }

    /// An application.
    #[must_use]
    pub const fn application(id: Id) -> Self {
        Self { kind: "application", id }
    }

    /// An identity provider.
    #[must_use]
    pub const fn identity_provider(id: Id) -> Self {
        Self { kind: "identity_provider", id }
    }

    /// A service account.
    #[must_use]
    pub const fn service_account(id: Id) -> Self {
        Self { kind: "service_account", id }
    }

    /// A directory that feeds us.
    #[must_use]
    pub const fn directory_provider(id: Id) -> Self {
        Self { kind: "directory_provider", id }
    }

    /// A routing policy.
    #[must_use]
    pub const fn routing_policy(id: Id) -> Self {
        Self { kind: "idp_routing_policy", id }
    }

    /// The organization itself.
    #[must_use]
    pub const fn organization(id: Id) -> Self {
        Self { kind: "organization", id }
    }

    /// An administrator.
    #[must_use]
    pub const fn administrator(id: Id) -> Self {
        Self { kind: "administrator", id }
    }
}

/// One entry before it has its number.
#[derive(Clone, Debug)]
pub struct Change {
    /// The kind.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// What changed, without secrets.
    pub fields: Value,
}
