//! What to send next to bring one object at a receiver to what it should be: a pure step function over a state that is
//! kept between the steps, so that the server part does I/O and storage alone.
//!
//! Every step may be repeated: after a crash, or an answer that never came, the state says what to ask before anything
//! is sent twice. An object without a known id is always looked for before it is made, so that a receiver that answered
//! 500 after doing the work does not get it twice. Never here: HTTP, clocks, randomness (jitter is passed in).

mod answer;
mod answered;
mod backoff;
mod breaker;
mod ids;
mod listing;
mod members;
mod missed;
mod request;
mod state;
mod step;
mod write;

pub use answer::{Answer, Failure, Outcome, Trouble, retry_after_s};
pub use backoff::delay_ms;
pub use breaker::Breaker;
pub use listing::{Listing, Page};
pub use members::{MemberNext, MemberTask};
pub use request::{HttpMethod, Request};
pub use state::{After, Goal, Made, Phase, State};
pub use step::{Step, Task};

pub(crate) use request::{encoded, lookup};
