//! Providers (MSPs): who holds several organizations.

use muster_base::{Id, Micros};
use muster_db::sql;

use crate::{Directory, Error, Result, Source};

sql! {
    global PROVIDER_BY_ID = "SELECT id, name, created_at FROM providers WHERE id = $1";
    global PROVIDER_INSERT = "INSERT INTO providers (id, name, created_at) VALUES ($1, $2, $3)";
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Micros,
}

/// A provider by id.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, id: Id) -> Result<Provider> {
    let row: Option<(Id, String, Micros)> = s.first(&PROVIDER_BY_ID, &[(&id).into()]).await?;
    row.map(|(id, name, created_at)| Provider { id, name, created_at }).ok_or(Error::Missing("provider"))
}

/// Makes a provider.
///
/// # Errors
/// [`Error::Invalid`] on `name`.
pub async fn create(directory: &Directory, name: &str) -> Result<Provider> {
    Error::unless_empty(super::create::name_problems(name.trim()))?;
    let provider =
        Provider { id: directory.env().id(), name: name.trim().to_owned(), created_at: directory.env().clock.now() };
    let params = [(&provider.id).into(), provider.name.as_str().into(), provider.created_at.into()];
    directory.db().exec(&PROVIDER_INSERT, &params).await?;
    Ok(provider)
}
