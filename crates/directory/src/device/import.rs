//! Takes in devices that are known elsewhere: each row makes one, or tells anew of the one it names.

use muster_base::{Email, Id, Micros};
use serde_json::{Map, Value};

use super::create::Create;
use super::rows::{ROWS_MAX, Row};
use super::update::Report;
use super::{Device, store};
use crate::{Error, FieldError, Result, Verb, Write, user};

/// Takes in rows in one transaction. A row that is wrong is told and left out; the others are kept.
pub struct Import {
    /// The devices.
    pub rows: Vec<Row>,
}

/// What became of a row.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The device, where there is one.
    pub device: Option<Device>,
    /// What was done.
    pub done: Done,
    /// What was kept out of the device, and why.
    pub warnings: Vec<String>,
}

/// What was done with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// There was none: it was made.
    Created,
    /// It was there, and something of it changed.
    Updated,
    /// It was there, as the row says.
    Unchanged,
    /// Nothing: these fields are wrong.
    Refused(Vec<FieldError>),
}

impl Verb for Import {
    type Out = Vec<Outcome>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Vec<Outcome>> {
        if self.rows.len() > ROWS_MAX {
            return Err(Error::field(
                "body",
                format!("at most {ROWS_MAX} devices at a time: send them in several parts"),
            ));
        }
        let mut out = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut warnings = Vec::new();
            // Everything that can be wrong with a row is found before its first statement that writes.
            let outcome = match take(w, row, &mut warnings).await {
                Ok((device, done)) => Outcome { device: Some(device), done, warnings },
                Err(Error::Invalid(fields)) => Outcome { device: None, done: Done::Refused(fields), warnings },
                Err(error) => return Err(error),
            };
            out.push(outcome);
        }
        Ok(out)
    }
}

async fn take(w: &mut Write<'_>, row: &Row, warnings: &mut Vec<String>) -> Result<(Device, Done)> {
    let id = match row.get("_id").or_else(|| row.get("id")) {
        None | Some(Value::Null) => None,
        Some(value) => {
            let read = value.as_str().and_then(|text| text.parse::<Id>().ok());
            Some(read.ok_or_else(|| Error::field("_id", "24 hexadecimal characters, or left out"))?)
        }
    };
    let owner = owner(w, row, warnings).await?;
    let known = known(w, id, row).await?;
    let Some(before) = known else {
        let created_at = row.get("created").and_then(Value::as_str).and_then(Micros::parse_rfc3339);
        let create = Create { id, facts: row.clone(), owner: owner.flatten(), created_at };
        return Ok((create.run(w).await?, Done::Created));
    };
    let after = Report { id: before.id, facts: row.clone(), owner }.run(w).await?;
    let done = if after == before { Done::Unchanged } else { Done::Updated };
    Ok((after, done))
}

/// The device that a row speaks of: by its id, else by its serial number.
async fn known(w: &mut Write<'_>, id: Option<Id>, row: &Row) -> Result<Option<Device>> {
    if let Some(id) = id
        && let Some(device) = store::by_id(w, w.org(), id).await?
    {
        return Ok(Some(device));
    }
    let serial = row.get("serialNumber").and_then(Value::as_str).map(str::trim).filter(|s| !s.is_empty());
    let Some(serial) = serial.filter(|s| !s.contains('\0')) else { return Ok(None) };
    let mut found = store::by_serial(w, w.org(), serial).await?;
    if found.len() > 1 {
        let message = "several devices have this serial number: name the one that is meant by its _id";
        return Err(Error::field("serialNumber", message));
    }
    Ok(found.pop())
}

/// The owner that a row names: as `owner` by e-mail, user name or id; as `primarySystemUser`, JumpCloud's id, which may
/// be unknown here.
async fn owner(w: &mut Write<'_>, row: &Row, warnings: &mut Vec<String>) -> Result<Option<Option<Id>>> {
    if let Some(text) = row.get("owner").and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty()) {
        let found = person(w, text).await?;
        let message = "no person of this organization has this e-mail, user name or id";
        return found.map(|id| Some(Some(id))).ok_or_else(|| Error::field("owner", message));
    }
    let id = match row.get("primarySystemUser") {
        Some(Value::Object(object)) => reference(object),
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let Some(text) = id.filter(|t| !t.is_empty()) else { return Ok(None) };
    match text.parse() {
        Ok(id) if user::store::by_id(w, w.org(), id).await?.is_some() => Ok(Some(Some(id))),
        _ => {
            warnings.push(format!("the owner {text} is not known here: the device was taken without"));
            Ok(None)
        }
    }
}

fn reference(object: &Map<String, Value>) -> Option<&str> {
    object.get("id").and_then(Value::as_str)
}

async fn person(w: &mut Write<'_>, text: &str) -> Result<Option<Id>> {
    if text.contains('\0') {
        return Ok(None);
    }
    let found = match (text.parse::<Id>(), text.parse::<Email>()) {
        (Ok(id), _) => user::store::by_id(w, w.org(), id).await?,
        (_, Ok(email)) => user::store::by_email(w, w.org(), email.normal()).await?,
        _ => user::store::by_username(w, w.org(), text).await?,
    };
    Ok(found.map(|u| u.id))
}
