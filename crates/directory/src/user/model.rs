//! A person and what can be told of them. Pure.

use std::borrow::Cow;

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Profile;
use crate::organization::Settings;

/// Where a person stands in their life here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = UserState)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    /// Entered, not yet let in.
    Staged,
    /// May sign in.
    Activated,
    /// Kept out; everything else stays.
    Suspended,
}

impl State {
    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Activated => "ACTIVATED",
            Self::Suspended => "SUSPENDED",
        }
    }

    /// Reads the API's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Staged, Self::Activated, Self::Suspended].into_iter().find(|s| s.word() == word)
    }
}

/// Who decides about a person's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Muster itself: shown as "None".
    Muster,
    /// An identity provider: nothing here may set or change it.
    Federated,
    /// A directory that feeds us by SCIM.
    Scim,
    /// Active Directory.
    ActiveDirectory,
}

impl Authority {
    /// The label of the *Password Authority* choice.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Muster => "None",
            Self::Federated => "Federated Identity Provider",
            Self::Scim => "SCIM",
            Self::ActiveDirectory => "Active Directory",
        }
    }
}

/// The *Password Status* column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum PasswordStatus {
    /// No password yet.
    #[serde(rename = "Password Pending")]
    Pending,
    /// May be used.
    Active,
    /// Must be changed.
    Expired,
    /// Too many failed sign-ins.
    Locked,
    /// The identity provider decides.
    #[serde(rename = "Federated Managed by External IdP")]
    Federated,
    /// Another directory decides.
    #[serde(rename = "Password Externally Managed")]
    External,
}

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// The organization.
    pub org: Id,
    /// The id, also the `sub` of every token.
    pub id: Id,
    /// The user name as written.
    pub username: String,
    /// The company e-mail as written.
    pub email: String,
    /// The state.
    pub state: State,
    /// Everything else that can be entered.
    pub profile: Profile,
    /// Argon2id in PHC form.
    pub password_hash: Option<String>,
    /// When it was set.
    pub password_at: Option<Micros>,
    /// An administrator asked for a new one.
    pub password_expired: bool,
    /// When the person was made.
    pub created_at: Micros,
    /// Tokens granted before this are refused.
    pub tokens_from: Micros,
}

impl User {
    /// Somebody who is not here yet, of whom nothing is known but the names: what the rules of a password look at.
    #[must_use]
    pub fn not_here(org: Id, id: Id, username: &str, email: &str) -> Self {
        Self {
            org,
            id,
            username: username.to_owned(),
            email: email.to_owned(),
            state: State::Staged,
            profile: Profile::default(),
            password_hash: None,
            password_at: None,
            password_expired: false,
            created_at: Micros(0),
            tokens_from: Micros(0),
        }
    }

    /// Who decides about the password (`restrictedFields`, field `password`).
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.profile.authority()
    }

    /// When the password runs out by the organization's policy.
    #[must_use]
    pub fn password_expires_at(&self, settings: &Settings) -> Option<Micros> {
        let policy = &settings.password_policy;
        if !policy.enable_password_expiration_in_days || self.profile.password_never_expires == Some(true) {
            return None;
        }
        self.password_at.map(|at| at.plus_s(policy.password_expiration_in_days.max(0) * 86_400))
    }

    /// Whether the password must be changed before it lets anyone in.
    #[must_use]
    pub fn password_is_expired(&self, settings: &Settings, now: Micros) -> bool {
        self.password_expired || self.password_expires_at(settings).is_some_and(|at| at <= now)
    }

    /// What the list shows.
    #[must_use]
    pub fn password_status(&self, settings: &Settings, locked: bool, now: Micros) -> PasswordStatus {
        match self.authority() {
            Authority::Federated => PasswordStatus::Federated,
            Authority::Scim | Authority::ActiveDirectory => PasswordStatus::External,
            Authority::Muster if self.password_hash.is_none() => PasswordStatus::Pending,
            Authority::Muster if locked => PasswordStatus::Locked,
            Authority::Muster if self.password_is_expired(settings, now) => PasswordStatus::Expired,
            Authority::Muster => PasswordStatus::Active,
        }
    }

    /// The name to greet with.
    #[must_use]
    pub fn display(&self) -> String {
        let p = &self.profile;
        if let Some(name) = p.displayname.as_deref().filter(|n| !n.is_empty()) {
            return name.to_owned();
        }
        let full = [p.firstname.as_deref(), p.lastname.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if full.trim().is_empty() { self.username.clone() } else { full.trim().to_owned() }
    }

    /// The value of an attribute by its API name; custom ones as `attributes.NAME`. The one place where names meet
    /// values: rules, claim mappings and matches read through it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let p = &self.profile;
        // Called for every test of every rule: what can be borrowed is.
        match name {
            "_id" | "id" => Some(Cow::Owned(self.id.text())),
            "username" => Some(Cow::Borrowed(&self.username)),
            "email" => Some(Cow::Borrowed(&self.email)),
            "state" => Some(Cow::Borrowed(self.state.word())),
            "firstname" => text(&p.firstname),
            "middlename" => text(&p.middlename),
            "lastname" => text(&p.lastname),
            "displayname" => text(&p.displayname),
            "fullname" => Some(Cow::Owned(self.display())),
            "description" => text(&p.description),
            "company" => text(&p.company),
            "costCenter" => text(&p.cost_center),
            "department" => text(&p.department),
            "employeeIdentifier" => text(&p.employee_identifier),
            "employeeType" => text(&p.employee_type),
            "jobTitle" => text(&p.job_title),
            "location" => text(&p.location),
            "manager" => text(&p.manager),
            "alternateEmail" => text(&p.alternate_email),
            "managedAppleId" => text(&p.managed_apple_id),
            "unix_uid" => p.unix_uid.map(|n| Cow::Owned(n.to_string())),
            "unix_guid" => p.unix_guid.map(|n| Cow::Owned(n.to_string())),
            "created" => Some(Cow::Owned(self.created_at.rfc3339())),
            "phoneNumbers" => p.phone_numbers.first().and_then(|n| text(&n.number)),
            other => {
                let name = other.strip_prefix("attributes.")?;
                p.attributes.iter().find(|a| a.name == name).map(|a| Cow::Borrowed(a.value.as_str()))
            }
        }
    }
}

impl muster_rules::Subject for User {
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>> {
        self.attribute(attribute)
    }
}

/// What a field holds, if anything.
fn text(field: &Option<String>) -> Option<Cow<'_, str>> {
    field.as_deref().filter(|text| !text.is_empty()).map(Cow::Borrowed)
}

/// The members of the v1 object that a person may change themselves, where their organization lets them. Kept short: what
/// its owner can write may not decide about access ([`owner_writes`]).
pub const SELF_WRITABLE: &[&str] =
    &["firstname", "lastname", "displayname", "alternateEmail", "phoneNumbers", "addresses"];

/// Whether an attribute's value is in its owner's hands: one they may change themselves, or made from such.
#[must_use]
pub fn owner_writes(attribute: &str) -> bool {
    SELF_WRITABLE.contains(&attribute) || attribute == "fullname"
}

/// The attributes that a mapping may name besides custom ones: API name and label.
pub const ATTRIBUTES: &[(&str, &str)] = &[
    ("email", "Company Email"),
    ("username", "Username"),
    ("firstname", "First Name"),
    ("middlename", "Middle Name"),
    ("lastname", "Last Name"),
    ("displayname", "Display Name"),
    ("fullname", "Full Name"),
    ("description", "Description"),
    ("company", "Company"),
    ("costCenter", "Cost Center"),
    ("department", "Department"),
    ("employeeIdentifier", "Employee ID"),
    ("employeeType", "Employee Type"),
    ("jobTitle", "Job Title"),
    ("location", "Location"),
    ("manager", "Manager"),
    ("alternateEmail", "Alternate Email"),
    ("managedAppleId", "Managed Apple Account"),
    ("phoneNumbers", "Phone Number"),
    ("unix_uid", "Unix UID"),
    ("id", "User ID"),
];

/// Fixed fields that a rule may name and a mapping is not offered.
const OTHER_FIXED: &[&str] = &["_id", "state", "created", "unix_guid"];

/// The custom attribute that a Muster Attribute Name means, with or without `attributes.` before it; `None` for a fixed
/// field: a custom attribute of the same name cannot speak in its place.
#[must_use]
pub fn custom_name(name: &str) -> Option<&str> {
    if OTHER_FIXED.contains(&name) || ATTRIBUTES.iter().any(|(fixed, _)| *fixed == name) {
        return None;
    }
    Some(name.strip_prefix("attributes.").unwrap_or(name))
}
