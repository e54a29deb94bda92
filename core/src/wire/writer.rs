use core::fmt;

use bytes::{BufMut, BytesMut};
use memchr::memchr;

use super::IsNull;

/// Why a message cannot be written. Nothing of it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unencodable {
    /// A string holds a NUL byte, which ends strings on the wire.
    ContainsNul(&'static str),
    /// More of something than the protocol's counter can tell: what, and the most there can be.
    TooMany(&'static str, usize),
    /// A message or value longer than the 1 GB that a server takes.
    TooLong(&'static str),
    /// The length of something is one that the protocol has no way to say, such as an empty parameter name.
    InvalidLength(&'static str),
}

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContainsNul(what) => write!(f, "{what} contains a NUL byte, which PostgreSQL cannot take"),
            Self::TooMany(what, most) => write!(f, "too many {what}: the protocol allows {most}"),
            Self::TooLong(what) => {
                write!(
                    f,
                    "{what} is longer than the 1 GB (1,073,741,822 bytes) that PostgreSQL takes in a message"
                )
            }
            Self::InvalidLength(what) => write!(f, "the length of {what} is not one the protocol allows"),
        }
    }
}

impl core::error::Error for Unencodable {}

/// Appends one message (or part of one) to a buffer, and is the only place that computes lengths.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut BytesMut,
}

impl<'a> Writer<'a> {
    /// Appends to `out`.
    pub fn new(out: &'a mut BytesMut) -> Self {
        Self { out }
    }

    /// Appends a whole message: `tag`, the length (patched when the body is written), the body.
    ///
    /// When `body` fails, `out` is left as it was.
    pub fn message<E: From<Unencodable>>(
        tag: u8,
        out: &'a mut BytesMut,
        body: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = out.len();
        out.put_u8(tag);
        Self::patched(start, out, body)
    }

    /// The same for the messages that have no tag: StartupMessage, SSLRequest, CancelRequest.
    pub fn untagged<E: From<Unencodable>>(
        out: &'a mut BytesMut,
        body: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = out.len();
        Self::patched(start, out, body)
    }

    fn patched<E: From<Unencodable>>(
        start: usize,
        out: &mut BytesMut,
        body: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let length_at = out.len();
        out.put_i32(0);
        let written = body(&mut Writer { out }).and_then(|()| {
            patch(out, length_at, out.len() - length_at)
                .ok_or_else(|| Unencodable::TooLong("the message").into())
        });
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    /// Appends a value with its Int32 length before it, patched when `value` has written it.
    #[inline]
    pub fn value<E: From<Unencodable>>(
        &mut self,
        value: impl FnOnce(&mut BytesMut) -> Result<(), E>,
    ) -> Result<(), E> {
        let length_at = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        value(self.out)?;
        let length = self.out.len() - length_at - 4;
        patch(self.out, length_at, length).ok_or_else(|| Unencodable::TooLong("a value").into())
    }

    /// The same for a value that may turn out to be NULL: what was written of it is then dropped.
    #[inline]
    pub fn nullable<E: From<Unencodable>>(
        &mut self,
        value: impl FnOnce(&mut BytesMut) -> Result<IsNull, E>,
    ) -> Result<(), E> {
        let length_at = self.out.len();
        self.out.extend_from_slice(&(-1_i32).to_be_bytes());
        match value(self.out)? {
            IsNull::Yes => self.out.truncate(length_at + 4),
            IsNull::No => {
                // An encoder that shortened the buffer has written over what is not its own.
                let length = self.out.len().checked_sub(length_at + 4);
                let length = length.ok_or(Unencodable::InvalidLength("a value"))?;
                patch(self.out, length_at, length).ok_or(Unencodable::TooLong("a value"))?;
            }
        }
        Ok(())
    }

    /// Appends NULL in the place of a value: the length -1.
    pub fn null(&mut self) {
        self.i32(-1);
    }

    /// Appends a byte.
    pub fn u8(&mut self, value: u8) {
        self.out.put_u8(value);
    }

    /// Appends an Int16.
    pub fn i16(&mut self, value: i16) {
        self.out.put_i16(value);
    }

    /// Appends an unsigned Int16.
    pub fn u16(&mut self, value: u16) {
        self.out.put_u16(value);
    }

    /// Appends an Int32.
    pub fn i32(&mut self, value: i32) {
        self.out.put_i32(value);
    }

    /// Appends an Int32 that is unsigned: OIDs, process ids.
    pub fn u32(&mut self, value: u32) {
        self.out.put_u32(value);
    }

    /// Appends a count as an unsigned Int16; `what` names the things counted in the error.
    pub fn count(&mut self, count: usize, what: &'static str) -> Result<(), Unencodable> {
        let count = u16::try_from(count).map_err(|_| Unencodable::TooMany(what, usize::from(u16::MAX)))?;
        self.u16(count);
        Ok(())
    }

    /// Appends bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.out.put_slice(bytes);
    }

    /// Appends a string and its NUL; `what` names it in the error for a NUL inside.
    pub fn cstr(&mut self, string: &str, what: &'static str) -> Result<(), Unencodable> {
        self.cstr_bytes(string.as_bytes(), what)
    }

    /// The same for a string that need not be UTF-8.
    pub fn cstr_bytes(&mut self, string: &[u8], what: &'static str) -> Result<(), Unencodable> {
        if memchr(0, string).is_some() {
            return Err(Unencodable::ContainsNul(what));
        }
        self.bytes(string);
        self.u8(0);
        Ok(())
    }
}

/// Writes `length` as an Int32 at `at`; `None` when no server takes so much.
#[inline]
fn patch(out: &mut BytesMut, at: usize, length: usize) -> Option<()> {
    let length = i32::try_from(length).ok().filter(|length| *length <= LONGEST)?;
    out.get_mut(at..)?.first_chunk_mut::<4>().map(|place| *place = length.to_be_bytes())
}

/// The server's `PQ_LARGE_MESSAGE_LIMIT`, one less than `MaxAllocSize`: it ends the connection over anything longer.
const LONGEST: i32 = 0x3fff_fffe;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_patched() {
        let mut out = BytesMut::new();
        Writer::message(b'Q', &mut out, |w| w.cstr("select 1", "SQL")).unwrap();
        assert_eq!(&out[..], b"Q\x00\x00\x00\x0dselect 1\0");
    }

    #[test]
    fn a_message_that_fails_leaves_nothing() {
        let mut out = BytesMut::from(&b"before"[..]);
        let refused = Writer::message(b'Q', &mut out, |w| w.cstr("select \0", "SQL"));
        assert_eq!(refused, Err(Unencodable::ContainsNul("SQL")));
        assert_eq!(&out[..], b"before");
    }

    #[test]
    fn values_carry_their_length_and_null_is_minus_one() {
        let mut out = BytesMut::new();
        let mut writer = Writer::new(&mut out);
        writer
            .value::<Unencodable>(|out| {
                out.put_slice(b"abc");
                Ok(())
            })
            .unwrap();
        writer.null();
        assert_eq!(&out[..], b"\0\0\0\x03abc\xff\xff\xff\xff");
    }

    #[test]
    fn an_encoder_may_find_null_after_it_has_written() {
        let mut out = BytesMut::new();
        let mut writer = Writer::new(&mut out);
        for answer in [IsNull::Yes, IsNull::No] {
            writer
                .nullable::<Unencodable>(|out| {
                    out.put_slice(b"ab");
                    Ok(answer)
                })
                .unwrap();
        }
        assert_eq!(&out[..], b"\xff\xff\xff\xff\0\0\0\x02ab");
    }

    #[test]
    fn an_encoder_that_shortens_the_buffer_is_refused() {
        let mut out = BytesMut::from(&b"before"[..]);
        let refused = Writer::new(&mut out).nullable::<Unencodable>(|out| {
            out.clear();
            Ok(IsNull::No)
        });
        assert_eq!(refused, Err(Unencodable::InvalidLength("a value")));
    }
}
