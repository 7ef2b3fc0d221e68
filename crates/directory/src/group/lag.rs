//! How long after its cause a membership was committed: nothing where it went in the transaction of the change, longer where a
//! large group was worked out in steps. Counted in the memory of each node, for its metrics; never decides anything.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use muster_base::Id;

/// How many of the last ones of an organization the quantiles are of.
const KEPT: usize = 1_000;
/// How many organizations are counted at most.
const ORGANIZATIONS_MAX: usize = 10_000;

/// The lags of every organization, in microseconds.
#[derive(Default)]
pub struct Lags {
    of: Mutex<BTreeMap<Id, Counted>>,
}

#[derive(Default)]
struct Counted {
    last: VecDeque<i64>,
    count: u64,
    sum: i64,
}

/// What is told of one organization, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Half of the last thousand were at most so long.
    pub p50: i64,
    /// Ninety-nine of a hundred of the last thousand.
    pub p99: i64,
    /// All since the node started, added up.
    pub sum: i64,
    /// How many since the node started.
    pub count: u64,
}

impl Lags {
    /// Counts some of an organization.
    pub(crate) fn add(&self, org: Id, lags: &[i64]) {
        if lags.is_empty() {
            return;
        }
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if of.len() >= ORGANIZATIONS_MAX && !of.contains_key(&org) {
            of.pop_first();
        }
        let counted = of.entry(org).or_default();
        for lag in lags {
            let lag = (*lag).max(0);
            counted.count += 1;
            counted.sum = counted.sum.saturating_add(lag);
            counted.last.push_back(lag);
        }
        while counted.last.len() > KEPT {
            counted.last.pop_front();
        }
    }

    /// What there is to tell, by organization.
    #[must_use]
    pub fn all(&self) -> BTreeMap<Id, Summary> {
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.iter().map(|(org, counted)| (*org, counted.summary())).collect()
    }

    /// What there is to tell of one organization.
    #[must_use]
    pub fn of(&self, org: Id) -> Option<Summary> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner).get(&org).map(Counted::summary)
    }
}

impl Counted {
    fn summary(&self) -> Summary {
        let mut sorted: Vec<i64> = self.last.iter().copied().collect();
        sorted.sort_unstable();
        // The nearest rank.
        let at = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Summary { p50: at(50).unwrap_or_default(), p99: at(99).unwrap_or_default(), sum: self.sum, count: self.count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_last_thousand_and_sums_of_all() {
        let (lags, org) = (Lags::default(), Id::from_bytes([7; 12]));
        lags.add(org, &[9_000_000; 500]);
        lags.add(org, &[0; 985]);
        lags.add(org, &[5; 15]);
        let told = lags.all()[&org];
        assert_eq!(told, Summary { p50: 0, p99: 5, sum: 4_500_000_075, count: 1_500 });
        lags.add(Id::from_bytes([8; 12]), &[]);
        assert_eq!(lags.all().len(), 1);
    }
}
