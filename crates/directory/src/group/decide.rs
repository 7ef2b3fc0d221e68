//! Whether somebody is in a group, from what is known of them. Pure.

use super::{ExemptionMode, Method, Via};

/// What is known of one member, or of one who might be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How they are in it at present.
    pub now: Option<Via>,
    /// What exempts them from the rule.
    pub exemption: Option<ExemptionMode>,
    /// Whether the rule lets them in.
    pub included: bool,
    /// Whether the rule of who is kept out says so.
    pub excluded: bool,
    /// Whether they are in a group whose members are members.
    pub nested: bool,
}

/// What an administrator is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suggestion {
    /// The rule lets them in.
    Add,
    /// The rule no longer does.
    Remove,
}

impl Suggestion {
    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Add, Self::Remove].into_iter().find(|s| s.word() == word)
    }
}

/// What follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How they are in it from now on.
    pub via: Option<Via>,
    /// What is to be asked.
    pub suggestion: Option<Suggestion>,
}

impl Outcome {
    const fn settled(via: Option<Via>) -> Self {
        Self { via, suggestion: None }
    }
}

/// Decides. By hand goes before nested; in a dynamic group an exemption goes before the rules, the rule of who is kept out
/// before everything else, and the rule before nested. In a static group only hand and nesting count.
#[must_use]
pub fn decide(method: Method, of: Standing) -> Outcome {
    let by_hand = of.now == Some(Via::Direct);
    let nested = of.nested.then_some(Via::Nested);
    match (method, of.exemption) {
        (Method::Static, _) => Outcome::settled(if by_hand { Some(Via::Direct) } else { nested }),
        (_, Some(ExemptionMode::In)) => Outcome::settled(Some(Via::Exemption)),
        (_, Some(ExemptionMode::Out)) => Outcome::settled(None),
        (_, Some(ExemptionMode::Keep)) => Outcome::settled(of.now.map(|_| Via::Direct)),
        (Method::DynamicAutomated, None) if of.excluded => Outcome::settled(None),
        (Method::DynamicAutomated, None) => Outcome::settled(if of.included { Some(Via::Rule) } else { nested }),
        (Method::DynamicReviewRequired, None) => reviewed(of, nested.filter(|_| !of.excluded)),
    }
}

/// Who was let in by an administrator stays until an administrator says otherwise; nested groups are no suggestion.
fn reviewed(of: Standing, nested: Option<Via>) -> Outcome {
    let wanted = of.included && !of.excluded;
    let accepted = match of.now {
        // An exemption that was lifted leaves them in, as if accepted.
        Some(Via::Direct | Via::Rule | Via::Exemption) => Some(Via::Rule),
        Some(Via::Nested) | None => None,
    };
    match (accepted, wanted) {
        (Some(via), true) => Outcome::settled(Some(via)),
        // The nested group holds them whatever is decided.
        (Some(_), false) if nested.is_some() => Outcome::settled(nested),
        (Some(via), false) => Outcome { via: Some(via), suggestion: Some(Suggestion::Remove) },
        (None, true) if nested.is_none() => Outcome { via: None, suggestion: Some(Suggestion::Add) },
        (None, _) => Outcome::settled(nested),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUT: Standing = Standing { now: None, exemption: None, included: false, excluded: false, nested: false };
    const IN: Standing = Standing { now: Some(Via::Rule), ..OUT };

    #[test]
    fn exclusion_goes_before_the_rule_and_nesting_but_not_before_an_exemption() {
        let of = Standing { included: true, excluded: true, nested: true, ..OUT };
        assert_eq!(decide(Method::DynamicAutomated, of), Outcome::default());
        let exempt = Standing { exemption: Some(ExemptionMode::In), ..of };
        assert_eq!(decide(Method::DynamicAutomated, exempt).via, Some(Via::Exemption));
    }

    #[test]
    fn a_review_group_asks_and_does_not_act() {
        let review = |of| decide(Method::DynamicReviewRequired, of);
        assert_eq!(
            review(Standing { included: true, ..OUT }),
            Outcome { via: None, suggestion: Some(Suggestion::Add) }
        );
        assert_eq!(review(Standing { included: true, ..IN }), Outcome { via: Some(Via::Rule), suggestion: None });
        assert_eq!(review(IN), Outcome { via: Some(Via::Rule), suggestion: Some(Suggestion::Remove) });
        assert_eq!(review(Standing { nested: true, ..IN }).via, Some(Via::Nested));
        assert_eq!(review(OUT), Outcome::default());
    }

    #[test]
    fn deciding_again_changes_nothing() {
        let all = |of: &dyn Fn(Standing)| {
            for now in [None, Some(Via::Direct), Some(Via::Rule), Some(Via::Exemption), Some(Via::Nested)] {
                for exemption in [None, Some(ExemptionMode::In), Some(ExemptionMode::Out), Some(ExemptionMode::Keep)] {
                    for bits in 0..8 {
                        let (included, excluded, nested) = (bits & 1 == 1, bits & 2 == 2, bits & 4 == 4);
                        of(Standing { now, exemption, included, excluded, nested });
                    }
                }
            }
        };
        for method in [Method::Static, Method::DynamicReviewRequired, Method::DynamicAutomated] {
            all(&|of| {
                let once = decide(method, of);
                assert_eq!(decide(method, Standing { now: once.via, ..of }), once, "{method:?} {of:?}");
            });
        }
    }
}
