//! Reads a source, whichever it is.

use muster_base::Secret;
use muster_directory::feed::{Reads, Settings};
use muster_directory::provision::report::TestReport;

use crate::feeder::Feeder;
use crate::found::Found;
use crate::{google, ldap};

/// Everything that a source has: an error means that nothing is known.
///
/// # Errors
/// Why it cannot be read, for an administrator.
pub async fn read(
    feeder: &Feeder,
    settings: &Settings,
    secret: Option<&Secret>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Found, String> {
    match &settings.reads {
        Reads::Ldap(of) => ldap::read(feeder.egress(), (of, settings.groups), secret, progress).await,
        Reads::GoogleWorkspace(of) => google::read(feeder, (of, settings.groups), secret, progress).await,
    }
}

/// *Test Connection*.
pub async fn test(feeder: &Feeder, settings: &Settings, secret: Option<&Secret>) -> TestReport {
    let report = match &settings.reads {
        Reads::Ldap(of) => ldap::test(feeder.egress(), (of, settings.groups), secret).await,
        Reads::GoogleWorkspace(of) => google::test(feeder, (of, settings.groups), secret).await,
    };
    report.finish()
}
