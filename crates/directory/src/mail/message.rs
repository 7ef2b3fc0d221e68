//! The texts of mails: plain, short, one action. Pure.

use muster_base::Micros;
use serde::{Deserialize, Serialize};

use crate::organization::Organization;
use crate::user::User;

/// A mail with its one link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// The address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// What it says above the link.
    pub lead: String,
    /// The link's label.
    pub action: String,
    /// The link.
    pub link: String,
    /// What it says below the link.
    pub closing: String,
}

impl Message {
    /// The first password.
    #[must_use]
    pub fn activation(organization: &Organization, user: &User, link: String) -> Self {
        Self {
            to: user.email.clone(),
            subject: format!("Your account at {}", organization.display_name),
            lead: format!(
                "Hello {},\n\nan account was made for you at {}. Choose your password to begin.",
                user.display(),
                organization.display_name
            ),
            action: "Choose a password".into(),
            link,
            closing: "The link works once, for seven days. If you did not expect this mail, you need do nothing."
                .into(),
        }
    }

    /// A new password instead of a forgotten one.
    #[must_use]
    pub fn reset(organization: &Organization, user: &User, link: String) -> Self {
        Self {
            to: user.email.clone(),
            subject: format!("Reset your password at {}", organization.display_name),
            lead: format!(
                "Hello {},\n\nsomeone, hopefully you, asked for a new password at {}.",
                user.display(),
                organization.display_name
            ),
            action: "Choose a new password".into(),
            link,
            closing: "The link works once, for one hour. If it was not you, your password stays as it is.".into(),
        }
    }

    /// A certificate ends, and nothing follows it; `of` is what it signs for.
    #[must_use]
    pub fn certificate_ends(organization: &Organization, to: &str, of: &str, ends: Micros, link: String) -> Self {
        let day = ends.rfc3339();
        let day = day.split('T').next().unwrap_or_default();
        Self {
            to: to.to_owned(),
            subject: format!("A SAML certificate of {} ends on {day}", organization.display_name),
            lead: format!(
                "The certificate that signs answers for {of} at {} ends on {day}, and no other one is there to follow \
                 it.\n\nAdd the next one, and give it to the service provider before it signs. After that day, service \
                 providers that look at its dates let nobody sign in.",
                organization.display_name
            ),
            action: "Look at the certificate".into(),
            link,
            closing: "You get this mail because you administer this organization; once more a week before the end."
                .into(),
        }
    }

    /// A rule suggests members to add or remove, and an administrator is to decide.
    #[must_use]
    pub fn suggestions(organization: &Organization, to: &str, group: &str, link: String) -> Self {
        Self {
            to: to.to_owned(),
            subject: format!("Suggestions wait in {group} at {}", organization.display_name),
            lead: format!(
                "The rule of the group {group} at {} suggests members to add or to remove. Nothing changes until an \
                 administrator accepts it.",
                organization.display_name
            ),
            action: "Review the suggestions".into(),
            link,
            closing:
                "You get this mail because you administer this organization; the next one comes when all that waits \
                      is decided and something new begins to wait."
                    .into(),
        }
    }

    /// The plain text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n\n{}:\n{}\n\n{}\n", self.lead, self.action, self.link, self.closing)
    }

    /// The HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let paragraphs: String = self.lead.split("\n\n").map(|p| format!("<p>{}</p>", escape(p))).collect();
        format!(
            "<!doctype html><html><body style=\"font:16px/1.5 sans-serif;max-width:34rem;margin:2rem auto;color:#1a1d21\">{paragraphs}\
             <p><a href=\"{}\" style=\"display:inline-block;padding:.7rem 1.2rem;background:#2856d6;color:#fff;border-radius:6px;text-decoration:none\">{}</a></p>\
             <p style=\"color:#5a6270\">{}</p></body></html>",
            escape(&self.link),
            escape(&self.action),
            escape(&self.closing)
        )
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_write_html() {
        let message = Message {
            to: String::new(),
            subject: String::new(),
            lead: "Hello <script>alert(1)</script>".into(),
            action: "Go".into(),
            link: "https://x.example/?a=\"><b>".into(),
            closing: String::new(),
        };
        assert!(!message.html().contains("<script>"));
        assert!(!message.html().contains("\"><b>"));
    }
}
