//! The settings as the API shows and reads them. The secret is only ever read.

use muster_base::Secret;
use muster_directory::provision::{
    self, AuthenticationKind, Deprovision, GuardLimits, MappingLine, RepairMode, ScimVersion, Settings, Target,
};
use muster_http::ApiError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How we say who we are.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvisionAuthentication)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthenticationOut {
    /// `bearer`, `basic`, `header` or `oauth`.
    #[serde(rename = "type")]
    kind: AuthenticationKind,
    /// Of `basic`.
    username: String,
    /// Of `header`.
    header_name: String,
    /// Of `oauth`.
    token_url: String,
    /// Of `oauth`.
    client_id: String,
    /// Of `oauth`.
    scope: String,
    /// Whether a secret was entered; it is never shown.
    secret_set: bool,
}

/// The settings by which accounts are sent to an application.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Provision)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProvisionOut {
    /// Whether accounts are sent.
    active: bool,
    /// Whether sending rests.
    paused: bool,
    /// `SCIM`.
    api_type: &'static str,
    /// The protocol's version.
    scim_version: ScimVersion,
    /// What the application's addresses begin with.
    base_url: String,
    /// How we say who we are.
    authentication: AuthenticationOut,
    /// *Test User Email*: an address that nobody has.
    test_user_email: String,
    /// *Enable management of User Groups and Group Membership in this application*.
    manage_groups: bool,
    /// What becomes of the account of somebody who leaves.
    deprovision: Deprovision,
    /// The attribute mapping.
    mapping: Vec<MappingLine>,
    /// `auto`, `patch` or `put`: how the application is spoken to.
    profile: String,
    /// What was found out of the application, in words.
    receiver: String,
    /// How much may be taken away without asking.
    guard: GuardLimits,
    /// What is done about changes that were made there.
    repair: RepairMode,
    /// Requests that each server sends within a second at most; none: as many as the application answers.
    requests_per_second: Option<u32>,
}

impl ProvisionOut {
    pub(super) fn new(target: &Target) -> Self {
        let s = target.settings.clone();
        let a = s.authentication;
        Self {
            active: target.active,
            paused: target.paused,
            api_type: "SCIM",
            scim_version: s.scim_version,
            base_url: s.base_url,
            authentication: AuthenticationOut {
                kind: a.kind,
                username: a.username,
                header_name: a.header_name,
                token_url: a.token_url,
                client_id: a.client_id,
                scope: a.scope,
                secret_set: target.has_secret,
            },
            test_user_email: s.test_user_email,
            manage_groups: s.manage_groups,
            deprovision: s.deprovision,
            mapping: s.mapping,
            profile: s.profile,
            receiver: target.profile().name,
            guard: s.guard,
            repair: s.repair,
            requests_per_second: s.requests_per_second,
        }
    }
}

/// How we say who we are, as written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ProvisionAuthenticationWrite)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AuthenticationWrite {
    /// `bearer` when left out.
    #[serde(rename = "type")]
    kind: AuthenticationKind,
    /// Of `basic`.
    username: String,
    /// Of `header`.
    header_name: String,
    /// Of `oauth`.
    token_url: String,
    /// Of `oauth`.
    client_id: String,
    /// Of `oauth`.
    scope: String,
    /// The Token Key, password, header value or client secret; left out or empty, the one that is saved stays.
    secret: Option<String>,
}

/// The settings as written; PUT replaces, what is left out is its default.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProvisionWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProvisionWrite {
    /// `SCIM`, the only one there is.
    #[serde(default)]
    #[schema(pattern = "^SCIM$")]
    api_type: Option<String>,
    /// The protocol's version; `2.0` when left out.
    #[serde(default)]
    scim_version: ScimVersion,
    /// What the application's addresses begin with. Without it a test or preview is of what is saved.
    #[serde(default)]
    base_url: Option<String>,
    /// How we say who we are.
    #[serde(default)]
    authentication: AuthenticationWrite,
    /// *Test User Email*: an address that nobody has.
    #[serde(default)]
    test_user_email: Option<String>,
    /// *Enable management of User Groups and Group Membership in this application*.
    #[serde(default)]
    manage_groups: bool,
    /// What becomes of the account of somebody who leaves.
    #[serde(default)]
    deprovision: Deprovision,
    /// The attribute mapping; left out, JumpCloud's.
    #[serde(default)]
    mapping: Option<Vec<MappingLine>>,
    /// `auto`, `patch` or `put`; `auto` when left out.
    #[serde(default)]
    #[schema(pattern = "^(auto|patch|put)$")]
    profile: Option<String>,
    /// How much may be taken away without asking.
    #[serde(default)]
    guard: GuardLimits,
    /// What is done about changes that were made there.
    #[serde(default)]
    repair: RepairMode,
    /// Requests that each server sends within a second at most; left out: as many as the application answers.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    requests_per_second: Option<u32>,
}

impl ProvisionWrite {
    /// Whether it says nothing about where to: what is saved is meant.
    pub(super) fn is_empty(&self) -> bool {
        self.base_url.is_none()
    }

    /// The settings, and a new secret.
    ///
    /// # Errors
    /// 400 on `apiType`.
    pub(super) fn read(self) -> Result<(Settings, Option<Secret>), ApiError> {
        if self.api_type.as_deref().is_some_and(|kind| kind != "SCIM") {
            return Err(ApiError::field("apiType", "SCIM is the only API type there is"));
        }
        let a = self.authentication;
        let trimmed = |text: String| text.trim().to_owned();
        let settings = Settings {
            scim_version: self.scim_version,
            base_url: trimmed(self.base_url.unwrap_or_default()),
            authentication: provision::Authentication {
                kind: a.kind,
                username: trimmed(a.username),
                header_name: trimmed(a.header_name),
                token_url: trimmed(a.token_url),
                client_id: trimmed(a.client_id),
                scope: trimmed(a.scope),
            },
            test_user_email: trimmed(self.test_user_email.unwrap_or_default()),
            manage_groups: self.manage_groups,
            deprovision: self.deprovision,
            mapping: self.mapping.unwrap_or_else(provision::model::default_mapping),
            profile: self.profile.unwrap_or_else(|| provision::model::AUTO.into()),
            guard: self.guard,
            repair: self.repair,
            requests_per_second: self.requests_per_second,
        };
        Ok((settings, a.secret.filter(|s| !s.is_empty()).map(Secret::new)))
    }
}
