//! What came over the wire, cut into messages. Pure.

use bytes::BytesMut;

use super::ber::{self, SEQUENCE};

/// The largest message: a group with its members.
pub const MESSAGE_MAX: usize = 32 * 1024 * 1024;
/// What there is room for at a time.
const ROOM: usize = 16 * 1024;

/// Why no message can be cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// These are no messages.
    Malformed,
    /// A message is larger than [`MESSAGE_MAX`].
    TooLarge,
}

/// Bytes in the order in which they came. Cutting a message off copies nothing: many small ones behind a large one cost what
/// they are long.
#[derive(Debug, Default)]
pub struct Frames(BytesMut);

impl Frames {
    /// Room for what comes next.
    pub fn room(&mut self) -> &mut BytesMut {
        self.0.reserve(ROOM);
        &mut self.0
    }

    /// The first message, once all of it is here.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn next(&mut self) -> Result<Option<BytesMut>, Broken> {
        if self.0.first().is_some_and(|tag| *tag != SEQUENCE) {
            return Err(Broken::Malformed);
        }
        let Some((header, length)) = ber::header(&self.0).map_err(|_| Broken::Malformed)? else { return Ok(None) };
        if length > MESSAGE_MAX {
            return Err(Broken::TooLarge);
        }
        let end = header + length;
        Ok((self.0.len() >= end).then(|| self.0.split_to(end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_told_before_it_is_read() {
        let mut frames = Frames::default();
        frames.room().extend_from_slice(&[0x30, 0x84, 0x02, 0, 0, 1]);
        assert_eq!(frames.next(), Err(Broken::TooLarge));
        frames = Frames::default();
        frames.room().extend_from_slice(b"H");
        assert_eq!(frames.next(), Err(Broken::Malformed));
    }
}
