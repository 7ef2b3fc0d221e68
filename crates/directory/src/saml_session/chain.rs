//! The service providers that are still to be told of an ended session, kept as a flow of the browser in which it ended.

use muster_base::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::store;
use crate::flow::{self, Flow};
use crate::{Directory, Result};

/// A service provider that was told of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The application.
    pub app: Id,
    /// The name that it knows the person by.
    pub name: String,
    /// The identifier of the name's format.
    pub format: String,
}

/// How it went with one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The application.
    pub app: Id,
    /// Whether it says that it signed the person out.
    pub done: bool,
}

/// Who is still to be told, who is being told, and who was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The session that ended: the index that they were told.
    pub session: Id,
    /// Still to be told.
    pub rest: Vec<Participant>,
    /// The one whose answer is awaited, and the identifier of the request that it answers.
    pub waiting: Option<(Id, String)>,
    /// Those that were told.
    pub told: Vec<Told>,
    /// What the protocol keeps of whoever asked for the sign-out.
    pub asked: Option<Value>,
    /// Where the browser goes on to when all were told and nobody asked: a path of ours.
    #[serde(default)]
    pub then: Option<String>,
}

impl Chain {
    /// What a flow keeps.
    #[must_use]
    pub fn of(flow: &Flow) -> Option<Self> {
        serde_json::from_value(flow.payload.get("saml_logout")?.clone()).ok()
    }

    /// How far it is: everybody who was told, and who is being told. What goes on says from where.
    #[must_use]
    pub fn step(&self) -> usize {
        self.told.len() + usize::from(self.waiting.is_some())
    }

    /// Keeps the chain for this browser as this flow.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep(&self, directory: &Directory, org: Id, browser: Id, id: Id) -> Result<()> {
        let flow = Flow {
            org,
            id,
            browser,
            app: None,
            login_hint: None,
            payload: json!({"saml_logout": self}),
            return_to: "/logout".to_owned(),
            fresh: false,
            created_at: directory.env().clock.now(),
        };
        flow::create(directory, &flow).await
    }
}

/// A session that ended in a browser, whose service providers are to be told.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The organization.
    pub org: Id,
    /// The browser.
    pub browser: Id,
    /// The session.
    pub session: Id,
    /// Who knows already.
    pub but: Option<Id>,
    /// What the protocol keeps of whoever asked: answered at the end.
    pub asked: Option<Value>,
    /// Else where the browser goes on to.
    pub then: Option<String>,
}

/// Begins to tell the service providers of a session that ended. `None` when nobody is to be told. Once for a session.
///
/// # Errors
/// The database's.
pub async fn begin(directory: &Directory, ended: Ended) -> Result<Option<Id>> {
    let Ended { org, browser, session, but, asked, then } = ended;
    let mut rest = store::of_session(&mut directory.read(), org, session).await?;
    if !rest.is_empty() {
        store::forget(directory, org, session).await?;
    }
    rest.retain(|one| Some(one.app) != but);
    if rest.is_empty() {
        return Ok(None);
    }
    let chain = Chain { session, rest, waiting: None, told: Vec::new(), asked, then };
    let id = directory.env().id();
    chain.keep(directory, org, browser, id).await?;
    Ok(Some(id))
}
