//! A consent. Pure.

use std::collections::BTreeSet;

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};

/// What is allowed, or asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allowed {
    /// Scopes.
    pub scope: BTreeSet<String>,
    /// Claims beyond those of the scopes.
    pub claims: BTreeSet<String>,
    /// Resources in the person's name (RFC 8707).
    pub resources: BTreeSet<String>,
}

impl Allowed {
    /// Whether everything that is asked for is allowed.
    #[must_use]
    pub fn covers(&self, asked: &Self) -> bool {
        asked.scope.is_subset(&self.scope)
            && asked.claims.is_subset(&self.claims)
            && asked.resources.is_subset(&self.resources)
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, more: &Self) -> Self {
        Self {
            scope: self.scope.union(&more.scope).cloned().collect(),
            claims: self.claims.union(&more.claims).cloned().collect(),
            resources: self.resources.union(&more.resources).cloned().collect(),
        }
    }
}

/// A consent that holds.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// Who.
    pub user: Id,
    /// Whom.
    pub app: Id,
    /// What.
    pub allowed: Allowed,
    /// Since when.
    pub created_at: Micros,
    /// When more was allowed last.
    pub updated_at: Micros,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(words: &str) -> Allowed {
        Allowed { scope: words.split(' ').map(str::to_owned).collect(), ..Allowed::default() }
    }

    #[test]
    fn more_of_any_kind_is_not_covered() {
        let own = scope("openid email");
        assert!(own.covers(&scope("openid")) && own.covers(&own));
        assert!(!own.covers(&scope("openid profile")));
        let claims = Allowed { claims: BTreeSet::from(["phone_number".to_owned()]), ..scope("openid") };
        let resources = Allowed { resources: BTreeSet::from(["https://api.example/".to_owned()]), ..scope("openid") };
        assert!(!own.covers(&claims) && !own.covers(&resources));
        let all = own.and(&claims).and(&resources);
        assert!(all.covers(&own) && all.covers(&claims) && all.covers(&resources));
    }
}
