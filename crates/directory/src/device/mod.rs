//! Devices as records. JumpCloud calls them systems; the API keeps its names.

pub mod bind;
pub mod create;
pub mod delete;
pub mod facts;
pub mod import;
pub mod model;
pub mod rows;
pub mod store;
pub mod update;

pub use facts::Facts;
pub use model::{AttributeKind, DEVICE_ATTRIBUTES, Device, DeviceUser, OS_FAMILIES, Sudo};
