//! What the Directory API answers, as far as it is read, and what follows from it. Pure.

use serde::Deserialize;

use crate::found::Draft;

/// A page of people.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Users {
    /// The people; left out where there are none.
    pub users: Vec<User>,
    /// Where the page ended.
    pub next_page_token: Option<String>,
}

/// A person.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct User {
    /// The id that stays.
    pub id: String,
    /// The address, which is the name to sign in with.
    pub primary_email: String,
    aliases: Vec<String>,
    name: Name,
    suspended: bool,
    archived: bool,
    organizations: Vec<Organization>,
    phones: Vec<Typed>,
    relations: Vec<Typed>,
    external_ids: Vec<Typed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Name {
    given_name: String,
    family_name: String,
    full_name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Organization {
    name: String,
    title: String,
    department: String,
    cost_center: String,
    description: String,
    primary: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// A page of groups.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Groups {
    /// The groups; left out where there are none.
    pub groups: Vec<Group>,
    /// Where the page ended.
    pub next_page_token: Option<String>,
}

/// A group.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Group {
    /// The id that stays.
    pub id: String,
    /// Its address.
    pub email: String,
    /// Its name.
    pub name: String,
}

/// A page of members.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Members {
    /// The members; left out where there are none.
    pub members: Vec<Member>,
    /// Where the page ended.
    pub next_page_token: Option<String>,
}

/// A member.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Member {
    /// A person's or a group's id; of `CUSTOMER`, everybody.
    pub id: String,
    /// `USER`, `GROUP` or `CUSTOMER`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// An error of the API.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// What is wrong.
    pub error: FailureBody,
}

/// What is wrong.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FailureBody {
    /// For people.
    pub message: String,
    errors: Vec<Reason>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    reason: String,
}

impl FailureBody {
    /// Whether it was asked too often: that is told by 403 as well as by 429.
    #[must_use]
    pub fn is_too_often(&self) -> bool {
        let limits = ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"];
        self.errors.iter().any(|one| limits.contains(&one.reason.as_str()))
    }
}

impl User {
    /// The person, and the address of their manager.
    #[must_use]
    pub fn draft(&self) -> (Draft, Option<String>) {
        let of = self.organizations.iter().find(|o| o.primary).or_else(|| self.organizations.first());
        let of = of.cloned().unwrap_or_default();
        let by = |all: &[Typed], kind: &str| {
            all.iter().find(|one| one.kind == kind).map(|one| one.value.trim().to_owned()).filter(|v| !v.is_empty())
        };
        let local = self.primary_email.split('@').next().unwrap_or_default();
        let fields = [
            ("firstname", self.name.given_name.clone()),
            ("lastname", self.name.family_name.clone()),
            ("displayname", self.name.full_name.clone()),
            ("jobTitle", of.title),
            ("department", of.department),
            ("company", of.name),
            ("costCenter", of.cost_center),
            ("employeeType", of.description),
            ("employeeIdentifier", by(&self.external_ids, "organization").unwrap_or_default()),
        ];
        let phones = [("work", by(&self.phones, "work")), ("mobile", by(&self.phones, "mobile"))];
        let draft = Draft {
            external_id: self.id.clone(),
            username: local.to_owned(),
            emails: std::iter::once(&self.primary_email).chain(&self.aliases).cloned().collect(),
            active: Some(!self.suspended && !self.archived),
            fields: fields.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect(),
            phones: phones.into_iter().filter_map(|(kind, number)| Some((kind, number?))).collect(),
            manager: None,
        };
        (draft, by(&self.relations, "manager"))
    }
}
