use core::fmt;

use memchr::memchr;

/// Why bytes are not what the protocol says they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Malformed {
    /// The bytes end before the named part does.
    Truncated,
    /// A string has no NUL at its end.
    Unterminated,
    /// A string is not valid UTF-8.
    InvalidUtf8,
    /// Bytes are left after the last part.
    TrailingBytes,
    /// A length or count that cannot be, such as -2 for the length of a value.
    InvalidLength,
    /// A value that the protocol does not know, and what it was meant to be.
    Unknown(&'static str),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the bytes end too early"),
            Self::Unterminated => f.write_str("a string has no terminating NUL"),
            Self::InvalidUtf8 => f.write_str("a string is not valid UTF-8"),
            Self::TrailingBytes => f.write_str("bytes are left over at the end"),
            Self::InvalidLength => f.write_str("a length is impossible"),
            Self::Unknown(what) => write!(f, "the value of {what} is not one the protocol knows"),
        }
    }
}

impl core::error::Error for Malformed {}

/// Reads the parts of a body in order and cannot pass its end.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The next `N` bytes as an array.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (head, tail) = self.bytes.split_first_chunk::<N>().ok_or(Malformed::Truncated)?;
        self.bytes = tail;
        Ok(*head)
    }

    /// The next byte.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// An Int16.
    #[inline]
    pub fn i16(&mut self) -> Result<i16, Malformed> {
        self.array().map(i16::from_be_bytes)
    }

    /// An Int16 that counts something and is read as unsigned, as PostgreSQL does.
    #[inline]
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    /// An Int32.
    #[inline]
    pub fn i32(&mut self) -> Result<i32, Malformed> {
        self.array().map(i32::from_be_bytes)
    }

    /// An Int32 read as unsigned: OIDs, process ids.
    #[inline]
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    /// An Int64.
    #[inline]
    pub fn i64(&mut self) -> Result<i64, Malformed> {
        self.array().map(i64::from_be_bytes)
    }

    /// The next `count` bytes.
    #[inline]
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (head, tail) = self.bytes.split_at_checked(count).ok_or(Malformed::Truncated)?;
        self.bytes = tail;
        Ok(head)
    }

    /// A NUL-terminated string, without its NUL, as bytes.
    pub fn cstr_bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let end = memchr(0, self.bytes).ok_or(Malformed::Unterminated)?;
        let string = self.bytes(end)?;
        self.u8()?;
        Ok(string)
    }

    /// A NUL-terminated string, without its NUL. Must be UTF-8, the only client_encoding we ask for.
    pub fn cstr(&mut self) -> Result<&'a str, Malformed> {
        core::str::from_utf8(self.cstr_bytes()?).map_err(|_| Malformed::InvalidUtf8)
    }

    /// A value with an Int32 length before it; `None` for NULL (-1). Any other negative length is malformed.
    #[inline]
    pub fn value(&mut self) -> Result<Option<&'a [u8]>, Malformed> {
        match self.i32()? {
            -1 => Ok(None),
            length => {
                let length = usize::try_from(length).map_err(|_| Malformed::InvalidLength)?;
                self.bytes(length).map(Some)
            }
        }
    }

    /// Everything that is left.
    #[inline]
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.bytes)
    }

    /// Checks that nothing is left.
    #[inline]
    pub fn finish(self) -> Result<(), Malformed> {
        if self.bytes.is_empty() { Ok(()) } else { Err(Malformed::TrailingBytes) }
    }

    /// How many bytes are left.
    #[inline]
    pub const fn remaining(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing is left.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_parts_in_order_and_stops_at_the_end() {
        let mut reader = Reader::new(b"\x00\x01\x00\x00\x00\x02hi\0rest");
        assert_eq!(reader.i16(), Ok(1));
        assert_eq!(reader.u32(), Ok(2));
        assert_eq!(reader.cstr(), Ok("hi"));
        assert_eq!(reader.finish(), Err(Malformed::TrailingBytes));
        assert_eq!(reader.i64(), Err(Malformed::Truncated));
        assert_eq!(reader.rest(), b"rest");
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn value_knows_null_and_refuses_other_negative_lengths() {
        assert_eq!(Reader::new(b"\xff\xff\xff\xff").value(), Ok(None));
        assert_eq!(Reader::new(b"\xff\xff\xff\xfe").value(), Err(Malformed::InvalidLength));
        assert_eq!(Reader::new(b"\x00\x00\x00\x02a").value(), Err(Malformed::Truncated));
        assert_eq!(Reader::new(b"\x00\x00\x00\x01a").value(), Ok(Some(&b"a"[..])));
    }

    #[test]
    fn strings_need_their_nul_and_utf8() {
        assert_eq!(Reader::new(b"abc").cstr(), Err(Malformed::Unterminated));
        assert_eq!(Reader::new(b"\xff\0").cstr(), Err(Malformed::InvalidUtf8));
    }
}
