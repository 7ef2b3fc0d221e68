//! Backoff for failed sign-ins. Counted per subject and network prefix, so that a stranger who guesses locks only
//! their own network out of an account; a person goes on from a network they have signed in from before. A second
//! counter over all unknown networks slows a guesser who changes address.
//!
//! The subject is a person's or administrator's id, or a digest of what was typed when nobody has it: unknown names
//! are counted and answered the same way.

use muster_base::{Digest, Id, Micros};
use muster_db::{Sql, Tx, V, Work, sql};
use serde_json::json;

use crate::change::{Kind, Subject};
use crate::{Error, Result, Source, Verb, Write};

/// Failures from one network before it has to wait.
pub const FREE_PER_NETWORK: i64 = 5;
/// Failures from all unknown networks together before unknown networks have to wait.
pub const FREE_OVER_ALL: i64 = 50;
/// The first wait, in seconds; it doubles with each further failure.
const FIRST_WAIT_S: i64 = 30;
/// The longest wait, in seconds.
const LONGEST_WAIT_S: i64 = 3600;
/// Counters start anew after this long without a failure, in seconds.
const FORGET_AFTER_S: i64 = 86_400;
/// The counter over all networks.
const ALL: &str = "*";

sql! {
    /// Counts up and reads in one statement, and holds the row until the commit: attempts side by side come one after
    /// the other here, and one that finds a wait does not make it longer.
    LOCKOUT_COUNT_UP = "INSERT INTO login_failures (org_id, subject, prefix, failures, locked_until, last_at) VALUES ($1, $2, $3, 1, 0, $4) \
                        ON CONFLICT (org_id, subject, prefix) DO UPDATE SET \
                        failures = CASE WHEN login_failures.locked_until > $4 THEN login_failures.failures \
                        WHEN login_failures.last_at < $5 THEN 1 ELSE login_failures.failures + 1 END, \
                        last_at = CASE WHEN login_failures.locked_until > $4 THEN login_failures.last_at ELSE $4 END \
                        RETURNING failures, locked_until";
    LOCKOUT_LOCK_UNTIL = "UPDATE login_failures SET locked_until = $4 WHERE org_id = $1 AND subject = $2 AND prefix = $3";
    LOCKOUT_LOCKED_SUBJECTS = "SELECT DISTINCT subject FROM login_failures WHERE org_id = $1 AND locked_until > $2";
    LOCKOUT_FAILURES = "SELECT CAST(coalesce(sum(failures), 0) AS BIGINT), coalesce(max(locked_until), 0) FROM login_failures \
                WHERE org_id = $1 AND subject = $2 AND prefix <> '*'";
    LOCKOUT_TAKE_BACK = "UPDATE login_failures SET failures = failures - 1 WHERE org_id = $1 AND subject = $2 AND prefix = $3 AND failures > 0";
    /// The wait that the attempt itself began ends with it.
    LOCKOUT_TAKE_BACK_OVER_ALL = "UPDATE login_failures SET failures = failures - 1, \
                                  locked_until = CASE WHEN failures <= $3 THEN 0 ELSE locked_until END \
                                  WHERE org_id = $1 AND subject = $2 AND prefix = '*' AND failures > 0";
    LOCKOUT_FORGET = "DELETE FROM login_prefixes WHERE org_id = $1 AND subject = $2";
    LOCKOUT_CLEAR_ONE = "DELETE FROM login_failures WHERE org_id = $1 AND subject = $2 AND prefix = $3";
    LOCKOUT_CLEAR = "DELETE FROM login_failures WHERE org_id = $1 AND subject = $2";
    LOCKOUT_KNOWN = "SELECT last_at FROM login_prefixes WHERE org_id = $1 AND subject = $2 AND prefix = $3";
    LOCKOUT_REMEMBER = "INSERT INTO login_prefixes (org_id, subject, prefix, last_at) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (org_id, subject, prefix) DO UPDATE SET last_at = $4";
    global LOCKOUT_PRUNE = "DELETE FROM login_failures WHERE last_at < $1";
}

/// The network that an address stands for: /24 of IPv4, /64 of IPv6.
#[must_use]
pub fn prefix(ip: std::net::IpAddr) -> String {
    match ip {
        std::net::IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        std::net::IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => prefix(v4.into()),
            None => {
                let s = v6.segments();
                format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
            }
        },
    }
}

/// The subject for a name that nobody has.
#[must_use]
pub fn unknown_subject(typed: &str) -> String {
    let digest: Digest = muster_base::digest(typed.trim().to_lowercase().as_bytes());
    digest[..12].iter().map(|b| format!("{b:02x}")).collect()
}

/// How long to wait after this many failures, in seconds; 0 while they are free.
#[must_use]
pub fn wait_s(failures: i64, free: i64) -> i64 {
    if failures < free {
        return 0;
    }
    let doublings = u32::try_from((failures - free).min(20)).unwrap_or(20);
    (FIRST_WAIT_S << doublings).min(LONGEST_WAIT_S)
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Check the password.
    GoOn,
    /// Answer as to a wrong password, without letting the right one through.
    Wait {
        /// When the next attempt counts.
        until: Micros,
    },
}

/// Counts an attempt **before** its password is looked at; a success takes it back (`succeeded`).
pub struct Attempt {
    /// The organization; of an administrator: none.
    pub org: Option<Id>,
    /// Who is being tried.
    pub subject: String,
    /// From which network.
    pub prefix: String,
    /// When.
    pub now: Micros,
}

impl Work for Attempt {
    type Out = Verdict;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Verdict> {
        let org = org_key(self.org);
        let subject = self.subject.as_str();
        let known = Tx::first::<(i64,)>(
            tx,
            &LOCKOUT_KNOWN,
            &[org.as_str().into(), subject.into(), self.prefix.as_str().into()],
        )
        .await?
        .is_some();
        let counters: &[(&str, i64)] = if known {
            &[(self.prefix.as_str(), FREE_PER_NETWORK)]
        } else {
            &[(self.prefix.as_str(), FREE_PER_NETWORK), (ALL, FREE_OVER_ALL)]
        };
        let forget = self.now.minus_s(FORGET_AFTER_S);
        let mut wait: Option<Micros> = None;
        let mut counted = Vec::new();
        for (prefix, free) in counters {
            let params = [org.as_str().into(), subject.into(), (*prefix).into(), self.now.into(), forget.into()];
            let (failures, until) = Tx::first::<(i64, Micros)>(tx, &LOCKOUT_COUNT_UP, &params)
                .await?
                .ok_or_else(|| Error::Internal("login_failures did not count".into()))?;
            if until > self.now {
                wait = wait.max(Some(until));
            } else {
                counted.push((*prefix, failures, *free));
            }
        }
        for (prefix, failures, free) in counted {
            if wait.is_some() {
                // Refused by the other counter: no password was looked at.
                let params = [org.as_str().into(), subject.into(), prefix.into()];
                tx.exec(&LOCKOUT_TAKE_BACK, &params).await?;
                continue;
            }
            let wait_s = wait_s(failures, free);
            if wait_s > 0 {
                let until = self.now.plus_s(wait_s);
                tx.exec(&LOCKOUT_LOCK_UNTIL, &[org.as_str().into(), subject.into(), prefix.into(), until.into()])
                    .await?;
            }
        }
        if let Some(until) = wait {
            return Ok(Verdict::Wait { until });
        }
        Ok(Verdict::GoOn)
    }
}

/// Administrators' counters stand under no organization.
fn org_key(org: Option<Id>) -> String {
    org.map(|o| o.text()).unwrap_or_default()
}

/// A sign-in: the network is known from now on and its counter is gone. `counted`: an [`Attempt`] came before it, which
/// is taken back from the counter over all networks if that counted it.
pub(crate) async fn succeeded(
    tx: &mut Tx,
    org: Option<Id>,
    subject: &str,
    prefix: &str,
    now: Micros,
    counted: bool,
) -> Result<()> {
    let org = org_key(org);
    let here = [org.as_str().into(), subject.into(), prefix.into()];
    let known = Tx::first::<(i64,)>(tx, &LOCKOUT_KNOWN, &here).await?.is_some();
    if counted && !known {
        let params = [org.as_str().into(), subject.into(), FREE_OVER_ALL.into()];
        tx.exec(&LOCKOUT_TAKE_BACK_OVER_ALL, &params).await?;
    }
    tx.exec(&LOCKOUT_CLEAR_ONE, &here).await?;
    tx.exec(&LOCKOUT_REMEMBER, &[org.as_str().into(), subject.into(), prefix.into(), now.into()]).await?;
    Ok(())
}

/// Drops all that is counted and known of a person who was removed.
pub(crate) async fn forget(w: &mut Write<'_>, user: Id) -> Result<()> {
    let (org, subject) = (w.org(), user.text());
    clear(w, &subject).await?;
    w.exec(&LOCKOUT_FORGET, &[(&org).into(), subject.into()]).await?;
    Ok(())
}

pub(crate) async fn clear(w: &mut Write<'_>, subject: &str) -> Result<()> {
    let org = w.org();
    w.exec(&LOCKOUT_CLEAR, &[(&org).into(), subject.into()]).await?;
    Ok(())
}

/// The subjects of an organization that somewhere have to wait: who is shown as Locked.
///
/// # Errors
/// The database's.
pub async fn locked_subjects(s: &mut impl Source, org: Id, now: Micros) -> Result<std::collections::BTreeSet<String>> {
    let rows: Vec<(String,)> = s.all(&LOCKOUT_LOCKED_SUBJECTS, &[(&org).into(), now.into()]).await?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// The failures counted for a person, and until when the longest wait lasts.
///
/// # Errors
/// The database's.
pub async fn failures(s: &mut impl Source, org: Id, user: Id) -> Result<(i64, Micros)> {
    let row: Option<(i64, Micros)> = s.first(&LOCKOUT_FAILURES, &[(&org).into(), user.text().into()]).await?;
    Ok(row.unwrap_or_default())
}

/// Clears every counter of a person.
pub struct Unlock {
    /// Whose.
    pub id: Id,
}

impl Verb for Unlock {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        super::store::get(w, w.org(), self.id).await?;
        clear(w, &self.id.text()).await?;
        w.log(Kind::UserUnlocked, Subject::user(self.id), json!({}));
        Ok(())
    }
}

/// The statement that drops counters nobody added to for a day, with its parameters; run by a worker.
#[must_use]
pub fn prune(now: Micros) -> (&'static Sql, [V<'static>; 1]) {
    (&LOCKOUT_PRUNE, [now.minus_s(FORGET_AFTER_S).into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        let waits: Vec<i64> = (1..=13).map(|n| wait_s(n, FREE_PER_NETWORK)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(wait_s(i64::MAX, 5), LONGEST_WAIT_S);
    }

    #[test]
    fn a_network_is_a_prefix() {
        assert_eq!(prefix("192.0.2.77".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(prefix("::ffff:192.0.2.77".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(prefix("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1:2::/64");
    }
}
