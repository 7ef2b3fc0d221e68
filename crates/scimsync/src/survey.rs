//! Reading everything that a receiver has of one kind, page by page. Beside the page only the ids of what was told are held,
//! so that nothing counts twice: at most 200,000, some twenty megabytes.

use std::time::Duration;

use muster_scim::Definition;
use muster_scim::receiver::Profile;
use muster_scim::reconcile::{After, Listing, Page as Listed};

use crate::client::Client;
use crate::held::Page;
use crate::progress::Progress;

/// Resources that are read at most.
const MAX: u64 = 200_000;
/// Times in a row that a receiver is waited for which asks for patience in the middle, or fails.
const WAITS_MAX: u32 = 5;
/// How long at most, each time.
const WAIT_MAX_MS: u64 = 60_000;

/// Everything of one kind, a page at a time.
pub struct Survey<'s> {
    client: &'s Client,
    definition: &'s Definition,
    profile: &'s Profile,
    progress: &'s Progress,
    listing: Listing,
    told: u64,
    seen: u64,
    /// Times in a row that it asked for patience.
    waits: u32,
}

impl<'s> Survey<'s> {
    /// Nothing read yet.
    pub fn new(
        (client, progress): (&'s Client, &'s Progress),
        definition: &'s Definition,
        profile: &'s Profile,
    ) -> Self {
        progress.begins();
        Self { client, definition, profile, progress, listing: Listing::new(false), told: 0, seen: 0, waits: 0 }
    }

    /// The next page; none when everything was read.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    pub async fn next(&mut self) -> Result<Option<Page>, String> {
        loop {
            let Some(request) = self.listing.next(self.definition, self.profile) else {
                return self.end().map(|()| None);
            };
            self.client.paced(self.profile.per_second).await;
            let outcome = self.client.send(&request, self.profile.version).await;
            match self.listing.answered(&outcome, self.definition, self.profile, 0.0) {
                Ok(page) => return self.told(page).await.map(Some),
                Err(After::Wait { delay_ms, .. }) if self.is_waited_for(delay_ms) => {
                    self.waits += 1;
                    tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                }
                Err(After::Wait { words, .. } | After::Stop(words) | After::GiveUp(words)) => {
                    return Err(self.client.redacted(&words));
                }
                Err(_) => return Err("the list ended without a reason".into()),
            }
        }
    }

    /// Whoever is not told of would count as deleted.
    fn end(&self) -> Result<(), String> {
        let (endpoint, told, seen) = (&self.definition.endpoint, self.told, self.seen);
        if seen >= told {
            return Ok(());
        }
        Err(format!("it says that it has {told} {endpoint}, and its pages show {seen}"))
    }

    /// What was read would be lost; one that does not answer from the beginning is told at once.
    const fn is_waited_for(&self, delay_ms: u64) -> bool {
        self.seen > 0 && self.waits < WAITS_MAX && delay_ms <= WAIT_MAX_MS
    }

    async fn told(&mut self, page: Listed) -> Result<Page, String> {
        self.waits = 0;
        self.told = page.total.unwrap_or(self.told);
        self.seen += (page.unreadable + page.resources.len()) as u64;
        if self.seen > MAX {
            return Err(format!("there are more than {MAX} {}", self.definition.endpoint));
        }
        let page = Page::new(self.client.held(), page.resources);
        let told = (self.told > 0).then_some(self.told);
        self.progress.is_at(self.client.directory(), self.seen, told).await;
        Ok(page)
    }
}
