//! What the application's Test tab is told of an exchange. Noted in memory: nothing waits for it.

use muster_base::Id;
use muster_directory::Directory;
use muster_directory::saml_message::{Content, Exchange, Outcome, Part, Purpose};
use muster_directory::saml_sso::Arrived;
use muster_directory::trace::Trace;

use crate::visit::Visit;

/// An exchange that is to be noted.
pub struct Keep<'a> {
    /// The flow that the request waited in, or waits: it is one exchange.
    pub flow: Option<Id>,
    /// The person.
    pub user: Option<Id>,
    /// What it is about.
    pub purpose: Purpose,
    /// How it went.
    pub outcome: Outcome,
    /// One sentence.
    pub summary: &'a str,
    /// The outcome of each check.
    pub trace: &'a Trace,
    /// What came.
    pub arrived: Option<&'a Arrived>,
    /// What was sent.
    pub sent: Option<Part>,
}

impl<'a> Keep<'a> {
    /// About a sign-in, so far without person and messages.
    pub fn new(outcome: Outcome, summary: &'a str, trace: &'a Trace) -> Self {
        let purpose = Purpose::SignIn;
        Self { flow: None, user: None, purpose, outcome, summary, trace, arrived: None, sent: None }
    }

    /// About a sign-out.
    pub fn sign_out(outcome: Outcome, summary: &'a str, trace: &'a Trace) -> Self {
        Self { purpose: Purpose::SignOut, ..Self::new(outcome, summary, trace) }
    }

    /// Notes it.
    pub fn note(self, visit: &Visit) {
        self.note_of(visit.site.directory(), visit.organization.id, visit.app.id);
    }

    /// Notes it, of this organization and application.
    pub fn note_of(self, directory: &Directory, org: Id, app: Id) {
        let came = self.arrived.and_then(Part::came);
        let content = Content {
            purpose: self.purpose,
            outcome: self.outcome,
            summary: self.summary.to_owned(),
            trace: self.trace.clone(),
            parts: came.into_iter().chain(self.sent).collect(),
            by: None,
            came_at_s: None,
            claims: None,
        };
        let id = self.flow.unwrap_or_else(|| directory.env().id());
        let at = directory.env().clock.now();
        directory.saml_messages().note(Exchange { org, id, app, user: self.user, at, content });
    }
}
