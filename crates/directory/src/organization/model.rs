//! An organization. Pure.

use muster_base::{Id, Micros};

use super::Settings;
use crate::FieldError;

/// An organization.
#[derive(Clone, Debug)]
pub struct Organization {
    /// The id (`x-org-id`).
    pub id: Id,
    /// The provider it belongs to.
    pub provider_id: Option<Id>,
    /// Its name in addresses. Never changes: it is in the issuer.
    pub slug: String,
    /// Its name for people.
    pub display_name: String,
    /// What its administrators may set.
    pub settings: Settings,
    /// Whether it has a logo.
    pub has_logo: bool,
    /// When it was made.
    pub created_at: Micros,
}

/// Slugs that addresses of ours begin with, or that would mislead.
const RESERVED: &[&str] =
    &["admin", "api", "assets", "console", "login", "logout", "muster", "o", "portal", "setup", "well-known"];

/// What is wrong with a slug.
#[must_use]
pub fn slug_problem(slug: &str) -> Option<FieldError> {
    let fine = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let message = if slug.is_empty() || slug.len() > 63 {
        "1 to 63 characters"
    } else if !fine || slug.starts_with('-') || slug.ends_with('-') {
        "lower-case letters, digits and hyphens, not beginning or ending with a hyphen"
    } else if RESERVED.contains(&slug) {
        "this word is used by Muster itself: choose another"
    } else {
        return None;
    };
    Some(FieldError::new("slug", message))
}

/// A slug from a name: `Acme & Söhne GmbH` gives `acme-s-hne-gmbh`.
#[must_use]
pub fn slug_from(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(50);
    let slug = slug.trim_matches('-').to_owned();
    if slug_problem(&slug).is_some() { format!("org-{slug}").trim_end_matches('-').to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_safe_in_addresses() {
        assert_eq!(slug_from("Acme & Söhne GmbH"), "acme-s-hne-gmbh");
        assert_eq!(slug_from("Console"), "org-console");
        assert_eq!(slug_from("日本"), "org");
        for bad in ["", "-a", "A", "a/b", "login", "a.b"] {
            assert!(slug_problem(bad).is_some(), "{bad}");
        }
    }
}
