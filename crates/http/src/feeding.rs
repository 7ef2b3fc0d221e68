//! What the administrators' doors need of directories that we read, as a trait: siblings do not depend on each other.

use muster_base::{Id, Secret};
use muster_directory::feed::Settings;
use muster_directory::provision::report::TestReport;
use muster_directory::{Error, Result};

use crate::probe::Answer;

/// Settings that are tried before they are saved.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The settings.
    pub settings: Settings,
    /// The secret; none: the one that is saved.
    pub secret: Option<Secret>,
    /// Whether plain http is allowed, as where the site itself is.
    pub http_allowed: bool,
}

/// Asks directories that we read.
pub trait Feeding: Send + Sync {
    /// *Test Connection*.
    fn test(&self, org: Id, provider: Id, draft: Option<Draft>) -> Answer<'_, Result<TestReport>>;
}

/// Where no directories are read.
pub struct NoFeeding;

impl Feeding for NoFeeding {
    fn test(&self, _: Id, _: Id, _: Option<Draft>) -> Answer<'_, Result<TestReport>> {
        Box::pin(async { Err(Error::Unavailable("directories are not read here".into())) })
    }
}
