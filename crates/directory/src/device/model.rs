//! A device and what can be told of it. Pure.

use std::borrow::Cow;

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Facts;

/// The families of operating systems, as the API writes them.
pub const OS_FAMILIES: &[&str] = &["darwin", "linux", "windows", "ios", "android"];

/// A device.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The primary user (`primarySystemUser`).
    pub owner: Option<Id>,
    /// Everything else.
    pub facts: Facts,
    /// When the record was made.
    pub created_at: Micros,
}

/// Whether a person may act as root on a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GraphSudo)]
#[serde(rename_all = "camelCase", default)]
pub struct Sudo {
    /// They may.
    pub enabled: bool,
    /// Without their password.
    pub without_password: bool,
}

/// A person on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceUser {
    /// The device.
    pub device: Id,
    /// The person.
    pub user: Id,
    /// The edge's attributes.
    pub sudo: Sudo,
    /// When they were bound.
    pub created_at: Micros,
}

/// What values of an attribute look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Bool,
    /// RFC 3339.
    Date,
    /// One of these.
    Enumeration(&'static [&'static str]),
}

impl Device {
    /// The name to show.
    #[must_use]
    pub fn display(&self) -> String {
        let named = [&self.facts.display_name, &self.facts.hostname, &self.facts.serial_number];
        let name = named.into_iter().filter_map(|n| n.as_deref()).find(|n| !n.is_empty());
        name.map_or_else(|| self.id.text(), str::to_owned)
    }

    /// The value of an attribute by its API name; custom ones as `attributes.NAME`, the owner's id as
    /// `primarySystemUser`. The one place where names meet values: rules, searches and filters read through it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let f = &self.facts;
        let owned = match canonical(name) {
            "_id" => self.id.text(),
            "created" => self.created_at.rfc3339(),
            "primarySystemUser" => self.owner?.text(),
            "displayName" => return text(f.display_name.as_ref()),
            "hostname" => return text(f.hostname.as_ref()),
            "description" => return text(f.description.as_ref()),
            "os" => return text(f.os.as_ref()),
            "osFamily" => return text(f.os_family.as_ref()),
            "version" => return text(f.version.as_ref()),
            "arch" => return text(f.arch.as_ref()),
            "archFamily" => return text(f.arch_family.as_ref()),
            "agentVersion" => return text(f.agent_version.as_ref()),
            "remoteAssistAgentVersion" => return text(f.remote_assist_agent_version.as_ref()),
            "serialNumber" => return text(f.serial_number.as_ref()),
            "hwVendor" => return text(f.hw_vendor.as_ref()),
            "lastContact" => return text(f.last_contact.as_ref()),
            "amazonInstanceID" => return text(f.amazon_instance_id.as_ref()),
            "remoteIP" => return text(f.remote_ip.as_ref()),
            "displayManager" => return text(f.display_manager.as_ref()),
            "fileSystem" => return text(f.file_system.as_ref()),
            "templateName" => return text(f.template_name.as_ref()),
            "systemInsights.state" => return text(f.system_insights.as_ref()?.state.as_ref()),
            "provisionMetadata.provisioner.type" => {
                return text(f.provision_metadata.as_ref()?.provisioner.as_ref()?.kind.as_ref());
            }
            "systemTimezone" => f.system_timezone?.to_string(),
            "active" => return word(f.active),
            "agentHasFullDiskAccess" => return word(f.agent_has_full_disk_access),
            "allowMultiFactorAuthentication" => return word(f.allow_multi_factor_authentication),
            "allowPublicKeyAuthentication" => return word(f.allow_public_key_authentication),
            "allowSshPasswordAuthentication" => return word(f.allow_ssh_password_authentication),
            "allowSshRootLogin" => return word(f.allow_ssh_root_login),
            "azureAdJoined" => return word(f.azure_ad_joined),
            "desktopCapable" => return word(f.desktop_capable),
            "hasServiceAccount" => return word(f.has_service_account),
            "isPolicyBound" => return word(f.is_policy_bound),
            "modifySSHDConfig" => return word(f.modify_sshd_config),
            "sshRootEnabled" => return word(f.ssh_root_enabled),
            "fde.active" => return word(f.fde.as_ref()?.active),
            "fde.keyPresent" => return word(f.fde.as_ref()?.key_present),
            "secureLogin.enabled" => return word(f.secure_login.as_ref()?.enabled),
            "secureLogin.supported" => return word(f.secure_login.as_ref()?.supported),
            other => return self.nested(other),
        };
        Some(Cow::Owned(owned))
    }

    /// The members of the larger objects, and the custom attributes.
    fn nested(&self, name: &str) -> Option<Cow<'_, str>> {
        let f = &self.facts;
        let (object, member) = name.split_once('.')?;
        match object {
            "attributes" => {
                let found = f.attributes.iter().find(|a| a.name == member);
                found.map(|a| Cow::Borrowed(a.value.as_str()))
            }
            "domainInfo" => {
                let domain = f.domain_info.as_ref()?;
                match member {
                    "domainName" => text(domain.domain_name.as_ref()),
                    "partOfDomain" => word(domain.part_of_domain),
                    _ => None,
                }
            }
            "mdm" => {
                let mdm = f.mdm.as_ref()?;
                match member {
                    "dep" => word(mdm.dep),
                    "userApproved" => word(mdm.user_approved),
                    "enrollmentType" => text(mdm.enrollment_type.as_ref()),
                    "lostModeStatus" => text(mdm.lost_mode_status.as_ref()),
                    "profileIdentifier" => text(mdm.profile_identifier.as_ref()),
                    "providerId" => text(mdm.provider_id.as_ref()),
                    "vendor" => text(mdm.vendor.as_ref()),
                    "windows.upn" => text(mdm.windows.as_ref()?.upn.as_ref()),
                    _ => None,
                }
            }
            "osVersionDetail" => {
                let os = f.os_version_detail.as_ref()?;
                match member {
                    "distributionName" => text(os.distribution_name.as_ref()),
                    "major" => text(os.major.as_ref()),
                    "minor" => text(os.minor.as_ref()),
                    "osName" => text(os.os_name.as_ref()),
                    "patch" => text(os.patch.as_ref()),
                    "releaseName" => text(os.release_name.as_ref()),
                    "revision" => text(os.revision.as_ref()),
                    "version" => text(os.version.as_ref()),
                    "majorNumber" => digits(os.major_number),
                    "minorNumber" => digits(os.minor_number),
                    "patchNumber" => digits(os.patch_number),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The canonical name of an attribute by any that it goes under.
#[must_use]
pub fn canonical(name: &str) -> &str {
    match name {
        "id" => "_id",
        "owner" | "primarySystemUser.id" => "primarySystemUser",
        "osVersion" => "version",
        other => other,
    }
}

fn text(value: Option<&String>) -> Option<Cow<'_, str>> {
    value.filter(|t| !t.is_empty()).map(|t| Cow::Borrowed(t.as_str()))
}

fn word(value: Option<bool>) -> Option<Cow<'static, str>> {
    value.map(|yes| Cow::Borrowed(if yes { "true" } else { "false" }))
}

fn digits(value: Option<i64>) -> Option<Cow<'static, str>> {
    value.map(|n| Cow::Owned(n.to_string()))
}

impl muster_rules::Subject for Device {
    fn value(&self, attribute: &str) -> Option<Cow<'_, str>> {
        self.attribute(attribute)
    }
}

/// The attributes that a rule or filter may name besides custom ones: API name, label and what values look like.
pub const DEVICE_ATTRIBUTES: &[(&str, &str, AttributeKind)] = &[
    ("displayName", "Display Name", AttributeKind::Text),
    ("hostname", "Hostname", AttributeKind::Text),
    ("description", "Description", AttributeKind::Text),
    ("osFamily", "OS Family", AttributeKind::Enumeration(OS_FAMILIES)),
    ("os", "Operating System", AttributeKind::Text),
    ("version", "OS Version", AttributeKind::Text),
    ("osVersionDetail.osName", "OS Name", AttributeKind::Text),
    ("osVersionDetail.distributionName", "OS Distribution", AttributeKind::Text),
    ("osVersionDetail.releaseName", "OS Release", AttributeKind::Text),
    ("osVersionDetail.major", "OS Major Version (text)", AttributeKind::Text),
    ("osVersionDetail.minor", "OS Minor Version (text)", AttributeKind::Text),
    ("osVersionDetail.patch", "OS Patch (text)", AttributeKind::Text),
    ("osVersionDetail.majorNumber", "OS Major Version", AttributeKind::Number),
    ("osVersionDetail.minorNumber", "OS Minor Version", AttributeKind::Number),
    ("osVersionDetail.patchNumber", "OS Patch", AttributeKind::Number),
    ("osVersionDetail.revision", "OS Revision", AttributeKind::Text),
    ("osVersionDetail.version", "OS Full Version", AttributeKind::Text),
    ("arch", "Architecture", AttributeKind::Text),
    ("archFamily", "Architecture Family", AttributeKind::Text),
    ("agentVersion", "Agent Version", AttributeKind::Text),
    ("remoteAssistAgentVersion", "Remote Assist Version", AttributeKind::Text),
    ("serialNumber", "Serial Number", AttributeKind::Text),
    ("hwVendor", "Hardware Vendor", AttributeKind::Text),
    ("systemTimezone", "Time Zone (minutes west of UTC)", AttributeKind::Number),
    ("created", "Created", AttributeKind::Date),
    ("lastContact", "Last Contact", AttributeKind::Date),
    ("active", "Active", AttributeKind::Bool),
    ("fde.active", "Disk Encryption", AttributeKind::Bool),
    ("fde.keyPresent", "Recovery Key Present", AttributeKind::Bool),
    ("allowSshRootLogin", "Allow SSH Root Login", AttributeKind::Bool),
    ("allowSshPasswordAuthentication", "Allow SSH Password Authentication", AttributeKind::Bool),
    ("allowPublicKeyAuthentication", "Allow Public Key Authentication", AttributeKind::Bool),
    ("allowMultiFactorAuthentication", "Allow Multi-Factor Authentication", AttributeKind::Bool),
    ("modifySSHDConfig", "SSH Configuration Managed", AttributeKind::Bool),
    ("sshRootEnabled", "SSH Root Enabled", AttributeKind::Bool),
    ("secureLogin.enabled", "Secure Login Enabled", AttributeKind::Bool),
    ("secureLogin.supported", "Secure Login Supported", AttributeKind::Bool),
    ("amazonInstanceID", "Amazon Instance ID", AttributeKind::Text),
    ("remoteIP", "Remote IP", AttributeKind::Text),
    ("hasServiceAccount", "Has Service Account", AttributeKind::Bool),
    ("agentHasFullDiskAccess", "Agent Has Full Disk Access", AttributeKind::Bool),
    ("isPolicyBound", "Policy Bound", AttributeKind::Bool),
    ("desktopCapable", "Desktop Capable", AttributeKind::Bool),
    ("displayManager", "Display Manager", AttributeKind::Text),
    ("fileSystem", "File System", AttributeKind::Text),
    ("templateName", "Template Name", AttributeKind::Text),
    ("systemInsights.state", "System Insights", AttributeKind::Enumeration(&["enabled", "disabled", "deferred"])),
    ("mdm.vendor", "MDM Vendor", AttributeKind::Enumeration(&["unknown", "none", "internal", "external"])),
    ("mdm.enrollmentType", "MDM Enrollment Type", AttributeKind::Text),
    ("mdm.dep", "MDM Automated Enrollment", AttributeKind::Bool),
    ("mdm.userApproved", "MDM User Approved", AttributeKind::Bool),
    ("mdm.lostModeStatus", "MDM Lost Mode", AttributeKind::Text),
    ("mdm.profileIdentifier", "MDM Profile", AttributeKind::Text),
    ("mdm.providerId", "MDM Provider", AttributeKind::Text),
    ("mdm.windows.upn", "MDM Windows UPN", AttributeKind::Text),
    ("domainInfo.domainName", "Domain", AttributeKind::Text),
    ("domainInfo.partOfDomain", "Part of a Domain", AttributeKind::Bool),
    ("azureAdJoined", "Entra ID Joined", AttributeKind::Bool),
    (
        "provisionMetadata.provisioner.type",
        "Provisioned By",
        AttributeKind::Enumeration(&["administrator", "mdm", "user"]),
    ),
    ("primarySystemUser", "Owner (user ID)", AttributeKind::Text),
    ("_id", "Device ID", AttributeKind::Text),
];
