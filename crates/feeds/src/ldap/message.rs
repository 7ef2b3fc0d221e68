//! The messages of LDAP (RFC 4511) that a reader needs. Pure.

use super::ber::{BOOLEAN, ENUMERATED, INTEGER, Malformed, OCTETS, Reader, SEQUENCE, element, nested, number, text};
use crate::room::cost;

/// The control that answers come in pages by (RFC 2696).
const PAGED: &str = "1.2.840.113556.1.4.319";
/// The operation that begins TLS.
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";
/// The most that one entry takes in memory, in bytes: more than a message of the largest size can honestly hold.
pub const ENTRY_MAX: usize = 128 * 1024 * 1024;

/// What is asked for.
pub struct Search<'s> {
    /// Below which entry.
    pub base: &'s str,
    /// That entry alone.
    pub itself: bool,
    /// The compiled filter.
    pub filter: &'s [u8],
    /// Which attributes.
    pub attributes: &'s [String],
    /// The size of a page and where the last one ended; none: no pages.
    pub page: Option<(u32, &'s [u8])>,
}

fn message(id: u32, op: Vec<u8>, controls: Option<Vec<u8>>) -> Vec<u8> {
    let mut parts = vec![number(INTEGER, id), op];
    parts.extend(controls);
    nested(SEQUENCE, &parts)
}

/// Who reads.
#[must_use]
pub fn bind(id: u32, dn: &str, password: &str) -> Vec<u8> {
    message(id, nested(0x60, &[number(INTEGER, 3), text(OCTETS, dn), text(0x80, password)]), None)
}

/// TLS, please.
#[must_use]
pub fn start_tls(id: u32) -> Vec<u8> {
    message(id, nested(0x77, &[text(0x80, START_TLS)]), None)
}

/// Good-bye.
#[must_use]
pub fn unbind(id: u32) -> Vec<u8> {
    message(id, element(0x42, &[]), None)
}

/// A search.
#[must_use]
pub fn search(id: u32, of: &Search<'_>) -> Vec<u8> {
    let attributes: Vec<Vec<u8>> = of.attributes.iter().map(|name| text(OCTETS, name)).collect();
    let op = nested(
        0x63,
        &[
            text(OCTETS, of.base),
            number(ENUMERATED, if of.itself { 0 } else { 2 }),
            number(ENUMERATED, 0),
            number(INTEGER, 0),
            number(INTEGER, 0),
            element(BOOLEAN, &[0]),
            of.filter.to_vec(),
            nested(SEQUENCE, &attributes),
        ],
    );
    let controls = of.page.map(|(size, cookie)| {
        let value = nested(SEQUENCE, &[number(INTEGER, size), element(OCTETS, cookie)]);
        nested(0xa0, &[nested(SEQUENCE, &[text(OCTETS, PAGED), element(OCTETS, &value)])])
    });
    message(id, op, controls)
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub dn: String,
    /// Its attributes, as the server writes their names.
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

/// How something ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// The code.
    pub code: i64,
    /// What the server says about it.
    pub words: String,
    /// Where the page ended; empty: there is nothing more.
    pub cookie: Vec<u8>,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An entry.
    Entry(Entry),
    /// What was asked for has ended.
    Ended(Ended),
    /// A reference elsewhere, or what need not be understood.
    Other,
}

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is none.
    Malformed,
    /// It would take more memory than it may.
    TooMuch,
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// Reads a message: to which it is an answer, and what it says. `most`: what an entry may take in memory, in bytes.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8], most: usize) -> Result<(i64, Answer), Unreadable> {
    let mut whole = Reader::new(Reader::new(bytes).expect(SEQUENCE)?);
    let id = whole.number(INTEGER)?;
    let (tag, op) = whole.next()?;
    let answer = match tag {
        0x64 => Answer::Entry(entry(op, most)?),
        // Of bind, search and extended operations.
        0x61 | 0x65 | 0x78 => {
            let mut ended = ended(op)?;
            if !whole.is_empty() {
                ended.cookie = cookie(whole)?;
            }
            Answer::Ended(ended)
        }
        _ => Answer::Other,
    };
    Ok((id, answer))
}

fn ended(op: &[u8]) -> Result<Ended, Malformed> {
    let mut reader = Reader::new(op);
    let code = reader.number(ENUMERATED)?;
    reader.expect(OCTETS)?;
    Ok(Ended { code, words: reader.text(OCTETS)?, cookie: Vec::new() })
}

fn entry(op: &[u8], most: usize) -> Result<Entry, Unreadable> {
    let mut reader = Reader::new(op);
    let mut out = Entry { dn: reader.text(OCTETS)?, attributes: Vec::new() };
    let mut all = Reader::new(reader.expect(SEQUENCE)?);
    // Two bytes on the wire are a value that takes many here.
    let mut left = most;
    let mut take = |cost: usize| {
        left = left.checked_sub(cost).ok_or(Unreadable::TooMuch)?;
        Ok::<(), Unreadable>(())
    };
    take(cost(out.dn.len()))?;
    while !all.is_empty() {
        let mut one = Reader::new(all.expect(SEQUENCE)?);
        let name = one.text(OCTETS)?;
        take(attribute_cost(&name))?;
        let mut set = Reader::new(one.expect(0x31)?);
        let mut values = Vec::new();
        while !set.is_empty() {
            let value = set.expect(OCTETS)?;
            take(cost(value.len()))?;
            values.push(value.to_vec());
        }
        out.attributes.push((name, values));
    }
    Ok(out)
}

fn cookie(mut rest: Reader<'_>) -> Result<Vec<u8>, Malformed> {
    let (tag, controls) = rest.next()?;
    // Active Directory puts an OID where controls belong.
    if tag != 0xa0 {
        return Ok(Vec::new());
    }
    let mut controls = Reader::new(controls);
    while !controls.is_empty() {
        let mut control = Reader::new(controls.expect(SEQUENCE)?);
        let is_paged = control.text(OCTETS)? == PAGED;
        while is_paged && !control.is_empty() {
            if let (OCTETS, value) = control.next()? {
                let mut value = Reader::new(Reader::new(value).expect(SEQUENCE)?);
                value.number(INTEGER)?;
                return Ok(value.expect(OCTETS)?.to_vec());
            }
        }
    }
    Ok(Vec::new())
}

/// What an attribute takes besides its values.
const fn attribute_cost(name: &str) -> usize {
    cost(name.len()) + cost(0)
}

impl Entry {
    /// What it takes in memory, in bytes.
    #[must_use]
    pub fn held(&self) -> usize {
        let values = |values: &[Vec<u8>]| values.iter().map(|value| cost(value.len())).sum::<usize>();
        let all = self.attributes.iter().map(|(name, of)| attribute_cost(name) + values(of));
        all.sum::<usize>() + cost(self.dn.len())
    }

    /// Drops what was not asked for: a server may add to an entry what it likes, and all entries are held in memory.
    pub fn keep(&mut self, asked: &[String]) {
        let base = |name: &str| name.split(';').next().unwrap_or_default().to_owned();
        self.attributes.retain(|(name, _)| asked.iter().any(|a| base(a).eq_ignore_ascii_case(&base(name))));
    }

    /// The values of an attribute; letters' case does not count.
    #[must_use]
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map_or(&[], |(_, values)| values.as_slice())
    }

    /// The first value of an attribute that is a text and not empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let texts = self.values(name).iter().filter_map(|v| std::str::from_utf8(v).ok());
        texts.map(str::trim).find(|t| !t.is_empty() && !t.contains('\0')).map(str::to_owned)
    }

    /// All values of an attribute that are texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).iter().filter_map(|v| String::from_utf8(v.clone()).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_and_the_end_of_a_page_are_read() {
        let attribute = nested(SEQUENCE, &[text(OCTETS, "mail"), nested(0x31, &[text(OCTETS, "a@b.c")])]);
        let op = nested(0x64, &[text(OCTETS, "uid=a"), nested(SEQUENCE, &[attribute])]);
        let (id, answer) = read(&message(7, op, None), ENTRY_MAX).unwrap();
        let Answer::Entry(entry) = answer else { unreachable!() };
        assert_eq!((id, entry.dn.as_str(), entry.text("MAIL").as_deref()), (7, "uid=a", Some("a@b.c")));
        let value = nested(SEQUENCE, &[number(INTEGER, 0), text(OCTETS, "on")]);
        let control = nested(0xa0, &[nested(SEQUENCE, &[text(OCTETS, PAGED), element(OCTETS, &value)])]);
        let done = nested(0x65, &[number(ENUMERATED, 4), text(OCTETS, ""), text(OCTETS, "too many")]);
        let (_, answer) = read(&message(8, done, Some(control)), ENTRY_MAX).unwrap();
        assert_eq!(answer, Answer::Ended(Ended { code: 4, words: "too many".into(), cookie: b"on".to_vec() }));
    }

    #[test]
    fn an_entry_of_countless_attributes_or_values_is_refused_and_what_was_not_asked_for_is_dropped() {
        let with = |all: &[u8]| {
            read(&message(7, nested(0x64, &[text(OCTETS, "uid=a"), element(SEQUENCE, all)]), None), ENTRY_MAX)
        };
        let attributes = |count: usize| with(&nested(SEQUENCE, &[text(OCTETS, ""), nested(0x31, &[])]).repeat(count));
        let values = |count: usize| {
            with(&nested(SEQUENCE, &[text(OCTETS, "mail"), element(0x31, &text(OCTETS, "").repeat(count))]))
        };
        let Ok((_, Answer::Entry(entry))) = values(2_000_000) else { unreachable!() };
        assert!(entry.held() > 90_000_000 && entry.held() <= ENTRY_MAX, "four million bytes on the wire");
        assert_eq!(values(3_000_000), Err(Unreadable::TooMuch));
        assert!(attributes(1_000_000).is_ok());
        assert_eq!(attributes(2_000_000), Err(Unreadable::TooMuch));
        let names = ["mail", "jpegPhoto", "MEMBER;range=0-1", "memberOf"];
        let mut entry = Entry { attributes: names.map(|n| (n.to_owned(), Vec::new())).into(), ..Entry::default() };
        entry.keep(&["Mail".into(), "member".into()]);
        assert_eq!(entry.attributes.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["mail", "MEMBER;range=0-1"]);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        // Everything that one changed byte makes of a message.
        let op = nested(0x64, &[text(OCTETS, "uid=a"), nested(SEQUENCE, &[])]);
        let good = message(7, op, Some(nested(0xa0, &[])));
        for at in 0..good.len() {
            for byte in 0..=255 {
                let mut bad = good.clone();
                bad[at] = byte;
                let _ = read(&bad, ENTRY_MAX);
            }
            let _ = read(&good[..at], ENTRY_MAX);
        }
    }
}
