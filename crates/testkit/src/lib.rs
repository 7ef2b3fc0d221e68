//! What the tests of the doors share: a fresh database of either engine with two organizations, people in it, and a
//! browser that fills in forms and keeps cookies. Everything runs in process, on a clock that the test moves.
//!
//! Never here: an assertion about a feature; anything that a release contains.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod browser;
mod form;
mod page;
mod people;
mod test;

pub use browser::Browser;
pub use form::{Form, unescape};
pub use page::Page;
pub use people::{PASSWORD, hash, object};
pub use test::{NoProbe, Org, START, Setup, Test};

/// Declares tests that run once on each engine. `with EXPRESSION` gives the [`Setup`].
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($t:ident) $(with $setup:expr;)? $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "most tests use what stands beside them")]
            use super::*;

            #[allow(unused_mut, unused_assignments, reason = "the default stands where nothing else is said")]
            fn chosen() -> $crate::Setup {
                let mut setup = $crate::Setup::default();
                $(setup = $setup;)?
                setup
            }

            async fn run($t: &$crate::Test) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let test = $crate::Test::sqlite(chosen()).await;
                Box::pin(run(&test)).await;
                test.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let test = $crate::Test::postgres(chosen()).await;
                Box::pin(run(&test)).await;
                test.finish().await;
            }
        }
    )* };
}
