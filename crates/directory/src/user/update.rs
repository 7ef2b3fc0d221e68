//! Changes a person's attributes. Present members replace, absent ones stay (JumpCloud's v1 PUT).

use muster_base::{Email, Id};
use serde_json::{Map, Value, json};

use super::{SELF_WRITABLE, State, User, create, store};
use crate::actor::ActorKind;
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write, attribute, document, fed_user, organization};

/// Changes a person.
pub struct Update {
    /// Who.
    pub id: Id,
    /// A new user name.
    pub username: Option<String>,
    /// A new company e-mail.
    pub email: Option<String>,
    /// A new state.
    pub state: Option<State>,
    /// Other members of the v1 object.
    pub profile: Map<String, Value>,
    /// The hash of a new password, already checked against the rules.
    pub password_hash: Option<String>,
}

impl Update {
    /// An update of other members only.
    #[must_use]
    pub fn profile(id: Id, profile: Map<String, Value>) -> Self {
        Self { id, username: None, email: None, state: None, profile, password_hash: None }
    }
}

impl Verb for Update {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let before = store::get(w, w.org(), self.id).await?;
        self.apply(w, before, true).await
    }
}

impl Update {
    /// Changes the person as this transaction read them; `guarded`: but for what a directory feeds.
    pub(crate) async fn apply(&self, w: &mut Write<'_>, before: User, guarded: bool) -> Result<User> {
        let mut after = before.clone();
        let mut problems = Vec::new();
        if let Some(username) = &self.username {
            problems.append(&mut create::username_problems(username));
            username.trim().clone_into(&mut after.username);
        }
        if let Some(email) = &self.email {
            match email.parse::<Email>() {
                Ok(email) => email.written().clone_into(&mut after.email),
                Err(error) => problems.push(FieldError::new("email", error.to_string())),
            }
        }
        match before.profile.overlay(&self.profile) {
            Ok(profile) => after.profile = profile,
            Err(mut wrong) => problems.append(&mut wrong),
        }
        Error::unless_empty(problems)?;
        if before.profile.attributes != after.profile.attributes {
            attribute::fit::fit(w, &mut after.profile.attributes).await?;
        }
        create::check_manager(w, &mut after).await?;
        if before.profile.employee_identifier != after.profile.employee_identifier {
            create::check_employee(w, &after).await?;
        }
        if let Some(state) = self.state {
            after.state = state;
        }
        let fields = differences(&before, &after);
        if w.actor().kind == ActorKind::User {
            self.check_owner(w, &fields).await?;
        }
        if guarded {
            fed_user::guard::check(w, &before, &after, &fields).await?;
        }
        if !fields.is_empty() {
            store::update(w, &before, &after).await?;
            w.log(Kind::UserUpdate, Subject::user(after.id), Value::Object(fields));
        }
        super::state::log_transition(w, &before, &after, true);
        if let Some(hash) = &self.password_hash {
            after = super::set_password::store_new(w, after, hash, None).await?;
        }
        Ok(after)
    }

    /// A person changes only themselves, and of themselves only what decides nothing.
    async fn check_owner(&self, w: &mut Write<'_>, fields: &Map<String, Value>) -> Result<()> {
        let organization = organization::store::get(w, w.org()).await?;
        if w.actor().id != Some(self.id) || self.password_hash.is_some() || !organization.settings.system_users_can_edit
        {
            return Err(Error::Denied("your administrator changes your data: ask them".into()));
        }
        let restricted = &store::get(w, w.org(), self.id).await?.profile.restricted_fields;
        let mut problems = Vec::new();
        for name in fields.keys() {
            if !SELF_WRITABLE.contains(&name.as_str()) {
                problems.push(FieldError::new(name, "only an administrator changes this"));
            } else if restricted.iter().any(|r| r.field == *name) {
                problems.push(FieldError::new(name, "another system of your organization keeps this"));
            }
        }
        Error::unless_empty(problems)
    }
}

/// `{field: {from, to}}` of everything that differs.
fn differences(before: &User, after: &User) -> Map<String, Value> {
    let mut fields = Map::new();
    document::note(&mut fields, "username", json!(before.username), json!(after.username));
    document::note(&mut fields, "email", json!(before.email), json!(after.email));
    document::note(&mut fields, "state", json!(before.state), json!(after.state));
    fields.append(&mut document::differences(&before.profile, &after.profile));
    fields
}
