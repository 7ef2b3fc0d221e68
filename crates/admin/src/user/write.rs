//! What a person can be written with, and how the body of a create or update becomes the verb's input.

use muster_base::Secret;
use muster_directory::user::{Profile, State};
use muster_http::ApiError;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A person as written: what is present replaces, what is absent stays. Members that cannot be written are passed over,
/// so that an answer can be sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SystemUserWrite)]
pub(crate) struct UserWrite {
    /// The user name; needed to create a person.
    pub username: Option<String>,
    /// Company Email; needed to create a person.
    pub email: Option<String>,
    /// A password; refused where another system decides about it.
    pub password: Option<String>,
    /// The state; a person is staged only while being created.
    pub state: Option<State>,
    /// The older form of `state`.
    pub suspended: Option<bool>,
    /// `false` unlocks a person.
    pub account_locked: Option<bool>,
    /// Everything else.
    #[serde(flatten)]
    #[schema(value_type = Profile)]
    pub rest: Map<String, Value>,
}

impl UserWrite {
    /// The state that `state` and the older `suspended` ask for; `now` is the present one.
    ///
    /// # Errors
    /// 400 when they contradict each other.
    pub(crate) fn state(&self, now: Option<State>) -> Result<Option<State>, ApiError> {
        match (self.state, self.suspended) {
            (Some(state), Some(suspended)) if (state == State::Suspended) != suspended => {
                let message = format!(
                    "Cannot save conflicting state and suspended fields. (state={} suspended={suspended})",
                    state.word()
                );
                Err(ApiError::new(http::StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message))
            }
            (Some(state), _) => Ok(Some(state)),
            (None, Some(true)) => Ok(Some(State::Suspended)),
            (None, Some(false)) if now == Some(State::Suspended) => Ok(Some(State::Activated)),
            (None, _) => Ok(None),
        }
    }

    /// The members of the profile that differ from what is shown at present. The API writes empty texts where there is
    /// nothing: they clear.
    pub(crate) fn profile(&self, shown: Option<&Value>) -> Map<String, Value> {
        let mut patch = Map::new();
        for (name, value) in &self.rest {
            if shown.and_then(|s| s.get(name)) == Some(value) {
                continue;
            }
            let empty = value.as_str().is_some_and(str::is_empty);
            patch.insert(name.clone(), if empty { Value::Null } else { value.clone() });
        }
        // Another form of `restrictedFields`, which alone is kept.
        patch.remove("externally_managed");
        patch
    }

    /// The password, when one was given; an empty one is none.
    pub(crate) fn password(&self) -> Option<Secret> {
        self.password.as_deref().filter(|p| !p.is_empty()).map(Secret::new)
    }
}
