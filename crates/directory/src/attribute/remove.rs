//! Removes a declaration. The values stay, as text; rules that speak of the attribute are flagged, and their groups hold
//! their members until the rule is saved anew or the attribute is declared again.

use serde_json::json;

use super::declare::names_in_rules;
use super::{Declared, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, group};

/// Removes a declaration.
pub struct Remove {
    /// The name.
    pub name: String,
}

impl Verb for Remove {
    type Out = Declared;

    async fn run(&self, w: &mut Write<'_>) -> Result<Declared> {
        let org = w.org();
        let found = store::named(w, org, &[&self.name]).await?.pop().ok_or(Error::Missing("attribute"))?;
        store::delete(w, &self.name).await?;
        let mut held = Vec::new();
        for group in group::store::every(w, org).await? {
            let names = names_in_rules(group.kind, &self.name);
            let reads = |query: &muster_rules::MemberQuery| {
                query.rule().attributes().into_iter().any(|name| names.iter().any(|own| own == name))
            };
            if group.queries().any(reads) {
                store::gone(w, group.id, &self.name).await?;
                held.push(group.id);
            }
        }
        group::store::rules_changed(w).await?;
        let told = json!({"name": found.name, "type": found.kind, "heldGroups": held});
        w.log(Kind::AttributeRemove, Subject::organization(org), told);
        Ok(found)
    }
}
