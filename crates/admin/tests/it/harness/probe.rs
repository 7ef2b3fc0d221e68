//! Identity providers that answer as the test says.

use std::sync::Mutex;

use muster_base::{Id, Micros};
use muster_directory::Result;
use muster_directory::identity_provider::Kind;
use muster_directory::provision::import_job::begin;
use muster_directory::provision::reading::{self, Far, Found, Reading, State};
use muster_directory::provision::report::{Drift, Plan, TestReport};
use muster_directory::provision::store;
use muster_http::feeding::{self, Feeding};
use muster_http::probe::{Answer, Check, CheckState, Discovery, Probe};
use muster_http::provisioning::{Draft, ImportOrder, Order, Provisioning};

#[derive(Default)]
pub struct FakeProbe {
    /// What every provider says; none: it cannot be reached.
    pub says: Mutex<Option<Discovery>>,
    /// The addresses that were asked.
    pub asked: Mutex<Vec<String>>,
}

impl FakeProbe {
    /// Every provider answers, with or without `iss`.
    pub fn reachable(&self, iss_parameter: bool) {
        *self.says.lock().unwrap() = Some(Discovery {
            issuer: Some("https://login.example".into()),
            authorization_endpoint: Some("https://login.example/auth".into()),
            token_endpoint: Some("https://login.example/token".into()),
            iss_parameter,
            saml: None,
            problems: Vec::new(),
        });
    }

    fn state(&self) -> Check {
        let reachable = self.says.lock().unwrap().is_some();
        let state = if reachable { CheckState::Ok } else { CheckState::Failing };
        let message = if reachable { String::new() } else { "it cannot be reached".into() };
        Check { state, at: Some(Micros(1_763_456_789_000_000)), message }
    }
}

/// In the address of an application that is not read in time.
pub const SLOW: &str = "slow.example";

/// Applications that say what they were asked.
pub struct FakeApplications(pub muster_directory::Directory);

impl Provisioning for FakeApplications {
    fn test(&self, _: Id, _: Id, _: Option<Draft>) -> Answer<'_, Result<TestReport>> {
        Box::pin(async { Ok(TestReport { ok: true, lines: Vec::new() }) })
    }

    fn read(&self, org: Id, app: Id, order: Order) -> Answer<'_, Result<Reading>> {
        let kind = order.kind();
        let found = match order {
            Order::Preview(_) => Found::Plan(Plan::default()),
            Order::Drift => Found::Drift(Drift::default()),
            Order::Repair => Found::Repaired(0),
            Order::Users => Found::Users(0),
        };
        let (begun_at, state) = (self.0.env().clock.now(), State::Finished(found));
        Box::pin(async move {
            let target = store::find(&mut self.0.read(), org, app).await?;
            if target.is_some_and(|target| target.settings.base_url.contains(SLOW)) {
                let pen = reading::begin(&self.0, org, app, kind).await?;
                return reading::get(&self.0, org, app, pen.id).await;
            }
            Ok(Reading { id: app, kind, begun_at, far: Far::default(), state })
        })
    }

    fn stop(&self, org: Id, app: Id, id: Id) -> Answer<'_, Result<()>> {
        Box::pin(reading::stop(&self.0, org, app, id))
    }

    fn import(&self, org: Id, app: Id, _: ImportOrder) -> Answer<'_, Result<Id>> {
        Box::pin(async move { Ok(begin(&self.0, org, app).await?.0) })
    }
}

/// Directories that let themselves be read.
pub struct FakeDirectories;

impl Feeding for FakeDirectories {
    fn test(&self, _: Id, _: Id, _: Option<feeding::Draft>) -> Answer<'_, Result<TestReport>> {
        Box::pin(async { Ok(TestReport { ok: true, lines: Vec::new() }) })
    }
}

impl Probe for FakeProbe {
    fn discover<'a>(&'a self, url: &'a str, _: Kind) -> Answer<'a, Discovery> {
        self.asked.lock().unwrap().push(url.to_owned());
        let unreachable = Discovery { problems: vec!["it cannot be reached".into()], ..Discovery::default() };
        let says = self.says.lock().unwrap().clone().unwrap_or(unreachable);
        Box::pin(async move { says })
    }

    fn check(&self, _: Id, _: Id) -> Answer<'_, Check> {
        Box::pin(async { self.state() })
    }

    fn last(&self, _: Id, _: Id) -> Check {
        self.state()
    }
}
