//! What a target is read whole for: from the target and its settings to what comes of it, by the kind of the reading.

use std::sync::Arc;

use muster_directory::provision::reading::{Found, Kind, Pen};
use muster_directory::provision::report::Drift;
use muster_directory::provision::{RepairMode, Settings, Target};
use muster_directory::{Directory, Error, Result};

use crate::client::Client;
use crate::progress::Progress;
use crate::{drift, import, preview};

/// A target that is read as it is saved, or as a draft says, which is nowhere but here.
pub struct Order {
    pub directory: Directory,
    pub settings: Settings,
    pub saved: Option<Target>,
    pub client: Client,
    /// What drifted and is sent again at once.
    pub repaired_at_once: usize,
}

impl Order {
    /// To its end.
    pub async fn carry_out(self, kind: Kind, pen: Pen, progress: Arc<Progress>) -> Result<Found> {
        let (reader, survey) = ((&self.client, &*progress), pen.survey());
        match kind {
            Kind::Preview => {
                let by = (&self.settings, self.saved.as_ref());
                preview::run(&self.directory, survey, by, reader).await.map(Found::Plan)
            }
            Kind::Drift => {
                let target = self.target()?;
                let drift = drift::run(&self.directory, target, reader).await?;
                if target.settings.repair == RepairMode::Automatic {
                    self.repair(target, &drift).await?;
                }
                Ok(Found::Drift(drift))
            }
            Kind::Repair => {
                let target = self.target()?;
                let drift = drift::run(&self.directory, target, reader).await?;
                self.repair(target, &drift).await.map(Found::Repaired)
            }
            Kind::Import => {
                let profile = self.saved.as_ref().map_or_else(|| self.settings.first_profile(), Target::profile);
                import::list(reader, &profile, survey).await.map(Found::Users)
            }
        }
    }

    fn target(&self) -> Result<&Target> {
        self.saved.as_ref().ok_or(Error::Missing("provisioning"))
    }

    async fn repair(&self, target: &Target, drift: &Drift) -> Result<usize> {
        drift::repair(&self.directory, target, drift, self.repaired_at_once).await
    }
}
