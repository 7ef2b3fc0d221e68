//! The groups that an application is told of.

use muster_base::Id;

use crate::application::saml::Saml;
use crate::application::{Application, store};
use crate::{Result, Source, group};

/// The names of the person's groups that are bound to the application; none where it is not told of groups.
///
/// # Errors
/// The database's.
pub async fn groups(s: &mut impl Source, app: &Application, saml: &Saml, user: Id) -> Result<Vec<String>> {
    if saml.groups_attribute.is_none() {
        return Ok(Vec::new());
    }
    let ways = store::ways(s, app.org, app.id, user).await?;
    let of_user = group::store::of_user(s, app.org, user).await?;
    let bound = |id: Id| ways.iter().any(|(kind, way)| kind == "user_group" && *way == id);
    Ok(of_user.into_iter().filter(|group| bound(group.id)).map(|group| group.name).collect())
}
