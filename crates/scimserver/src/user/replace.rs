//! `PUT /Users/{id}`.

use muster_directory::fed_user::push::Push;
use muster_scim::Error;
use muster_scim::server;

use super::{create, feed, get, password, show};
use crate::answer::{Answer, from_directory};
use crate::list;
use crate::schema;
use crate::service::{ATTEMPTS, Service};

/// Replaces what the directory says of a person. Whether they are active stays when it is not said.
///
/// # Errors
/// 404, 412, `uniqueness`, `mutability`, `invalidSyntax` and `invalidValue`.
pub(crate) async fn replace(
    s: &Service,
    id: &str,
    body: &[u8],
    if_match: Option<&str>,
    parameters: &[(String, String)],
) -> Result<Answer, Error> {
    let projection = list::read(parameters, &schema::user([]))?.projection;
    let (sent, definition) = create::read(body)?;
    for attempt in 1.. {
        let before = get::find(s, id).await?;
        let current = show::resource(&before);
        server::check_if_match(if_match, &show::version(&before, &current))?;
        let next = server::replace(&current, sent.clone(), &definition)?;
        let mut feed = feed::feed(s, &next, current.active().or(Some(true))).await?;
        feed.password_hash = password::hash(s, &next, Some(&before.user), &feed).await?;
        let (id, expected) = (Some(before.user.id), Some(before.version));
        let push = Push { id, expected, ..Push::new(s.provider(), feed) };
        match s.write(push).await {
            Err(muster_directory::Error::Stale) if if_match.is_none() && attempt < ATTEMPTS => {}
            other => return show::answer(s, &other.map_err(from_directory)?, 200, &projection).await,
        }
    }
    Err(Error::status(503, "too many changes of this at once: try again"))
}
