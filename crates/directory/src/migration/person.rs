//! A person of the source, and whose manager they are.

use muster_base::{Email, Id};
use serde_json::{Map, Value, json};

use super::link::{self, Link};
use super::merge::{Merged, base_after, merge};
use super::model::{Item, Kind, Told, Word};
use super::take::{DELETED_HERE, Here, Taking, word};
use crate::user::import::{Done, changed_by, check_free, made};
use crate::user::{self, State, User};
use crate::{Error, FieldError, Result, Write, organization};

/// What a base remembers of the state there.
const STATE_THERE: &str = "stateThere";
/// Without these there is no person.
const NEEDED: [&str; 3] = ["username", "email", "state"];

/// A person as the source tells of them.
struct Said {
    username: String,
    email: String,
    state: State,
    profile: Map<String, Value>,
}

impl Said {
    fn read(doc: &Value) -> Self {
        let text = |name: &str| doc[name].as_str().unwrap_or_default().trim().to_owned();
        Self {
            username: text("username"),
            email: text("email"),
            state: State::from_word(doc["state"].as_str().unwrap_or_default()).unwrap_or(State::Suspended),
            profile: doc["profile"].as_object().cloned().unwrap_or_default(),
        }
    }

    fn wanted(&self) -> Map<String, Value> {
        let mut wanted = self.profile.clone();
        wanted.insert("username".into(), json!(self.username));
        wanted.insert("email".into(), json!(self.email));
        wanted
    }
}

fn shown(user: &User) -> Map<String, Value> {
    let mut out = match serde_json::to_value(&user.profile) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    out.insert("username".into(), json!(user.username));
    out.insert("email".into(), json!(user.email));
    out.insert("state".into(), json!(user.state));
    out
}

pub(super) async fn take(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let said = Said::read(&item.doc);
    let link = link::find(w, org, taking.key(Kind::User, &item.remote_id)).await?;
    let known = match &link {
        Some(link) => user::store::by_id(w, org, link.local).await?,
        None => by_email(w, &said.email).await?,
    };
    match (known, link) {
        (None, Some(_)) if !taking.overwrite => Ok(Told::new(Word::Kept).because(DELETED_HERE)),
        // By an earlier part of the plan: the two are one, as they are where both are taken in.
        (None, None) if taking.carried.email(&said.email).is_some() => {
            let first = taking.carried.email(&said.email).map(|owner| owner.username.clone()).unwrap_or_default();
            Ok(Told::new(Word::Linked).because(format!("it has the address of {first}, who comes before it")))
        }
        (None, _) => make(w, taking, item, &said).await,
        (Some(user), link) => change(w, taking, item, (&said, user, link)).await,
    }
}

async fn by_email(w: &mut Write<'_>, email: &str) -> Result<Option<User>> {
    let email = email.parse::<Email>().map_err(|e| Error::field("email", e.to_string()))?;
    let org = w.org();
    user::store::by_email(w, org, email.normal()).await
}

/// Whoever may not sign in there may not sign in here; everybody else comes as the organization's settings say.
async fn first_state(w: &mut Write<'_>, there: State) -> Result<State> {
    let org = w.org();
    let settings = organization::store::get(w, org).await?.settings;
    Ok(match there {
        State::Activated => settings.new_system_user_state_defaults.csv_import,
        State::Suspended | State::Staged => there,
    })
}

/// Refuses what somebody has by an earlier part of the plan, in the words of the change itself.
fn check_carried(taking: &Taking, username: &str, email: &str) -> Result<()> {
    let mut problems = Vec::new();
    if let Some(owner) = taking.carried.username(username) {
        problems.push(FieldError::new("username", format!("{} has this user name: choose another", owner.email)));
    }
    if let Some(owner) = taking.carried.email(email) {
        problems.push(FieldError::new("email", format!("{} has this address already", owner.username)));
    }
    Error::unless_empty(problems)
}

async fn make(w: &mut Write<'_>, taking: &Taking, item: &Item, said: &Said) -> Result<Told> {
    check_carried(taking, &said.username, &said.email)?;
    check_free(w, None, &said.username, &said.email).await?;
    let state = first_state(w, said.state).await?;
    let (mut profile, mut left) = (said.profile.clone(), Vec::new());
    profile.retain(|_, value| !super::merge::is_empty(value));
    let user = loop {
        let create = user::create::Create {
            username: said.username.clone(),
            email: said.email.clone(),
            state: Some(state),
            profile: profile.clone(),
            password_hash: None,
        };
        match made(w, create).await {
            Err(Error::Invalid(fields)) => leave_out(&mut profile, fields, &mut left)?,
            other => break other?,
        }
    };
    remember(w, taking, item, (said, &user, None), &[]).await?;
    Ok(Told::new(Word::Created).of(user.id).because(left.join("; ")))
}

/// Takes what is wrong out of a profile, so that the person comes without it.
fn leave_out(profile: &mut Map<String, Value>, fields: Vec<FieldError>, left: &mut Vec<String>) -> Result<()> {
    let before = profile.len();
    for wrong in &fields {
        let root: String = wrong.field.chars().take_while(|c| !matches!(c, '[' | '.')).collect();
        if profile.remove(&root).is_some() {
            left.push(format!("came without {root} ({})", wrong.message));
        }
    }
    if profile.len() < before { Ok(()) } else { Err(Error::Invalid(fields)) }
}

async fn change(
    w: &mut Write<'_>,
    taking: &Taking,
    item: &Item,
    (said, before, link): (&Said, User, Option<Link>),
) -> Result<Told> {
    let base = link.as_ref().map(|link| &link.base);
    let is = shown(&before);
    let mut wanted = said.wanted();
    if let Some(state) = state_wanted(said.state, base, before.state) {
        wanted.insert("state".into(), json!(state));
    }
    let Merged { patch, kept } = merge(&wanted, &is, base, taking.overwrite);
    let text = |name: &str| patch.get(name).and_then(Value::as_str).unwrap_or_default();
    check_carried(taking, text("username"), text("email"))?;
    let (done, after, left) = apply(w, &before, patch).await?;
    remember(w, taking, item, (said, &after, base), &kept).await?;
    let changes = match done {
        Done::Updated(fields) => fields,
        _ => Map::new(),
    };
    let outcome = word(!changes.is_empty(), !kept.is_empty(), link.is_some());
    Ok(Told { changes, kept, ..Told::new(outcome).of(after.id).because(left.join("; ")) })
}

/// The state that somebody is to be in, where the source says something new of it.
fn state_wanted(there: State, base: Option<&Map<String, Value>>, is: State) -> Option<State> {
    let before = base.and_then(|base| base.get(STATE_THERE)).and_then(Value::as_str).and_then(State::from_word);
    match (before, there) {
        (Some(before), there) if before == there => None,
        (_, State::Suspended) => Some(State::Suspended),
        (Some(_), State::Activated) if is != State::Activated => Some(State::Activated),
        _ => None,
    }
}

async fn apply(w: &mut Write<'_>, before: &User, patch: Map<String, Value>) -> Result<(Done, User, Vec<String>)> {
    if patch.is_empty() {
        return Ok((Done::Unchanged, before.clone(), Vec::new()));
    }
    let text = |name: &str| patch.get(name).and_then(Value::as_str).map(str::to_owned);
    let (username, email) = (text("username"), text("email"));
    let names = (username.as_deref().unwrap_or(&before.username), email.as_deref().unwrap_or(&before.email));
    check_free(w, Some(before.id), names.0, names.1).await?;
    let state = text("state").and_then(|state| State::from_word(&state));
    let (mut profile, mut left) = (patch, Vec::new());
    profile.retain(|name, _| !NEEDED.contains(&name.as_str()));
    let outcome = loop {
        let update = user::update::Update {
            id: before.id,
            username: username.clone(),
            email: email.clone(),
            state,
            profile: profile.clone(),
            password_hash: None,
        };
        match changed_by(w, update).await {
            Err(Error::Invalid(fields)) => leave_out(&mut profile, fields, &mut left)?,
            other => break other?,
        }
    };
    Ok((outcome.done, outcome.user.unwrap_or_else(|| before.clone()), left))
}

async fn remember(
    w: &mut Write<'_>,
    taking: &Taking,
    item: &Item,
    (said, after, base): (&Said, &User, Option<&Map<String, Value>>),
    kept: &[String],
) -> Result<()> {
    let is = shown(after);
    let mut now = base_after(&said.wanted(), &is, base, kept);
    let state_kept = kept.iter().any(|name| name == "state");
    // Of a state that was left as it is here the source tells again.
    if !state_kept {
        now.insert("state".into(), json!(after.state));
        now.insert(STATE_THERE.into(), json!(said.state));
    } else if let Some(base) = base {
        now.extend(["state", STATE_THERE].into_iter().filter_map(|n| Some((n.to_owned(), base.get(n)?.clone()))));
    }
    link::put(w, taking.key(Kind::User, &item.remote_id), after.id, &now).await
}

/// Sets whose manager somebody is. The manager may have come later than those whom they manage.
pub(super) async fn take_manager(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let id = match taking.here(w, Kind::User, &item.remote_id).await? {
        Here::Is(id) => id,
        Here::Will => return Ok(Told::new(Word::Created)),
        Here::No => return Ok(Told::new(Word::Refused).because("the person did not come")),
    };
    let manager = match item.doc["manager"].as_str().filter(|m| !m.is_empty()) {
        None => Value::Null,
        Some(manager) => match taking.here(w, Kind::User, manager).await? {
            Here::Is(manager) => json!(manager.text()),
            Here::Will => return Ok(Told::new(Word::Created).of(id)),
            Here::No => return Ok(Told::new(Word::Refused).of(id).because("their manager did not come")),
        },
    };
    let Some(user) = user::store::by_id(w, org, id).await? else {
        return Ok(Told::new(Word::Kept).because("the person was deleted here"));
    };
    let link = link::find(w, org, taking.key(Kind::Manager, &item.remote_id)).await?;
    let wanted = Map::from_iter([("manager".to_owned(), manager)]);
    let is = |user: &User| Map::from_iter([("manager".to_owned(), json!(user.profile.manager))]);
    // Somebody who has just come has a manager from nobody's hand.
    let base = link.as_ref().map(|link| &link.base);
    let Merged { patch, kept } = merge(&wanted, &is(&user), base, taking.overwrite);
    let (done, after, _) = apply(w, &user, patch).await?;
    let now = base_after(&wanted, &is(&after), base, &kept);
    link::put(w, taking.key(Kind::Manager, &item.remote_id), id, &now).await?;
    let changes = match done {
        Done::Updated(fields) => fields,
        _ => Map::new(),
    };
    Ok(Told { kept: kept.clone(), ..Told::new(word(!changes.is_empty(), !kept.is_empty(), link.is_some())).of(id) }
        .with_changes(changes))
}

impl Told {
    fn with_changes(mut self, changes: Map<String, Value>) -> Self {
        self.changes = changes;
        self
    }
}

/// Whom people here are there: for what refers to them.
pub(super) async fn id_of(w: &mut Write<'_>, taking: &Taking, remote: &str) -> Result<Option<Id>> {
    Ok(match taking.here(w, Kind::User, remote).await? {
        Here::Is(id) => Some(id),
        Here::Will | Here::No => None,
    })
}
