//! What a browser got.

use http::{HeaderMap, StatusCode, header};

use crate::Form;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Page {
    /// A header's text; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Where the answer sends the browser.
    #[must_use]
    #[track_caller]
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "not a redirect: {} {}", self.status, self.text());
        self.header(header::LOCATION.as_str())
    }

    /// Fails unless the answer is a redirect.
    #[track_caller]
    pub fn leads_on(&self) -> &Self {
        assert!(self.status.is_redirection(), "not a redirect: {} {}", self.status, self.text());
        self
    }

    /// The first form.
    #[must_use]
    #[track_caller]
    pub fn form(&self) -> Form {
        let form = Form::first(&self.body);
        form.unwrap_or_else(|| panic!("no form in this page: {} {}", self.status, self.text()))
    }

    /// The text without tags, spaces folded.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' if inside => {
                    inside = false;
                    out.push(' ');
                }
                c if !inside => out.push(c),
                _ => {}
            }
        }
        crate::form::unescape(&out.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Fails unless the text is on the page.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "the page does not say {text:?}: {} {}", self.status, self.text());
        self
    }

    /// Fails unless the status is this one.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}
