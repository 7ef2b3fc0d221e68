use futures_util::future::join_all;
use muster_base::{Rng, Secret};
use muster_directory::password::{Hasher, TooBusy};

/// Hashing is bounded: what waits beyond the bound is turned away at once, and all that was let in is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_is_bounded() {
    let (hasher, rng) = (Hasher::new(1), Rng::seeded(1));
    let word = Secret::new("vast ocean lantern");
    let phc = hasher.hash(&word, &rng).await.unwrap();
    let all = join_all((0..80).map(|_| hasher.verify(Some(phc.clone()), &word))).await;
    let busy = all.iter().filter(|r| **r == Err(TooBusy)).count();
    assert!((1..=16).contains(&busy), "{busy} of 80 were turned away");
    assert_eq!(all.iter().filter(|r| **r == Ok(true)).count(), 80 - busy);
    assert_eq!(hasher.verify(Some(phc), &word).await, Ok(true), "and it goes on afterwards");
}

/// What is longer than any password is no load: it is not hashed.
#[tokio::test]
async fn a_text_beyond_bounds_is_not_hashed() {
    let hasher = Hasher::new(1);
    let phc = hasher.hash(&Secret::new("vast ocean lantern"), &Rng::seeded(1)).await.unwrap();
    assert_eq!(hasher.verify(Some(phc), &Secret::new("x".repeat(1_000_000))).await, Ok(false));
}
