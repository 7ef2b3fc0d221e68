//! Rules of dynamic groups: a tree of tests over named attributes, its check against a schema, its evaluation over
//! one subject with or without the reasons, and JumpCloud's four `memberQuery` wire forms.
//!
//! Pure: values in, values out. No I/O, no async, no clock, nothing of Muster's users or groups; a subject is whatever
//! answers [`Subject::value`]. Nothing here panics on input or recurses past [`limits::MAX_DEPTH`].
#![forbid(unsafe_code)]

mod check;
mod compare;
mod evaluate;
mod explain;
pub mod language;
pub mod limits;
pub mod member_query;
mod operator;
mod problem;
mod schema;
mod tree;

pub use evaluate::{Subject, evaluate};
pub use explain::{Clause, Explanation, Reason, explain};
pub use member_query::{Form, MemberQuery};
pub use operator::{Operator, ValueKind};
pub use problem::Problem;
pub use schema::{Attribute, AttributeType, CUSTOM_PREFIX, Schema};
pub use tree::{Node, Rule, Test};
