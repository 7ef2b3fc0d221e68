//! Search filters as they are written (RFC 4515), in the form in which they are sent (RFC 4511). Pure.

use super::ber::{OCTETS, SEQUENCE, element, nested, text};

/// How deep a filter may be nested.
const DEPTH_MAX: usize = 16;

/// A filter, ready to be sent.
///
/// # Errors
/// What is wrong with it, for an administrator.
pub fn compile(written: &str) -> Result<Vec<u8>, String> {
    let mut parser = Parser { rest: written.trim() };
    let out = parser.filter(0)?;
    if !parser.rest.is_empty() {
        return Err(format!("the filter goes on after its end: {}", shown(parser.rest)));
    }
    Ok(out)
}

fn shown(text: &str) -> String {
    text.chars().take(30).collect()
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn take(&mut self, what: char) -> Result<(), String> {
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None if self.rest.is_empty() => Err(format!("the filter ends where {what} is needed")),
            None => Err(format!("{what} is needed before {}", shown(self.rest))),
        }
    }

    fn filter(&mut self, depth: usize) -> Result<Vec<u8>, String> {
        if depth > DEPTH_MAX {
            return Err(format!("the filter is nested more than {DEPTH_MAX} deep"));
        }
        self.take('(')?;
        let out = match self.rest.chars().next() {
            Some('&') => self.list(0xa0, depth)?,
            Some('|') => self.list(0xa1, depth)?,
            Some('!') => {
                self.take('!')?;
                let inner = self.filter(depth + 1)?;
                element(0xa2, &inner)
            }
            _ => self.item()?,
        };
        self.take(')')?;
        Ok(out)
    }

    fn list(&mut self, tag: u8, depth: usize) -> Result<Vec<u8>, String> {
        self.rest = self.rest.get(1..).unwrap_or_default();
        let mut parts = Vec::new();
        while self.rest.starts_with('(') {
            parts.push(self.filter(depth + 1)?);
        }
        Ok(nested(tag, &parts))
    }

    fn item(&mut self) -> Result<Vec<u8>, String> {
        let end = self.rest.find(')').ok_or("the filter ends where ) is needed")?;
        let (item, rest) = self.rest.split_at(end);
        self.rest = rest;
        let at = item.find('=').ok_or_else(|| format!("= is needed in {}", shown(item)))?;
        let (left, value) = (item.get(..at).unwrap_or_default(), item.get(at + 1..).unwrap_or_default());
        let (tag, attribute) = match left.chars().last() {
            Some('>') => (0xa5, left.strip_suffix('>').unwrap_or(left)),
            Some('<') => (0xa6, left.strip_suffix('<').unwrap_or(left)),
            Some('~') => (0xa8, left.strip_suffix('~').unwrap_or(left)),
            Some(':') => return extensible(left.strip_suffix(':').unwrap_or(left), value),
            _ => (0xa3, left),
        };
        check_name(attribute)?;
        if tag == 0xa3 && value == "*" {
            return Ok(text(0x87, attribute));
        }
        if tag == 0xa3 && value.contains('*') {
            return substrings(attribute, value);
        }
        Ok(nested(tag, &[text(OCTETS, attribute), element(OCTETS, &unescape(value)?)]))
    }
}

fn check_name(attribute: &str) -> Result<(), String> {
    let is_good = |c: char| c.is_ascii_alphanumeric() || "-.;".contains(c);
    if attribute.is_empty() || !attribute.chars().all(is_good) {
        return Err(format!("{} is no name of an attribute", shown(attribute)));
    }
    Ok(())
}

fn substrings(attribute: &str, value: &str) -> Result<Vec<u8>, String> {
    let parts: Vec<&str> = value.split('*').collect();
    let last = parts.len() - 1;
    let mut out = Vec::new();
    for (i, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let tag = match i {
            0 => 0x80,
            i if i == last => 0x82,
            _ => 0x81,
        };
        out.push(element(tag, &unescape(part)?));
    }
    if out.is_empty() {
        return Err(format!("{} has nothing between its stars: one * asks whether there is any value", shown(value)));
    }
    Ok(nested(0xa4, &[text(OCTETS, attribute), nested(SEQUENCE, &out)]))
}

/// `attribute:dn:rule:=value`: Active Directory's tests of bits are of this form.
fn extensible(left: &str, value: &str) -> Result<Vec<u8>, String> {
    let mut parts = left.split(':');
    let attribute = parts.next().unwrap_or_default();
    let (mut rule, mut dn) = (None, false);
    for part in parts {
        if part.eq_ignore_ascii_case("dn") {
            dn = true;
        } else {
            check_name(part)?;
            rule = Some(part);
        }
    }
    let mut out: Vec<Vec<u8>> = rule.map(|rule| text(0x81, rule)).into_iter().collect();
    if !attribute.is_empty() {
        check_name(attribute)?;
        out.push(text(0x82, attribute));
    }
    if out.is_empty() {
        return Err("an attribute or a rule is needed before :=".into());
    }
    out.push(element(0x83, &unescape(value)?));
    if dn {
        out.push(element(0x84, &[0xff]));
    }
    Ok(nested(0xa9, &out))
}

/// `\2a` is the byte 2a.
fn unescape(value: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let digits = [bytes.next().unwrap_or(b'x'), bytes.next().unwrap_or(b'x')];
        let text = String::from_utf8_lossy(&digits).into_owned();
        // A sign is one to the standard library's reader.
        let byte = digits.iter().all(u8::is_ascii_hexdigit).then(|| u8::from_str_radix(&text, 16).ok()).flatten();
        out.push(byte.ok_or_else(|| format!("after \\ come two hexadecimal digits, not {text}"))?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_sent_as_the_standard_says() {
        assert_eq!(compile("(cn=a)").unwrap(), [0xa3, 7, 4, 2, b'c', b'n', 4, 1, b'a']);
        assert_eq!(compile("(cn=*)").unwrap(), [0x87, 2, b'c', b'n']);
        let not = compile("(!(cn=a))").unwrap();
        assert_eq!(&not[..2], [0xa2, 9]);
        let begins = compile("(cn=a*b)").unwrap();
        assert_eq!(begins, [0xa4, 12, 4, 2, b'c', b'n', 0x30, 6, 0x80, 1, b'a', 0x82, 1, b'b']);
        assert_eq!(compile("(cn=\\2a)").unwrap(), [0xa3, 7, 4, 2, b'c', b'n', 4, 1, b'*']);
        let bit = compile("(userAccountControl:1.2.840.113556.1.4.803:=2)").unwrap();
        assert_eq!(bit[0], 0xa9);
        assert!(compile("(&(objectClass=person)(|(uid=a)(uid>=b)))").is_ok());
    }

    #[test]
    fn what_is_no_filter_is_told() {
        let endless = ["", "cn=a", "(cn=a", "(cn)", "(cn=a))", "(&(a=b)", "(!)"];
        let odd = ["(=a)", "(c n=a)", "(cn=\\zz)", "(cn=\\+f)", "(cn=**)", "(a>>=b)", "(:=a)", "(:dn:=a)", "(a::=b)"];
        for bad in endless.into_iter().chain(odd) {
            assert!(compile(bad).is_err(), "{bad}");
        }
        let deep = format!("{}(a=b){}", "(!".repeat(2_000), ")".repeat(2_000));
        assert!(compile(&deep).unwrap_err().contains("deep"));
    }
}
