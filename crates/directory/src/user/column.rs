//! The columns of a table of people: what a column's name means, and how people are written as lines of one. Pure; what
//! becomes of a line is [`super::import`]'s to say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::User;
use crate::{Error, FieldError, Result};

/// The columns that a table is written with, by API name and label; phone numbers and custom attributes follow.
pub const COLUMNS: [(&str, &str); 18] = [
    ("_id", "ID"),
    ("username", "Username"),
    ("email", "Company Email"),
    ("firstname", "First Name"),
    ("middlename", "Middle Name"),
    ("lastname", "Last Name"),
    ("displayname", "Display Name"),
    ("state", "User State"),
    ("description", "Description"),
    ("company", "Company"),
    ("department", "Department"),
    ("costCenter", "Cost Center"),
    ("jobTitle", "Job Title"),
    ("employeeIdentifier", "Employee ID"),
    ("employeeType", "Employee Type"),
    ("location", "Location"),
    ("manager", "Manager"),
    ("alternateEmail", "Alternate Email"),
];
/// Columns of phone numbers begin so: `phoneNumbers.work`.
pub const PHONE: &str = "phoneNumbers.";
/// Columns of custom attributes begin so.
pub const CUSTOM: &str = "attributes.";

/// The API name that a column's name means, letters' case, spaces and underscores aside.
#[must_use]
pub fn named(name: &str) -> Option<String> {
    let name = name.trim();
    let further = |prefix: &str| name.strip_prefix(prefix).filter(|rest| !rest.is_empty());
    if further(CUSTOM).or_else(|| further(PHONE)).is_some() {
        return Some(name.to_owned());
    }
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = match plain(name).as_str() {
        "mail" | "emailaddress" => "email".to_owned(),
        "title" => "jobtitle".to_owned(),
        "givenname" => "firstname".to_owned(),
        "surname" | "familyname" => "lastname".to_owned(),
        other => other.to_owned(),
    };
    let found = COLUMNS.iter().find(|(name, label)| plain(name) == wanted || plain(label) == wanted);
    found.map(|(name, _)| (*name).to_owned())
}

/// A line: values by column, or by API name.
pub type Line = BTreeMap<String, String>;

/// Rows by column made lines. `mapping` says what columns mean whose names do not say it; `None` leaves a column out.
///
/// # Errors
/// [`Error::Invalid`] on each column that means nothing, or the same as another.
pub fn lines(rows: &[Line], mapping: &BTreeMap<String, Option<String>>) -> Result<Vec<Line>> {
    let mut means: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut problems = Vec::new();
    let columns: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys().map(String::as_str)).collect();
    for column in columns {
        let said = match mapping.get(column) {
            Some(None) => {
                means.insert(column, None);
                continue;
            }
            Some(Some(name)) => name,
            None => column,
        };
        let Some(name) = named(said) else {
            let shown: String = said.chars().take(100).collect();
            let message = format!(
                "\"{shown}\" is no attribute of a person: use names as email, firstname, attributes.NAME or phoneNumbers.work, \
                 or leave the column out"
            );
            problems.push(FieldError::new(format!("mapping.{column}"), message));
            continue;
        };
        if means.values().any(|other| other.as_ref() == Some(&name)) {
            problems
                .push(FieldError::new(format!("mapping.{column}"), format!("another column is \"{name}\" already")));
        }
        means.insert(column, Some(name));
    }
    Error::unless_empty(problems)?;
    let line = |row: &Line| {
        let named = |(column, value): (&String, &String)| {
            Some((means.get(column.as_str())?.clone()?, plain(value.trim()).to_owned()))
        };
        row.iter().filter_map(named).collect()
    };
    Ok(rows.iter().map(line).collect())
}

/// The members of the v1 object that a line speaks of, without those that decide who is meant (`_id`, `username`, `email`,
/// `state`, `manager`). Phone numbers and custom attributes are laid over those that are there. An empty value clears.
#[must_use]
pub fn profile(line: &Line, before: Option<&User>) -> Map<String, Value> {
    let mut out = Map::new();
    let mut phones: Vec<Value> = before.map(|u| json!(u.profile.phone_numbers)).and_then(list).unwrap_or_default();
    let mut custom: Vec<Value> = before.map(|u| json!(u.profile.attributes)).and_then(list).unwrap_or_default();
    let had = (phones.clone(), custom.clone());
    for (name, value) in line {
        if let Some(kind) = name.strip_prefix(PHONE) {
            lay(&mut phones, ("type", kind), ("number", value));
        } else if let Some(attribute) = name.strip_prefix(CUSTOM) {
            lay(&mut custom, ("name", attribute), ("value", value));
        } else if !["_id", "username", "email", "state", "manager"].contains(&name.as_str()) {
            out.insert(name.clone(), if value.is_empty() { Value::Null } else { json!(value) });
        }
    }
    for (name, list, had) in [("phoneNumbers", phones, had.0), ("attributes", custom, had.1)] {
        if list != had {
            out.insert(name.to_owned(), Value::Array(list));
        }
    }
    out
}

fn list(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(list) => Some(list),
        _ => None,
    }
}

/// Sets the value of the entry of this key; an empty value takes it away.
fn lay(list: &mut Vec<Value>, (key, name): (&str, &str), (member, value): (&str, &str)) {
    let at = list.iter().position(|entry| entry.get(key).and_then(Value::as_str) == Some(name));
    match (at, value.is_empty()) {
        (Some(at), true) => drop(list.remove(at)),
        (Some(at), false) => {
            if let Some(entry) = list.get_mut(at) {
                entry[member] = json!(value);
            }
        }
        (None, true) => {}
        (None, false) => list.push(json!({ key: name, member: value })),
    }
}

/// A person's value in a column. What a spreadsheet would take for a formula is kept from it by an apostrophe, which
/// [`plain`] takes away again.
#[must_use]
pub fn cell(user: &User, column: &str) -> String {
    let value = match column.strip_prefix(PHONE) {
        Some(kind) => {
            let of_kind = user.profile.phone_numbers.iter().find(|n| n.kind.as_deref() == Some(kind));
            of_kind.and_then(|n| n.number.clone()).unwrap_or_default()
        }
        None => user.attribute(column).unwrap_or_default().into_owned(),
    };
    if value.starts_with(FORMULA) { format!("'{value}") } else { value }
}

/// What begins a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell as it was meant.
#[must_use]
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_labels_mean_the_same() {
        for name in ["email", "Company Email", "EMAIL", "e-mail address", "mail"] {
            assert_eq!(named(name).as_deref(), Some("email"), "{name}");
        }
        assert_eq!(named("Cost_Center").as_deref(), Some("costCenter"));
        assert_eq!(named("attributes.Badge No").as_deref(), Some("attributes.Badge No"));
        assert_eq!(named("phoneNumbers.work").as_deref(), Some("phoneNumbers.work"));
        assert_eq!((named("password"), named("attributes."), named("")), (None, None, None));
    }

    #[test]
    fn a_formula_goes_out_and_comes_back() {
        assert_eq!(plain("'=1+1"), "=1+1");
        assert_eq!(plain("'\r=1+1"), "\r=1+1");
        assert_eq!(plain("'tis"), "'tis");
    }

    #[test]
    fn lists_are_laid_over_what_is_there() {
        let line = Line::from([
            ("phoneNumbers.work".to_owned(), "1".to_owned()),
            ("attributes.a".to_owned(), String::new()),
            ("department".to_owned(), String::new()),
        ]);
        let out = profile(&line, None);
        assert_eq!(Value::Object(out), json!({"phoneNumbers": [{"type": "work", "number": "1"}], "department": null}));
    }
}
