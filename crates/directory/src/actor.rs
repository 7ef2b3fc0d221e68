//! Who does a change: it stands in the change log beside what was done.

use muster_base::Id;
use serde::{Deserialize, Serialize};

/// The kind of the one who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// An administrator, by console or API key.
    Admin,
    /// A program, by its service account.
    ServiceAccount,
    /// A person, on their own account.
    User,
    /// A sign-in that came from an identity provider (the id is the provider's).
    Federation,
    /// A directory that feeds us by SCIM (the id is the directory provider's).
    DirectoryProvider,
    /// The command line, with access to the database.
    CommandLine,
    /// The server itself (workers, consequences).
    System,
}

impl ActorKind {
    /// The word kept in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::ServiceAccount => "service_account",
            Self::User => "user",
            Self::Federation => "federation",
            Self::DirectoryProvider => "directory_provider",
            Self::CommandLine => "command_line",
            Self::System => "system",
        }
    }
}

/// Who acts, and in which request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// What kind.
    pub kind: ActorKind,
    /// Which one; none for the command line and the system.
    pub id: Option<Id>,
    /// The id of the request that asked for it, for finding the log lines.
    pub request_id: Option<String>,
}

impl Actor {
    /// The server itself.
    #[must_use]
    pub const fn system() -> Self {
        Self { kind: ActorKind::System, id: None, request_id: None }
    }

    /// The command line.
    #[must_use]
    pub const fn command_line() -> Self {
        Self { kind: ActorKind::CommandLine, id: None, request_id: None }
    }

    /// An administrator.
    #[must_use]
    pub fn admin(id: Id, request_id: Option<String>) -> Self {
        Self { kind: ActorKind::Admin, id: Some(id), request_id }
    }

    /// A service account.
    #[must_use]
    pub fn service_account(id: Id, request_id: Option<String>) -> Self {
        Self { kind: ActorKind::ServiceAccount, id: Some(id), request_id }
    }

    /// A directory that feeds us.
    #[must_use]
    pub fn directory_provider(id: Id, request_id: Option<String>) -> Self {
        Self { kind: ActorKind::DirectoryProvider, id: Some(id), request_id }
    }

    /// A person.
    #[must_use]
    pub fn user(id: Id, request_id: Option<String>) -> Self {
        Self { kind: ActorKind::User, id: Some(id), request_id }
    }
}
