//! An administrator's test of a SAML application: a request that came is judged once more for a person of their choice, and
//! answered to a service provider of our own in this process, which is as strict as one can be. Nothing is sent: the answer
//! names that service provider as its audience and recipient, and its signed form leaves this module only in words. Never
//! here: who may test (administrators who may change applications), and the console.

mod answer;
mod run;
mod service_provider;

pub use run::{Test, Tested, run};
pub use service_provider::{Claim, Claims};
