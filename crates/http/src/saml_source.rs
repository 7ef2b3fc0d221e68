//! Reads the metadata of SAML service providers, through the guard on outgoing requests: once for an administrator, and
//! again on schedule. What comes of it is the directory's (`saml_source`).

use muster_base::Id;
use muster_directory::saml_source::{self, Answered, Offer, Refresh};
use muster_directory::{Actor, Error, Result};

use crate::site::Site;

/// The document behind an address.
///
/// # Errors
/// Why it cannot be had, for an administrator.
pub async fn fetch(site: &Site, url: &str) -> Result<Vec<u8>, String> {
    let answer = site.egress().get(url, None).await.map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("it answers with status {}, not with a document", answer.status));
    }
    Ok(answer.body.to_vec())
}

/// Reads the metadata of an application again; without an address nothing happens. A failure is kept, not answered.
///
/// # Errors
/// The database's.
pub async fn refresh(site: &Site, org: Id, app: Id) -> Result<()> {
    let directory = site.directory();
    let Some(source) = saml_source::find(&mut directory.read(), org, app).await? else { return Ok(()) };
    let read = fetch(site, &source.url).await.and_then(|text| Offer::read(&text, source.entity_id.as_deref()));
    let answer = read.map_or_else(Answered::Failed, Answered::Document);
    match directory.write(Actor::system(), org, Refresh { app, url: source.url, answer }).await {
        // The application was removed meanwhile.
        Err(Error::Missing(_)) => Ok(()),
        other => other,
    }
}

/// Reads what is due; for a worker. Tells how many.
///
/// # Errors
/// The database's.
pub async fn round(site: &Site) -> Result<usize> {
    let due = saml_source::due(site.directory()).await?;
    for (org, app) in &due {
        refresh(site, *org, *app).await?;
    }
    Ok(due.len())
}
