//! Where a sign-in may lead to: our own pages and nothing else (open redirect).

/// Whether a path leads into the portal or the console of this very site: nothing else is returned to.
#[must_use]
pub fn is_our_path(to: &str) -> bool {
    let plain = to.len() <= 2000 && to.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    plain && ["/portal/", "/console/"].iter().any(|p| to.starts_with(p)) && !to.contains("//") && !to.contains("/../")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_redirect_only_our_own_pages_are_returned_to() {
        for good in ["/portal/acme/", "/console/acme/users?search=a#x"] {
            assert!(is_our_path(good), "{good}");
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/login",
            "/portal",
            "/portal//evil.example",
            "/console/../evil",
            "/portal/\r\nx: y",
            " /portal/a",
            "/portalevil",
            "javascript:alert(1)",
            "/portal/\u{e9}",
        ] {
            assert!(!is_our_path(bad), "{bad:?}");
        }
    }
}
