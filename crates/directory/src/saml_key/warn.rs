//! Mails administrators that a certificate ends, 30 and 7 days ahead, once each. A worker calls it.

use muster_base::{Id, Micros};
use muster_db::sql;
use muster_saml::key::Certificate;

use super::store::{self, KeyRow};
use crate::mail::{self, Message};
use crate::{Actor, Directory, Error, Result, Source, Verb, Write, administrator, application, organization};

sql! {
    SAML_KEY_WARN = "INSERT INTO saml_key_warnings (org_id, key_id, days, at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (org_id, key_id, days) DO NOTHING";
}

/// How many days before the end is warned.
pub const DAYS: [i64; 2] = [7, 30];

/// A certificate that ends soon and that nothing follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The key's id.
    pub id: Id,
    /// The application whose own it is; `None` is the organization's.
    pub app: Option<Id>,
    /// When it ends.
    pub ends: Micros,
}

/// The certificates of an organization that end soon and that nothing follows.
///
/// # Errors
/// The database's.
pub async fn ending_soon(s: &mut impl Source, org: Id, now: Micros) -> Result<Vec<Ending>> {
    let rows = store::all(s, org).await?;
    let found = ending(&rows, now).into_iter();
    Ok(found.map(|(row, _, ends)| Ending { id: row.id, app: row.app, ends }).collect())
}

/// The keys whose certificate ends soon and that nothing follows, with the days of the warning and the end. Pure.
fn ending(rows: &[KeyRow], now: Micros) -> Vec<(&KeyRow, i64, Micros)> {
    let mut out = Vec::new();
    for row in rows.iter().filter(|row| row.drop_at.is_none()) {
        let Ok(certificate) = Certificate::from_der(&row.certificate) else { continue };
        let ends = Micros(0).plus_s(certificate.not_after_s());
        let near = DAYS.into_iter().find(|days| now >= ends.minus_s(days * 86_400));
        out.extend(near.map(|days| (row, days, ends)));
    }
    out
}

/// Warns of every certificate that ends soon; tells how many organizations were looked at more closely.
///
/// # Errors
/// The database's.
pub async fn warn(directory: &Directory) -> Result<usize> {
    let mut warned = 0;
    for organization in organization::store::every(&mut directory.read()).await? {
        let rows = store::all(&mut directory.read(), organization.id).await?;
        if ending(&rows, directory.env().clock.now()).is_empty() {
            continue;
        }
        match directory.write(Actor::system(), organization.id, Warn).await {
            // An organization that is removed meanwhile holds up no other.
            Ok(()) | Err(Error::Missing(_)) => warned += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(warned)
}

struct Warn;

impl Verb for Warn {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let (org, now) = (w.org(), w.now());
        let rows = store::all(w, org).await?;
        let organization = organization::store::get(w, org).await?;
        for (row, days, ends) in ending(&rows, now) {
            let params = [(&org).into(), (&row.id).into(), days.into(), now.into()];
            if w.exec(&SAML_KEY_WARN, &params).await? == 0 {
                continue;
            }
            let (of, page) = whose(w, row.app).await?;
            let link = w.link(&format!("/console/{}/{page}", organization.slug));
            for admin in administrator::store::of_organization(w, org).await? {
                if !admin.suspended {
                    let message = Message::certificate_ends(&organization, &admin.email, &of, ends, link.clone());
                    mail::queue(w, admin.id, &message).await?;
                }
            }
        }
        Ok(())
    }
}

/// Whose certificate it is, for people, and the page where it is followed by another one.
async fn whose(w: &mut Write<'_>, app: Option<Id>) -> Result<(String, String)> {
    let org = w.org();
    let Some(app) = app else { return Ok(("every SAML application".into(), "settings/keys".into())) };
    let application = application::store::get(w, org, app).await?;
    Ok((application.label().to_owned(), format!("sso-applications/{app}?tab=sso")))
}
