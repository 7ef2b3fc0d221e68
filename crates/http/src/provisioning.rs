//! What the administrators' doors need of the sending of accounts, as a trait: siblings do not depend on each other.

use muster_base::{Id, Secret};
use muster_directory::provision::Settings;
use muster_directory::provision::import::May;
use muster_directory::provision::reading::{Kind, Reading};
use muster_directory::provision::report::TestReport;
use muster_directory::{Actor, Error, Result};

use crate::probe::Answer;

/// Settings that are tried before they are saved.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The settings.
    pub settings: Settings,
    /// The secret; none: the one that is saved.
    pub secret: Option<Secret>,
}

/// What an import is asked to do.
#[derive(Clone, Debug)]
pub struct ImportOrder {
    /// Who asked.
    pub actor: Actor,
    /// What may be done.
    pub may: May,
    /// Only users in whose names or e-mail this occurs.
    pub search: Option<String>,
    /// Only these, by the application's ids; none: all.
    pub ids: Vec<String>,
}

/// What an application is read whole for.
#[derive(Clone, Debug)]
pub enum Order {
    /// What activating, or another mapping, would do; nothing is sent.
    Preview(Option<Box<Draft>>),
    /// What is there otherwise than it was sent.
    Drift,
    /// Letting that be sent again.
    Repair,
    /// The list of its own users.
    Users,
}

impl Order {
    /// As it is told.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Preview(_) => Kind::Preview,
            Self::Drift => Kind::Drift,
            Self::Repair => Kind::Repair,
            Self::Users => Kind::Import,
        }
    }
}

/// Asks applications that accounts are sent to.
pub trait Provisioning: Send + Sync {
    /// *Test Connection*.
    fn test(&self, org: Id, app: Id, draft: Option<Draft>) -> Answer<'_, Result<TestReport>>;

    /// Reads the application whole, and waits for it a while. What is ready by then is told, or why it failed; otherwise the
    /// reading goes on without whoever asked, and how far it is stands in the directory.
    fn read(&self, org: Id, app: Id, order: Order) -> Answer<'_, Result<Reading>>;

    /// Stops a reading, or throws away what came of it.
    fn stop(&self, org: Id, app: Id, reading: Id) -> Answer<'_, Result<()>>;

    /// Begins an import of the application's own users; its id.
    fn import(&self, org: Id, app: Id, order: ImportOrder) -> Answer<'_, Result<Id>>;
}

/// Where no accounts are sent.
pub struct NoProvisioning;

fn not_here<T: Send + 'static>() -> Answer<'static, Result<T>> {
    Box::pin(async { Err(Error::Unavailable("provisioning does not run here".into())) })
}

impl Provisioning for NoProvisioning {
    fn test(&self, _: Id, _: Id, _: Option<Draft>) -> Answer<'_, Result<TestReport>> {
        not_here()
    }

    fn read(&self, _: Id, _: Id, _: Order) -> Answer<'_, Result<Reading>> {
        not_here()
    }

    fn stop(&self, _: Id, _: Id, _: Id) -> Answer<'_, Result<()>> {
        not_here()
    }

    fn import(&self, _: Id, _: Id, _: ImportOrder) -> Answer<'_, Result<Id>> {
        not_here()
    }
}
