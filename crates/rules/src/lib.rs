//! Rules of dynamic groups: a tree of tests over named attributes, its check against a schema, its evaluation over
//! one subject with or without the reasons, and JumpCloud's four `memberQuery` wire forms.
//!
//! Pure: values in, values out. No I/O, no async, no clock, nothing of Muster's users or groups; a subject is whatever
//! answers [`Subject::value`]. Nothing here panics on input or recurses past [`limits::MAX_DEPTH`].
#![forbid(unsafe_code)]

mod check;
mod columns;
mod compare;
mod contradiction;
mod duration;
mod evaluate;
mod explain;
pub mod language;
pub mod limits;
pub mod member_query;
mod operator;
mod pattern;
mod problem;
mod program;
mod schema;
mod spelling;
mod tree;

pub use columns::{Bitmap, Columns};
pub use evaluate::{Moment, Subject, evaluate, next_turn};
pub use explain::{Clause, Explanation, MOST_SHOWN, Reason, explain};
pub use member_query::{Form, MemberQuery};
pub use operator::{Operator, ValueKind};
pub use problem::Problem;
pub use program::Program;
pub use schema::{Attribute, AttributeType, CUSTOM_PREFIX, Schema};
pub use tree::{Node, Rule, Test};
