//! The organization's rules for passwords and an estimate of strength. Pure.

use muster_base::limits::PASSWORD_MAX;
use serde::Serialize;
use utoipa::ToSchema;

use crate::organization::PasswordPolicy;

/// How hard a password is to guess.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Strength {
    /// 0 (at once) to 4 (very hard).
    pub score: u8,
    /// Advice, where there is some.
    pub advice: Option<String>,
}

/// Estimates the strength; `personal` are texts that a guesser would try first (name, e-mail).
#[must_use]
pub fn strength(password: &str, personal: &[&str]) -> Strength {
    let cut: String = password.chars().take(100).collect();
    let estimate = zxcvbn::zxcvbn(&cut, personal);
    let advice = estimate.feedback().map(|f| {
        f.warning().map_or_else(
            || f.suggestions().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            |w| w.to_string(),
        )
    });
    Strength { score: estimate.score().into(), advice: advice.filter(|a| !a.is_empty()) }
}

/// What is wrong with a password, in words for a person; empty when it may be used.
#[must_use]
pub fn problems(policy: &PasswordPolicy, password: &str, personal: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    let length = password.chars().count();
    // A floor below which no setting of the organization goes.
    let least = if policy.enable_min_length { policy.min_length.clamp(8, 128) } else { 8 };
    if i64::try_from(length).unwrap_or(i64::MAX) < least {
        out.push(format!("must have at least {least} characters"));
    }
    if length > PASSWORD_MAX {
        out.push(format!("must have at most {PASSWORD_MAX} characters"));
    }
    if policy.needs_lowercase && !password.chars().any(char::is_lowercase) {
        out.push("must contain a lower-case letter".into());
    }
    if policy.needs_uppercase && !password.chars().any(char::is_uppercase) {
        out.push("must contain an upper-case letter".into());
    }
    if policy.needs_numeric && !password.chars().any(char::is_numeric) {
        out.push("must contain a digit".into());
    }
    if policy.needs_symbolic && password.chars().all(char::is_alphanumeric) {
        out.push("must contain a symbol".into());
    }
    if !policy.allow_username_substring {
        let lower = password.to_lowercase();
        let names = personal.iter().map(|p| p.split('@').next().unwrap_or(p).to_lowercase());
        if names.into_iter().any(|n| n.chars().count() >= 3 && lower.contains(&n)) {
            out.push("must not contain the user name".into());
        }
    }
    if out.is_empty() && policy.disallow_commonly_used_passwords {
        let estimate = strength(password, personal);
        if estimate.score < 2 {
            let advice = estimate.advice.unwrap_or_else(|| "use a few unrelated words".into());
            out.push(format!("is easy to guess: {}", advice.trim_end_matches('.')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_each_rule_that_is_broken() {
        let policy = PasswordPolicy {
            needs_uppercase: true,
            needs_numeric: true,
            needs_symbolic: true,
            ..PasswordPolicy::default()
        };
        let wrong = problems(&policy, "short", &["ana", "ana@example.com"]);
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert!(problems(&policy, "Vast-Ocean-77-lantern", &["ana"]).is_empty());
        assert!(problems(&policy, "Vast-Ocean-77-Ana", &["ana"])[0].contains("user name"));
        assert!(problems(&PasswordPolicy::default(), "password1234", &[])[0].contains("easy to guess"));
    }
}
