//! Whether a service provider has a certificate of ours, as far as it can be known: nobody tells an identity provider that
//! an answer was believed.

use std::collections::BTreeMap;

use muster_base::{Id, Micros};
use muster_db::sql;

use super::{KeyRow, State};
use crate::{Directory, Result, Source};

sql! {
    SAML_METADATA_READ = "INSERT INTO saml_metadata_reads (org_id, app_id, at) VALUES ($1, $2, $3) \
                          ON CONFLICT (org_id, app_id) DO UPDATE SET at = $3";
    SAML_METADATA_READS = "SELECT at FROM saml_metadata_reads WHERE org_id = $1 AND app_id = $2";
    SAML_KEY_PROVED = "INSERT INTO saml_key_proofs (org_id, app_id, key_id, at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (org_id, app_id, key_id) DO UPDATE SET at = $4";
    SAML_KEY_PROOFS = "SELECT key_id, at FROM saml_key_proofs WHERE org_id = $1 AND app_id = $2";
}

/// How exactly reads of the metadata are kept, in seconds: the address is public, and a reader must not make us a load.
const READ_EVERY_S: i64 = 60;

/// Notes that something that is no browser read the metadata of an application.
///
/// # Errors
/// The database's.
pub async fn metadata_read(directory: &Directory, org: Id, app: Id) -> Result<()> {
    let (now, ours) = (directory.env().clock.now(), [(&org).into(), (&app).into()]);
    let known: Option<(Micros,)> = directory.db().first(&SAML_METADATA_READS, &ours).await?;
    if known.is_some_and(|(at,)| at > now.minus_s(READ_EVERY_S)) {
        return Ok(());
    }
    let params = [(&org).into(), (&app).into(), now.into()];
    directory.db().exec(&SAML_METADATA_READ, &params).await?;
    Ok(())
}

/// Notes that the service provider accepted a message that was signed with this key.
///
/// # Errors
/// The database's.
pub async fn proved(directory: &Directory, org: Id, app: Id, key: Id) -> Result<()> {
    let now = directory.env().clock.now();
    directory.db().exec(&SAML_KEY_PROVED, &[(&org).into(), (&app).into(), (&key).into(), now.into()]).await?;
    Ok(())
}

/// What is known of an application's service provider.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    read_at: Option<Micros>,
    proofs: BTreeMap<Id, Micros>,
}

/// What is known of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It accepted a message that was signed with it, last at this time.
    Accepted(Micros),
    /// The metadata was read with it in it, last at this time.
    Read(Micros),
    /// Nothing.
    Nothing,
}

impl Usage {
    /// Loads what is known.
    ///
    /// # Errors
    /// The database's.
    pub async fn load(s: &mut impl Source, org: Id, app: Id) -> Result<Self> {
        let read: Option<(Micros,)> = s.first(&SAML_METADATA_READS, &[(&org).into(), (&app).into()]).await?;
        let proofs: Vec<(Id, Micros)> = s.all(&SAML_KEY_PROOFS, &[(&org).into(), (&app).into()]).await?;
        Ok(Self { read_at: read.map(|(at,)| at), proofs: proofs.into_iter().collect() })
    }

    /// What is known of this key.
    #[must_use]
    pub fn of(&self, row: &KeyRow) -> Known {
        if let Some(at) = self.proofs.get(&row.id) {
            return Known::Accepted(*at);
        }
        // A key is in the metadata from when it is made.
        self.read_at.filter(|at| *at >= row.created_at).map_or(Known::Nothing, Known::Read)
    }
}

impl Known {
    /// The words for an administrator.
    #[must_use]
    pub fn words(&self, state: State) -> &'static str {
        match (self, state) {
            (Self::Accepted(_), _) => "the service provider has it: it accepted a message that was signed with it",
            (Self::Read(_), State::Next | State::Active) => {
                "probably: its metadata was read by a program since it is there"
            }
            (Self::Read(_), State::Retiring) => "it signs no more; the metadata was read by a program since",
            (Self::Nothing, _) => {
                "not known: no program read the metadata since it is there, and nothing signed with it was answered"
            }
        }
    }
}
