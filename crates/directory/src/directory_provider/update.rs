//! Changes a directory provider.

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::{DirectoryProvider, Matching, RoleMapping, mapping, roles, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, document, fed_group, fed_user, group};

/// Changes what is given; the rest stays.
#[derive(Default)]
pub struct Update {
    /// Which.
    pub id: Option<Id>,
    /// The name for people.
    pub name: Option<String>,
    /// What is done about people who are here already.
    pub matching: Option<Matching>,
    /// Where it stands among those that feed the same person.
    pub precedence: Option<i64>,
    /// Whether it may feed.
    pub active: Option<bool>,
    /// What its groups give.
    pub role_mappings: Option<Vec<RoleMapping>>,
    /// Whether it was seen who becomes an administrator by it, or stops being one.
    pub confirmed: bool,
    /// Whether the passwords that it pushes are taken.
    pub passwords: Option<bool>,
}

impl Update {
    /// Nothing yet, of this one.
    #[must_use]
    pub fn of(id: Id) -> Self {
        Self { id: Some(id), ..Self::default() }
    }
}

impl Verb for Update {
    type Out = DirectoryProvider;

    async fn run(&self, w: &mut Write<'_>) -> Result<DirectoryProvider> {
        let id = self.id.ok_or(Error::Missing("directory provider"))?;
        let before = store::get(w, w.org(), id).await?;
        let mut after = before.clone();
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut after.name);
        }
        after.doc.matching = self.matching.unwrap_or(before.doc.matching);
        after.doc.precedence = self.precedence.unwrap_or(before.doc.precedence);
        after.doc.passwords = self.passwords.unwrap_or(before.doc.passwords);
        after.doc.active = self.active.unwrap_or(before.doc.active);
        if let Some(mappings) = &self.role_mappings {
            after.doc.role_mappings.clone_from(mappings);
            mapping::by_addresses(w, &mut after).await?;
        }
        Error::unless_empty(after.problems())?;
        let fields = differences(&before, &after);
        if fields.is_empty() {
            return Ok(after);
        }
        if fields.contains_key("roleMappings") {
            check_targets(w, &after.doc.role_mappings).await?;
        }
        let roles = roles::Change::of(&before, &after);
        roles.check_actor(w).await?;
        store::update(w, &after).await?;
        if before.doc.passwords && !after.doc.passwords {
            fed_user::store::keep_passwords(w, id).await?;
        }
        w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(id), Value::Object(fields));
        mapping::apply(w, &after, &before.doc.role_mappings).await?;
        if !self.confirmed {
            roles.refuse_unconfirmed(w).await?;
        }
        Ok(after)
    }
}

fn differences(before: &DirectoryProvider, after: &DirectoryProvider) -> Map<String, Value> {
    let mut fields = document::differences(&before.doc, &after.doc);
    document::note(&mut fields, "name", json!(before.name), json!(after.name));
    fields
}

/// What a directory's groups go into is a group of ours, and not one that a directory keeps.
async fn check_targets(w: &mut Write<'_>, mappings: &[RoleMapping]) -> Result<()> {
    for (i, mapping) in mappings.iter().enumerate() {
        let field = format!("roleMappings[{i}].userGroup");
        let Some(local) = mapping.user_group else { continue };
        match group::store::get(w, w.org(), local).await {
            Err(Error::Missing(_)) => return Err(Error::field(field, "no user group has this id")),
            other => drop(other?),
        }
        if fed_group::store::owner(w, w.org(), local).await?.is_some() {
            return Err(Error::field(field, "a directory keeps this group itself: name a group of your own"));
        }
    }
    Ok(())
}
