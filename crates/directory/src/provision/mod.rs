//! Accounts out to applications: the settings of each target, which people and groups have to be looked at there
//! ([`touch`], in the transaction of the change itself), what is known of each ([`object`]), and writing down what came
//! of it ([`record`]).
//!
//! Never here: the protocol (that is `muster-scim`), and sending.

pub mod decision;
pub mod guard;
pub mod import;
pub mod import_job;
pub mod model;
pub mod object;
pub mod overview;
pub mod person;
pub mod reading;
pub mod record;
pub mod report;
pub mod settings;
pub mod state;
pub mod store;
pub mod survey;
pub mod touch;

pub use model::{
    Authentication, AuthenticationKind, Constant, Deprovision, DeprovisionAction, GuardLimits, MappingLine, RepairMode,
    ScimVersion, SendWhen, Settings, Target,
};
pub use object::{Call, Counts, Known, Object, ObjectKind, ObjectState};
pub use overview::{Doing, Overview};
