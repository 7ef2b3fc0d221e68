//! E-mail addresses: what is accepted, and the one form in which two are compared.

use std::fmt;
use std::str::FromStr;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest address that mail carries (RFC 5321 section 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

/// An address as a person wrote it, beside the form used to compare: lower case in local part and domain.
/// Mailboxes that differ only by case belong to one person wherever people log in with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    written: String,
    normal: String,
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing there.
    #[error("enter an e-mail address")]
    Empty,
    /// Over [`EMAIL_MAX`] characters.
    #[error("an e-mail address has at most 254 characters")]
    TooLong,
    /// No `@`, or nothing on one side of it.
    #[error("an e-mail address has the form name@example.com")]
    Form,
    /// An alias put behind the domain, as in `ana@example.com+secondary`.
    #[error("an alias goes before the @: ana+secondary@example.com, not ana@example.com+secondary")]
    AliasBehindDomain,
    /// A character that has no place in an address.
    #[error("an e-mail address has no spaces, quotes, commas, control or invisible characters")]
    Character,
}

/// Whether a character is seen nowhere, and only turns or joins others (general category Cf): by it two names would look the same
/// (RFC 8264 section 9.13 keeps such characters out of identifiers).
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.general_category() == GeneralCategory::Format
}

impl Email {
    /// The address as written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The form for comparing and for unique columns.
    #[must_use]
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The part behind the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.normal.rsplit('@').next().unwrap_or_default()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let written = text.trim();
        if written.is_empty() {
            return Err(EmailError::Empty);
        }
        if written.len() > EMAIL_MAX {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = written.rsplit_once('@').ok_or(EmailError::Form)?;
        if local.is_empty() || domain.is_empty() {
            return Err(EmailError::Form);
        }
        let bad = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c) || "\"(),:;<>[\\]@".contains(c);
        if local.chars().any(bad) || domain.chars().any(bad) {
            return Err(EmailError::Character);
        }
        if domain.contains('+') {
            return Err(EmailError::AliasBehindDomain);
        }
        let labels_ok = domain
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'));
        if !labels_ok || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(EmailError::Form);
        }
        Ok(Self { written: written.to_owned(), normal: written.to_lowercase() })
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert_eq, proptest};

    #[test]
    fn tells_what_is_wrong() {
        assert_eq!("Ana+Two@Example.com".parse::<Email>().unwrap().normal(), "ana+two@example.com");
        assert_eq!("ana@example.com+two".parse::<Email>(), Err(EmailError::AliasBehindDomain));
        assert_eq!("ana".parse::<Email>(), Err(EmailError::Form));
        assert_eq!("a b@example.com".parse::<Email>(), Err(EmailError::Character));
        assert_eq!("a\u{202e}na@example.com".parse::<Email>(), Err(EmailError::Character));
        assert_eq!("an\u{200b}a@example.com".parse::<Email>(), Err(EmailError::Character));
        assert_eq!(" ".parse::<Email>(), Err(EmailError::Empty));
        assert_eq!(format!("{}@x.y", "a".repeat(300)).parse::<Email>(), Err(EmailError::TooLong));
    }

    proptest! {
        #[test]
        fn never_panics_and_normal_is_stable(text in "\\PC{0,60}") {
            if let Ok(email) = text.parse::<Email>() {
                let again: Email = email.normal().parse().expect("the normal form is an address");
                prop_assert_eq!(again.normal(), email.normal());
            }
        }
    }
}
