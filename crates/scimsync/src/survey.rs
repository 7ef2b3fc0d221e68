//! Reading everything that a receiver has of one kind, page by page. Beside the page only the ids of what was told are held,
//! so that nothing counts twice: at most 200,000, some twenty megabytes.

use muster_scim::Definition;
use muster_scim::receiver::Profile;
use muster_scim::reconcile::{After, Listing};

use crate::client::Client;
use crate::held::Page;
use crate::progress::Progress;

/// Resources that are read at most.
const MAX: u64 = 200_000;

/// Everything of one kind, a page at a time.
pub struct Survey<'s> {
    client: &'s Client,
    definition: &'s Definition,
    profile: &'s Profile,
    progress: &'s Progress,
    listing: Listing,
    told: u64,
    seen: u64,
}

impl<'s> Survey<'s> {
    /// Nothing read yet.
    pub fn new(
        (client, progress): (&'s Client, &'s Progress),
        definition: &'s Definition,
        profile: &'s Profile,
    ) -> Self {
        progress.begins();
        Self { client, definition, profile, progress, listing: Listing::new(false), told: 0, seen: 0 }
    }

    /// The next page; none when everything was read.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    pub async fn next(&mut self) -> Result<Option<Page>, String> {
        let endpoint = &self.definition.endpoint;
        let Some(request) = self.listing.next(self.definition, self.profile) else {
            if self.seen < self.told {
                // Whoever is not told of would count as deleted.
                let (told, seen) = (self.told, self.seen);
                return Err(format!("it says that it has {told} {endpoint}, and its pages show {seen}"));
            }
            return Ok(None);
        };
        let outcome = self.client.send(&request, self.profile.version).await;
        match self.listing.answered(&outcome, self.definition, self.profile, 0.0) {
            Ok(page) => {
                self.told = page.total.unwrap_or(self.told);
                let told = (self.told > 0).then_some(self.told);
                self.seen += (page.unreadable + page.resources.len()) as u64;
                if self.seen > MAX {
                    return Err(format!("there are more than {MAX} {endpoint}"));
                }
                let page = Page::new(self.client.held(), page.resources);
                self.progress.is_at(self.client.directory(), self.seen, told).await;
                Ok(Some(page))
            }
            Err(After::Wait { words, .. } | After::Stop(words) | After::GiveUp(words)) => {
                Err(self.client.redacted(&words))
            }
            Err(_) => Err("the list ended without a reason".into()),
        }
    }
}
