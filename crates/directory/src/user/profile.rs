//! What can be entered about a person besides name, e-mail, state and password: JumpCloud's v1 user object. Pure.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Authority;
use crate::{FieldError, document};

/// A custom attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomAttribute {
    /// Attribute Name; compared with case.
    pub name: String,
    /// Attribute Value.
    pub value: String,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the v1 object's")]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub po_box: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A phone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneNumber {
    /// The number as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// work, mobile, home, ...
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A relation to another person, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the fields are the v1 object's")]
pub struct Relationship {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A recovery address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryEmail {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A field that another system decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestrictedField {
    /// The field's name; `password` is the *Password Authority*.
    pub field: String,
    /// Who decides: `active_directory`, `federated_identity_provider` or `scim`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which one, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// An SSH key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SshKey {
    /// A name for it.
    pub name: String,
    /// The public key line.
    pub public_key: String,
}

/// The MFA part of the v1 object; kept as entered until MFA is built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the v1 object's")]
pub struct Mfa {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configured: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusion: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusion_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusion_until: Option<String>,
}

/// Active Directory as the authority (v1 `delegatedAuthority`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the fields are the v1 object's")]
pub struct DelegatedAuthority {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The rest of a person. Names and types are those of the v1 user object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SystemUserProfile)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are the v1 object's")]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firstname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middlename: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lastname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub displayname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_center: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_apple_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_email: Option<RecoveryEmail>,
    pub addresses: Vec<Address>,
    pub phone_numbers: Vec<PhoneNumber>,
    pub relationships: Vec<Relationship>,
    /// The custom attributes.
    pub attributes: Vec<CustomAttribute>,
    // Shared, since a person is copied more often than these change.
    #[schema(value_type = Vec<RestrictedField>)]
    pub restricted_fields: Arc<[RestrictedField]>,
    #[serde(rename = "ssh_keys")]
    pub ssh_keys: Vec<SshKey>,
    #[serde(rename = "unix_uid", skip_serializing_if = "Option::is_none")]
    pub unix_uid: Option<i64>,
    #[serde(rename = "unix_guid", skip_serializing_if = "Option::is_none")]
    pub unix_guid: Option<i64>,
    #[serde(rename = "enable_managed_uid", skip_serializing_if = "Option::is_none")]
    pub enable_managed_uid: Option<bool>,
    #[serde(rename = "enable_user_portal_multifactor", skip_serializing_if = "Option::is_none")]
    pub enable_user_portal_multifactor: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sudo: Option<bool>,
    #[serde(rename = "passwordless_sudo", skip_serializing_if = "Option::is_none")]
    pub passwordless_sudo: Option<bool>,
    #[serde(rename = "ldap_binding_user", skip_serializing_if = "Option::is_none")]
    pub ldap_binding_user: Option<bool>,
    #[serde(rename = "samba_service_user", skip_serializing_if = "Option::is_none")]
    pub samba_service_user: Option<bool>,
    #[serde(rename = "allow_public_key", skip_serializing_if = "Option::is_none")]
    pub allow_public_key: Option<bool>,
    #[serde(rename = "public_key", skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    #[serde(rename = "disableDeviceMaxLoginAttempts", skip_serializing_if = "Option::is_none")]
    pub disable_device_max_login_attempts: Option<bool>,
    #[serde(rename = "password_never_expires", skip_serializing_if = "Option::is_none")]
    pub password_never_expires: Option<bool>,
    #[serde(rename = "external_dn", skip_serializing_if = "Option::is_none")]
    pub external_dn: Option<String>,
    #[serde(rename = "external_source_type", skip_serializing_if = "Option::is_none")]
    pub external_source_type: Option<String>,
    #[serde(rename = "external_password_expiration_date", skip_serializing_if = "Option::is_none")]
    pub external_password_expiration_date: Option<String>,
    #[serde(rename = "externally_managed", skip_serializing_if = "Option::is_none")]
    pub externally_managed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_authority: Option<DelegatedAuthority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<Mfa>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_source: Option<String>,
}

const RESTRICTABLE: &[&str] = &[
    "addresses",
    "company",
    "costCenter",
    "department",
    "description",
    "displayname",
    "email",
    "employeeIdentifier",
    "employeeType",
    "firstname",
    "jobTitle",
    "lastname",
    "location",
    "manager",
    "middlename",
    "password",
    "phoneNumbers",
    "sudo",
    "username",
];
const RESTRICTING: &[&str] = &["active_directory", "federated_identity_provider", "scim"];

impl Profile {
    /// Who decides about the password.
    #[must_use]
    pub fn authority(&self) -> Authority {
        match self.restricted_fields.iter().find(|r| r.field == "password").map(|r| r.kind.as_str()) {
            Some("federated_identity_provider") => Authority::Federated,
            Some("scim") => Authority::Scim,
            Some("active_directory") => Authority::ActiveDirectory,
            _ => Authority::Muster,
        }
    }

    /// This profile with the members of `patch` laid over it: present ones replace (lists as a whole), `null` clears,
    /// absent ones stay. Members that are not the profile's are passed over, so that the API's own answer can be
    /// sent back to it (JumpCloud's PUT).
    ///
    /// # Errors
    /// Each wrong field by its path.
    pub fn overlay(&self, patch: &Map<String, Value>) -> Result<Self, Vec<FieldError>> {
        let read = document::overlay(self, patch)?;
        let mut problems = Vec::new();
        if !document::are_short(patch) {
            document::text_problems(&read, &mut problems);
        }
        problems.append(&mut read.value_problems());
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    }

    /// What is wrong with the values.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        document::text_problems(self, &mut out);
        out.append(&mut self.value_problems());
        out
    }

    /// The same without the bounds of every text and list.
    fn value_problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        document::attribute_problems(&self.attributes, &mut out);
        for (i, field) in self.restricted_fields.iter().enumerate() {
            let is_custom = field.field.strip_prefix("attributes.").is_some_and(|name| !name.is_empty());
            if !is_custom && !RESTRICTABLE.contains(&field.field.as_str()) {
                let message = format!("must be one of {}", RESTRICTABLE.join(", "));
                out.push(FieldError::new(format!("restrictedFields[{i}].field"), message));
            }
            if !RESTRICTING.contains(&field.kind.as_str()) {
                let message = format!("must be one of {}", RESTRICTING.join(", "));
                out.push(FieldError::new(format!("restrictedFields[{i}].type"), message));
            }
        }
        if self.employee_identifier.as_deref().is_some_and(|e| e.len() > 256) {
            out.push(FieldError::new("employeeIdentifier", "at most 256 characters"));
        }
        for (name, value) in [("unix_uid", self.unix_uid), ("unix_guid", self.unix_guid)] {
            if value.is_some_and(|n| !(0..=4_294_967_295).contains(&n)) {
                out.push(FieldError::new(name, "a number from 0 to 4294967295"));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn overlaid(patch: Value) -> Result<Profile, Vec<FieldError>> {
        let base = Profile { department: Some("Sales".into()), ..Profile::default() };
        base.overlay(patch.as_object().unwrap())
    }

    #[test]
    fn absent_stays_null_clears_unknown_is_passed_over() {
        assert_eq!(overlaid(json!({"_id": 5})).unwrap().department.as_deref(), Some("Sales"));
        assert_eq!(overlaid(json!({"department": null})).unwrap().department, None);
        let profile = overlaid(json!({"costCenter": "7", "unix_uid": 5, "ssh_keys": []})).unwrap();
        assert_eq!((profile.cost_center.as_deref(), profile.unix_uid), (Some("7"), Some(5)));
    }

    #[test]
    fn problems_name_the_place() {
        let field = |patch| overlaid(patch).unwrap_err()[0].field.clone();
        assert_eq!(field(json!({"attributes": [{"name": "a", "value": 5}]})), "attributes[0].value");
        assert_eq!(field(json!({"attributes": [{"name": " ", "value": "x"}]})), "attributes[0].name");
        assert_eq!(field(json!({"location": "x".repeat(1025)})), "location");
        assert_eq!(field(json!({"company": "a\u{0}b"})), "company");
        assert_eq!(
            field(json!({"restrictedFields": [{"field": "password", "type": "none"}]})),
            "restrictedFields[0].type"
        );
        let twice = json!({"attributes": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]});
        assert_eq!(field(twice), "attributes[1].name");
    }

    #[test]
    fn the_authority_is_the_restriction_of_the_password() {
        let entry = json!({"restrictedFields": [{"field": "password", "type": "federated_identity_provider"}]});
        assert_eq!(overlaid(entry).unwrap().authority(), Authority::Federated);
        assert_eq!(Profile::default().authority(), Authority::Muster);
    }
}
