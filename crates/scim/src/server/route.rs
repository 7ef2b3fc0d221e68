//! Where a request goes: the path below the base URL.

/// A place. Names are taken in any letters' case, as some callers write `/users`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/Users`.
    Users,
    /// `/Users/{id}`.
    User(String),
    /// `/Groups`.
    Groups,
    /// `/Groups/{id}`.
    Group(String),
    /// `/.search`, everywhere.
    Search,
    /// `/Users/.search`.
    SearchUsers,
    /// `/Groups/.search`.
    SearchGroups,
    /// `/Bulk`.
    Bulk,
    /// `/Me`: not offered (501, RFC 7644 section 3.11).
    Me,
    /// `/ServiceProviderConfig`.
    ServiceProviderConfig,
    /// `/ResourceTypes`.
    ResourceTypes,
    /// `/ResourceTypes/{id}`.
    ResourceType(String),
    /// `/Schemas`.
    Schemas,
    /// `/Schemas/{urn}`.
    Schema(String),
}

impl Route {
    /// Reads a decoded path, with or without a slash at its ends.
    #[must_use]
    pub fn read(path: &str) -> Option<Self> {
        let path = path.trim_matches('/');
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let is_search = rest.eq_ignore_ascii_case(".search");
        let plain = |id: &str| !id.is_empty() && !id.contains('/');
        match (first.to_ascii_lowercase().as_str(), rest) {
            ("users", "") => Some(Self::Users),
            ("users", _) if is_search => Some(Self::SearchUsers),
            ("users", id) if plain(id) => Some(Self::User(id.to_owned())),
            ("groups", "") => Some(Self::Groups),
            ("groups", _) if is_search => Some(Self::SearchGroups),
            ("groups", id) if plain(id) => Some(Self::Group(id.to_owned())),
            (".search", "") => Some(Self::Search),
            ("bulk", "") => Some(Self::Bulk),
            ("me", _) => Some(Self::Me),
            ("serviceproviderconfig" | "serviceproviderconfigs", "") => Some(Self::ServiceProviderConfig),
            ("resourcetypes", "") => Some(Self::ResourceTypes),
            ("resourcetypes", id) if plain(id) => Some(Self::ResourceType(id.to_owned())),
            ("schemas", "") => Some(Self::Schemas),
            ("schemas", id) if plain(id) => Some(Self::Schema(id.to_owned())),
            _ => None,
        }
    }

    /// Whether what is supported is told here (RFC 7644 section 4).
    #[must_use]
    pub const fn is_discovery(&self) -> bool {
        matches!(
            self,
            Self::ServiceProviderConfig | Self::ResourceTypes | Self::ResourceType(_) | Self::Schemas | Self::Schema(_)
        )
    }

    /// The methods that are taken here, as `Allow` tells them (RFC 9110 section 10.2.1); none where nothing is offered.
    #[must_use]
    pub const fn methods(&self) -> &'static [&'static str] {
        match self {
            Self::Users | Self::Groups => &["GET", "HEAD", "POST"],
            Self::User(_) | Self::Group(_) => &["GET", "HEAD", "PUT", "PATCH", "DELETE"],
            Self::Search | Self::SearchUsers | Self::SearchGroups | Self::Bulk => &["POST"],
            Self::ServiceProviderConfig
            | Self::ResourceTypes
            | Self::ResourceType(_)
            | Self::Schemas
            | Self::Schema(_) => &["GET", "HEAD"],
            Self::Me => &[],
        }
    }
}
