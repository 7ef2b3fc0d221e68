//! People and devices by name, as lists of a group's members show them.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_directory::device::{self, Device};
use muster_directory::group::GroupKind;
use muster_directory::user::{self, User};
use muster_directory::{Result, Source};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::ObjectId;

/// How many are read at once.
const CHUNK: usize = 1_000;

/// A person or device by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GroupMemberName)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Named {
    /// The id.
    pub id: ObjectId,
    /// The name to show.
    #[serde(rename = "displayname")]
    pub display_name: String,
    /// A person's user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// A person's company e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A device's host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// A device's operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_family: Option<String>,
}

impl Named {
    /// A person.
    pub(crate) fn user(user: &User) -> Self {
        Self {
            id: user.id.into(),
            display_name: user.display(),
            username: Some(user.username.clone()),
            email: Some(user.email.clone()),
            hostname: None,
            os_family: None,
        }
    }

    /// A device.
    pub(crate) fn device(device: &Device) -> Self {
        Self {
            id: device.id.into(),
            display_name: device.display(),
            username: None,
            email: None,
            hostname: device.facts.hostname.clone(),
            os_family: device.facts.os_family.clone(),
        }
    }

    /// Whether a term, in lower case, occurs in a name.
    pub(crate) fn has(&self, term: &str) -> bool {
        let names = [Some(&self.display_name), self.username.as_ref(), self.email.as_ref(), self.hostname.as_ref()];
        names.into_iter().flatten().any(|name| name.to_lowercase().contains(term))
    }

    /// What lists are sorted by.
    pub(crate) fn key(&self) -> String {
        self.username.as_ref().unwrap_or(&self.display_name).to_lowercase()
    }
}

/// Names of people or devices; those who are not there are left out.
///
/// # Errors
/// The database's.
pub(crate) async fn of(s: &mut impl Source, org: Id, kind: GroupKind, ids: &[Id]) -> Result<BTreeMap<Id, Named>> {
    let mut out = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        match kind {
            GroupKind::User => {
                let users = user::store::by_ids(s, org, chunk).await?;
                out.extend(users.iter().map(|user| (user.id, Named::user(user))));
            }
            GroupKind::Device => {
                let devices = device::store::by_ids(s, org, chunk).await?;
                out.extend(devices.iter().map(|device| (device.id, Named::device(device))));
            }
        }
    }
    Ok(out)
}
