//! A query by POST to `/.search` (RFC 7644 section 3.4.3).

use serde_json::Value;

use super::{check_schemas, object};
use crate::error::Error;
use crate::urn;

/// The query as it was asked, each part a text as in the address of a GET.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// Names and values, in the form of query parameters.
    pub parameters: Vec<(String, String)>,
}

impl SearchRequest {
    /// Reads the body; lists become texts with commas, numbers texts.
    ///
    /// # Errors
    /// `invalidSyntax`, naming the member that is neither.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let members = object(body, "SearchRequest")?;
        check_schemas(&members, urn::SEARCH_REQUEST)?;
        let mut parameters = Vec::new();
        for (name, value) in members {
            if name.eq_ignore_ascii_case("schemas") {
                continue;
            }
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Array(items) if items.iter().all(Value::is_string) => {
                    items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
                }
                _ => return Err(Error::invalid_syntax(format!("{name} must be a text, a number or a list of texts"))),
            };
            parameters.push((name, text));
        }
        Ok(Self { parameters })
    }
}
