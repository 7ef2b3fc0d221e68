//! What was read of a person last, kept in their document beside what the directory says of them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The member of a person's document in which stands what was read of them.
pub const MARK: &str = "urn:muster:feed";

/// What was read of a person, as it stands in the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Stands for all that was read.
    pub read: String,
    /// Whether the source let them in.
    pub active: bool,
    /// Whether the source does not name them any more.
    pub gone: bool,
    /// Whether their manager was not here yet, or could not be theirs.
    pub late: bool,
}

impl Mark {
    /// Reads it from a document.
    #[must_use]
    pub fn of(doc: &str) -> Self {
        let whole: Map<String, Value> = serde_json::from_str(doc).unwrap_or_default();
        whole.get(MARK).and_then(|mark| serde_json::from_value(mark.clone()).ok()).unwrap_or_default()
    }

    pub(crate) fn put(&self, doc: &str) -> String {
        let mut whole: Map<String, Value> = serde_json::from_str(doc).unwrap_or_default();
        whole.insert(MARK.into(), json!(self));
        Value::Object(whole).to_string()
    }
}
