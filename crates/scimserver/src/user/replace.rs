//! `PUT /Users/{id}`.

use std::borrow::Cow;

use muster_scim::{Definition, Error, Resource, server};

use super::create;
use super::revise::{Active, Asked, Revision, revise};
use crate::answer::Answer;
use crate::list;
use crate::schema;
use crate::service::Service;

struct Replace {
    sent: Resource,
    definition: Cow<'static, Definition>,
}

impl Revision for Replace {
    fn next(&self, current: &Resource) -> Result<(Resource, Active), Error> {
        let next = server::replace(current, self.sent.clone(), &self.definition)?;
        // What a PUT leaves out stays (RFC 7644 section 3.5.1 leaves it to us): nobody is let in by silence.
        Ok((next, self.sent.active().map_or(Active::Unsaid, Active::Is)))
    }

    fn work_bytes(current: usize, request: usize) -> usize {
        current.saturating_add(request)
    }
}

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
    revise(s, Asked { id, revision: Replace { sent, definition }, bytes: body.len(), if_match, projection }).await
}
