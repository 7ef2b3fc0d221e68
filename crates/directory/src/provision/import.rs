//! What a user of an application says of a person here, and the verb that makes or changes the person.
//!
//! Never here: the job that goes through all of them ([`super::import_job`]).

use muster_base::{Email, Id};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::user::{self, State, User};
use crate::{Result, Source, Verb, Write, organization};

/// A user of the application, as it would come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Its id there.
    pub remote_id: String,
    /// The user name.
    pub username: String,
    /// The e-mail.
    pub email: String,
    /// Whether the account is active there.
    pub active: bool,
    /// Members of the v1 object.
    pub profile: Map<String, Value>,
}

/// What an import may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    /// Make people.
    pub create: bool,
    /// Change people.
    pub update: bool,
    /// Let suspended people in again.
    pub reactivate: bool,
}

/// How it went with one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportResult)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The person here, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_user_id: Option<String>,
    /// The user name there.
    pub username: String,
    /// The e-mail there.
    pub email: String,
    /// `CREATED`, `UPDATED`, `UNCHANGED`, `SKIPPED` or `ERROR`.
    pub status: String,
    /// Why, where it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Whom here a user there is: by e-mail, then by user name.
///
/// # Errors
/// The database's.
pub async fn matching(s: &mut impl Source, org: Id, person: &Person) -> Result<Option<User>> {
    if let Ok(email) = person.email.parse::<Email>()
        && let Some(found) = user::store::by_email(s, org, email.normal()).await?
    {
        return Ok(Some(found));
    }
    user::store::by_username(s, org, &person.username).await
}

/// Makes or changes one person.
pub struct Take {
    /// The user there.
    pub person: Person,
    /// What may be done.
    pub may: May,
}

impl Verb for Take {
    type Out = Outcome;

    async fn run(&self, w: &mut Write<'_>) -> Result<Outcome> {
        let found = matching(w, w.org(), &self.person).await?;
        let (status, id) = match found {
            None if !self.may.create => ("SKIPPED", None),
            None => {
                let settings = organization::store::get(w, w.org()).await?.settings;
                let create = user::create::Create {
                    username: self.person.username.clone(),
                    email: self.person.email.clone(),
                    state: Some(settings.new_system_user_state_defaults.application_import),
                    profile: self.person.profile.clone(),
                    password_hash: None,
                };
                ("CREATED", Some(create.run(w).await?.id))
            }
            Some(found) if !self.may.update => ("SKIPPED", Some(found.id)),
            Some(found) => (self.change(w, &found).await?, Some(found.id)),
        };
        Ok(Outcome { status: status.into(), system_user_id: id.map(|id| id.text()), ..self.failed() })
    }
}

impl Take {
    /// That it failed; why is to be said yet.
    pub(super) fn failed(&self) -> Outcome {
        Outcome {
            system_user_id: None,
            username: self.person.username.clone(),
            email: self.person.email.clone(),
            status: "ERROR".into(),
            error: None,
        }
    }

    async fn change(&self, w: &mut Write<'_>, found: &User) -> Result<&'static str> {
        let is = serde_json::to_value(&found.profile).unwrap_or_default();
        let differs = |name: &String, value: &Value| is.get(name.as_str()) != Some(value);
        let profile: Map<String, Value> =
            self.person.profile.iter().filter(|(n, v)| differs(n, v)).map(|(n, v)| (n.clone(), v.clone())).collect();
        let back = self.may.reactivate && self.person.active && found.state == State::Suspended;
        if profile.is_empty() && !back {
            return Ok("UNCHANGED");
        }
        let mut update = user::update::Update::profile(found.id, profile);
        update.state = back.then_some(State::Activated);
        update.run(w).await?;
        Ok("UPDATED")
    }
}

/// What a SCIM user says of a person, as members of the v1 object.
#[must_use]
pub fn profile_of(user: &muster_scim::resource::User) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<&String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            out.insert(name.to_owned(), json!(value));
        }
    };
    let name = user.name.as_ref();
    put("firstname", name.and_then(|n| n.given_name.as_ref()));
    put("middlename", name.and_then(|n| n.middle_name.as_ref()));
    put("lastname", name.and_then(|n| n.family_name.as_ref()));
    put("displayname", user.display_name.as_ref());
    put("jobTitle", user.title.as_ref());
    put("employeeType", user.user_type.as_ref());
    let enterprise = user.enterprise.as_ref();
    put("department", enterprise.and_then(|e| e.department.as_ref()));
    put("costCenter", enterprise.and_then(|e| e.cost_center.as_ref()));
    put("company", enterprise.and_then(|e| e.organization.as_ref()));
    put("employeeIdentifier", enterprise.and_then(|e| e.employee_number.as_ref()));
    out
}
