//! Whether a person may use an application, and why. The decision is pure; [`load`] fetches what it looks at.

use muster_base::Id;

use super::{Application, store};
use crate::trace::{Step, Trace};
use crate::user::{State, User};
use crate::{Result, Source, group};

/// The answer and its steps.
#[derive(Clone, Debug)]
pub struct Access {
    /// Whether the person may use it.
    pub allowed: bool,
    /// Why.
    pub trace: Trace,
}

/// Decides from what was loaded: the application's state, the person's, and the names of what lets them in.
#[must_use]
pub fn decide(app: &Application, user: &User, ways: &[String]) -> Access {
    let page = format!("sso-applications/{}", app.id);
    let trace = vec![
        Step::new(
            format!("The application \"{}\" is active", app.label()),
            if app.active { "active" } else { "not active" },
            app.active,
        )
        .with("activate the application", page.clone()),
        Step::new("The person is active", user.state.word(), user.state == State::Activated)
            .with("the person's state", format!("users/{}", user.id)),
        Step::new(
            "The person is in a group of the application, or bound to it",
            if ways.is_empty() { "none of the person's groups is bound to it".to_owned() } else { ways.join(", ") },
            !ways.is_empty(),
        )
        .with("the application's User Groups", format!("{page}?tab=groups")),
    ];
    Access { allowed: trace.iter().all(|s| s.passed), trace }
}

/// Loads what [`decide`] looks at and decides.
///
/// # Errors
/// The database's.
pub async fn load(s: &mut impl Source, app: &Application, user: &User) -> Result<Access> {
    let mut names = Vec::new();
    for (kind, id) in store::ways(s, app.org, app.id, user.id).await? {
        names.push(match kind.as_str() {
            "user_group" => group_name(s, app.org, id).await?,
            _ => "the person directly".to_owned(),
        });
    }
    Ok(decide(app, user, &names))
}

async fn group_name(s: &mut impl Source, org: Id, id: Id) -> Result<String> {
    Ok(group::store::get(s, org, id).await?.name)
}
