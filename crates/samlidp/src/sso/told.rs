//! What is written down when a service provider is told of a person: that its request was answered, that it takes part in
//! the session, and the event. Together, or the request was answered before.

use muster_base::{Id, Micros};
use muster_db::{Tx, Work};
use muster_directory::event::{Event, store as events};
use muster_directory::saml_session::{self, Participant};
use muster_directory::{Error, Result};

use crate::replay;

/// One answer with an assertion. Tells whether it is the first one to its request.
pub struct Tell {
    /// The organization.
    pub org: Id,
    /// The session that the person is signed in with.
    pub session: Id,
    /// The identifier of the request; `None` where the sign-in began here.
    pub request: Option<String>,
    /// Who is told, and by which name.
    pub participant: Participant,
    /// What the administrator sees.
    pub event: Event,
    /// Now.
    pub now: Micros,
}

impl Work for Tell {
    type Out = bool;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<bool> {
        if let Some(request) = &self.request
            && !replay::first(tx, self.org, self.participant.app, request, self.now).await?
        {
            return Ok(false);
        }
        saml_session::note(tx, self.org, self.session, &self.participant, self.now).await?;
        events::insert(tx, &self.event).await?;
        Ok(true)
    }
}
