//! Makes a group.

use muster_base::Micros;
use serde_json::json;

use super::model::Doc;
use super::{Group, GroupKind, Input, Method, exemption, preview, rule, store, update};
use crate::change::Kind;
use crate::{Error, Result, Verb, Write};

/// Makes a group.
pub struct Create {
    /// What it holds.
    pub kind: GroupKind,
    /// Everything about it; the name is needed.
    pub input: Input,
}

impl Create {
    /// A group of people.
    #[must_use]
    pub const fn of_users(input: Input) -> Self {
        Self { kind: GroupKind::User, input }
    }
}

/// A group before anything is known of it.
#[must_use]
pub fn blank(org: muster_base::Id, id: muster_base::Id, kind: GroupKind, now: Micros) -> Group {
    Group {
        org,
        id,
        kind,
        name: String::new(),
        doc: Doc::default(),
        method: Method::Static,
        member_query: None,
        exclude_query: None,
        created_at: now,
    }
}

impl Verb for Create {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let input = update::resolved(w, self.kind, &self.input).await?;
        let nested = input.nested.clone().unwrap_or_default();
        let group = blank(w.org(), w.env().id(), self.kind, w.now()).with(&input).map_err(Error::Invalid)?;
        rule::check(w, &group, &nested).await?;
        update::check_exemptions(w, &group, input.exemptions.as_deref().unwrap_or_default()).await?;
        let exemptions = input.exemptions.as_deref().unwrap_or_default();
        let takes_in = group.method == Method::DynamicAutomated || !nested.is_empty() || !exemptions.is_empty();
        if takes_in && !input.confirmed {
            let draft = preview::Draft { group: &group, saved: None, nested: &nested, exemptions };
            preview::refuse_unconfirmed(w, &draft).await?;
        }
        store::insert(w, &group).await?;
        store::set_nested(w, group.id, &nested).await?;
        if group.method.is_dynamic() || !nested.is_empty() || !exemptions.is_empty() {
            store::rules_changed(w).await?;
        }
        // Otherwise nothing follows from it, and from no other group to it: nobody could speak of it before it was there. Rules that
        // do not know it are as right as those that do, and need not all be read again.
        let mut fields = json!({"name": group.name, "membershipMethod": group.method});
        let queries = [("memberQuery", &group.member_query), ("excludeQuery", &group.exclude_query)];
        for (name, query) in queries {
            if let Some(query) = query {
                fields[name] = query.write_v2();
            }
        }
        if !nested.is_empty() {
            fields["memberGroups"] = json!(nested);
        }
        if let Some(exemptions) = &input.exemptions {
            exemption::set(w, group.id, exemptions).await?;
            fields["memberQueryExemptions"] = update::listed(exemptions);
        }
        w.log(Kind::GroupCreate, group.subject(), fields);
        Ok(group)
    }
}
