//! Rotates keys by the organization's schedule. A worker calls it; it changes nothing while nothing is due.

use muster_base::{Id, Micros};

use super::{KeyRow, LEAD_S, State, rotate, states, store};
use crate::application::SigningAlg;
use crate::{Actor, Directory, Error, Result, organization};

/// How many keys one round makes at most: an RSA key takes a tenth of a second or more, and many organizations may have
/// begun on the same day. What is left is due in the next round.
const PER_ROUND: usize = 100;

/// The algorithms whose signing key is old enough to be followed by the next one, which is not there yet. Pure.
fn due(rows: &[KeyRow], every_days: i64, now: Micros) -> Vec<SigningAlg> {
    if every_days <= 0 {
        return Vec::new();
    }
    let states = states(rows, now);
    let has_next = |alg| states.iter().any(|(row, state)| row.alg == alg && *state == State::Next);
    let old = |row: &KeyRow| now >= row.signs_from.plus_s(every_days * 86_400 - LEAD_S);
    let active = states.iter().filter(|(_, state)| *state == State::Active).map(|(row, _)| row);
    active.filter(|row| old(row) && !has_next(row.alg)).map(|row| row.alg).collect()
}

/// Makes the next key wherever one is due; tells how many were made.
///
/// # Errors
/// The database's.
pub async fn rotate_due(directory: &Directory) -> Result<usize> {
    let mut made = 0;
    for organization in organization::store::every(&mut directory.read()).await? {
        let every_days = organization.settings.signing_keys.rotate_every_days;
        let now = directory.env().clock.now();
        for alg in due(&store::all(directory, organization.id).await?, every_days, now) {
            made += usize::from(rotate_one(directory, organization.id, alg).await?);
        }
        if made >= PER_ROUND {
            break;
        }
    }
    Ok(made)
}

/// An organization that is removed meanwhile holds up no other.
async fn rotate_one(directory: &Directory, org: Id, alg: SigningAlg) -> Result<bool> {
    match rotate::rotate(directory, Actor::system(), org, alg, false).await {
        Ok(()) => Ok(true),
        Err(Error::Missing(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(alg: SigningAlg, days: i64) -> KeyRow {
        let at = Micros(0).plus_s(days * 86_400);
        KeyRow {
            kid: format!("{alg:?}{days}"),
            alg,
            created_at: at,
            signs_from: at,
            drop_at: None,
            last_used_at: None,
            sealed: Vec::new(),
        }
    }

    #[test]
    fn a_key_is_due_once_when_it_is_old() {
        let day = |n: i64| Micros(0).plus_s(n * 86_400);
        let rows = [row(SigningAlg::Rs256, 0), row(SigningAlg::Es256, 50)];
        assert!(due(&rows, 90, day(89)).is_empty());
        assert_eq!(due(&rows, 90, day(90)), [SigningAlg::Rs256]);
        assert_eq!(due(&rows, 30, day(90)), [SigningAlg::Es256, SigningAlg::Rs256]);
        assert!(due(&rows, 0, day(9999)).is_empty(), "by hand only");
        // Published an hour ahead, so that it signs on the day.
        assert_eq!(due(&rows, 90, day(90).minus_s(LEAD_S)), [SigningAlg::Rs256]);
        let mut next = row(SigningAlg::Rs256, 90);
        next.signs_from = day(90).plus_s(LEAD_S);
        let rows = [rows[0].clone(), rows[1].clone(), next];
        assert!(due(&rows, 90, day(90)).is_empty());
    }
}
