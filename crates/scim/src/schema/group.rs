//! The group (RFC 7643 section 4.2).

use super::{Attribute, Definition, Kind, Schema};
use crate::urn;

impl Definition {
    /// The group.
    #[must_use]
    pub fn group() -> Self {
        let members = Attribute::complex(
            "members",
            "Who is in the group.",
            vec![
                Attribute::text("value", "The member's id.").immutable(),
                Attribute::of(Kind::Reference, "$ref", "The member's address.")
                    .leading_to(&["User", "Group"])
                    .immutable(),
                Attribute::text("type", "The kind of member.").one_of(&["User", "Group"]).immutable(),
                Attribute::text("display", "The member's name."),
            ],
        )
        .many();
        let attributes = vec![Attribute::text("displayName", "The group's name.").required(), members];
        let core = Schema { id: urn::GROUP.into(), name: "Group".into(), description: "Group".into(), attributes };
        Self::new("Group", "/Groups", core)
    }
}
