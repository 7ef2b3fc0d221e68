//! Something that needs an administrator. Pure.

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = AttentionKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Accounts that are sent to an application.
    Provisioning,
    /// A directory that feeds us.
    DirectoryProvider,
    /// A migration from another directory.
    Migration,
    /// An import of an application's users.
    ApplicationImport,
    /// Many people made or changed at once.
    BulkJob,
    /// A certificate that SAML answers are signed with.
    SamlCertificate,
    /// A certificate by which a SAML identity provider is believed.
    IdentityProviderCertificate,
    /// The metadata of a service provider.
    SamlMetadata,
    /// A group of people.
    UserGroup,
    /// A group of devices.
    SystemGroup,
}

/// What is the matter. In the order in which it presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = AttentionState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It cannot be reached, or refuses us.
    Unreachable,
    /// It did not work.
    Failed,
    /// Some of it does not work.
    Failing,
    /// The other side, or a rule, is not as it should be.
    Flagged,
    /// It waits for an administrator.
    Held,
    /// It goes on when somebody has looked at it.
    Review,
    /// It ends soon.
    Ends,
    /// Nothing was heard of it for long.
    Quiet,
}

/// One thing that needs an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is about.
    pub kind: Kind,
    /// Which: the application, directory provider, group or job; none for what is the organization's.
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
    /// What is the matter.
    pub state: State,
    /// How many of it, where that can be counted.
    pub count: Option<i64>,
    /// What is the matter in words.
    pub message: String,
    /// Since when, or when it ends.
    pub since: Option<Micros>,
}

impl Item {
    /// Of one that says nothing of since when and how many.
    #[must_use]
    pub fn new(
        (kind, id): (Kind, Option<Id>),
        name: impl Into<String>,
        state: State,
        message: impl Into<String>,
    ) -> Self {
        Self { kind, id, name: name.into(), state, count: None, message: message.into(), since: None }
    }

    /// The same, since then.
    #[must_use]
    pub const fn since(mut self, since: Option<Micros>) -> Self {
        self.since = since;
        self
    }

    /// The same, of so many.
    #[must_use]
    pub const fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}
