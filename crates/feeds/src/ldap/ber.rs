//! As much of BER as LDAP needs (X.690, RFC 4511 section 5.1): one-byte tags and definite lengths. Reading never recurses
//! and never allocates by what a length says. Pure.

/// `INTEGER`.
pub const INTEGER: u8 = 0x02;
/// `OCTET STRING`.
pub const OCTETS: u8 = 0x04;
/// `ENUMERATED`.
pub const ENUMERATED: u8 = 0x0a;
/// `BOOLEAN`.
pub const BOOLEAN: u8 = 0x01;
/// `SEQUENCE`.
pub const SEQUENCE: u8 = 0x30;

/// One element.
#[must_use]
pub fn element(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(body.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = body.len().to_be_bytes();
            let long = bytes.iter().position(|b| *b != 0).and_then(|at| bytes.get(at..)).unwrap_or_default();
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(body);
    out
}

/// Elements inside one.
#[must_use]
pub fn nested(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag, &parts.concat())
}

/// A text.
#[must_use]
pub fn text(tag: u8, text: &str) -> Vec<u8> {
    element(tag, text.as_bytes())
}

/// A whole number from 0 on.
#[must_use]
pub fn number(tag: u8, value: u32) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let first = bytes.iter().position(|b| *b != 0).unwrap_or(3);
    let mut body = bytes.get(first..).unwrap_or_default().to_vec();
    // The highest bit is the sign.
    if body.first().is_some_and(|b| b & 0x80 != 0) {
        body.insert(0, 0);
    }
    element(tag, &body)
}

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'b>(&'b [u8]);

/// What is not BER, or not the BER of LDAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl<'b> Reader<'b> {
    /// Reads these bytes.
    #[must_use]
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Whether there is nothing more.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element: its tag and what is in it.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn next(&mut self) -> Result<(u8, &'b [u8]), Malformed> {
        let (header, length) = header(self.0)?.ok_or(Malformed)?;
        let tag = *self.0.first().ok_or(Malformed)?;
        let end = header.checked_add(length).ok_or(Malformed)?;
        let body = self.0.get(header..end).ok_or(Malformed)?;
        self.0 = self.0.get(end..).unwrap_or_default();
        Ok((tag, body))
    }

    /// The next element, which has to be of this tag.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn expect(&mut self, tag: u8) -> Result<&'b [u8], Malformed> {
        match self.next()? {
            (found, body) if found == tag => Ok(body),
            _ => Err(Malformed),
        }
    }

    /// The next element as a text; bytes that are none are replaced.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn text(&mut self, tag: u8) -> Result<String, Malformed> {
        Ok(String::from_utf8_lossy(self.expect(tag)?).into_owned())
    }

    /// The next element as a number.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn number(&mut self, tag: u8) -> Result<i64, Malformed> {
        let body = self.expect(tag)?;
        let first = *body.first().ok_or(Malformed)?;
        if body.len() > 8 {
            return Err(Malformed);
        }
        let begin = if first & 0x80 == 0 { 0 } else { -1 };
        Ok(body.iter().fold(begin, |sum, byte| (sum << 8) | i64::from(*byte)))
    }
}

/// How long the header of the first element is, and how long what follows it; `None`: more bytes are needed to tell.
///
/// # Errors
/// [`Malformed`].
pub fn header(bytes: &[u8]) -> Result<Option<(usize, usize)>, Malformed> {
    let (Some(tag), Some(first)) = (bytes.first(), bytes.get(1)) else { return Ok(None) };
    if tag & 0x1f == 0x1f {
        return Err(Malformed);
    }
    if first & 0x80 == 0 {
        return Ok(Some((2, usize::from(*first))));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return Err(Malformed);
    }
    let Some(long) = bytes.get(2..2 + count) else { return Ok(None) };
    let length = long.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    Ok(Some((2 + count, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let long = "x".repeat(300);
        let bytes = nested(SEQUENCE, &[number(INTEGER, 200), text(OCTETS, &long), number(ENUMERATED, 0)]);
        let mut outer = Reader::new(&bytes);
        let mut inner = Reader::new(outer.expect(SEQUENCE).unwrap());
        assert!(outer.is_empty());
        assert_eq!(inner.number(INTEGER), Ok(200));
        assert_eq!(inner.text(OCTETS).unwrap(), long);
        assert_eq!(inner.number(ENUMERATED), Ok(0));
        assert!(inner.is_empty());
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for bad in [
            &[0x30, 0x05, 0x01][..],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x1f, 0x01, 0x00],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00],
            &[0x30],
            &[],
        ] {
            assert_eq!(Reader::new(bad).next(), Err(Malformed), "{bad:?}");
        }
    }
}
