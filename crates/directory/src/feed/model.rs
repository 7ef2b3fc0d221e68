//! What is entered about a directory that we read, and what is told of a run. Pure.

use std::collections::BTreeMap;

use muster_base::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::FieldError;
use crate::provision::ObjectKind;

/// The shortest time between two readings, in minutes.
pub const EVERY_MIN: i64 = 15;
/// The longest time between two readings, in minutes.
pub const EVERY_MAX: i64 = 7 * 24 * 60;
/// The longest text of a setting, in bytes.
const TEXT_MAX: usize = 1_000;
/// The longest certificate or list of certificates, in bytes.
const CERTIFICATE_MAX: usize = 64 * 1024;

/// The guard: how many may be let go by one run, and by those of a day, before an administrator is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedGuard)]
#[serde(default, rename_all = "camelCase")]
pub struct GuardLimits {
    /// So many people, or groups.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub count: i64,
    /// So many of a hundred.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: i64,
}

impl Default for GuardLimits {
    fn default() -> Self {
        Self { count: 50, percent: 10 }
    }
}

/// Below so many a percentage says nothing.
pub const HANDFUL: i64 = 5;

impl GuardLimits {
    /// Whether so many, of so many, wait for an administrator.
    #[must_use]
    pub const fn holds(self, going: i64, of: i64) -> bool {
        going > self.count || (going >= HANDFUL && going.saturating_mul(100) > self.percent.saturating_mul(of))
    }
}

/// How an LDAP server is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LdapSecurity {
    /// TLS from the beginning: port 636.
    #[default]
    Ldaps,
    /// TLS is begun on the plain port 389, before anything is said.
    StartTls,
    /// Nothing is encrypted, the password neither.
    None,
}

/// What kind of LDAP server it is: for the defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LdapFlavor {
    /// OpenLDAP, and others with `inetOrgPerson` and `entryUUID`.
    #[default]
    OpenLdap,
    /// 389 Directory Server, Red Hat Directory Server, FreeIPA.
    Ds389,
    /// Microsoft Active Directory, Samba.
    ActiveDirectory,
}

/// An LDAP server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedLdap)]
#[serde(default, rename_all = "camelCase")]
pub struct Ldap {
    /// Its name or address.
    pub host: String,
    /// The port; the usual one when left out.
    #[schema(minimum = 1, maximum = 65535)]
    pub port: Option<u16>,
    /// How it is reached.
    pub security: LdapSecurity,
    /// Certificates (PEM) that are trusted besides the system's.
    pub certificates: Option<String>,
    /// As whom it is read; empty: nobody.
    pub bind_dn: String,
    /// Below which entry it is read.
    pub base_dn: String,
    /// Below which entry groups are read; the same when left out.
    pub group_base_dn: Option<String>,
    /// What kind of server it is.
    pub flavor: LdapFlavor,
    /// Who is a person; the kind's usual filter when left out.
    pub user_filter: Option<String>,
    /// What is a group; the kind's usual filter when left out.
    pub group_filter: Option<String>,
    /// Which attribute a field is read from, where not the kind's usual one: names of fields, `id`, `username` and `email`
    /// among them; empty: the field is not read.
    pub attributes: BTreeMap<String, String>,
}

/// Google Workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedGoogle)]
#[serde(default, rename_all = "camelCase")]
pub struct Google {
    /// The administrator in whose name it is read.
    pub admin_email: String,
    /// The customer's id.
    pub customer: String,
    /// Only this domain; all when left out.
    pub domain: Option<String>,
    /// Only people whom this query of the Directory API finds.
    pub query: Option<String>,
    /// What the addresses of the API begin with.
    pub api_url: String,
    /// Where tokens are asked for.
    pub token_url: String,
}

/// Google's own.
pub const GOOGLE_API: &str = "https://admin.googleapis.com";
/// Google's own.
pub const GOOGLE_TOKEN: &str = "https://oauth2.googleapis.com/token";

impl Default for Google {
    fn default() -> Self {
        Self {
            admin_email: String::new(),
            customer: "my_customer".into(),
            domain: None,
            query: None,
            api_url: GOOGLE_API.into(),
            token_url: GOOGLE_TOKEN.into(),
        }
    }
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reads {
    /// An LDAP server.
    Ldap(Ldap),
    /// Google Workspace.
    GoogleWorkspace(Google),
}

/// What is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// What is read.
    pub reads: Reads,
    /// How often, in minutes; 0: only when it is asked for.
    pub every_minutes: i64,
    /// Whether groups are read too.
    pub groups: bool,
    /// The guard's limits.
    pub guard: GuardLimits,
}

impl Settings {
    /// Where the secret goes: elsewhere it is not sent without being entered again.
    #[must_use]
    pub fn secret_goes_to(&self) -> String {
        match &self.reads {
            // Who vouches for the server's certificate is part of where.
            Reads::Ldap(l) => format!("{:?}:{}:{:?}:{:?}", l.security, l.host, l.port, l.certificates),
            Reads::GoogleWorkspace(g) => format!("{} {}", g.token_url, g.api_url),
        }
    }

    /// Stands for what is read with these settings, whenever that is and whatever the guard lets through.
    #[must_use]
    pub fn read_as(&self) -> String {
        let digest = muster_base::digest(json!([self.reads, self.groups]).to_string().as_bytes());
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What is wrong; `http_allowed` where the site itself is on plain http.
    #[must_use]
    pub fn problems(&self, http_allowed: bool) -> Vec<FieldError> {
        let mut out = Vec::new();
        if self.every_minutes != 0 && !(EVERY_MIN..=EVERY_MAX).contains(&self.every_minutes) {
            out.push(FieldError::new("everyMinutes", format!("0, or from {EVERY_MIN} to {EVERY_MAX} minutes")));
        }
        if !(0..=1_000_000).contains(&self.guard.count) {
            out.push(FieldError::new("guard.count", "a whole number from 0 to 1000000"));
        }
        if !(0..=100).contains(&self.guard.percent) {
            out.push(FieldError::new("guard.percent", "a whole number from 0 to 100"));
        }
        match &self.reads {
            Reads::Ldap(ldap) => ldap.problems(&mut out),
            Reads::GoogleWorkspace(google) => google.problems(http_allowed, &mut out),
        }
        out
    }
}

/// The fields that a map of attributes may name.
pub const LDAP_FIELDS: &[&str] = &[
    "id",
    "username",
    "email",
    "firstname",
    "middlename",
    "lastname",
    "displayname",
    "jobTitle",
    "department",
    "company",
    "costCenter",
    "employeeIdentifier",
    "employeeType",
    "workPhone",
    "mobilePhone",
    "manager",
    "groupName",
    "groupMember",
];

impl Ldap {
    fn problems(&self, out: &mut Vec<FieldError>) {
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        if self.host.is_empty() || self.host.len() > 253 || !self.host.chars().all(is_host) {
            out.push(FieldError::new("ldap.host", "the server's name or address, without ldap:// and port"));
        }
        if self.port == Some(0) {
            out.push(FieldError::new("ldap.port", "a number from 1 to 65535"));
        }
        if self.base_dn.trim().is_empty() {
            out.push(FieldError::new("ldap.baseDn", "the entry below which people are, such as dc=example,dc=com"));
        }
        let texts = [
            ("ldap.bindDn", Some(&self.bind_dn)),
            ("ldap.baseDn", Some(&self.base_dn)),
            ("ldap.groupBaseDn", self.group_base_dn.as_ref()),
            ("ldap.userFilter", self.user_filter.as_ref()),
            ("ldap.groupFilter", self.group_filter.as_ref()),
        ];
        for (field, text) in texts {
            plain(field, text.map_or("", String::as_str), TEXT_MAX, out);
        }
        let pem = self.certificates.as_deref().unwrap_or_default();
        if pem.len() > CERTIFICATE_MAX || (!pem.is_empty() && !pem.contains("-----BEGIN CERTIFICATE-----")) {
            let message = "certificates in PEM form, from -----BEGIN CERTIFICATE----- on; at most 64 KiB";
            out.push(FieldError::new("ldap.certificates", message));
        }
        for (name, attribute) in &self.attributes {
            let field = format!("ldap.attributes.{name}");
            let is_name =
                attribute.len() <= 100 && attribute.chars().all(|c| c.is_ascii_alphanumeric() || "-.;".contains(c));
            if !LDAP_FIELDS.contains(&name.as_str()) {
                out.push(FieldError::new(field, format!("not a field: use one of {}", LDAP_FIELDS.join(", "))));
            } else if !is_name {
                out.push(FieldError::new(field, "the name of an attribute, such as mail"));
            }
        }
    }
}

impl Google {
    fn problems(&self, http_allowed: bool, out: &mut Vec<FieldError>) {
        if self.admin_email.parse::<muster_base::Email>().is_err() {
            let message = "the e-mail of an administrator of the domain, in whose name it is read";
            out.push(FieldError::new("google.adminEmail", message));
        }
        for (field, url) in [("google.apiUrl", &self.api_url), ("google.tokenUrl", &self.token_url)] {
            let scheme = url::Url::parse(url).ok().map(|u| u.scheme().to_owned());
            let is_good = scheme.as_deref().is_some_and(|s| s == "https" || (s == "http" && http_allowed));
            if !is_good || url.len() > TEXT_MAX {
                out.push(FieldError::new(field, "an address that begins with https://"));
            }
        }
        let empty = String::new();
        let is_id = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        if self.customer.is_empty() || !self.customer.chars().all(is_id) {
            out.push(FieldError::new("google.customer", "my_customer, or the customer's id"));
        }
        for (field, text) in [
            ("google.customer", &self.customer),
            ("google.domain", self.domain.as_ref().unwrap_or(&empty)),
            ("google.query", self.query.as_ref().unwrap_or(&empty)),
        ] {
            plain(field, text, TEXT_MAX, out);
        }
    }
}

fn plain(field: &str, text: &str, most: usize, out: &mut Vec<FieldError>) {
    if text.len() > most || text.chars().any(char::is_control) {
        out.push(FieldError::new(field, format!("at most {most} bytes, without line breaks")));
    }
}

/// Whether a run is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedRunKind)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// What would be done.
    Plan,
    /// What is done.
    Import,
}

impl RunKind {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Import => "import",
        }
    }
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedRunState)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Nobody has begun it.
    Waiting,
    /// It goes on.
    Running,
    /// It is done.
    Done,
    /// It is done but for those whom the guard holds.
    Held,
    /// It ended before its end.
    Failed,
}

impl RunState {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Held => "held",
            Self::Failed => "failed",
        }
    }

    /// Whether something is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Done, Self::Held, Self::Failed].into_iter().find(|s| s.word() == word)
    }
}

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedAction)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// One who is here is taken over.
    Adopt,
    /// It changes.
    Update,
    /// A person is let in again.
    Reactivate,
    /// A person may not come in any more.
    Deactivate,
    /// A group is removed.
    Remove,
    /// The guard holds it.
    Held,
    /// It is left alone, since something stands in the way.
    Conflict,
    /// It is left alone, as an administrator decided.
    Left,
}

impl Action {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Adopt,
        Self::Update,
        Self::Reactivate,
        Self::Deactivate,
        Self::Remove,
        Self::Held,
        Self::Conflict,
        Self::Left,
    ];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Adopt => "adopt",
            Self::Update => "update",
            Self::Reactivate => "reactivate",
            Self::Deactivate => "deactivate",
            Self::Remove => "remove",
            Self::Held => "held",
            Self::Conflict => "conflict",
            Self::Left => "left",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }
}

/// What was done with an object, or would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// A person or a group.
    pub kind: ObjectKind,
    /// What.
    pub action: Action,
    /// The source's name for it.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// The person or group here, where there is one.
    pub id: Option<Id>,
    /// The fields that change: `{field: {from, to}}`.
    pub fields: Map<String, Value>,
    /// What stands in the way.
    pub error: Option<String>,
    /// The person here who stands in the way and may be taken over.
    #[serde(default)]
    pub in_the_way: Option<Id>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedCounts)]
#[serde(default)]
#[expect(missing_docs, reason = "the words of the actions")]
pub struct Counts {
    pub create: i64,
    pub adopt: i64,
    pub update: i64,
    pub reactivate: i64,
    pub deactivate: i64,
    pub remove: i64,
    pub held: i64,
    pub conflict: i64,
    pub left: i64,
    /// They are as the source says.
    pub unchanged: i64,
    /// The source says that they may not come in, and they are not here.
    pub skipped: i64,
}

impl Counts {
    /// Counts one.
    pub const fn add(&mut self, action: Action) {
        self.add_many(action, 1);
    }

    /// Counts some.
    pub const fn add_many(&mut self, action: Action, count: i64) {
        let of = match action {
            Action::Create => &mut self.create,
            Action::Adopt => &mut self.adopt,
            Action::Update => &mut self.update,
            Action::Reactivate => &mut self.reactivate,
            Action::Deactivate => &mut self.deactivate,
            Action::Remove => &mut self.remove,
            Action::Held => &mut self.held,
            Action::Conflict => &mut self.conflict,
            Action::Left => &mut self.left,
        };
        *of += count;
    }
}

/// A group that people come into or leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedMovedGroup)]
pub struct MovedGroup {
    /// The group; of one that would be made first, an id that nothing has.
    #[schema(value_type = String)]
    pub id: Id,
    /// Its name.
    pub name: String,
    /// How many join.
    pub joins: i64,
    /// How many leave.
    pub leaves: i64,
}

/// What is told of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RunDoc {
    /// Whether the schedule asked for it.
    pub scheduled: bool,
    /// Who asked for it.
    pub asked_by: Option<Id>,
    /// What is read, as it was entered when it was asked for ([`Settings::read_as`]); empty: not written down.
    pub reads: String,
    /// People read so far.
    pub people: i64,
    /// Groups read so far.
    pub groups: i64,
    /// Objects to look at.
    pub total: i64,
    /// Objects looked at.
    pub done: i64,
    /// How many of each, of people.
    pub users: Counts,
    /// How many of each, of groups.
    pub user_groups: Counts,
    /// The groups that move most: the first hundred.
    pub moved: Vec<MovedGroup>,
    /// Whether groups were worked out in parts, since the plan is long.
    pub in_parts: bool,
    /// What has to be said besides.
    pub notes: Vec<String>,
    /// Why it ended before its end.
    pub failure: Option<String>,
}
