//! Who is meant by what was typed or hinted at the sign-in page.

use muster_base::{Email, Id};

use super::model::custom_name;
use super::{User, store};
use crate::application::{Application, store as application_store};
use crate::{Result, Source};

/// A value that more people have than this is nobody's name.
const HAVING_MAX: i64 = 10;

/// The person whose company e-mail this is; else, while an application waits, the one member of it to whom the
/// application's own `email` mapping gives this value (the Secondary of a federation knows only the alias).
///
/// # Errors
/// The database's.
pub async fn by_identifier(
    s: &mut impl Source,
    org: Id,
    app: Option<&Application>,
    typed: &str,
) -> Result<Option<User>> {
    let Ok(email) = typed.parse::<Email>() else { return Ok(None) };
    if let Some(user) = store::by_email(s, org, email.normal()).await? {
        return Ok(Some(user));
    }
    let mapping = app.and_then(|a| a.doc.oidc.as_ref()).and_then(|o| o.attribute_of("email"));
    let (Some(app), Some(attribute)) = (app, mapping) else { return Ok(None) };
    // Only custom attributes are indexed by value; a fixed field other than the e-mail names nobody here.
    let Some(name) = custom_name(attribute) else { return Ok(None) };
    let having = store::by_attribute(s, org, name, typed.trim(), HAVING_MAX + 1).await?;
    if i64::try_from(having.len()).is_ok_and(|n| n > HAVING_MAX) {
        return Ok(None);
    }
    let mut found = None;
    for id in having {
        if application_store::ways(s, org, app.id, id).await?.is_empty() {
            continue;
        }
        if found.is_some() {
            return Ok(None);
        }
        found = store::by_id(s, org, id).await?;
    }
    Ok(found)
}
