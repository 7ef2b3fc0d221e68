//! A directory provider as the API shows it.

use muster_base::Id;
use muster_directory::directory_provider::store::{self, KeptToken};
use muster_directory::directory_provider::{DirectoryProvider, Matching, ProviderType, RoleMapping};
use muster_directory::{fed_group, fed_user};
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

/// What a pushed group gives.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = DirectoryProviderRoleMapping)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleMappingBody {
    /// The display name of a group that the directory pushes, now or later; letters' case does not count.
    #[schema(min_length = 1, max_length = 255)]
    pub group: String,
    /// An administrators' role. Groups do not give any yet: leave it out.
    #[serde(default)]
    pub role: Option<String>,
    /// The local group whose members its members are.
    #[serde(default)]
    pub user_group: Option<ObjectId>,
}

/// The mappings as the directory takes them.
///
/// # Errors
/// 400, naming the field.
pub(super) fn mappings(bodies: Vec<RoleMappingBody>) -> Result<Vec<RoleMapping>, ApiError> {
    let one = |(i, body): (usize, RoleMappingBody)| {
        if body.role.as_ref().is_some_and(|role| !role.is_empty()) {
            let message = "groups do not give administrators' roles yet: name a userGroup";
            return Err(ApiError::field(format!("roleMappings[{i}].role"), message));
        }
        let needed = || ApiError::field(format!("roleMappings[{i}].userGroup"), "is required: the id of a local group");
        Ok(RoleMapping { group: body.group.trim().to_owned(), user_group: body.user_group.ok_or_else(needed)?.0 })
    };
    bodies.into_iter().enumerate().map(one).collect()
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
    role_mappings: Vec<RoleMappingBody>,
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
    let mapping =
        |m: &RoleMapping| RoleMappingBody { group: m.group.clone(), role: None, user_group: Some(m.user_group.into()) };
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
        role_mappings: provider.doc.role_mappings.iter().map(mapping).collect(),
        passwords: provider.doc.passwords,
        created_at: provider.created_at.into(),
    })
}
