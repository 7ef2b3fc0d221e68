//! What arrived, judged, and what is said where it is refused: shown to the person and never sent on.

use http::StatusCode;
use muster_directory::event;
use muster_directory::flow::FLOW_TTL_S;
use muster_directory::saml_message::Outcome;
use muster_directory::saml_sso::{self, Arrived, MAX_AGE_S, Refused, judge};
use muster_directory::trace::Trace;
use muster_http::page::whom_to_ask;

use crate::kept::Keep;
use crate::visit::Visit;
use muster_http::stop::Stop;

/// A request that is accepted, as it arrived, with the outcome of each check.
pub struct Asked {
    /// What it asks for, and where its answer goes.
    pub asked: saml_sso::Asked,
    /// What arrived.
    pub arrived: Arrived,
    /// What was looked at, for the event.
    pub checks: Trace,
}

impl std::ops::Deref for Asked {
    type Target = saml_sso::Asked;

    fn deref(&self) -> &saml_sso::Asked {
        &self.asked
    }
}

/// Reads what arrived. `fresh` is false for a request that waited: its age was looked at when it came.
pub async fn read(visit: &Visit, arrived: Arrived, fresh: bool) -> Result<Asked, Stop> {
    let addresses = visit.addresses();
    let max_age_s = if fresh { MAX_AGE_S } else { FLOW_TTL_S + MAX_AGE_S };
    let (checks, asked) = judge(&visit.parties(&addresses), &arrived, visit.now().seconds(), max_age_s);
    match asked {
        Ok(asked) => Ok(Asked { asked, arrived, checks }),
        Err(refused) => Err(refuse(visit, &arrived, checks, &refused).await?),
    }
}

/// The page that says why, and an event that keeps it.
async fn refuse(visit: &Visit, arrived: &Arrived, trace: Trace, refused: &Refused) -> muster_directory::Result<Stop> {
    let label = visit.app.label();
    let stop = match refused {
        Refused::Inactive => {
            let paragraphs = [
                format!(
                    "Nobody can sign in to it with {} until an administrator activates it.",
                    visit.organization.display_name
                ),
                whom_to_ask(&visit.organization),
            ];
            visit.page(StatusCode::FORBIDDEN, &format!("{label} is not active"), &paragraphs)
        }
        Refused::Message(refusal) => visit.refused(refusal),
        Refused::Acs(_) => {
            visit.refused(&"it asks for an answer at an ACS URL that is not registered: add it, exactly as it is sent")
        }
    };
    let summary = format!("Refused a request of {label}: {refused}");
    Keep { arrived: Some(arrived), ..Keep::new(Outcome::Refused, &summary, &trace) }.note(visit);
    event::store::record(visit.site.directory(), &visit.event(None, false, summary, trace)).await?;
    Ok(stop)
}
