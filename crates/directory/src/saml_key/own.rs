//! Keys that an application has of its own: made here or brought along, and given up again.

use muster_base::Id;
use serde_json::json;

use super::{Pair, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, application};

/// Adds a key to an application: in the metadata now, signing after `lead_s` seconds. A key that was to sign next before
/// gives way; the present one stays in the metadata for `overlap_s` seconds longer.
pub struct Add {
    /// The application.
    pub app: Id,
    /// The key.
    pub pair: Pair,
    /// After how long it signs, in seconds.
    pub lead_s: i64,
    /// How much longer the present one stays, in seconds.
    pub overlap_s: i64,
}

impl Verb for Add {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        application::store::get(w, org, self.app).await?;
        let same = |row: &store::KeyRow| row.app == Some(self.app) && row.certificate == self.pair.certificate.der();
        if store::all(w, org).await?.iter().any(same) {
            return Err(Error::Conflict("this certificate is there already".into()));
        }
        let signs_from = w.now().plus_s(self.lead_s);
        let id = store::add(w, Some(self.app), &self.pair, signs_from, self.overlap_s).await?;
        let fields = json!({"saml": store::word(self.pair.key.kind()), "id": id.text()});
        w.log(Kind::KeyRotate, Subject::application(self.app), fields);
        Ok(())
    }
}

/// Removes a key of an application for good. Without another one of its own the organization's signs.
pub struct Remove {
    /// The application.
    pub app: Id,
    /// The key.
    pub key: Id,
}

impl Verb for Remove {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        let rows = store::all(w, org).await?;
        let found = rows.iter().find(|row| row.app == Some(self.app) && row.id == self.key);
        let row = found.ok_or(Error::Missing("certificate"))?;
        store::remove(w, row).await?;
        let fields = json!({"saml": store::word(row.kind), "removed": row.id.text()});
        w.log(Kind::KeyRotate, Subject::application(self.app), fields);
        Ok(())
    }
}
