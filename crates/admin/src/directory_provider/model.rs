//! A directory provider as the API shows it.

use muster_base::Id;
use muster_directory::administrator::Role;
use muster_directory::derived_administrator::store as derived;
use muster_directory::directory_provider::store::{self, KeptToken};
use muster_directory::directory_provider::{DirectoryProvider, Matching, ProviderType, RoleMapping};
use muster_directory::{fed_group, fed_user, group};
use muster_http::{ApiError, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// A token, as it can be told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderToken)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenOut {
    id: ObjectId,
    created_at: Time,
    /// When it was shown last, to the minute.
    last_used_at: Option<Time>,
    /// When it ends, since another one took its place.
    expires_at: Option<Time>,
}

impl TokenOut {
    fn new(kept: &KeptToken) -> Self {
        Self {
            id: kept.id.into(),
            created_at: kept.created_at.into(),
            last_used_at: kept.last_used_at.map(Time),
            expires_at: kept.expires_at.map(Time),
        }
    }
}

/// What a pushed group gives: membership in a local group, or an administrators' role.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = DirectoryProviderRoleMappingWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleMappingBody {
    /// The display name of a group that the directory pushes, now or later; of Google Workspace its address. Letters' case does
    /// not count.
    #[schema(min_length = 1, max_length = 255)]
    pub group: String,
    /// What its members may do as administrators. Either this or `userGroup`.
    #[serde(default)]
    pub role: Option<Role>,
    /// How many people the group may hold to give the role to anybody new; without it 20.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub limit: Option<i64>,
    /// The local group whose members its members are.
    #[serde(default)]
    pub user_group: Option<ObjectId>,
}

/// What a pushed group gives, and whom.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderRoleMapping)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleMappingOut {
    /// The display name of a group that the directory pushes, now or later; of Google Workspace its address.
    group: String,
    /// What its members may do as administrators.
    role: Option<Role>,
    /// How many people the group may hold to give the role to anybody new.
    limit: Option<i64>,
    /// The local group whose members its members are.
    user_group: Option<ObjectId>,
    /// How many are administrators by it.
    administrators: i64,
    /// Set while the group holds too many.
    held: Option<HeldOut>,
}

/// Nobody new gets the role: the group holds more people than the mapping allows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderRoleHeld)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldOut {
    since: Time,
    /// How many the group holds.
    members: i64,
}

/// The mappings as the directory takes them.
pub(super) fn mappings(bodies: Vec<RoleMappingBody>) -> Vec<RoleMapping> {
    let one = |body: RoleMappingBody| RoleMapping {
        group: body.group.trim().to_owned(),
        user_group: body.user_group.map(|ObjectId(id)| id),
        role: body.role,
        limit: body.limit,
    };
    bodies.into_iter().map(one).collect()
}

/// The mappings with what follows from them now.
async fn mappings_of(site: &Site, provider: &DirectoryProvider) -> Result<Vec<RoleMappingOut>, ApiError> {
    let (mut read, org) = (site.directory().read(), provider.org);
    let with_role = provider.doc.role_mappings.iter().filter(|m| m.role.is_some());
    let names: Vec<String> = with_role.map(RoleMapping::group_norm).collect();
    let asked: Vec<&str> = names.iter().map(String::as_str).collect();
    let (groups, counts, held) = match asked.is_empty() {
        true => Default::default(),
        false => (
            derived::groups(&mut read, org, provider.id, &asked).await?,
            derived::counts(&mut read, org, provider.id).await?,
            derived::held(&mut read, org).await?,
        ),
    };
    let mut out = Vec::new();
    for m in &provider.doc.role_mappings {
        let group = m.role.and_then(|_| groups.get(&m.group_norm())).copied();
        let since = group.and_then(|group| held.get(&(provider.id, group)).copied());
        let held = match (group, since) {
            (Some(group), Some(at)) => {
                Some(HeldOut { since: at.into(), members: group::store::member_count(&mut read, org, group).await? })
            }
            _ => None,
        };
        out.push(RoleMappingOut {
            group: m.group.clone(),
            role: m.role,
            limit: m.role.map(|_| m.limit()),
            user_group: m.user_group.map(ObjectId),
            administrators: group.and_then(|group| counts.get(&group).copied()).unwrap_or_default(),
            held,
        });
    }
    Ok(out)
}

/// A directory that feeds this one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProvider)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderOut {
    id: ObjectId,
    name: String,
    /// What is behind it.
    #[serde(rename = "type")]
    kind: ProviderType,
    /// The address that the directory sends to; of one that we read, none.
    endpoint: Option<String>,
    /// Whether we read it; otherwise it pushes.
    read: bool,
    /// What is done about people who are here already.
    matching: Matching,
    /// Among directories that feed the same person: the lower one decides.
    #[schema(minimum = 0, maximum = 1000)]
    precedence: i64,
    /// Whether it may feed.
    active: bool,
    /// Who the requests say they come from.
    recognized_caller: Option<String>,
    /// When it asked last, to the minute.
    last_request_at: Option<Time>,
    /// How many people it feeds.
    user_count: i64,
    /// How many groups it keeps here.
    group_count: i64,
    tokens: Vec<TokenOut>,
    role_mappings: Vec<RoleMappingOut>,
    /// Whether the passwords that it pushes are taken.
    passwords: bool,
    created_at: Time,
}

/// A directory provider and its first token.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderCreated)]
pub(crate) struct ProviderCreated {
    #[serde(flatten)]
    pub provider: ProviderOut,
    /// The bearer token: only in this answer. A directory that we read has none.
    pub token: Option<String>,
}

/// Shows a directory provider.
///
/// # Errors
/// 404 and the database's.
pub(super) async fn show(site: &Site, org: Id, id: Id) -> Result<ProviderOut, ApiError> {
    let provider = store::get(&mut site.directory().read(), org, id).await?;
    of(site, &provider).await
}

/// Shows a directory provider that was read.
///
/// # Errors
/// The database's.
pub(super) async fn of(site: &Site, provider: &DirectoryProvider) -> Result<ProviderOut, ApiError> {
    let (mut read, org, id) = (site.directory().read(), provider.org, provider.id);
    let now = site.directory().env().clock.now();
    Ok(ProviderOut {
        id: id.into(),
        name: provider.name.clone(),
        kind: provider.kind,
        endpoint: (!provider.kind.is_read()).then(|| format!("{}/scim/v2/{id}", site.config().base())),
        read: provider.kind.is_read(),
        matching: provider.doc.matching,
        precedence: provider.doc.precedence,
        active: provider.doc.active,
        recognized_caller: provider.recognized_caller.clone(),
        last_request_at: provider.last_request_at.map(Time),
        user_count: fed_user::store::count(&mut read, org, id).await?,
        group_count: fed_group::store::count(&mut read, org, id).await?,
        tokens: store::tokens(&mut read, org, id, now).await?.iter().map(TokenOut::new).collect(),
        role_mappings: mappings_of(site, provider).await?,
        passwords: provider.doc.passwords,
        created_at: provider.created_at.into(),
    })
}
