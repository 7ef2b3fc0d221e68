//! What the administrators' doors need of the sending of accounts, as a trait: siblings do not depend on each other.

use muster_base::{Id, Secret};
use muster_directory::provision::Settings;
use muster_directory::provision::import::{May, Person};
use muster_directory::provision::report::{Drift, Plan, TestReport};
use muster_directory::provision::survey::Wanted;
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

/// A page of an application's own users.
#[derive(Clone, Debug)]
pub struct Users {
    /// The list that it is of; it is kept for an hour, unless others are read.
    pub list: Id,
    /// How many there are in all.
    pub total: i64,
    /// Those of the page.
    pub people: Vec<Person>,
}

/// Asks applications that accounts are sent to.
pub trait Provisioning: Send + Sync {
    /// *Test Connection*.
    fn test(&self, org: Id, app: Id, draft: Option<Draft>) -> Answer<'_, Result<TestReport>>;

    /// What activating, or another mapping, would do. Reads the application; sends nothing.
    fn preview(&self, org: Id, app: Id, draft: Option<Draft>) -> Answer<'_, Result<Plan>>;

    /// What is there otherwise than it was sent.
    fn drift(&self, org: Id, app: Id) -> Answer<'_, Result<Drift>>;

    /// Lets what drifted be sent again; tells how many objects.
    fn repair(&self, org: Id, app: Id) -> Answer<'_, Result<usize>>;

    /// A page of the application's own users: of a list that was read before, where it is kept still.
    fn users(&self, org: Id, app: Id, list: Option<Id>, wanted: Wanted) -> Answer<'_, Result<Users>>;

    /// Begins an import of them; its id.
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

    fn preview(&self, _: Id, _: Id, _: Option<Draft>) -> Answer<'_, Result<Plan>> {
        not_here()
    }

    fn drift(&self, _: Id, _: Id) -> Answer<'_, Result<Drift>> {
        not_here()
    }

    fn repair(&self, _: Id, _: Id) -> Answer<'_, Result<usize>> {
        not_here()
    }

    fn users(&self, _: Id, _: Id, _: Option<Id>, _: Wanted) -> Answer<'_, Result<Users>> {
        not_here()
    }

    fn import(&self, _: Id, _: Id, _: ImportOrder) -> Answer<'_, Result<Id>> {
        not_here()
    }
}
