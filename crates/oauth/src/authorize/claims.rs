//! The `claims` parameter (OpenID Connect Core 5.5): claims that are asked for one by one. Never here: what a person's
//! claims are, and whether one is given.

use std::collections::BTreeMap;

use crate::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most claims that one request may name, in each of its two places.
pub const MAX_CLAIMS: usize = 64;
/// The longest name of a claim, in bytes.
pub const MAX_NAME_BYTES: usize = 128;
/// The most values that one claim may be wanted with.
const MAX_VALUES: usize = 16;

/// What is asked of one claim (section 5.5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The application says that it needs it. Without it the sign-in goes on all the same, but for `acr`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The values that it is wanted with, the best first; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

/// Claims wanted in each place. Written into a grant as it is read from a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// In the ID token.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, Wanted>,
    /// From the userinfo endpoint.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, Wanted>,
}

impl ClaimsRequest {
    /// Reads the parameter. Members that are not known are passed over, as section 5.5 demands.
    ///
    /// # Errors
    /// `invalid_request` for text that is no JSON object of the form of section 5.5, and beyond the limits of this module.
    pub fn read(text: &str) -> Result<Self, Error> {
        let members: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| Error::invalid_request("claims must be a JSON object, as in OpenID Connect Core 5.5"))?;
        let place = |name: &str| match members.get(name) {
            None | Some(Value::Null) => Ok(BTreeMap::new()),
            Some(Value::Object(wanted)) => read_place(name, wanted),
            Some(_) => Err(Error::invalid_request(format!("claims.{name} must be an object of claim names"))),
        };
        Ok(Self { id_token: place("id_token")?, userinfo: place("userinfo")? })
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }

    /// The names of all claims, each once.
    #[must_use]
    pub fn names(&self) -> std::collections::BTreeSet<&str> {
        self.id_token.keys().chain(self.userinfo.keys()).map(String::as_str).collect()
    }

    /// The person that has to sign in (section 5.5.1 `sub`); several values: one of them.
    #[must_use]
    pub fn subjects(&self) -> Vec<&str> {
        let wanted = self.id_token.get("sub").or_else(|| self.userinfo.get("sub"));
        wanted.map(|wanted| wanted.values.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }

    /// The authentication classes of the claim `acr`, and whether one of them must be met (section 5.5.1.1).
    #[must_use]
    pub fn acr(&self) -> Option<(bool, Vec<&str>)> {
        let wanted = self.id_token.get("acr")?;
        Some((wanted.essential, wanted.values.iter().filter_map(Value::as_str).collect()))
    }
}

fn read_place(place: &str, wanted: &Map<String, Value>) -> Result<BTreeMap<String, Wanted>, Error> {
    if wanted.len() > MAX_CLAIMS {
        return Err(Error::invalid_request(format!("claims.{place} names more than {MAX_CLAIMS} claims")));
    }
    let mut out = BTreeMap::new();
    for (name, value) in wanted {
        if name.is_empty() || name.len() > MAX_NAME_BYTES {
            return Err(Error::invalid_request(format!("claims.{place}: a name has 1 to {MAX_NAME_BYTES} bytes")));
        }
        let wanted = read_wanted(value).ok_or_else(|| {
            let why = "null, or an object with essential (true or false) and value or values";
            Error::invalid_request(format!("claims.{place}.{name} must be {why}"))
        })?;
        out.insert(name.clone(), wanted);
    }
    Ok(out)
}

fn read_wanted(value: &Value) -> Option<Wanted> {
    let members = match value {
        Value::Null => return Some(Wanted::default()),
        Value::Object(members) => members,
        _ => return None,
    };
    let essential = match members.get("essential") {
        None => false,
        Some(essential) => essential.as_bool()?,
    };
    let values = match (members.get("value"), members.get("values")) {
        (None, None) => Vec::new(),
        (Some(value), None) => vec![value.clone()],
        (None, Some(Value::Array(values))) if values.len() <= MAX_VALUES => values.clone(),
        _ => return None,
    };
    values.iter().all(|value| !value.is_object() && !value.is_array()).then_some(Wanted { essential, values })
}
