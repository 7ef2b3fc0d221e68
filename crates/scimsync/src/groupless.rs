//! Whether there are no groups at a target, as an answer seems to say. Nobody looks again once that was learnt, so it is not
//! learnt of a receiver at which a group of ours is, nor while people are not found either: then somebody on the way
//! answered.

use muster_base::Micros;
use muster_directory::Result;
use muster_directory::provision::{ObjectKind, store};
use muster_scim::ListResponse;
use muster_scim::receiver::Lesson;
use muster_scim::reconcile::{HttpMethod, Outcome, Request, delay_ms};

use crate::drive::{Drive, Ended};

impl Drive<'_> {
    /// Learns that there are no groups, where nothing speaks against it.
    pub async fn no_groups(&mut self, attempt: u32, jitter: f64) -> Result<Ended> {
        let (org, app) = (self.which.org, self.which.app);
        let linked = store::linked(&mut self.run.directory.read(), (org, app, ObjectKind::Group), "").await?;
        let why = if linked.is_empty() {
            let profile = self.run.profile();
            let request = Request::new(HttpMethod::Get, "/Users?startIndex=1&count=1");
            if !self.run.gate.pass(profile.per_second).await? {
                return Ok(Ended::Closed);
            }
            let outcome = self.run.client.send(&request, profile.version).await;
            let words = "whether people are there, since groups are not";
            self.calls.push(self.run.client.taped(&request, &outcome, attempt, words.into()));
            let is_list = |o: &Outcome| o.sorted().is_ok_and(|a| a.status < 300 && ListResponse::read(&a.body).is_ok());
            if is_list(&outcome) {
                self.run.learn(Lesson::NoGroups);
                return Ok(Ended::Done);
            }
            "neither groups nor people are there: check the Base URL"
        } else {
            "the receiver says that there are no groups, and has had some"
        };
        let wait = i64::try_from(delay_ms(attempt, jitter, None)).unwrap_or(3_600_000) * 1000;
        let at = Micros(self.run.now().0.saturating_add(wait));
        Ok(Ended::Later { at, why: why.into() })
    }
}
