//! Reading everything that a receiver has of one kind, page by page.

use muster_scim::receiver::Profile;
use muster_scim::reconcile::{After, Listing};
use muster_scim::{Definition, Resource};

use crate::client::Client;

/// Resources that are read at most.
const MAX: usize = 200_000;

/// Everything of one kind.
///
/// # Errors
/// Why it cannot be had, in words.
pub async fn all(client: &Client, definition: &Definition, profile: &Profile) -> Result<Vec<Resource>, String> {
    let mut listing = Listing::new(false);
    let mut out = Vec::new();
    let (mut told, mut unreadable) = (0, 0);
    while let Some(request) = listing.next(definition, profile) {
        let outcome = client.send(&request, profile.version).await;
        match listing.answered(&outcome, definition, profile, 0.0) {
            Ok(page) => {
                told = page.total.unwrap_or(told);
                unreadable += page.unreadable;
                out.extend(page.resources);
            }
            Err(After::Wait { words, .. } | After::Stop(words) | After::GiveUp(words)) => {
                return Err(client.redacted(&words));
            }
            Err(_) => return Err("the list ended without a reason".into()),
        }
        if out.len() > MAX {
            return Err(format!("there are more than {MAX} {}", definition.endpoint));
        }
    }
    let seen = (out.len() + unreadable) as u64;
    if seen < told {
        // Whoever is not told of would count as deleted.
        return Err(format!("it says that it has {told} {}, and its pages show {seen}", definition.endpoint));
    }
    Ok(out)
}
