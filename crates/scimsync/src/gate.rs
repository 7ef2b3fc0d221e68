//! What all calls to one target pass: the lease that this node holds, the circuit breaker, the rate, and whether somebody
//! has to mend the connection first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use muster_base::{Id, Micros};
use muster_directory::provision::{Target, record};
use muster_directory::{Directory, Result};
use muster_scim::reconcile::{After, Breaker};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::window::Window;

/// How long a lease holds, in seconds; a request takes ten at most.
const LEASE_S: i64 = 20;
/// It is prolonged when less is left, in seconds.
const PROLONG_S: i64 = 14;
/// After a trouble that somebody has to mend, it is looked whether somebody did, in seconds.
const MENDED_S: i64 = 900;

/// The gate of a target.
pub struct Gate {
    directory: Directory,
    org: Id,
    app: Id,
    node: String,
    place: Arc<Place>,
    inner: Mutex<Inner>,
}

struct Inner {
    breaker: Breaker,
    stopped: Option<String>,
    leased_until: Micros,
    closed: bool,
}

/// What a node keeps of a target from one run to the next.
#[derive(Default)]
pub struct Place {
    /// Told when something more may be due, or more may be on its way at once.
    pub more: Notify,
    window: Mutex<Window>,
    /// When the next request may leave, where so many a second are allowed.
    next_slot: Mutex<Option<Instant>>,
}

impl Place {
    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a request may leave, where so many a second are allowed: whatever it is about.
    pub async fn paced(&self, per_second: Option<u32>) {
        let Some(n) = per_second.filter(|n| *n > 0) else { return };
        let slot = {
            let mut next = self.next_slot.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = next.map_or_else(Instant::now, |next| next.max(Instant::now()));
            *next = Some(slot + Duration::from_secs(1) / n);
            slot
        };
        tokio::time::sleep_until(slot).await;
    }
}

impl Gate {
    /// The gate of a target, if no other node is at it.
    pub async fn open(directory: &Directory, target: &Target, node: &str, place: Arc<Place>) -> Result<Option<Self>> {
        // Whoever tried when the last run ended tries no more.
        let breaker = Breaker { trying: false, ..target.breaker };
        let inner = Inner { breaker, stopped: None, leased_until: Micros(0), closed: false };
        let gate = Self {
            directory: directory.clone(),
            org: target.org,
            app: target.app,
            node: node.to_owned(),
            place,
            inner: Mutex::new(inner),
        };
        Ok(gate.leased().await?.then_some(gate))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Micros {
        self.directory.env().clock.now()
    }

    fn lease(&self) -> String {
        format!("provision:{}:{}", self.org, self.app)
    }

    /// Whether this node has the target, prolonged where it runs out.
    async fn leased(&self) -> Result<bool> {
        let now = self.now();
        if self.inner().leased_until.minus_s(PROLONG_S) > now {
            return Ok(true);
        }
        let held = self.directory.db().lease(&self.lease(), &self.node, LEASE_S, now).await?;
        let mut inner = self.inner();
        inner.closed |= !held;
        inner.leased_until = if held { now.plus_s(LEASE_S) } else { Micros(0) };
        Ok(held)
    }

    /// Waits for the rate, and tells whether a request may be sent now.
    pub async fn pass(&self, per_second: Option<u32>) -> Result<bool> {
        self.place.paced(per_second).await;
        if self.is_closed() || !self.leased().await? {
            return Ok(false);
        }
        let now_ms = self.now().0 / 1000;
        Ok(self.inner().breaker.lets_through(now_ms))
    }

    /// Nothing more is sent in this run.
    pub fn is_closed(&self) -> bool {
        let inner = self.inner();
        inner.closed || inner.stopped.is_some()
    }

    /// Whether only one request may try whether the target is back.
    pub fn is_trial(&self) -> bool {
        self.inner().breaker.is_open()
    }

    /// Objects that may be on their way at once.
    pub fn width(&self) -> usize {
        self.place.window().width()
    }

    /// Until something more may be due.
    pub async fn more(&self) {
        self.place.more.notified().await;
    }

    /// Takes what followed an answer.
    pub fn told(&self, after: &After, jitter: f64) {
        let now_ms = self.now().0 / 1000;
        match after {
            After::Wait { whole_target, broken, .. } if *whole_target || *broken => self.place.window().slowed(),
            After::Stop(_) => self.place.window().slowed(),
            _ if self.place.window().answered() => self.place.more.notify_one(),
            _ => {}
        }
        let mut inner = self.inner();
        match after {
            After::Wait { delay_ms, whole_target, broken, .. } => {
                let seconds = Some(delay_ms.div_ceil(1000)).filter(|_| *whole_target);
                if *broken {
                    inner.breaker.failed(now_ms, jitter, seconds);
                } else if *whole_target {
                    inner.breaker.answered();
                    inner.breaker.pause(now_ms, jitter, seconds);
                }
            }
            After::Stop(words) => {
                inner.breaker.trying = false;
                inner.stopped = Some(words.clone());
            }
            _ => inner.breaker.answered(),
        }
    }

    /// Writes down how the target is doing, where that changed, and gives the lease back.
    pub async fn close(self, before: &Target) -> Result<()> {
        let now = self.now();
        let (breaker, stopped) = {
            let inner = self.inner();
            (Breaker { trying: false, ..inner.breaker }, inner.stopped.clone())
        };
        let until = Micros(breaker.until_ms.saturating_mul(1000));
        let next_at = match &stopped {
            Some(_) => now.plus_s(MENDED_S),
            None if until > now => until,
            None => Micros(0),
        };
        if before.breaker != breaker || before.stopped != stopped || before.next_at != next_at {
            record::target(&self.directory, before, &breaker, stopped.as_deref(), next_at).await?;
        }
        self.directory.db().release(&self.lease(), &self.node).await?;
        Ok(())
    }
}
