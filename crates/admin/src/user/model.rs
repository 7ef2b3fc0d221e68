//! A person as the v1 API shows them. Texts that were not entered are empty texts, as in JumpCloud.

use muster_base::{Id, Micros};
use muster_directory::organization::Settings;
use muster_directory::routing::Outcome;
use muster_directory::user::profile::{
    Address, CustomAttribute, DelegatedAuthority, Mfa, PhoneNumber, RecoveryEmail, Relationship, RestrictedField,
};
use muster_directory::user::{Authority, PasswordStatus, State, User, lockout};
use muster_directory::{Directory, routing};
use serde::Serialize;
use utoipa::ToSchema;

use super::ssh_keys::SshKeyOut;
use crate::id::{ObjectId, Time};

/// A person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SystemUser)]
#[expect(clippy::struct_excessive_bools, reason = "the fields are JumpCloud's")]
pub(crate) struct UserOut {
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// Whether too many sign-ins failed lately.
    pub account_locked: bool,
    /// Whether they have a password.
    pub activated: bool,
    pub addresses: Vec<Address>,
    pub allow_public_key: bool,
    #[serde(rename = "alternateEmail")]
    pub alternate_email: String,
    /// The custom attributes.
    pub attributes: Vec<CustomAttribute>,
    pub company: String,
    #[serde(rename = "costCenter")]
    pub cost_center: String,
    pub created: Time,
    #[serde(rename = "creationSource")]
    pub creation_source: String,
    #[serde(rename = "delegatedAuthority")]
    pub delegated_authority: Option<DelegatedAuthority>,
    pub department: String,
    pub description: String,
    #[serde(rename = "disableDeviceMaxLoginAttempts")]
    pub disable_device_max_login_attempts: bool,
    pub displayname: String,
    pub email: String,
    #[serde(rename = "employeeIdentifier")]
    pub employee_identifier: Option<String>,
    #[serde(rename = "employeeType")]
    pub employee_type: String,
    pub enable_managed_uid: bool,
    pub enable_user_portal_multifactor: bool,
    pub external_dn: String,
    pub external_password_expiration_date: String,
    pub external_source_type: String,
    /// Whether another system decides about the password.
    pub externally_managed: bool,
    pub firstname: String,
    #[serde(rename = "jobTitle")]
    pub job_title: String,
    pub lastname: String,
    pub ldap_binding_user: bool,
    pub location: String,
    #[serde(rename = "managedAppleId")]
    pub managed_apple_id: String,
    /// The manager's id.
    pub manager: Option<String>,
    pub mfa: Mfa,
    pub middlename: String,
    /// The organization's id.
    pub organization: ObjectId,
    pub password_date: Option<Time>,
    pub password_expiration_date: Option<Time>,
    pub password_expired: bool,
    pub password_never_expires: bool,
    /// What the list's column *Password Status* says.
    #[serde(rename = "passwordStatus")]
    pub password_status: PasswordStatus,
    pub passwordless_sudo: bool,
    #[serde(rename = "phoneNumbers")]
    pub phone_numbers: Vec<PhoneNumber>,
    pub public_key: String,
    #[serde(rename = "recoveryEmail")]
    pub recovery_email: Option<RecoveryEmail>,
    pub relationships: Vec<Relationship>,
    /// What other systems decide; an entry for `password` is the *Password Authority*.
    #[serde(rename = "restrictedFields")]
    pub restricted_fields: Vec<RestrictedField>,
    pub samba_service_user: bool,
    pub ssh_keys: Vec<SshKeyOut>,
    pub state: State,
    pub sudo: bool,
    /// The older form of `state`.
    pub suspended: bool,
    pub totp_enabled: bool,
    pub unix_guid: Option<i64>,
    pub unix_uid: Option<i64>,
    pub username: String,
    /// What an administrator should know of this person's sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<String>>,
    /// The link that sets the first password, once, where no mail is configured.
    #[serde(rename = "activationLink", skip_serializing_if = "Option::is_none")]
    pub activation_link: Option<String>,
}

impl UserOut {
    /// Shows a person. `locked` is whether they have to wait somewhere.
    pub(crate) fn new(user: &User, settings: &Settings, locked: bool, now: Micros) -> Self {
        let p = &user.profile;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let yes = |value: Option<bool>| value.unwrap_or(false);
        Self {
            id: user.id.into(),
            account_locked: locked,
            activated: user.password_hash.is_some(),
            addresses: p.addresses.clone(),
            allow_public_key: yes(p.allow_public_key),
            alternate_email: text(&p.alternate_email),
            attributes: p.attributes.clone(),
            company: text(&p.company),
            cost_center: text(&p.cost_center),
            created: user.created_at.into(),
            creation_source: text(&p.creation_source),
            delegated_authority: p.delegated_authority.clone(),
            department: text(&p.department),
            description: text(&p.description),
            disable_device_max_login_attempts: yes(p.disable_device_max_login_attempts),
            displayname: text(&p.displayname),
            email: user.email.clone(),
            employee_identifier: p.employee_identifier.clone(),
            employee_type: text(&p.employee_type),
            enable_managed_uid: yes(p.enable_managed_uid),
            enable_user_portal_multifactor: yes(p.enable_user_portal_multifactor),
            external_dn: text(&p.external_dn),
            external_password_expiration_date: text(&p.external_password_expiration_date),
            external_source_type: text(&p.external_source_type),
            externally_managed: user.authority() != Authority::Muster,
            firstname: text(&p.firstname),
            job_title: text(&p.job_title),
            lastname: text(&p.lastname),
            ldap_binding_user: yes(p.ldap_binding_user),
            location: text(&p.location),
            managed_apple_id: text(&p.managed_apple_id),
            manager: p.manager.clone(),
            mfa: p.mfa.clone().unwrap_or_default(),
            middlename: text(&p.middlename),
            organization: user.org.into(),
            password_date: user.password_at.map(Time),
            password_expiration_date: user.password_expires_at(settings).map(Time),
            password_expired: user.password_is_expired(settings, now),
            password_never_expires: yes(p.password_never_expires),
            password_status: user.password_status(settings, locked, now),
            passwordless_sudo: yes(p.passwordless_sudo),
            phone_numbers: p.phone_numbers.clone(),
            public_key: text(&p.public_key),
            recovery_email: p.recovery_email.clone(),
            relationships: p.relationships.clone(),
            restricted_fields: p.restricted_fields.to_vec(),
            samba_service_user: yes(p.samba_service_user),
            ssh_keys: p.ssh_keys.iter().map(|k| SshKeyOut::new(k, user.id)).collect(),
            state: user.state,
            sudo: yes(p.sudo),
            suspended: user.state == State::Suspended,
            totp_enabled: false,
            unix_guid: p.unix_guid,
            unix_uid: p.unix_uid,
            username: user.username.clone(),
            warnings: None,
            activation_link: None,
        }
    }
}

/// Shows one person with what takes a look at other objects: lockout and warnings.
///
/// # Errors
/// The database's.
pub(crate) async fn show(directory: &Directory, settings: &Settings, user: &User) -> muster_directory::Result<UserOut> {
    let now = directory.env().clock.now();
    let mut out = UserOut::new(user, settings, is_locked(directory, user.org, user.id, now).await?, now);
    out.warnings = Some(warnings(directory, user).await?);
    Ok(out)
}

async fn is_locked(directory: &Directory, org: Id, user: Id, now: Micros) -> muster_directory::Result<bool> {
    Ok(lockout::locked_subjects(&mut directory.read(), org, now).await?.contains(&user.text()))
}

async fn warnings(directory: &Directory, user: &User) -> muster_directory::Result<Vec<String>> {
    let mut out = Vec::new();
    if user.authority() == Authority::Federated
        && routing::decide::load(&mut directory.read(), user).await?.outcome == Outcome::NoWayIn
    {
        out.push(
            "No routing policy sends this person to an identity provider: they cannot sign in. Assign them, or a group \
             of theirs, to a routing policy, or set the Password Authority to None."
                .into(),
        );
    }
    Ok(out)
}
