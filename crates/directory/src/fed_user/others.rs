//! The other directories that have a person, when one lets go of them: the best of them decides from then on, and what it said
//! last holds.

use muster_base::Id;
use serde_json::Value;

use super::{Fed, Feed, store};
use crate::directory_provider::DirectoryProvider;
use crate::feed::mark::{MARK, Mark};
use crate::{Result, Write};

/// The others.
pub(crate) struct Others {
    /// Their bonds, the best first.
    bonds: Vec<Fed>,
    /// Whether the one that lets go decided until now.
    was_first: bool,
}

impl Others {
    /// Those beside a directory.
    pub(crate) async fn of(w: &mut Write<'_>, provider: &DirectoryProvider, user: Id) -> Result<Self> {
        let org = w.org();
        let mut feeders = store::feeders(w, org, user).await?;
        feeders.retain(|feeder| feeder.id != provider.id);
        feeders.sort_by_key(store::Feeder::rank);
        let was_first = feeders.iter().all(|feeder| provider.rank() < feeder.rank());
        let mut bonds = Vec::with_capacity(feeders.len());
        for feeder in feeders {
            bonds.extend(store::by_id(w, org, feeder.id, user).await?);
        }
        Ok(Self { bonds, was_first })
    }

    /// Whether no other has ever had the person.
    pub(crate) fn are_none(&self) -> bool {
        self.bonds.is_empty()
    }

    /// Whether none names the person any more.
    pub(crate) fn are_gone(&self) -> bool {
        self.bonds.iter().all(|fed| Mark::of(&fed.doc).gone)
    }

    /// Whether the one that decides from now on, and did not until now, keeps the person out.
    pub(crate) fn keep_out(&self) -> bool {
        self.was_first && self.bonds.first().is_some_and(|fed| is_kept_out(&fed.doc))
    }

    /// Lets those that are read lay what they say anew: the fields are free.
    pub(crate) async fn read_again(self, w: &mut Write<'_>) -> Result<()> {
        for fed in self.bonds {
            let mark = Mark::of(&fed.doc);
            if mark.read.is_empty() {
                continue;
            }
            let doc = Mark { read: String::new(), ..mark }.put(&fed.doc);
            let feed = Feed { external_id: fed.external_id.clone(), doc, ..Feed::default() };
            store::update(w, fed, &feed).await?;
        }
        Ok(())
    }
}

/// Whether a directory's last word of a person is that they may not come in: one that is read does not let them in or does not
/// name them, one that pushes said that they are not active.
fn is_kept_out(doc: &str) -> bool {
    let whole: Value = serde_json::from_str(doc).unwrap_or_default();
    if whole.get(MARK).is_some() {
        let mark = Mark::of(doc);
        return mark.gone || !mark.active;
    }
    whole.get("active") == Some(&Value::Bool(false))
}
