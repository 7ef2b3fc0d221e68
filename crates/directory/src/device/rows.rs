//! Reads a file of devices into rows of v1 members: JSON as JumpCloud's API lists them, or CSV with a column per
//! attribute. Pure; what a row may hold is [`super::import`]'s to say.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::model::{AttributeKind, DEVICE_ATTRIBUTES, canonical};
use crate::{Error, Result};

/// Rows of one import: what one transaction takes in.
pub const ROWS_MAX: usize = 1000;

/// A device as written.
pub type Row = Map<String, Value>;

/// Reads a file by its first character: `[` and `{` begin JSON, everything else is CSV.
///
/// # Errors
/// [`Error::Invalid`] naming the line, column or row.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let rows = match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'[' | b'{') => json(bytes)?,
        Some(_) => csv(bytes)?,
        None => Vec::new(),
    };
    if rows.is_empty() {
        return Err(Error::field(
            "body",
            "there is no device in it: send a JSON array, or CSV with a line of names first",
        ));
    }
    Ok(rows)
}

/// A list of objects, bare or as the API lists them (`{"results": [...]}`).
fn json(bytes: &[u8]) -> Result<Vec<Row>> {
    let wrong = |e: serde_json::Error| Error::field("body", format!("this is no JSON: {e}"));
    let list = match serde_json::from_slice(bytes).map_err(wrong)? {
        Value::Array(list) => list,
        Value::Object(mut members) => match members.remove("results") {
            Some(Value::Array(list)) => list,
            _ => return Err(Error::field("body", "a JSON array of devices, or an object with them as \"results\"")),
        },
        _ => return Err(Error::field("body", "a JSON array of devices")),
    };
    let mut rows = Vec::new();
    for (i, value) in list.into_iter().enumerate() {
        match value {
            Value::Object(row) => rows.push(row),
            _ => return Err(Error::field(format!("body[{i}]"), "a device is a JSON object")),
        }
    }
    Ok(rows)
}

/// A line of names (an attribute's API name or label, `attributes.NAME`, `owner`), then a line per device.
fn csv(bytes: &[u8]) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let wrong = |e: csv::Error| Error::field("body", format!("this is no CSV: {e}"));
    let mut columns: Vec<(String, AttributeKind)> = Vec::new();
    for (i, name) in reader.headers().map_err(wrong)?.iter().enumerate() {
        let column = column(name).ok_or_else(|| {
            let message = format!(
                "\"{name}\" is no attribute of a device: use names as displayName, fde.active, attributes.NAME or owner"
            );
            Error::field(format!("column[{}]", i + 1), message)
        })?;
        if columns.iter().any(|(seen, _)| *seen == column.0) {
            return Err(Error::field(format!("column[{}]", i + 1), format!("\"{}\" is there twice", column.0)));
        }
        columns.push(column);
    }
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(wrong)?;
        let mut row = Row::new();
        let mut custom = BTreeMap::new();
        for ((name, kind), cell) in columns.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty()) {
            if let Some(name) = name.strip_prefix("attributes.") {
                custom.insert(name.to_owned(), cell.to_owned());
                continue;
            }
            let value = typed(cell, *kind).ok_or_else(|| {
                let field = format!("body[{i}].{name}");
                Error::field(field, if *kind == AttributeKind::Bool { "true or false" } else { "a whole number" })
            })?;
            put(&mut row, name, value);
        }
        if !custom.is_empty() {
            let list = custom.into_iter().map(|(name, value)| serde_json::json!({"name": name, "value": value}));
            row.insert("attributes".into(), list.collect());
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The attribute that a column's name means.
fn column(name: &str) -> Option<(String, AttributeKind)> {
    if name.strip_prefix("attributes.").is_some_and(|n| !n.is_empty()) {
        return Some((name.to_owned(), AttributeKind::Text));
    }
    if name.eq_ignore_ascii_case("owner") {
        return Some(("owner".into(), AttributeKind::Text));
    }
    let wanted = canonical(name);
    let found = DEVICE_ATTRIBUTES
        .iter()
        .find(|(name, label, _)| name.eq_ignore_ascii_case(wanted) || label.eq_ignore_ascii_case(wanted));
    found.map(|(name, _, kind)| (if *name == "primarySystemUser" { "owner" } else { *name }.to_owned(), *kind))
}

fn typed(cell: &str, kind: AttributeKind) -> Option<Value> {
    match kind {
        AttributeKind::Number => cell.parse::<i64>().ok().map(Value::from),
        AttributeKind::Bool => match cell.to_lowercase().as_str() {
            "true" | "yes" | "1" => Some(Value::Bool(true)),
            "false" | "no" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => Some(Value::from(cell)),
    }
}

/// Puts a value where its dotted name says.
fn put(row: &mut Row, name: &str, value: Value) {
    match name.split_once('.') {
        None => drop(row.insert(name.to_owned(), value)),
        Some((object, rest)) => {
            if let Value::Object(inner) = row.entry(object).or_insert_with(|| Value::Object(Map::new())) {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(text: &str) -> Value {
        serde_json::to_value(read(text.as_bytes()).unwrap()).unwrap()
    }

    fn field(text: &str) -> String {
        match read(text.as_bytes()) {
            Err(Error::Invalid(fields)) => fields[0].field.clone(),
            other => panic!("expected a wrong field: {other:?}"),
        }
    }

    #[test]
    fn csv_and_json_say_the_same() {
        let csv = "\u{feff}Display Name,serialNumber,fde.active,osVersionDetail.majorNumber,attributes.asset,owner,os\r\n\
                   \"Ana's, desk\",S1,yes,15,A-1,ana@x.test,\r\nlobby,S2,,,,,Ubuntu\r\n";
        let expected = json!([
            {"displayName": "Ana's, desk", "serialNumber": "S1", "fde": {"active": true},
             "osVersionDetail": {"majorNumber": 15}, "attributes": [{"name": "asset", "value": "A-1"}], "owner": "ana@x.test"},
            {"displayName": "lobby", "serialNumber": "S2", "os": "Ubuntu"},
        ]);
        assert_eq!(rows(csv), expected);
        assert_eq!(rows(&expected.to_string()), expected);
        assert_eq!(rows(&json!({"results": expected, "totalCount": 2}).to_string()), expected);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(field(""), "body");
        assert_eq!(field("[]"), "body");
        assert_eq!(field("{\"x\": 1}"), "body");
        assert_eq!(field("[1]"), "body[0]");
        assert_eq!(field("[{"), "body");
        assert_eq!(field("displayName,colour\na,b\n"), "column[2]");
        assert_eq!(field("displayName,Display Name\na,b\n"), "column[2]");
        assert_eq!(field("displayName,fde.active\na,maybe\n"), "body[0].fde.active");
        assert_eq!(field("displayName,os\na\n"), "body");
    }
}
