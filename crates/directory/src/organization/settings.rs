//! What an organization's administrators may set. Names and defaults are those of JumpCloud's organization object.

use muster_base::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::FieldError;
use crate::user::{State, profile::RestrictedField};

/// The organization's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Rules for passwords.
    pub password_policy: PasswordPolicy,
    /// The portal's sessions.
    pub user_portal: UserPortal,
    /// The state of new people.
    pub new_system_user_state_defaults: StateDefaults,
    /// What new people begin with.
    pub system_user_defaults: UserDefaults,
    /// The keys that sign tokens.
    pub signing_keys: SigningKeys,
    /// Whether people may edit their own profile in the portal.
    pub system_users_can_edit: bool,
    /// Whether applications may register themselves (RFC 7591).
    pub client_registration: ClientRegistration,
    /// When a change of a group has to be confirmed.
    pub group_changes: GroupChanges,
    /// Whom to ask, shown on pages that refuse a sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// The contact's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            password_policy: PasswordPolicy::default(),
            user_portal: UserPortal::default(),
            new_system_user_state_defaults: StateDefaults::default(),
            system_user_defaults: UserDefaults::default(),
            signing_keys: SigningKeys::default(),
            system_users_can_edit: true,
            client_registration: ClientRegistration::default(),
            group_changes: GroupChanges::default(),
            contact_email: None,
            contact_name: None,
        }
    }
}

/// When a change of a group has to be confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupChanges {
    /// A change by which more than this part of the organization joins or leaves is refused unless it is confirmed, in
    /// percent; 0: nothing is refused, and the console asks above a fifth.
    pub confirm_above_percent: i64,
}

/// Whether applications may register themselves (RFC 7591).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientRegistration {
    /// Who may.
    pub mode: RegistrationMode,
    /// The user groups whose members may use an application that registered itself; without any nobody may.
    #[schema(value_type = Vec<String>)]
    pub user_groups: Vec<Id>,
}

/// Who may register an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    /// Nobody.
    #[default]
    Off,
    /// Who has an initial access token of an administrator's.
    Token,
    /// Whoever asks. For tests only: anybody on the internet may then register applications.
    Open,
}

/// Rules for passwords.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, clippy::struct_excessive_bools, reason = "the fields are JumpCloud's")]
pub struct PasswordPolicy {
    pub enable_min_length: bool,
    pub min_length: i64,
    pub needs_lowercase: bool,
    pub needs_uppercase: bool,
    pub needs_numeric: bool,
    pub needs_symbolic: bool,
    pub allow_username_substring: bool,
    /// Refuses passwords that are quickly guessed.
    pub disallow_commonly_used_passwords: bool,
    pub enable_max_history: bool,
    pub max_history: i64,
    pub enable_password_expiration_in_days: bool,
    pub password_expiration_in_days: i64,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            enable_min_length: true,
            min_length: 12,
            needs_lowercase: false,
            needs_uppercase: false,
            needs_numeric: false,
            needs_symbolic: false,
            allow_username_substring: false,
            disallow_commonly_used_passwords: true,
            enable_max_history: false,
            max_history: 5,
            enable_password_expiration_in_days: false,
            password_expiration_in_days: 90,
        }
    }
}

/// The portal's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UserPortal {
    /// A session ends after so many minutes without use.
    pub idle_session_duration_minutes: i64,
}

impl Default for UserPortal {
    fn default() -> Self {
        Self { idle_session_duration_minutes: 480 }
    }
}

/// The state of new people, by how they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are JumpCloud's")]
pub struct StateDefaults {
    pub manual_entry: State,
    pub csv_import: State,
    pub application_import: State,
}

impl Default for StateDefaults {
    fn default() -> Self {
        Self { manual_entry: State::Activated, csv_import: State::Staged, application_import: State::Staged }
    }
}

/// The keys that sign tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SigningKeySettings)]
#[serde(rename_all = "camelCase", default)]
pub struct SigningKeys {
    /// A key is followed by the next one after so many days; 0: by hand only.
    pub rotate_every_days: i64,
}

impl Default for SigningKeys {
    fn default() -> Self {
        Self { rotate_every_days: 90 }
    }
}

/// What new people begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UserDefaults {
    /// The default Password Authority among them.
    pub restricted_fields: Vec<RestrictedField>,
}

impl Settings {
    /// These settings with the members of `patch` laid over them, nested objects merged.
    ///
    /// # Errors
    /// Each wrong field by its path.
    pub fn overlay(&self, patch: &Map<String, Value>) -> Result<Self, Vec<FieldError>> {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        merge(&mut whole, &Value::Object(patch.clone()), 0);
        let read: Self = serde_path_to_error::deserialize(whole)
            .map_err(|e| vec![FieldError::new(format!("settings.{}", e.path()), e.inner().to_string())])?;
        let problems = read.problems();
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    }

    fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        let p = &self.password_policy;
        let ranges = [
            ("settings.passwordPolicy.minLength", p.min_length, 8, 64),
            ("settings.passwordPolicy.maxHistory", p.max_history, 1, 50),
            ("settings.passwordPolicy.passwordExpirationInDays", p.password_expiration_in_days, 1, 3650),
            (
                "settings.userPortal.idleSessionDurationMinutes",
                self.user_portal.idle_session_duration_minutes,
                5,
                60 * 24 * 30,
            ),
            ("settings.groupChanges.confirmAbovePercent", self.group_changes.confirm_above_percent, 0, 100),
            ("settings.signingKeys.rotateEveryDays", self.signing_keys.rotate_every_days, 0, 3650),
        ];
        for (field, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                out.push(FieldError::new(field, format!("from {least} to {most}")));
            }
        }
        if self.client_registration.user_groups.len() > 20 {
            out.push(FieldError::new("settings.clientRegistration.userGroups", "at most 20"));
        }
        let restricted = crate::user::Profile {
            restricted_fields: self.system_user_defaults.restricted_fields.as_slice().into(),
            ..crate::user::Profile::default()
        };
        for problem in restricted.problems() {
            out.push(FieldError::new(format!("settings.systemUserDefaults.{}", problem.field), problem.message));
        }
        if self.contact_email.as_deref().is_some_and(|e| !e.is_empty() && e.parse::<muster_base::Email>().is_err()) {
            out.push(FieldError::new("settings.contactEmail", "an e-mail address has the form name@example.com"));
        }
        if self.contact_name.as_deref().is_some_and(|n| n.chars().count() > muster_base::limits::NAME_MAX) {
            out.push(FieldError::new("settings.contactName", "at most 255 characters"));
        }
        out
    }
}

/// Lays `patch` over `whole`; objects merge, everything else replaces. Settings nest three deep.
fn merge(whole: &mut Value, patch: &Value, depth: u8) {
    match (whole, patch) {
        (Value::Object(whole), Value::Object(patch)) if depth < 4 => {
            for (name, value) in patch {
                merge(whole.entry(name.clone()).or_insert(Value::Null), value, depth + 1);
            }
        }
        (whole, patch) => *whole = patch.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_it_names() {
        let patch = json!({"passwordPolicy": {"minLength": 14}});
        let settings = Settings::default().overlay(patch.as_object().unwrap()).unwrap();
        assert_eq!(settings.password_policy.min_length, 14);
        assert!(settings.password_policy.disallow_commonly_used_passwords);
        let wrong = json!({"passwordPolicy": {"minLength": 2}});
        assert_eq!(
            Settings::default().overlay(wrong.as_object().unwrap()).unwrap_err()[0].field,
            "settings.passwordPolicy.minLength"
        );
        let wrong = json!({"userPortal": {"idleSessionDurationMinutes": "soon"}});
        assert_eq!(
            Settings::default().overlay(wrong.as_object().unwrap()).unwrap_err()[0].field,
            "settings.userPortal.idleSessionDurationMinutes"
        );
    }
}
