//! How much of targets is in memory: whoever reads a page counts it here until it is let go. A target is read page by page,
//! so this does not grow with it; a test holds it to that.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use muster_scim::Resource;

/// The count of a node.
#[derive(Debug, Default)]
pub struct Held {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Held {
    /// Held at once, at most.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

/// Resources of a target that are held.
pub struct Page {
    resources: Vec<Resource>,
    count: usize,
    held: Arc<Held>,
}

impl Page {
    /// Counted until it is let go.
    pub fn new(held: &Arc<Held>, resources: Vec<Resource>) -> Self {
        let count = resources.len();
        let now = held.now.fetch_add(count, Ordering::Relaxed) + count;
        held.most.fetch_max(now, Ordering::Relaxed);
        Self { resources, count, held: Arc::clone(held) }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.held.now.fetch_sub(self.count, Ordering::Relaxed);
    }
}

impl Deref for Page {
    type Target = Vec<Resource>;

    fn deref(&self) -> &Vec<Resource> {
        &self.resources
    }
}

impl DerefMut for Page {
    fn deref_mut(&mut self) -> &mut Vec<Resource> {
        &mut self.resources
    }
}
