//! Passwords: the rules, the hash, and the pool that computes it.

mod hash;
mod policy;

pub use hash::{Hasher, TooBusy, looks_hashed};
pub use policy::{Strength, problems, strength};

use muster_base::Secret;

use crate::user::{User, store};
use crate::{Directory, Error, FieldError, Result, organization};

/// Checks a new password against the organization's rules and hashes it. Outside any transaction: hashing is slow.
///
/// # Errors
/// [`Error::Invalid`] on `password`, with every rule it breaks.
pub async fn prepare(directory: &Directory, user: &User, password: &Secret) -> Result<String> {
    let organization = organization::store::get(&mut directory.read(), user.org).await?;
    let policy = &organization.settings.password_policy;
    let mut wrong = problems(policy, password.expose(), &[&user.username, &user.email]);
    if wrong.is_empty() && policy.enable_max_history {
        // The current one is the first of them.
        let before = policy.max_history.clamp(1, 50) - 1;
        let mut past = store::past_passwords(&mut directory.read(), user.org, user.id, before).await?;
        past.extend(user.password_hash.clone());
        for hash in past {
            if directory.hasher().verify(Some(hash), password).await? {
                wrong.push("must not be one of the last ones used".into());
                break;
            }
        }
    }
    Error::unless_empty(wrong.into_iter().map(|message| FieldError::new("password", message)).collect())?;
    Ok(directory.hasher().hash(password, &directory.env().rng).await?)
}

impl From<TooBusy> for Error {
    fn from(_: TooBusy) -> Self {
        Self::Unavailable("the password hashers are all busy and their queue is full".into())
    }
}
