//! The settings of a target, and what is known of it. Pure.

use muster_base::{Id, Micros, limits};
use muster_scim::mapping::{Mapping, Rule, Source, When};
use muster_scim::plan::{Guard, Leaving, Policy, Repair};
use muster_scim::receiver::{Profile, UpdateBy};
use muster_scim::reconcile::Breaker;
use muster_scim::{Definition, Version};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use super::person;
use super::report::Checked;
use crate::FieldError;
use crate::user::model::owner_writes;

/// The longest address.
const URL_MAX: usize = 2048;
/// The longest wait before an account is deleted, in days.
const DAYS_MAX: u32 = 3650;
/// A percentage says nothing about a handful: fewer than so many are let through whatever it says.
const HANDFUL: usize = 5;

/// The protocol's version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ScimVersion {
    /// SCIM 1.1.
    #[serde(rename = "1.1")]
    V1,
    /// SCIM 2.0.
    #[default]
    #[serde(rename = "2.0")]
    V2,
}

/// How we say who we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionAuthenticationType)]
#[serde(rename_all = "lowercase")]
pub enum AuthenticationKind {
    /// `Authorization: Bearer` and the Token Key.
    #[default]
    Bearer,
    /// User name and password.
    Basic,
    /// A header of the application's own.
    Header,
    /// A token by OAuth client credentials.
    OAuth,
}

/// How we say who we are; the secret is kept apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are the API's, described there")]
pub struct Authentication {
    #[serde(rename = "type")]
    pub kind: AuthenticationKind,
    pub username: String,
    pub header_name: String,
    pub token_url: String,
    pub client_id: String,
    pub scope: String,
}

/// What becomes of the account of somebody who leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeprovisionAction {
    /// It is not active any more.
    #[default]
    Deactivate,
    /// It is deleted.
    Delete,
    /// It is deactivated, and deleted later.
    DeleteAfter,
}

/// What becomes of the account of somebody who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionDeprovision)]
#[serde(rename_all = "camelCase", default)]
pub struct Deprovision {
    /// What is done.
    pub action: DeprovisionAction,
    /// After how many days a deactivated account is deleted (`deleteAfter`).
    #[schema(minimum = 1, maximum = 3650)]
    pub days: u32,
}

impl Default for Deprovision {
    fn default() -> Self {
        Self { action: DeprovisionAction::Deactivate, days: 30 }
    }
}

/// The same value for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionConstant)]
#[serde(untagged)]
pub enum Constant {
    /// True or false.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<&Constant> for Value {
    fn from(constant: &Constant) -> Self {
        match constant {
            Constant::Truth(truth) => Self::Bool(*truth),
            Constant::Number(number) => Self::from(*number),
            Constant::Text(text) => Self::from(text.as_str()),
        }
    }
}

/// When a value is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionSendWhen)]
#[serde(rename_all = "camelCase")]
pub enum SendWhen {
    /// At creation and at every change.
    #[default]
    Always,
    /// At creation alone.
    OnlyAtCreation,
}

/// One line of the attribute mapping: exactly one of `attribute`, `constant` and `template`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionMappingLine)]
#[serde(rename_all = "camelCase")]
pub struct MappingLine {
    /// The SCIM attribute: `name.givenName`, `emails[type eq "work"].value`.
    pub target: String,
    /// A field of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The same for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<Constant>,
    /// A text with fields in braces: `{firstname} {lastname}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// When it is sent.
    #[serde(default)]
    pub when: SendWhen,
    /// Of whom it holds: an expression of the language of rules over the person's own fields, `department equals "Sales"`.
    /// Of the lines of one target the first counts whose condition holds; one without a condition comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

impl MappingLine {
    fn rule(&self) -> Option<Rule> {
        let source = match (&self.attribute, &self.constant, &self.template) {
            (Some(name), None, None) => Source::Attribute(name.clone()),
            (None, Some(constant), None) => Source::Constant(constant.into()),
            (None, None, Some(text)) => Source::Template(text.clone()),
            _ => return None,
        };
        let when = match self.when {
            SendWhen::Always => When::Always,
            SendWhen::OnlyAtCreation => When::OnlyAtCreation,
        };
        let condition = self.condition.clone().filter(|text| !text.trim().is_empty());
        Some(Rule { target: self.target.clone(), source, when, condition })
    }

    fn of(rule: Rule) -> Self {
        let mut line = Self { target: rule.target, condition: rule.condition, ..Self::default() };
        match rule.source {
            Source::Attribute(name) => line.attribute = Some(name),
            Source::Template(text) => line.template = Some(text),
            Source::Constant(Value::Bool(truth)) => line.constant = Some(Constant::Truth(truth)),
            Source::Constant(Value::String(text)) => line.constant = Some(Constant::Text(text)),
            Source::Constant(other) => line.constant = Some(Constant::Text(other.to_string())),
        }
        line
    }
}

/// How much may be taken away without asking; the stricter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionGuard)]
#[serde(rename_all = "camelCase", default)]
pub struct GuardLimits {
    /// At most so many within an hour; none: as many as there are.
    pub count: Option<u32>,
    /// At most so many of a hundred; fewer than five are always let through.
    #[schema(minimum = 1, maximum = 100)]
    pub percent: Option<u8>,
}

impl Default for GuardLimits {
    fn default() -> Self {
        let Guard { max_count, max_percent } = Guard::default();
        Self { count: max_count, percent: max_percent }
    }
}

impl GuardLimits {
    /// Why a plan that takes `taken` of `linked` accounts away has to wait.
    #[must_use]
    pub fn holds(&self, taken: usize, linked: usize) -> Option<String> {
        let max_percent = self.percent.filter(|_| taken >= HANDFUL);
        Guard { max_count: self.count, max_percent }.holds(taken, linked)
    }
}

/// What is done about changes that were made there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionRepair)]
#[serde(rename_all = "camelCase")]
pub enum RepairMode {
    /// They are reported.
    #[default]
    Manual,
    /// They are undone when they are found.
    Automatic,
}

/// What is entered about a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are the API's, described there")]
pub struct Settings {
    pub scim_version: ScimVersion,
    pub base_url: String,
    pub authentication: Authentication,
    pub test_user_email: String,
    pub manage_groups: bool,
    pub deprovision: Deprovision,
    pub mapping: Vec<MappingLine>,
    pub profile: String,
    pub guard: GuardLimits,
    pub repair: RepairMode,
    /// Requests that one node may send within a second; no limit but what the application asks for when there is none.
    pub requests_per_second: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scim_version: ScimVersion::default(),
            base_url: String::new(),
            authentication: Authentication::default(),
            test_user_email: String::new(),
            manage_groups: false,
            deprovision: Deprovision::default(),
            mapping: default_mapping(),
            profile: AUTO.into(),
            guard: GuardLimits::default(),
            repair: RepairMode::default(),
            requests_per_second: None,
        }
    }
}

/// The highest rate that can be entered.
const REQUESTS_PER_SECOND_MAX: u32 = 1000;
/// The profile that is found by the receiver's host and learnt from its answers.
pub const AUTO: &str = "auto";
/// The profiles that can be chosen.
pub const PROFILES: &[&str] = &[AUTO, "patch", "put"];

/// The mapping that a new target starts with.
#[must_use]
pub fn default_mapping() -> Vec<MappingLine> {
    Mapping::default().rules.into_iter().map(MappingLine::of).collect()
}

impl Settings {
    /// The mapping for the wire crate. Lines that say nothing were refused when they were saved.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        Mapping { rules: self.mapping.iter().filter_map(MappingLine::rule).collect() }
    }

    /// The choices about people, for the wire crate.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let leaving = match self.deprovision.action {
            DeprovisionAction::Deactivate => Leaving::Deactivate,
            DeprovisionAction::Delete => Leaving::Delete,
            DeprovisionAction::DeleteAfter => Leaving::DeleteAfter { days: self.deprovision.days },
        };
        Policy { leaving, repair: Repair::Report, ask_before_adopting: false }
    }

    /// Whoever left until this time is deleted at `now`; earlier than all times where nobody is.
    #[must_use]
    pub fn deleted_if_left_by(&self, now: Micros) -> Micros {
        match self.deprovision.action {
            DeprovisionAction::Deactivate => Micros(i64::MIN),
            DeprovisionAction::Delete => now,
            DeprovisionAction::DeleteAfter => now.minus_s(i64::from(self.deprovision.days) * 86_400),
        }
    }

    /// The profile to begin with.
    #[must_use]
    pub fn first_profile(&self) -> Profile {
        let host = Url::parse(&self.base_url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
        let version = match self.scim_version {
            ScimVersion::V1 => Version::V1,
            ScimVersion::V2 => Version::V2,
        };
        let known = Profile::for_host(&host);
        let profile = Profile { version, per_second: self.requests_per_second.or(known.per_second), ..known };
        match self.profile.as_str() {
            "put" => Profile { update: UpdateBy::Put, ..profile },
            _ => profile,
        }
    }

    /// Who gets the secret, or what is got for it: the place of the base URL, and of the token endpoint.
    #[must_use]
    pub fn secret_goes_to(&self) -> Vec<String> {
        let token_url = Some(&self.authentication.token_url);
        let token_url = token_url.filter(|_| self.authentication.kind == AuthenticationKind::OAuth);
        let origin = |to: &String| Url::parse(to).map_or_else(|_| to.clone(), |url| url.origin().ascii_serialization());
        token_url.into_iter().chain([&self.base_url]).map(origin).collect()
    }

    /// Whether what is called there by an id is the same: ids are those of one base URL.
    #[must_use]
    pub fn is_same_receiver(&self, other: &Self) -> bool {
        self.base_url.trim_end_matches('/') == other.base_url.trim_end_matches('/')
    }

    /// What is wrong with them. `editable` says whether people may change some of their fields themselves.
    #[must_use]
    pub fn problems(&self, editable: bool) -> Vec<FieldError> {
        let mut out = Vec::new();
        address(&mut out, "baseUrl", &self.base_url);
        let a = &self.authentication;
        let mut text = |name: &str, value: &str, needed: bool, what: &str| {
            let field = format!("authentication.{name}");
            if needed && value.trim().is_empty() {
                out.push(FieldError::new(field, what));
            } else if value.len() > limits::TEXT_MAX || value.chars().any(char::is_control) {
                out.push(FieldError::new(field, "at most 1024 characters, no control characters"));
            }
        };
        text("username", &a.username, a.kind == AuthenticationKind::Basic, "enter the user name");
        text("headerName", &a.header_name, a.kind == AuthenticationKind::Header, "enter the header's name");
        text("clientId", &a.client_id, a.kind == AuthenticationKind::OAuth, "enter the client id");
        text("scope", &a.scope, false, "");
        if a.kind == AuthenticationKind::OAuth {
            address(&mut out, "authentication.tokenUrl", &a.token_url);
        }
        if a.kind == AuthenticationKind::Header && !is_header(&a.header_name) {
            let message = "a header's name such as X-Api-Key, and none that HTTP itself needs";
            out.push(FieldError::new("authentication.headerName", message));
        }
        if !self.test_user_email.is_empty() && self.test_user_email.parse::<muster_base::Email>().is_err() {
            out.push(FieldError::new("testUserEmail", "an e-mail address that nobody has"));
        }
        if self.deprovision.action == DeprovisionAction::DeleteAfter && !(1..=DAYS_MAX).contains(&self.deprovision.days)
        {
            out.push(FieldError::new("deprovision.days", "from 1 to 3650 days"));
        }
        if self.guard.percent.is_some_and(|p| !(1..=100).contains(&p)) {
            out.push(FieldError::new("guard.percent", "from 1 to 100"));
        }
        if self.requests_per_second.is_some_and(|n| !(1..=REQUESTS_PER_SECOND_MAX).contains(&n)) {
            out.push(FieldError::new("requestsPerSecond", "from 1 to 1000, or left out for no limit"));
        }
        if !PROFILES.contains(&self.profile.as_str()) {
            out.push(FieldError::new("profile", "one of auto, patch and put"));
        }
        self.mapping_problems(editable, &mut out);
        out
    }

    fn mapping_problems(&self, editable: bool, out: &mut Vec<FieldError>) {
        for (i, line) in self.mapping.iter().enumerate().filter(|(_, line)| line.rule().is_none()) {
            let field = format!("mapping[{i}]");
            out.push(FieldError::new(
                field,
                format!("{}: give exactly one of attribute, constant and template", line.target),
            ));
        }
        for problem in self.mapping().problems(&Definition::user(), &person::Fields) {
            let at = self.mapping.iter().position(|line| line.target == problem.target);
            let field = at.map_or_else(|| "mapping".to_owned(), |i| format!("mapping[{i}].target"));
            out.push(FieldError::new(field, problem.to_string()));
        }
        let identifies = |line: &MappingLine| ["username", "externalid"].contains(&line.target.to_lowercase().as_str());
        for (i, line) in self.mapping.iter().enumerate().filter(|(_, line)| editable && identifies(line)) {
            let fields = line.attribute.iter().map(String::as_str);
            let named = line.template.iter().flat_map(|t| t.split(['{', '}']));
            let asked: Vec<String> = line.condition.iter().flat_map(|text| person::asked_for(text)).collect();
            let asked = asked.iter().map(String::as_str);
            if let Some(field) = fields.chain(named).chain(asked).find(|f| owner_writes(f)) {
                let message = format!(
                    "people may change \"{field}\" themselves in the portal, and so take over somebody else's account \
                     there: use another attribute, or turn off editing in the organization's settings \
                     (systemUsersCanEdit)"
                );
                out.push(FieldError::new(format!("mapping[{i}].attribute"), message));
            }
        }
    }
}

fn address(out: &mut Vec<FieldError>, field: &str, text: &str) {
    let parsed = Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.host_str().is_some());
    let message = match parsed {
        _ if text.len() > URL_MAX => "at most 2048 characters",
        None => "an address that begins with https://",
        Some(url) if !url.username().is_empty() || url.password().is_some() => {
            "no user name or password in the address: they go into the authentication"
        }
        Some(url) if url.query().is_some() || url.fragment().is_some() => "an address without ? and #",
        Some(_) => return,
    };
    out.push(FieldError::new(field, message));
}

fn is_header(name: &str) -> bool {
    const TAKEN: [&str; 6] = ["host", "content-length", "content-type", "transfer-encoding", "connection", "accept"];
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        && !TAKEN.contains(&name.to_ascii_lowercase().as_str())
}

/// A target as stored.
#[derive(Clone, Debug)]
pub struct Target {
    /// The organization.
    pub org: Id,
    /// The application.
    pub app: Id,
    /// What is entered.
    pub settings: Settings,
    /// The same as it stands in the database, to tell whether it still does.
    pub doc: String,
    /// Whether there is a secret.
    pub has_secret: bool,
    /// Whether accounts are sent.
    pub active: bool,
    /// Whether sending rests for a while.
    pub paused: bool,
    /// What was learnt of the receiver.
    pub learnt: Option<Profile>,
    /// The circuit breaker.
    pub breaker: Breaker,
    /// Why nothing is sent until somebody has mended the connection.
    pub stopped: Option<String>,
    /// Nothing is sent before.
    pub next_at: Micros,
    /// When it is read next to see what drifted, where that is done by itself.
    pub check_at: Micros,
    /// What was found when it was read last.
    pub checked: Option<Checked>,
    /// Which of the receivers that it had its links belong to.
    pub receiver: i64,
}

impl Target {
    /// The receiver's profile as far as it is known.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.learnt.clone().unwrap_or_else(|| self.settings.first_profile())
    }
}
