//! JumpCloud's graph: objects, the edges between them, and the operations that add and remove edges.

pub(crate) mod bindings;
pub(crate) mod targets;

use muster_base::Id;
use muster_directory::device::Sudo;
use muster_directory::group::GroupKind;
use muster_directory::routing::Target;
use muster_http::ApiError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::ObjectId;

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GraphType {
    /// A person.
    User,
    /// A user group.
    UserGroup,
    /// An application.
    Application,
    /// A routing policy.
    IdpRoutingPolicy,
    /// A device.
    System,
    /// A device group.
    SystemGroup,
}

impl GraphType {
    /// A group of this kind.
    pub(crate) const fn group(kind: GroupKind) -> Self {
        match kind {
            GroupKind::User => Self::UserGroup,
            GroupKind::Device => Self::SystemGroup,
        }
    }

    /// A member of such a group.
    pub(crate) const fn member(kind: GroupKind) -> Self {
        match kind {
            GroupKind::User => Self::User,
            GroupKind::Device => Self::System,
        }
    }

    /// The API's word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::UserGroup => "user_group",
            Self::Application => "application",
            Self::IdpRoutingPolicy => "idp_routing_policy",
            Self::System => "system",
            Self::SystemGroup => "system_group",
        }
    }
}

/// An object by kind and id.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GraphObject {
    /// The id.
    pub id: ObjectId,
    /// The kind.
    #[serde(rename = "type")]
    pub kind: GraphType,
}

impl GraphObject {
    /// An object.
    pub(crate) fn new(kind: GraphType, id: Id) -> Self {
        Self { id: ObjectId(id), kind }
    }
}

/// What an edge between a person and a device says.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct GraphAttributes {
    /// Whether the person may act as root there.
    pub sudo: Sudo,
}

impl GraphAttributes {
    /// As kept.
    pub(crate) const fn new(sudo: Sudo) -> Self {
        Self { sudo }
    }
}

/// An edge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GraphConnection {
    /// Where from; left out where it is the object that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<GraphObject>,
    /// Where to.
    pub to: GraphObject,
    /// What the edge says; left out where edges of its kind say nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<GraphAttributes>,
}

impl GraphConnection {
    /// An edge from the object that was asked about.
    pub(crate) fn to(kind: GraphType, id: Id) -> Self {
        Self { from: None, to: GraphObject::new(kind, id), attributes: None }
    }

    /// An edge between the object that was asked about and a device or its user.
    pub(crate) fn with_sudo(kind: GraphType, id: Id, sudo: Sudo) -> Self {
        Self { attributes: Some(GraphAttributes::new(sudo)), ..Self::to(kind, id) }
    }
}

/// An object that is reached, and by which paths.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GraphObjectWithPaths {
    /// The id.
    pub id: ObjectId,
    /// The kind.
    #[serde(rename = "type")]
    pub kind: GraphType,
    /// Each path, edge by edge.
    pub paths: Vec<Vec<GraphConnection>>,
    /// What the edges of all paths say together.
    #[serde(rename = "compiledAttributes", skip_serializing_if = "Option::is_none")]
    pub compiled_attributes: Option<GraphAttributes>,
}

impl GraphObjectWithPaths {
    /// An object that is reached by one edge.
    pub(crate) fn direct(kind: GraphType, id: Id) -> Self {
        Self { id: ObjectId(id), kind, paths: vec![vec![GraphConnection::to(kind, id)]], compiled_attributes: None }
    }

    /// A device or its user, reached by one edge.
    pub(crate) fn with_sudo(kind: GraphType, id: Id, sudo: Sudo) -> Self {
        let paths = vec![vec![GraphConnection::with_sudo(kind, id, sudo)]];
        Self { id: ObjectId(id), kind, paths, compiled_attributes: Some(GraphAttributes::new(sudo)) }
    }
}

/// What an operation does to an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = GraphOp)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Op {
    /// Makes it; 409 when it is there.
    Add,
    /// Removes it; 404 when it is not there.
    Remove,
    /// Changes its attributes, where its kind has some: it must be there.
    Update,
}

/// An operation on an edge; `K` are the kinds that the other end may have.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct GraphOperation<K> {
    /// What to do.
    pub op: Op,
    /// The kind of the object at the other end.
    #[serde(rename = "type")]
    pub kind: K,
    /// Its id.
    pub id: String,
    /// What the edge says, between a person and a device; kinds that say nothing pass it over.
    pub attributes: Option<GraphAttributes>,
}

impl<K> GraphOperation<K> {
    /// The id; what is not an id is no object.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn object(&self) -> Result<Id, ApiError> {
        self.id.parse().map_err(|_| ApiError::not_found())
    }
}

/// What a group has as members.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MemberKind {
    /// People.
    User,
    /// Devices.
    System,
}

impl MemberKind {
    /// The kind of group that has such members.
    pub(crate) const fn of(self) -> GroupKind {
        match self {
            Self::User => GroupKind::User,
            Self::System => GroupKind::Device,
        }
    }
}

/// What an application or routing policy is bound to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubjectKind {
    /// A person.
    User,
    /// A user group.
    UserGroup,
}

impl SubjectKind {
    /// This person or group.
    pub(crate) const fn target(self, id: Id) -> Target {
        match self {
            Self::User => Target::User(id),
            Self::UserGroup => Target::Group(id),
        }
    }
}

/// What a person or group is bound to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BindingKind {
    /// An application.
    Application,
    /// A routing policy.
    IdpRoutingPolicy,
}

/// What a person is bound to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PersonBindingKind {
    /// An application.
    Application,
    /// A routing policy.
    IdpRoutingPolicy,
    /// A device.
    System,
}

/// What a device is bound to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceBindingKind {
    /// A person.
    User,
}
