use super::Malformed;

/// The bytes before a body: the tag and the Int32 length, which counts itself but not the tag.
pub const HEADER: usize = 5;

/// The header of a message from its first five bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The message's type byte.
    pub tag: u8,
    /// The length of the whole frame: tag, length word and body.
    pub frame_len: usize,
}

impl Header {
    /// Reads the header at the start of `bytes`; `None` while it is not whole.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let Some(&[tag, a, b, c, d]) = bytes.first_chunk::<HEADER>() else { return Ok(None) };
        let length =
            usize::try_from(i32::from_be_bytes([a, b, c, d])).map_err(|_| Malformed::InvalidLength)?;
        if length < 4 {
            return Err(Malformed::InvalidLength);
        }
        Ok(Some(Self { tag, frame_len: length + 1 }))
    }
}

/// One whole message: its tag and body, still where it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The message's type byte.
    pub tag: u8,
    /// What follows the length word.
    pub body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The message at the start of `bytes`; `None` while it is not whole.
    pub fn read(bytes: &'a [u8]) -> Result<Option<Self>, Malformed> {
        let Some(header) = Header::read(bytes)? else { return Ok(None) };
        let Some(body) = bytes.get(HEADER..header.frame_len) else { return Ok(None) };
        Ok(Some(Self { tag: header.tag, body }))
    }

    /// The length of the whole frame.
    pub const fn frame_len(&self) -> usize {
        HEADER + self.body.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_only_when_whole() {
        let bytes = b"Z\x00\x00\x00\x05I";
        for end in 0..bytes.len() {
            assert_eq!(Frame::read(&bytes[..end]), Ok(None));
        }
        assert_eq!(Frame::read(bytes), Ok(Some(Frame { tag: b'Z', body: b"I" })));
    }

    #[test]
    fn impossible_lengths_are_refused() {
        assert_eq!(Header::read(b"Z\x00\x00\x00\x03"), Err(Malformed::InvalidLength));
        assert_eq!(Header::read(b"Z\xff\xff\xff\xff"), Err(Malformed::InvalidLength));
    }
}
