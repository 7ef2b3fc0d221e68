//! Takes in people from a table: each line makes a person, or changes the one it names. Run by
//! [`crate::Directory::try_out`] it is the plan of what it would do.

use muster_base::{Email, Id};
use serde_json::{Map, Value};

use super::column::{self, Line};
use super::create::{self, Create};
use super::update::Update;
use super::{State, User, store};
use crate::change::Kind;
use crate::{Error, FieldError, Result, Verb, Write, organization};

/// Lines of one import: what one transaction takes in.
pub const LINES_MAX: usize = 1_000;

/// By what a line's person is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownBy {
    /// Company Email.
    #[default]
    Email,
    /// User name.
    Username,
}

/// Takes in lines in one transaction. A line that is wrong is told and left out; the others are kept. Whose manager cannot be
/// theirs is taken in without, which is told too.
#[derive(Clone, Debug)]
pub struct Import {
    /// The lines, values by API name ([`column::named`]).
    pub lines: Vec<Line>,
    /// By what a person is known, where a line has no `_id`.
    pub known_by: KnownBy,
    /// Whether people who are there are changed; they are passed over otherwise.
    pub update: bool,
}

/// What was done with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// There was no such person: they were made.
    Created,
    /// They were there, and these fields changed (`{field: {from, to}}`).
    Updated(Map<String, Value>),
    /// They were there, as the line says.
    Unchanged,
    /// They were there, and people who are there are not changed.
    PassedOver,
    /// Nothing: these fields are wrong.
    Refused(Vec<FieldError>),
}

/// What became of a line.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The person, where there is one.
    pub user: Option<User>,
    /// What was done.
    pub done: Done,
    /// What of the line was not taken, although the rest was: these fields are wrong.
    pub left_out: Vec<FieldError>,
}

impl Outcome {
    const fn of(user: Option<User>, done: Done) -> Self {
        Self { user, done, left_out: Vec::new() }
    }

    /// Whether the line was taken, but for something.
    #[must_use]
    pub const fn is_incomplete(&self) -> bool {
        !self.left_out.is_empty()
    }
}

impl Verb for Import {
    type Out = Vec<Outcome>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Vec<Outcome>> {
        if self.lines.len() > LINES_MAX {
            let message = format!("at most {LINES_MAX} people at a time: send them in several parts");
            return Err(Error::field("rows", message));
        }
        let state = organization::store::get(w, w.org()).await?.settings.new_system_user_state_defaults.csv_import;
        let mut out = Vec::with_capacity(self.lines.len());
        // A manager may stand below those whom they manage.
        let mut later = Vec::new();
        for (n, line) in self.lines.iter().enumerate() {
            let outcome = refused_or(self.take(w, line, state).await)?;
            if let (Some(user), Some(manager)) = (&outcome.user, line.get("manager"))
                && outcome.done != Done::PassedOver
            {
                later.push((n, user.id, manager.trim().to_owned()));
            }
            out.push(outcome);
        }
        for (n, user, manager) in later {
            let outcome = refused_or(set_manager(w, user, &manager).await)?;
            if let Some(before) = out.get_mut(n) {
                join(before, outcome);
            }
        }
        Ok(out)
    }
}

/// What is wrong with a line is told of it; everything else ends the import. All that can be wrong with a line is found
/// before its first statement that writes.
fn refused_or(result: Result<Outcome>) -> Result<Outcome> {
    match result {
        Err(Error::Invalid(fields)) => Ok(Outcome::of(None, Done::Refused(fields))),
        other => other,
    }
}

/// What became of a line, and then of its manager.
fn join(line: &mut Outcome, manager: Outcome) {
    match (&mut line.done, manager.done) {
        (Done::Updated(fields), Done::Updated(more)) => fields.extend(more),
        (Done::Unchanged, done @ Done::Updated(_)) => line.done = done,
        // The person stays as the rest of the line says.
        (_, Done::Refused(wrong)) => line.left_out.extend(wrong),
        _ => {}
    }
}

impl Import {
    async fn take(&self, w: &mut Write<'_>, line: &Line, state: State) -> Result<Outcome> {
        let text = |name: &str| line.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let chosen = match text("state") {
            None => None,
            Some(word) => Some(
                State::from_word(&word.to_uppercase())
                    .ok_or_else(|| Error::field("state", "use STAGED, ACTIVATED or SUSPENDED"))?,
            ),
        };
        let known = self.known(w, line).await?;
        let profile = column::profile(line, known.as_ref());
        let Some(before) = known else {
            let email = text("email").unwrap_or_default().to_owned();
            // Where a table has no user names, the part before the @ is one.
            let local = || email.split('@').next().unwrap_or_default().to_owned();
            let username = text("username").map_or_else(local, str::to_owned);
            check_free(w, None, &username, &email).await?;
            let state = Some(chosen.unwrap_or(state));
            let made = made(w, Create { username, email, state, profile, password_hash: None }).await?;
            return Ok(Outcome::of(Some(made), Done::Created));
        };
        if !self.update {
            return Ok(Outcome::of(Some(before), Done::PassedOver));
        }
        let username = text("username").map(str::to_owned);
        let email = text("email").map(str::to_owned);
        let changed = (username.as_deref().unwrap_or(&before.username), email.as_deref().unwrap_or(&before.email));
        check_free(w, Some(before.id), changed.0, changed.1).await?;
        let update = Update { id: before.id, username, email, state: chosen, profile, password_hash: None };
        changed_by(w, update).await
    }

    /// The person whom a line speaks of.
    async fn known(&self, w: &mut Write<'_>, line: &Line) -> Result<Option<User>> {
        let org = w.org();
        let text = |name: &str| line.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        if let Some(text) = text("_id") {
            let id: Id = text.parse().map_err(|_| Error::field("_id", "24 hexadecimal characters, or left out"))?;
            let found = store::by_id(w, org, id).await?;
            return found.map(Some).ok_or_else(|| Error::field("_id", "no person of this organization has this id"));
        }
        let name = match self.known_by {
            KnownBy::Email => "email",
            KnownBy::Username => "username",
        };
        let value = text(name).ok_or_else(|| Error::field(name, "people are known by this: it may not be empty"))?;
        if value.contains('\0') {
            return Err(Error::field(name, "the character U+0000 cannot be stored: remove it"));
        }
        match self.known_by {
            KnownBy::Email => {
                let email = value.parse::<Email>().map_err(|e| Error::field("email", e.to_string()))?;
                store::by_email(w, org, email.normal()).await
            }
            KnownBy::Username => store::by_username(w, org, value).await,
        }
    }
}

/// Refuses a name or address that somebody else has: as a wrong field, since the statement that fails would end the import.
pub(crate) async fn check_free(w: &mut Write<'_>, of: Option<Id>, username: &str, email: &str) -> Result<()> {
    let org = w.org();
    let mut problems = create::username_problems(username);
    if problems.is_empty()
        && let Some(other) = store::by_username(w, org, username.trim()).await?.filter(|user| Some(user.id) != of)
    {
        problems.push(FieldError::new("username", format!("{} has this user name: choose another", other.email)));
    }
    match email.parse::<Email>() {
        Err(error) => problems.push(FieldError::new("email", error.to_string())),
        Ok(email) => {
            let other = store::by_email(w, org, email.normal()).await?.filter(|user| Some(user.id) != of);
            problems.extend(
                other.map(|other| FieldError::new("email", format!("{} has this address already", other.username))),
            );
        }
    }
    Error::unless_empty(problems)
}

/// Refuses an employee ID that somebody else has, as a wrong field.
async fn check_employee(w: &mut Write<'_>, of: Option<Id>, profile: &Map<String, Value>) -> Result<()> {
    let employee = profile.get("employeeIdentifier").and_then(Value::as_str).unwrap_or_default();
    let org = w.org();
    match store::by_employee(w, org, employee).await?.filter(|user| Some(user.id) != of) {
        Some(other) => Err(Error::field("employeeIdentifier", format!("{} has it already", other.username))),
        None => Ok(()),
    }
}

/// Makes a person.
pub(crate) async fn made(w: &mut Write<'_>, create: Create) -> Result<User> {
    check_employee(w, None, &create.profile).await?;
    create.run(w).await
}

/// Changes a person, and tells what changed.
pub(crate) async fn changed_by(w: &mut Write<'_>, update: Update) -> Result<Outcome> {
    check_employee(w, Some(update.id), &update.profile).await?;
    let (id, before) = (update.id, w.changes().len());
    let user = update.run(w).await?;
    let mut fields = Map::new();
    for change in w.changes().iter().skip(before).filter(|c| c.subject.id == id && c.kind == Kind::UserUpdate) {
        fields.extend(change.fields.as_object().cloned().unwrap_or_default());
    }
    let done = if fields.is_empty() { Done::Unchanged } else { Done::Updated(fields) };
    Ok(Outcome::of(Some(user), done))
}

/// Sets the manager whom a line names by e-mail, user name or id; nobody where it is empty.
async fn set_manager(w: &mut Write<'_>, user: Id, named: &str) -> Result<Outcome> {
    let org = w.org();
    let found = match (named.parse::<Id>(), named.parse::<Email>()) {
        _ if named.is_empty() || named.contains('\0') => None,
        (Ok(id), _) => store::by_id(w, org, id).await?,
        (_, Ok(email)) => store::by_email(w, org, email.normal()).await?,
        _ => store::by_username(w, org, named).await?,
    };
    if found.is_none() && !named.is_empty() {
        return Err(Error::field("manager", "no person has this e-mail, user name or id"));
    }
    let manager = found.map_or(Value::Null, |manager| Value::String(manager.id.text()));
    changed_by(w, Update::profile(user, Map::from_iter([("manager".to_owned(), manager)]))).await
}
