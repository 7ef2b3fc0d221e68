//! Makes an organization with what each one has from the start: the dynamic groups of all people, all devices, and
//! the devices of each operating system.

use muster_base::{Id, limits};
use muster_db::{Tx, Work};
use serde_json::json;

use super::{Organization, Settings, model, store};
use crate::change::{Kind, Subject};
use crate::group::{self, GroupKind, Method};
use crate::write::InOrganization;
use crate::{Actor, Directory, Error, FieldError, Result, Verb, Write, administrator};

/// What a new organization is made from.
#[derive(Clone)]
pub struct Create {
    /// The id, made by the caller.
    pub id: Id,
    /// Its name for people.
    pub name: String,
    /// Its name in addresses; made from the name when absent.
    pub slug: Option<String>,
    /// The provider it belongs to.
    pub provider_id: Option<Id>,
}

/// Makes the organization and gives `administrator` access to it.
///
/// # Errors
/// [`Error::Invalid`] and [`Error::Conflict`] on `name` and `slug`.
pub async fn create(
    directory: &Directory,
    actor: Actor,
    input: Create,
    administrator: Option<Id>,
) -> Result<Organization> {
    let now = directory.env().clock.now();
    let made_slug = input.slug.as_deref().is_none_or(|s| s.trim().is_empty());
    let mut attempts = 0;
    loop {
        attempts += 1;
        let furnish = InOrganization::new(directory.clone(), actor.clone(), input.id, Furnish { administrator });
        let found = Found { insert: Insert { input: input.clone(), now }, furnish };
        match directory.work(found).await {
            // Another one took the slug that was made for this one: the next is free.
            Err(Error::Conflict(_)) if made_slug && attempts < 5 => {}
            answer => return answer,
        }
    }
}

/// The row and what belongs to it, in one transaction.
struct Found {
    insert: Insert,
    furnish: InOrganization<Furnish>,
}

impl Work for Found {
    type Out = Organization;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Organization> {
        let organization = self.insert.run(tx).await?;
        self.furnish.run(tx).await?;
        Ok(organization)
    }
}

/// The row itself: there is no organization yet whose lock could be taken.
struct Insert {
    input: Create,
    now: muster_base::Micros,
}

impl Work for Insert {
    type Out = Organization;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Organization> {
        let name = self.input.name.trim();
        let mut problems = name_problems(name);
        let chosen = self.input.slug.as_deref().map(str::trim).filter(|s| !s.is_empty());
        let mut slug = chosen.map_or_else(|| model::slug_from(name), str::to_owned);
        problems.extend(model::slug_problem(&slug));
        Error::unless_empty(problems)?;
        if chosen.is_none() {
            // Two organizations of one name: the second is name-2. A chosen slug is never changed.
            let base = slug.clone();
            for n in 2..1000 {
                if store::by_slug(tx, &slug).await?.is_none() {
                    break;
                }
                slug = format!("{base}-{n}");
            }
        }
        let organization = Organization {
            id: self.input.id,
            provider_id: self.input.provider_id,
            slug,
            display_name: name.to_owned(),
            settings: Settings::default(),
            has_logo: false,
            created_at: self.now,
        };
        store::insert(tx, &organization).await?;
        Ok(organization)
    }
}

/// What is wrong with an organization's name.
pub(crate) fn name_problems(name: &str) -> Vec<FieldError> {
    let message = if name.is_empty() {
        "enter a name"
    } else if name.chars().count() > limits::NAME_MAX {
        "at most 255 characters"
    } else if name.chars().any(char::is_control) {
        "a name has no control characters"
    } else {
        return Vec::new();
    };
    vec![FieldError::new("name", message)]
}

/// What each organization begins with.
struct Furnish {
    administrator: Option<Id>,
}

impl Verb for Furnish {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let organization = store::get(w, w.org()).await?;
        let fields = json!({"displayName": organization.display_name, "slug": organization.slug});
        w.log(Kind::OrganizationCreate, Subject::organization(organization.id), fields);
        default_groups(w, &|_, _| true).await?;
        if let Some(administrator) = self.administrator {
            administrator::grant::Grant::to(administrator).run(w).await?;
        }
        Ok(())
    }
}

/// Makes those of the groups that each organization begins with that are wanted, by kind and name; tells which.
pub(super) async fn default_groups(
    w: &mut Write<'_>,
    is_wanted: &(dyn Fn(GroupKind, &str) -> bool + Sync),
) -> Result<Vec<String>> {
    let mut made = Vec::new();
    for (kind, name, description, query) in group::model::default_groups() {
        if !is_wanted(kind, name) {
            continue;
        }
        let input = group::Input {
            name: Some(name.into()),
            description: Some(description.into()),
            method: Some(Method::DynamicAutomated),
            member_query: Some(Some(query)),
            // Nobody is there to be asked.
            confirmed: true,
            ..group::Input::default()
        };
        made.push(group::create::Create { kind, input }.run(w).await?.name);
    }
    Ok(made)
}
