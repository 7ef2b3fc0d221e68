//! The first organization of an installation, or a further one: what the first-run page and `muster setup` do.

use muster_base::{Email, Id, Secret};

use crate::administrator::{self, Administrator};
use crate::organization::{self, Organization, provider};
use crate::{Actor, Directory, Error, Result};

/// What is set up.
pub struct SetUp {
    /// The organization's name.
    pub organization: String,
    /// Its name in addresses; made from the name when absent.
    pub slug: Option<String>,
    /// The administrator's e-mail; one who exists already is given the organization.
    pub email: String,
    /// The password of a new administrator.
    pub password: Option<Secret>,
    /// The name of a provider to make, all of whose organizations the administrator reaches.
    pub provider: Option<String>,
}

/// What was set up.
#[derive(Debug)]
pub struct Done {
    /// The organization.
    pub organization: Organization,
    /// The administrator.
    pub administrator: Administrator,
}

/// Makes the organization and its administrator. Checked first, so that nothing is left half done.
///
/// # Errors
/// [`Error::Invalid`] and [`Error::Conflict`], naming the field.
pub async fn set_up(directory: &Directory, actor: Actor, input: SetUp) -> Result<Done> {
    let email: Email =
        input.email.parse().map_err(|e: muster_base::email::EmailError| Error::field("email", e.to_string()))?;
    Error::unless_empty(organization::create::name_problems(input.organization.trim()))?;
    if let Some(slug) = input.slug.as_deref().filter(|s| !s.is_empty()) {
        Error::unless_empty(organization::model::slug_problem(slug).into_iter().collect())?;
        if organization::store::by_slug(&mut directory.read(), slug).await?.is_some() {
            return Err(Error::Conflict("slug: another organization has it".into()));
        }
    }
    let administrator = match administrator::store::by_email(&mut directory.read(), &email).await? {
        Some(present) => present,
        None => new_administrator(directory, &input).await?,
    };
    let create = organization::create::Create {
        id: directory.env().id(),
        name: input.organization,
        slug: input.slug,
        provider_id: administrator.provider_id,
    };
    let organization = organization::create::create(directory, actor, create, Some(administrator.id)).await?;
    Ok(Done { organization, administrator })
}

async fn new_administrator(directory: &Directory, input: &SetUp) -> Result<Administrator> {
    let password =
        input.password.clone().ok_or_else(|| Error::field("password", "choose a password for the administrator"))?;
    let mut provider_id: Option<Id> = None;
    if let Some(name) = input.provider.as_deref().filter(|n| !n.trim().is_empty()) {
        Error::unless_empty(administrator::create::password_problems(&password, &input.email))?;
        provider_id = Some(provider::create(directory, name).await?.id);
    }
    let create = administrator::create::Create {
        email: input.email.clone(),
        provider_id,
        password: Some(password),
        ..administrator::create::Create::default()
    };
    Ok(administrator::create::create(directory, create).await?.0)
}
