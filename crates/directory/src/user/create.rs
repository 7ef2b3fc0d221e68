//! Makes a person.

use muster_base::{Email, Id};
use serde_json::{Map, Value, json};

use super::profile::RestrictedField;
use super::{Profile, State, User, store};
use crate::change::{Kind, Subject};
use crate::document::LIST_MAX;
use crate::{Error, FieldError, Result, Verb, Write, attribute};

/// The longest user name.
pub const USERNAME_MAX: usize = 128;

/// Makes a person. Without a state the organization's default for manual entry holds.
pub struct Create {
    /// The user name.
    pub username: String,
    /// The company e-mail as typed.
    pub email: String,
    /// The state, if it was chosen.
    pub state: Option<State>,
    /// The rest, as members of the v1 object.
    pub profile: Map<String, Value>,
    /// The hash of a first password, already checked against the rules ([`crate::password::prepare`]).
    pub password_hash: Option<String>,
}

impl Verb for Create {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        self.apply(w, Map::new(), None).await
    }
}

impl Create {
    /// Makes the person; `told` is what else the log says of it, `restrictions` what a directory keeps of them.
    pub(crate) async fn apply(
        &self,
        w: &mut Write<'_>,
        told: Map<String, Value>,
        restrictions: Option<Vec<RestrictedField>>,
    ) -> Result<User> {
        let organization = w.organization().await?;
        let settings = &organization.settings;
        let mut problems = username_problems(&self.username);
        let email =
            self.email.parse::<Email>().map_err(|e| problems.push(FieldError::new("email", e.to_string()))).ok();
        let mut profile = Profile::default();
        match profile.overlay(&self.profile) {
            Ok(read) => profile = read,
            Err(mut wrong) => problems.append(&mut wrong),
        }
        Error::unless_empty(problems)?;
        if let Some(restrictions) = restrictions {
            if restrictions.len() > LIST_MAX {
                // No later change could keep more.
                return Err(Error::field("restrictedFields", format!("at most {LIST_MAX} entries")));
            }
            profile.restricted_fields = restrictions.into();
        } else if !self.profile.contains_key("restrictedFields") {
            profile.restricted_fields = settings.system_user_defaults.restricted_fields.as_slice().into();
        }
        if self.password_hash.is_some() {
            super::set_password::allowed(&profile)?;
        }
        let mut user = User {
            org: w.org(),
            id: w.env().id(),
            username: self.username.trim().to_owned(),
            email: email.map(|e| e.written().to_owned()).unwrap_or_default(),
            state: self.state.unwrap_or(settings.new_system_user_state_defaults.manual_entry),
            profile,
            password_at: self.password_hash.is_some().then(|| w.now()),
            password_hash: self.password_hash.clone(),
            password_expired: false,
            created_at: w.now(),
            tokens_from: muster_base::Micros(0),
        };
        attribute::fit::fit(w, &mut user.profile.attributes).await?;
        check_manager(w, &mut user).await?;
        check_employee(w, &user).await?;
        store::insert(w, &user).await?;
        let mut fields = told;
        fields.insert("username".into(), json!(user.username));
        fields.insert("email".into(), json!(user.email));
        fields.insert("state".into(), json!(user.state));
        w.log(Kind::UserCreate, Subject::user(user.id), Value::Object(fields));
        Ok(user)
    }
}

/// What is wrong with a user name.
#[must_use]
pub fn username_problems(username: &str) -> Vec<FieldError> {
    let name = username.trim();
    let message = if name.is_empty() {
        "enter a user name"
    } else if name.chars().count() > USERNAME_MAX {
        "at most 128 characters"
    } else if name.chars().any(muster_base::is_invisible) {
        "a user name has no invisible characters: two people would look the same"
    } else if name.chars().any(|c| c.is_whitespace() || c.is_control() || "\"/\\[]:;|=,*?<>".contains(c)) {
        "a user name has no spaces and none of \" / \\ [ ] : ; | = , * ? < >"
    } else {
        return Vec::new();
    };
    vec![FieldError::new("username", message)]
}

/// Refuses an employee ID that somebody else has before a statement fails by it, which would end everything that is done together
/// with it.
pub(crate) async fn check_employee(w: &mut Write<'_>, user: &User) -> Result<()> {
    let employee = user.profile.employee_identifier.as_deref().unwrap_or_default();
    let org = w.org();
    match store::by_employee(w, org, employee).await? {
        Some(other) if other.id != user.id => Err(Error::Conflict(store::EMPLOYEE_TAKEN.into())),
        _ => Ok(()),
    }
}

/// A manager is a person of the same organization, and not oneself; nor does the chain of managers lead back. The id is
/// brought into its one spelling.
pub(crate) async fn check_manager(w: &mut Write<'_>, user: &mut User) -> Result<()> {
    if let Some(id) = user.profile.manager.as_deref().and_then(|m| m.parse::<Id>().ok()) {
        user.profile.manager = Some(id.text());
    }
    match user.profile.manager.clone().filter(|m| !m.is_empty()) {
        Some(manager) => check_chain(w, user.id, manager).await,
        None => Ok(()),
    }
}

/// Refuses a manager who is no person here, or from whom the chain of managers leads back to `of`.
pub(crate) async fn check_chain(w: &mut Write<'_>, of: Id, manager: String) -> Result<()> {
    let mut seen = vec![of];
    let mut next = Some(manager);
    while let Some(manager) = next {
        let id: Id =
            manager.parse().map_err(|_| Error::field("manager", "the id of a person: 24 hexadecimal characters"))?;
        if seen.contains(&id) {
            return Err(Error::field(
                "manager",
                "this would make a person their own manager, directly or through others",
            ));
        }
        if seen.len() > 100 {
            return Err(Error::field("manager", "the chain of managers is longer than 100"));
        }
        seen.push(id);
        let found = store::by_id(w, w.org(), id).await?;
        let found = found.ok_or_else(|| Error::field("manager", "no person of this organization has this id"))?;
        next = found.profile.manager.filter(|m| !m.is_empty());
    }
    Ok(())
}
