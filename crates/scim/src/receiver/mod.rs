//! What a receiver can do and how it differs: its profile, known beforehand, told by its service-provider
//! configuration, or learnt from its answers; and the connection test that asks it. Never here: sending.

mod probe;
mod profile;
mod report;

pub use probe::{Probe, ProbeInput};
pub use profile::{Lesson, Profile, UpdateBy};
pub use report::{Line, Report, Verdict};
