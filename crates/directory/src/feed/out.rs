//! Whoever may not come in at the source may not come in here, whatever else is wrong with their entry.

use super::mark::Mark;
use super::{Action, Outcome};
use crate::fed_user::{self, leave};
use crate::user::State;
use crate::{Result, Write, directory_provider};
use muster_base::Id;

/// Keeps a person out whose entry is refused otherwise; the refusal is told with it.
pub(super) async fn keep(w: &mut Write<'_>, provider: Id, refused: Outcome) -> Result<Outcome> {
    let org = w.org();
    let provider = directory_provider::store::get(w, org, provider).await?;
    let found = fed_user::store::of_externals(w, org, provider.id, &[&refused.external_id]).await?;
    let Some((_, id)) = found.first().filter(|_| provider.doc.active) else { return Ok(refused) };
    let fed = fed_user::store::get(w, org, provider.id, *id).await?;
    // Nothing counts as read: what is in the way may be gone the next time.
    let doc = Mark { read: String::new(), active: false, gone: false, late: false }.put(&fed.doc);
    if doc == fed.doc && fed.user.state != State::Activated {
        return Ok(refused);
    }
    let before = fed.user.state;
    let after = leave::keep_out(w, &provider, fed, (doc, "refused")).await?;
    let went = before == State::Activated && after.user.state != State::Activated;
    Ok(if went { Outcome { action: Action::Deactivate, id: Some(*id), ..refused } } else { refused })
}
