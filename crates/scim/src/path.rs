//! Attribute paths (RFC 7644 section 3.10): `name.givenName`, `urn:…:User:department`. Never here: value filters, which
//! belong to PATCH paths, and what an attribute means, which a schema says.

use std::fmt;
use std::str::FromStr;

use crate::limits::PATH_BYTES_MAX;

/// The name of an attribute, with the schema it belongs to where that is said. Names are kept as written; they compare
/// without regard to case through [`AttributePath::names`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// The URN before the attribute.
    pub schema: Option<String>,
    /// The attribute.
    pub attribute: String,
    /// The part of a complex attribute.
    pub sub: Option<String>,
}

impl AttributePath {
    /// A path of the core schema.
    #[must_use]
    pub fn new(attribute: impl Into<String>) -> Self {
        Self { schema: None, attribute: attribute.into(), sub: None }
    }

    /// The same path, down to this sub-attribute.
    #[must_use]
    pub fn with_sub(mut self, sub: impl Into<String>) -> Self {
        self.sub = Some(sub.into());
        self
    }

    /// The same path in this schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// Whether both name the same attribute, letters' case aside.
    #[must_use]
    pub fn names(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            (None, None) => true,
            _ => false,
        };
        self.attribute.eq_ignore_ascii_case(&other.attribute)
            && same(&self.sub, &other.sub)
            && same(&self.schema, &other.schema)
    }

    /// Reads a run of path characters. The schema ends at the last colon: the version inside a URN (`2.0`) is no
    /// sub-attribute.
    pub(crate) fn split(run: &str) -> Result<Self, String> {
        let (schema, rest) = match run.rfind(':') {
            Some(_) if !is_uri(run) => {
                return Err(format!("{:?} is no attribute: a schema before it must be a URN", shown(run)));
            }
            Some(colon) => (run.get(..colon), run.get(colon + 1..).unwrap_or_default()),
            None => (None, run),
        };
        let mut names = rest.split('.');
        let attribute = names.next().unwrap_or_default();
        let sub = names.next();
        if names.next().is_some() {
            return Err(format!("{:?}: an attribute has at most one level of sub-attributes", shown(run)));
        }
        for name in [Some(attribute), sub].into_iter().flatten() {
            check_name(name)?;
        }
        Ok(Self { schema: schema.map(str::to_owned), attribute: attribute.to_owned(), sub: sub.map(str::to_owned) })
    }
}

/// How many bytes at the start of the text belong to a path.
pub(crate) fn run(text: &str) -> usize {
    let uri = is_uri(text);
    text.find(|c: char| {
        !(c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '$' | '.' | ':')
            || uri && matches!(c, '/' | '#' | '%' | '~' | '+'))
    })
    .unwrap_or(text.len())
}

fn is_uri(text: &str) -> bool {
    ["urn:", "http:", "https:"].iter().any(|p| text.get(..p.len()).is_some_and(|start| start.eq_ignore_ascii_case(p)))
}

/// Whether this can be an attribute's name (RFC 7643 section 2.1, and `$ref`).
fn check_name(name: &str) -> Result<(), String> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '$' | '_'));
    let holds = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$'));
    if starts && holds {
        return Ok(());
    }
    Err(format!("{:?} is no attribute's name: a letter, then letters, digits, - and _", shown(name)))
}

fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

impl FromStr for AttributePath {
    type Err = String;

    /// # Errors
    /// In words, when the text is too long or no path.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > PATH_BYTES_MAX {
            return Err(format!("a path has at most {PATH_BYTES_MAX} bytes"));
        }
        if run(text) != text.len() {
            return Err(format!("{:?} is no attribute path", shown(text)));
        }
        Self::split(text)
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.attribute)?;
        match &self.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}
