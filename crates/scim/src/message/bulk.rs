//! Bulk requests (RFC 7644 section 3.7): reading them, and the answer. Never here: carrying them out.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{check_schemas, object, take};
use crate::error::{Error, shown};
use crate::limits::{BULK_BYTES_MAX, BULK_OPERATIONS_MAX};
use crate::urn;

/// The method of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// The method.
    pub method: Method,
    /// The client's name for a resource that is to be made.
    pub bulk_id: Option<String>,
    /// The ETag that the resource must have.
    pub version: Option<String>,
    /// The path below the base URL: `/Users`, `/Groups/2`.
    pub path: String,
    /// The body.
    pub data: Option<Value>,
}

/// A bulk request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BulkRequest {
    /// After how many errors to stop; `None`: never.
    pub fail_on_errors: Option<u64>,
    /// In their order.
    pub operations: Vec<BulkOperation>,
}

impl BulkRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// 413 beyond the limits that the service-provider configuration tells (RFC 7644 section 3.7.4), `invalidValue` for a
    /// bulkId that is there twice, `invalidSyntax` otherwise, naming the operation by its index.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        if body.len() > BULK_BYTES_MAX {
            return Err(Error::status(
                413,
                format!("a bulk request has at most {BULK_BYTES_MAX} bytes (maxPayloadSize)"),
            ));
        }
        let mut members = object(body, "BulkRequest")?;
        check_schemas(&members, urn::BULK_REQUEST)?;
        let fail_on_errors = match take(&mut members, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_u64().filter(|n| *n > 0) {
                Some(number) => Some(number),
                None => return Err(Error::invalid_syntax("failOnErrors must be a whole number from 1")),
            },
        };
        let Some(Value::Array(operations)) = take(&mut members, "Operations") else {
            return Err(Error::invalid_syntax("Operations is required: a list of operations"));
        };
        if operations.len() > BULK_OPERATIONS_MAX {
            let words = format!("a bulk request has at most {BULK_OPERATIONS_MAX} operations (maxOperations)");
            return Err(Error::status(413, words));
        }
        let read = |(i, v)| operation(v).map_err(|e| Error::invalid_syntax(format!("Operations[{i}]: {e}")));
        let operations: Vec<_> = operations.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
        check_bulk_ids(&operations)?;
        Ok(Self { fail_on_errors, operations })
    }
}

/// RFC 7644 section 3.7: a bulkId is unique within a request. Of two, nobody could say which is referred to.
fn check_bulk_ids(operations: &[BulkOperation]) -> Result<(), Error> {
    let mut names = HashSet::new();
    for (i, operation) in operations.iter().enumerate() {
        if let Some(name) = operation.bulk_id.as_deref().filter(|name| !name.is_empty() && !names.insert(*name)) {
            let words = "another operation of this request has it: give each its own";
            return Err(Error::invalid_value(format!("Operations[{i}]: bulkId {:?}: {words}", shown(name))));
        }
    }
    Ok(())
}

fn operation(value: Value) -> Result<BulkOperation, String> {
    let Value::Object(mut members) = value else { return Err("it must be an object".into()) };
    let mut text = |name: &str| match take(&mut members, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be a text")),
    };
    let word = text("method")?.unwrap_or_default();
    let method = [Method::Post, Method::Put, Method::Patch, Method::Delete]
        .into_iter()
        .find(|m| m.word().eq_ignore_ascii_case(&word))
        .ok_or_else(|| "method must be POST, PUT, PATCH or DELETE".to_owned())?;
    let path = text("path")?.filter(|p| !p.is_empty()).ok_or("path is required, such as /Users")?;
    if !path.starts_with('/') {
        let words = "path must begin with a slash, such as /Users: it is what follows the endpoint's address";
        return Err(format!("{words}, and {:?} does not", shown(&path)));
    }
    let (bulk_id, version) = (text("bulkId")?, text("version")?);
    if method == Method::Post && bulk_id.as_deref().is_none_or(str::is_empty) {
        return Err("bulkId is required with POST".into());
    }
    let data = take(&mut members, "data");
    if method != Method::Delete && !matches!(data, Some(Value::Object(_) | Value::Array(_))) {
        return Err("data is required: the body".into());
    }
    Ok(BulkOperation { method, bulk_id, version, path, data })
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkResult {
    /// Its method.
    pub method: Method,
    /// The client's name for it.
    pub bulk_id: Option<String>,
    /// Where the resource is; none for a POST that failed.
    pub location: Option<String>,
    /// Its ETag now.
    pub version: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The error's body, when it failed.
    pub response: Option<Value>,
}

/// The answer.
#[must_use]
pub fn bulk_response(results: &[BulkResult]) -> Value {
    let operations: Vec<_> = results
        .iter()
        .map(|r| {
            let mut out = Map::new();
            out.insert("method".into(), r.method.word().into());
            let mut put = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    out.insert(name.into(), value);
                }
            };
            put("bulkId", r.bulk_id.clone().map(Value::from));
            put("location", r.location.clone().map(Value::from));
            put("version", r.version.clone().map(Value::from));
            put("status", Some(r.status.to_string().into()));
            put("response", r.response.clone());
            Value::Object(out)
        })
        .collect();
    json!({ "schemas": [urn::BULK_RESPONSE], "Operations": operations })
}
