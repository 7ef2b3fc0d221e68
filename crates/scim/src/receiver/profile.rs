//! The profile of a receiver. It is kept with the application; what is learnt while sending changes it.

use serde::{Deserialize, Serialize};

use crate::patch::{PatchPath, Removal, Style, get};
use crate::resource::Resource;
use crate::schema::{Definition, ServiceProviderConfig};
use crate::version::Version;

/// How a resource is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UpdateBy {
    /// PATCH with the operations that are needed.
    #[default]
    Patch,
    /// PUT of what is there with ours laid over it.
    Put,
}

/// A receiver's abilities and habits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// Whose it is, for people.
    pub name: String,
    /// The protocol's version.
    pub version: Version,
    /// How users and groups are changed.
    pub update: UpdateBy,
    /// Whether PATCH paths may have value filters.
    pub value_paths: bool,
    /// How members are removed.
    pub removal: Removal,
    /// Whether a PATCH is one operation with an object, without paths.
    pub pathless: bool,
    /// Whether `filter=` works; otherwise everything is listed to find one.
    pub filter: bool,
    /// Whether there can be looked for by `externalId`.
    pub filter_external_id: bool,
    /// Whether DELETE works; otherwise leaving means deactivating.
    pub delete: bool,
    /// Whether there are groups.
    pub groups: bool,
    /// Whether resources have versions that a PUT may name (`If-Match`).
    pub etags: bool,
    /// Whether every change has to name the version it is of.
    pub if_match: bool,
    /// Whether truths are sent as texts.
    pub boolean_texts: bool,
    /// Resources on a page that are asked for.
    pub page_size: u32,
    /// Members in one request.
    pub members_per_request: u32,
    /// Requests in a second at most; `None`: as many as the target's concurrency allows.
    pub per_second: Option<u32>,
    /// Paths whose values the receiver does not keep: they are sent, and not compared with what it says.
    pub not_kept: Vec<String>,
}

impl Default for Profile {
    /// A receiver that follows the RFC.
    fn default() -> Self {
        Self {
            name: "Generic".into(),
            version: Version::V2,
            update: UpdateBy::Patch,
            value_paths: true,
            removal: Removal::ValuePath,
            pathless: false,
            filter: true,
            filter_external_id: true,
            delete: true,
            groups: true,
            etags: false,
            if_match: false,
            boolean_texts: false,
            page_size: 100,
            members_per_request: 100,
            per_second: None,
            not_kept: Vec::new(),
        }
    }
}

/// Something that was learnt from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lesson {
    /// PATCH is not supported: PUT from now on.
    PatchRefused,
    /// PUT is not supported: PATCH from now on.
    PutRefused,
    /// Filters are not supported: list and look.
    FilterRefused,
    /// `externalId` cannot be looked for.
    ExternalIdFilterRefused,
    /// Value filters in PATCH paths are not supported: whole lists.
    ValuePathRefused,
    /// PATCH paths are not understood: values without paths.
    PathRefused,
    /// DELETE is not supported: deactivate.
    DeleteRefused,
    /// There are no groups.
    NoGroups,
    /// A change must say which version it is of.
    VersionAsked,
}

impl Lesson {
    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::PatchRefused => "PATCH is not supported: changes are sent by PUT",
            Self::PutRefused => "PUT is not supported: changes are sent by PATCH",
            Self::FilterRefused => "filters are not supported: users are listed to find one",
            Self::ExternalIdFilterRefused => "users cannot be looked up by externalId",
            Self::ValuePathRefused => "value filters in PATCH paths are not supported: lists are sent as a whole",
            Self::PathRefused => "PATCH paths are not understood: changes are sent as one object",
            Self::DeleteRefused => "DELETE is not supported: accounts are deactivated instead",
            Self::NoGroups => "there is no group endpoint: groups are not managed",
            Self::VersionAsked => "changes have to name the version they are of",
        }
    }
}

impl Profile {
    /// The profile of a known receiver, by the host of its base URL; otherwise that of one that follows the RFC.
    #[must_use]
    pub fn for_host(host: &str) -> Self {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let under = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|h| h.ends_with('.'));
        let base = Self::default();
        let named = |name: &str| Self { name: name.into(), ..base.clone() };
        if under("amazonaws.com") {
            // Lists tell of 50 at most and take no start index; one request changes 100 members at most.
            return Self { page_size: 50, members_per_request: 100, ..named("AWS IAM Identity Center") };
        }
        if under("github.com") {
            // Value filters in paths are documented as not supported.
            return Self { value_paths: false, removal: Removal::ValueList, ..named("GitHub") };
        }
        if under("slack.com") {
            // DELETE deactivates; a request over a few thousand members is refused.
            return Self { members_per_request: 1000, ..named("Slack") };
        }
        if under("atlassian.com") {
            return named("Atlassian");
        }
        base
    }

    /// The profile after the receiver's own words. What it does not mention stays: many leave the document out or fill
    /// it carelessly, so only a plain "no" and its limits count.
    #[must_use]
    pub fn told(mut self, config: &ServiceProviderConfig) -> Self {
        if !config.patch.supported {
            self.update = UpdateBy::Put;
        }
        self.filter &= config.filter.supported;
        self.etags |= config.etag.supported;
        let limits = [
            Some(config.filter.max_results).filter(|n| *n > 0),
            config.pagination.as_ref().and_then(|p| p.max_page_size).filter(|n| *n > 0),
        ];
        for limit in limits.into_iter().flatten() {
            self.page_size = self.page_size.min(u32::try_from(limit).unwrap_or(u32::MAX)).max(1);
        }
        self
    }

    /// The profile after a lesson.
    #[must_use]
    pub fn learnt(mut self, lesson: Lesson) -> Self {
        match lesson {
            Lesson::PatchRefused => self.update = UpdateBy::Put,
            Lesson::PutRefused => self.update = UpdateBy::Patch,
            Lesson::FilterRefused => self.filter = false,
            Lesson::ExternalIdFilterRefused => self.filter_external_id = false,
            Lesson::ValuePathRefused => {
                self.value_paths = false;
                self.removal = Removal::ValueList;
            }
            Lesson::PathRefused => self.pathless = true,
            Lesson::DeleteRefused => self.delete = false,
            Lesson::NoGroups => self.groups = false,
            Lesson::VersionAsked => self.if_match = true,
        }
        self
    }

    /// The paths that the receiver does not keep, from its answer to what was sent: to be added to `not_kept`.
    #[must_use]
    pub fn unkept(sent: &Resource, answered: &Resource, managed: &[PatchPath], definition: &Definition) -> Vec<String> {
        // An answer that tells next to nothing says nothing about the rest.
        if answered.id().is_none() || answered.text("userName").or(answered.text("displayName")).is_none() {
            return Vec::new();
        }
        let lost = |p: &&PatchPath| get(sent, p, definition).is_some() && get(answered, p, definition).is_none();
        managed.iter().filter(lost).map(PatchPath::to_string).collect()
    }

    /// How differences are written for it.
    #[must_use]
    pub const fn style(&self) -> Style {
        Style { value_paths: self.value_paths, removal: self.removal }
    }

    /// How users and groups are changed: 1.1 knows PATCH only for members.
    #[must_use]
    pub fn update_by(&self) -> UpdateBy {
        if self.version == Version::V1 { UpdateBy::Put } else { self.update }
    }

    /// Of the managed paths those that may be compared with what the receiver says.
    #[must_use]
    pub fn comparable(&self, managed: &[PatchPath]) -> Vec<PatchPath> {
        let kept = |p: &&PatchPath| !self.not_kept.iter().any(|n| n.eq_ignore_ascii_case(&p.to_string()));
        managed.iter().filter(kept).cloned().collect()
    }
}
