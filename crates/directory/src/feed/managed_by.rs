//! The manager whom a source names: a person is taken in without one who cannot be theirs.

use muster_base::Id;

use super::take::Person;
use crate::{Error, Result, Write, fed_user, user};

/// The manager of a person.
#[derive(Debug, Default)]
pub(super) struct Manager {
    /// Who it is.
    pub id: Option<Id>,
    /// Whether it is tried again: they are not here yet, or somebody between them has to change first.
    pub late: bool,
    /// Why the one who is named is not.
    pub wrong: Option<String>,
}

/// The manager of a person, `of` whom it is known who they are here.
pub(super) async fn of(w: &mut Write<'_>, provider: Id, person: &Person, of: Option<Id>) -> Result<Manager> {
    let Some(external) = &person.manager else { return Ok(Manager::default()) };
    if *external == person.external_id {
        // So it often is of whoever leads a company.
        let wrong = Some("manager: they are named as their own; taken in without a manager".into());
        return Ok(Manager { wrong, ..Manager::default() });
    }
    let org = w.org();
    let found = fed_user::store::of_externals(w, org, provider, &[external]).await?;
    let Some((_, manager)) = found.first() else { return Ok(Manager { late: true, ..Manager::default() }) };
    let of = match (of, &person.feed.email) {
        (Some(of), _) => of,
        // Whoever is taken over may be their manager's manager.
        (None, Some(email)) => match user::store::by_email(w, org, &email.to_lowercase()).await? {
            Some(user) => user.id,
            None => w.env().id(),
        },
        (None, None) => w.env().id(),
    };
    match user::create::check_chain(w, of, manager.text()).await {
        Ok(()) => Ok(Manager { id: Some(*manager), ..Manager::default() }),
        Err(error @ Error::Invalid(_)) => {
            Ok(Manager { id: None, late: true, wrong: Some(format!("{error}; taken in without a manager")) })
        }
        Err(error) => Err(error),
    }
}
