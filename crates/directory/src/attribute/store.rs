//! The statements on declared attributes, and on groups that speak of removed ones.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::{Declared, Type};
use crate::{Result, Source, Write};

sql! {
    ATTRIBUTES_ALL = "SELECT name, type, description, created_at FROM custom_attributes WHERE org_id = $1 ORDER BY name";
    ATTRIBUTES_BY_NAME = "SELECT name, type, description, created_at FROM custom_attributes WHERE org_id = $1 AND name IN {each $2}";
    ATTRIBUTE_PUT = "INSERT INTO custom_attributes (org_id, name, type, description, created_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (org_id, name) DO UPDATE SET type = $3, description = $4";
    ATTRIBUTE_DELETE = "DELETE FROM custom_attributes WHERE org_id = $1 AND name = $2";
    ATTRIBUTE_PEOPLE = "SELECT user_id FROM user_attributes WHERE org_id = $1 AND name = $2 ORDER BY user_id";
    ATTRIBUTE_GONE = "SELECT DISTINCT group_id FROM group_gone_attributes WHERE org_id = $1";
    ATTRIBUTE_GONE_NAMED = "SELECT group_id FROM group_gone_attributes WHERE org_id = $1 AND name = $2 ORDER BY group_id";
    ATTRIBUTE_GONE_INSERT = "INSERT INTO group_gone_attributes (org_id, group_id, name) VALUES ($1, $2, $3) \
                         ON CONFLICT (org_id, group_id, name) DO NOTHING";
    ATTRIBUTE_BACK = "DELETE FROM group_gone_attributes WHERE org_id = $1 AND name = $2";
    ATTRIBUTE_MENDED = "DELETE FROM group_gone_attributes WHERE org_id = $1 AND group_id = $2";
}

impl FromRow for Declared {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let kind = Type::from_word(&row.text(1)?);
        Ok(Self {
            name: row.text(0)?,
            kind: kind.ok_or_else(|| DbError::Internal("custom_attributes.type".into()))?,
            description: row.text(2)?,
            created_at: row.micros(3)?,
        })
    }
}

/// All, by name.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<Declared>> {
    Ok(s.all(&ATTRIBUTES_ALL, &[(&org).into()]).await?)
}

/// Those of these names that are declared.
///
/// # Errors
/// The database's.
pub async fn named(s: &mut impl Source, org: Id, names: &[&str]) -> Result<Vec<Declared>> {
    Ok(s.all(&ATTRIBUTES_BY_NAME, &[(&org).into(), V::list(names)]).await?)
}

pub(super) async fn put(w: &mut Write<'_>, attribute: &Declared) -> Result<()> {
    let org = w.org();
    let params: [V<'_>; 5] = [
        (&org).into(),
        attribute.name.as_str().into(),
        attribute.kind.word().into(),
        attribute.description.as_str().into(),
        attribute.created_at.into(),
    ];
    w.exec(&ATTRIBUTE_PUT, &params).await?;
    Ok(())
}

pub(super) async fn delete(w: &mut Write<'_>, name: &str) -> Result<()> {
    let org = w.org();
    w.exec(&ATTRIBUTE_DELETE, &[(&org).into(), name.into()]).await?;
    Ok(())
}

/// The people who have a value.
pub(super) async fn people(w: &mut Write<'_>, name: &str) -> Result<Vec<Id>> {
    let org = w.org();
    Ok(w.all(&ATTRIBUTE_PEOPLE, &[(&org).into(), name.into()]).await?)
}

/// The groups whose rules speak of an attribute that was removed.
pub(crate) async fn holding(s: &mut impl Source, org: Id) -> Result<BTreeSet<Id>> {
    Ok(s.all::<Id>(&ATTRIBUTE_GONE, &[(&org).into()]).await?.into_iter().collect())
}

/// Notes that a group speaks of a removed attribute.
pub(super) async fn gone(w: &mut Write<'_>, group: Id, name: &str) -> Result<()> {
    let org = w.org();
    w.exec(&ATTRIBUTE_GONE_INSERT, &[(&org).into(), (&group).into(), name.into()]).await?;
    Ok(())
}

/// The attribute is there again: the groups that spoke of it.
pub(super) async fn back(w: &mut Write<'_>, name: &str) -> Result<Vec<Id>> {
    let org = w.org();
    let groups = w.all(&ATTRIBUTE_GONE_NAMED, &[(&org).into(), name.into()]).await?;
    w.exec(&ATTRIBUTE_BACK, &[(&org).into(), name.into()]).await?;
    Ok(groups)
}

/// The rules of a group were saved anew.
pub(crate) async fn mended(w: &mut Write<'_>, group: Id) -> Result<()> {
    let org = w.org();
    w.exec(&ATTRIBUTE_MENDED, &[(&org).into(), (&group).into()]).await?;
    Ok(())
}
