//! What is known of a device: the members of JumpCloud's v1 `system`, those that an agent would report and those that an
//! administrator sets. Pure.

use muster_base::Micros;
use muster_base::limits::NAME_MAX;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::OS_FAMILIES;
use crate::user::profile::CustomAttribute;
use crate::{FieldError, document};

macro_rules! shapes {
    ($($(#[$doc:meta])* $shape:ident as $name:ident { $($(#[$meta:meta])* $field:ident : $type:ty,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
        #[schema(as = $name)]
        #[serde(rename_all = "camelCase")]
        #[expect(missing_docs, reason = "the fields are the v1 object's")]
        pub struct $shape {
            $($(#[$meta])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
        }
    )* };
}

shapes! {
    /// Full disk encryption.
    Fde as SystemFde {
        active: bool,
        key_present: bool,
    }
    /// The directory that the device itself is joined to.
    DomainInfo as SystemDomainInfo {
        domain_name: String,
        part_of_domain: bool,
    }
    /// What a device management knows.
    Mdm as SystemMdm {
        dep: bool,
        enrollment_type: String,
        lost_mode_status: String,
        profile_identifier: String,
        provider_id: String,
        user_approved: bool,
        vendor: String,
        internal: MdmInternal,
        windows: MdmWindows,
    }
    /// Ids in JumpCloud's own device management.
    MdmInternal as SystemMdmInternal {
        device_id: String,
        windows_device_id: String,
    }
    /// The Windows part.
    MdmWindows as SystemMdmWindows {
        upn: String,
    }
    /// A network interface.
    NetworkInterface as SystemNetworkInterface {
        address: String,
        family: String,
        internal: bool,
        name: String,
    }
    /// The operating system's version in parts.
    OsVersionDetail as SystemOsVersionDetail {
        distribution_name: String,
        major: String,
        major_number: i64,
        minor: String,
        minor_number: i64,
        os_name: String,
        patch: String,
        patch_number: i64,
        release_name: String,
        revision: String,
        version: String,
    }
    /// How policies went on the device.
    PolicyStats as SystemPolicyStats {
        duplicate: i64,
        failed: i64,
        pending: i64,
        success: i64,
        total: i64,
        unsupported_os: i64,
    }
    /// How the device came here.
    ProvisionMetadata as SystemProvisionMetadata {
        provisioner: Provisioner,
    }
    /// Who brought it.
    Provisioner as SystemProvisioner {
        provisioner_id: String,
        #[serde(rename = "type")]
        kind: String,
    }
    /// The sign-in window's protection.
    SecureLogin as SystemSecureLogin {
        enabled: bool,
        supported: bool,
    }
    /// The state of the agent's service account.
    ServiceAccountState as SystemServiceAccountState {
        has_secure_token: bool,
        #[serde(rename = "passwordAPFSValid")]
        password_apfs_valid: bool,
        #[serde(rename = "passwordODValid")]
        password_od_valid: bool,
    }
    /// A setting of the SSH daemon.
    SshdParam as SystemSshdParam {
        name: String,
        value: String,
    }
    /// Whether inventory is collected.
    SystemInsights as SystemInsightsState {
        state: String,
    }
    /// A local account on the device.
    UserMetric as SystemUserMetric {
        admin: bool,
        managed: bool,
        secure_token_enabled: bool,
        suspended: bool,
        user_name: String,
    }
    /// A message that waits for the agent.
    AgentMessage as SystemAgentMessage {
        cmd: String,
    }
}

/// Everything of the v1 `system` but its id, organization, owner and time of creation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SystemFacts)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are the v1 object's")]
pub struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    pub agent_bound_messages: Vec<AgentMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_has_full_disk_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_multi_factor_authentication: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_public_key_authentication: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_ssh_password_authentication: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_ssh_root_login: Option<bool>,
    #[serde(rename = "amazonInstanceID", skip_serializing_if = "Option::is_none")]
    pub amazon_instance_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arch_family: Option<String>,
    /// The custom attributes.
    pub attributes: Vec<CustomAttribute>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azure_ad_joined: Option<bool>,
    #[schema(value_type = Vec<Object>)]
    pub connection_history: Vec<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desktop_capable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_manager: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain_info: Option<DomainInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fde: Option<Fde>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_service_account: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hw_vendor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_policy_bound: Option<bool>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_contact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mdm: Option<Mdm>,
    #[serde(rename = "modifySSHDConfig", skip_serializing_if = "Option::is_none")]
    pub modify_sshd_config: Option<bool>,
    pub network_interfaces: Vec<NetworkInterface>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// darwin, linux, windows, ios or android.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_family: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version_detail: Option<OsVersionDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_stats: Option<PolicyStats>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provision_metadata: Option<ProvisionMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_assist_agent_version: Option<String>,
    #[serde(rename = "remoteIP", skip_serializing_if = "Option::is_none")]
    pub remote_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secure_login: Option<SecureLogin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_state: Option<ServiceAccountState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssh_root_enabled: Option<bool>,
    pub sshd_params: Vec<SshdParam>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_insights: Option<SystemInsights>,
    /// Minutes west of UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_timezone: Option<i64>,
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_name: Option<String>,
    pub user_metrics: Vec<UserMetric>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What JumpCloud's PUT of a system changes; everything else is the device's to report.
pub const WRITABLE: &[&str] = &[
    "agentBoundMessages",
    "allowMultiFactorAuthentication",
    "allowPublicKeyAuthentication",
    "allowSshPasswordAuthentication",
    "allowSshRootLogin",
    "attributes",
    "displayName",
];

impl Facts {
    /// These facts with the members of `patch` laid over them: present ones replace, `null` clears, absent ones stay, and
    /// what is not a device's is passed over.
    ///
    /// # Errors
    /// Each wrong field by its path.
    pub fn overlay(&self, patch: &Map<String, Value>) -> Result<Self, Vec<FieldError>> {
        let mut read = document::overlay(self, patch)?;
        if let Some(at) = read.last_contact.as_deref().and_then(Micros::parse_rfc3339) {
            read.last_contact = Some(at.rfc3339());
        }
        if let Some(family) = &mut read.os_family {
            *family = family.trim().to_lowercase();
        }
        for text in [&mut read.display_name, &mut read.hostname, &mut read.serial_number].into_iter().flatten() {
            *text = text.trim().to_owned();
        }
        let problems = read.problems();
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    }

    /// When the device was last heard of.
    #[must_use]
    pub fn contacted_at(&self) -> Option<Micros> {
        self.last_contact.as_deref().and_then(Micros::parse_rfc3339)
    }

    /// What is wrong with the values.
    fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        document::text_problems(self, &mut out);
        document::attribute_problems(&self.attributes, &mut out);
        for (name, value) in
            [("displayName", &self.display_name), ("hostname", &self.hostname), ("serialNumber", &self.serial_number)]
        {
            if value.as_deref().is_some_and(|v| v.chars().count() > NAME_MAX) {
                out.push(FieldError::new(name, format!("at most {NAME_MAX} characters")));
            }
        }
        match self.os_family.as_deref() {
            Some(family) if !family.is_empty() && !OS_FAMILIES.contains(&family) => {
                out.push(FieldError::new("osFamily", format!("must be one of {}", OS_FAMILIES.join(", "))));
            }
            _ => {}
        }
        if self.last_contact.is_some() && self.contacted_at().is_none() {
            out.push(FieldError::new("lastContact", "a time such as 2026-11-21T08:00:00Z"));
        }
        out
    }
}
