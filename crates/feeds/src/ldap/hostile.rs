//! What holds of every message, filter and DN: see `crate::hostile`.
#![expect(clippy::unwrap_used, reason = "what is not so has to be told")]

#[cfg(test)]
use super::ber::{INTEGER, nested, number, text};
use super::ber::{OCTETS, Reader, SEQUENCE};
use super::filter::compile;
use super::frames::Frames;
#[cfg(test)]
use super::message::Entry;
use super::message::{Answer, ENTRY_MAX, read};
use super::schema::{Schema, normal};
use crate::found::Draft;
use crate::hostile::every_flavor;

#[cfg(test)]
pub use super::ber::element;

/// The messages in some bytes that come so many at a time; none at the end: they are broken there.
pub fn messages(bytes: &[u8], at_once: usize) -> Vec<Option<Vec<u8>>> {
    let (mut frames, mut out) = (Frames::default(), Vec::new());
    for chunk in bytes.chunks(at_once) {
        frames.room().extend_from_slice(chunk);
        loop {
            match frames.next() {
                Ok(Some(message)) => out.push(Some(message.to_vec())),
                Ok(None) => break,
                Err(_) => {
                    out.push(None);
                    return out;
                }
            }
        }
    }
    assert!(out.iter().flatten().map(Vec::len).sum::<usize>() <= bytes.len());
    out
}

/// A message that tells of an entry.
#[cfg(test)]
pub fn entry(dn: &str, attributes: &[(String, Vec<Vec<u8>>)]) -> Vec<u8> {
    let of = |(name, values): &(String, Vec<Vec<u8>>)| {
        let values: Vec<Vec<u8>> = values.iter().map(|v| element(OCTETS, v)).collect();
        nested(SEQUENCE, &[text(OCTETS, name), nested(0x31, &values)])
    };
    let all: Vec<Vec<u8>> = attributes.iter().map(of).collect();
    let bytes = nested(SEQUENCE, &[number(INTEGER, 7), nested(0x64, &[text(OCTETS, dn), nested(SEQUENCE, &all)])]);
    let is = Entry { dn: dn.to_owned(), attributes: attributes.to_vec() };
    assert_eq!(read(&bytes, ENTRY_MAX), Ok((7, Answer::Entry(is))));
    bytes
}

/// One message.
pub fn message(bytes: &[u8], each: &mut dyn FnMut(Draft)) {
    match read(bytes, ENTRY_MAX) {
        Ok((_, Answer::Entry(mut entry))) => {
            let held: usize = entry.attributes.iter().map(|(n, v)| n.len() + v.concat().len()).sum();
            // What is no text grows where it is replaced.
            assert!(held <= bytes.len() * 3);
            for ldap in every_flavor() {
                let schema = Schema(&ldap);
                let (draft, manager) = schema.person(&entry);
                each(draft);
                dn(manager.as_deref().unwrap_or(&entry.dn));
                entry.keep(&schema.of_people());
            }
        }
        Ok((_, Answer::Ended(ended))) => {
            assert!(ended.words.len() <= bytes.len() * 3 && ended.cookie.len() <= bytes.len())
        }
        Ok((_, Answer::Other)) | Err(_) => {}
    }
}

/// A DN.
pub fn dn(text: &str) {
    let once = normal(text);
    assert_eq!(normal(&once), once, "{text:?}");
}

/// What is sent of a filter means the same filter.
pub fn filter(written: &str) {
    let Ok(bytes) = compile(written) else { return };
    assert!(bytes.len() <= written.len() * 8 + 64);
    let mut reader = Reader::new(&bytes);
    let again = decompile(&mut reader);
    assert!(reader.is_empty());
    assert_eq!(compile(&again).as_deref(), Ok(bytes.as_slice()), "{written} {again}");
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

fn decompile(reader: &mut Reader<'_>) -> String {
    let (tag, body) = reader.next().unwrap();
    let mut parts = Reader::new(body);
    let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let inside = match tag {
        0xa0..=0xa2 => {
            let mut out = String::from(if tag == 0xa0 {
                "&"
            } else if tag == 0xa1 {
                "|"
            } else {
                "!"
            });
            while !parts.is_empty() {
                out.push_str(&decompile(&mut parts));
            }
            out
        }
        0x87 => format!("{}=*", name(body)),
        0xa4 => {
            let of = parts.text(OCTETS).unwrap();
            let (mut list, mut out, mut ends) = (Reader::new(parts.expect(SEQUENCE).unwrap()), String::new(), false);
            while !list.is_empty() {
                let (place, part) = list.next().unwrap();
                out.push_str(if place == 0x80 { "" } else { "*" });
                out.push_str(&escaped(part));
                ends = place == 0x82;
            }
            format!("{of}={out}{}", if ends { "" } else { "*" })
        }
        0xa9 => {
            let (mut rule, mut of, mut value, mut with_dn) = (String::new(), String::new(), String::new(), "");
            while !parts.is_empty() {
                match parts.next().unwrap() {
                    (0x81, body) => rule = format!(":{}", name(body)),
                    (0x82, body) => of = name(body),
                    (0x83, body) => value = escaped(body),
                    _ => with_dn = ":dn",
                }
            }
            format!("{of}{with_dn}{rule}:={value}")
        }
        _ => {
            let sign = match tag {
                0xa5 => ">=",
                0xa6 => "<=",
                0xa8 => "~=",
                _ => "=",
            };
            let of = parts.text(OCTETS).unwrap();
            format!("{of}{sign}{}", escaped(parts.expect(OCTETS).unwrap()))
        }
    };
    format!("({inside})")
}
