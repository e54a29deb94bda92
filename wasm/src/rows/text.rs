use super::cell::LONG;

/// Texts of this many bytes and more are not copied into a segment: JavaScript reads them where they are.
///
/// V8 keeps the whole parent of a substring alive, so segments are small and long texts stand alone.
const LONG_TEXT: usize = 512;

/// A segment is closed at the end of the row that takes it past this many bytes, which keeps most under 2 KiB.
const SEGMENT: usize = 1536;

/// The texts of one event: segments of bytes that JavaScript turns into strings whole, and long values.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) bytes: Vec<u8>,
    /// Of each segment: rows, offset into `bytes`, length in bytes, 1 when it is ASCII.
    pub(crate) segments: Vec<u32>,
    /// Of each long value: address, length in bytes, 1 when it is ASCII.
    pub(crate) long: Vec<u32>,
    /// Long values that were made here rather than found in what came from the socket.
    made: Vec<Box<[u8]>>,
    /// Where a text is made that is then copied into its segment.
    scratch: String,
    start: usize,
    units: u32,
    rows: u32,
    has_wide: bool,
}

impl Texts {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.segments.clear();
        self.long.clear();
        self.made.clear();
        self.begin();
    }

    /// Starts a run of rows: its texts begin a segment of their own.
    pub(crate) fn begin(&mut self) {
        self.start = self.bytes.len();
        self.units = 0;
        self.rows = 0;
        self.has_wide = false;
    }

    /// Appends a text that was made here and gives its slot.
    pub(crate) fn push_text(&mut self, text: String) -> u32 {
        if text.len() < LONG_TEXT {
            return self.push(&text);
        }
        let ascii = text.is_ascii();
        self.keep(text.into_bytes(), ascii)
    }

    /// Appends a text that is made now, without memory of its own, and gives its slot.
    pub(crate) fn make<E>(&mut self, write: impl FnOnce(&mut String) -> Result<(), E>) -> Result<u32, E> {
        let mut text = core::mem::take(&mut self.scratch);
        text.clear();
        write(&mut text)?;
        if text.len() >= LONG_TEXT {
            return Ok(self.push_text(text));
        }
        let slot = self.push(&text);
        self.scratch = text;
        Ok(slot)
    }

    /// Appends a text that stays where it is, in what came from the socket, and gives its slot.
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        let ascii = text.is_ascii();
        if text.len() >= LONG_TEXT {
            return self.push_long(text.as_bytes(), ascii);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        let units = if ascii { text.len() } else { text.encode_utf16().count() };
        self.has_wide |= !ascii;
        // Under 512 units each, and a segment ends with the row: far from 31 bits.
        self.units = self.units.saturating_add(u32::try_from(units).unwrap_or(0)) & !LONG;
        self.units
    }

    /// Lists a value that stays where it is and gives its slot.
    pub(crate) fn push_long(&mut self, value: &[u8], ascii: bool) -> u32 {
        let index = u32::try_from(self.long.len() / 3).unwrap_or(0);
        self.long.extend([address(value.as_ptr()), length(value.len()), u32::from(ascii)]);
        LONG | index
    }

    /// The same for bytes that were made here, which are kept until the next chunk.
    pub(crate) fn push_made(&mut self, value: Vec<u8>) -> u32 {
        self.keep(value, false)
    }

    fn keep(&mut self, value: Vec<u8>, ascii: bool) -> u32 {
        let value = value.into_boxed_slice();
        let slot = self.push_long(&value, ascii);
        self.made.push(value);
        slot
    }

    /// Ends a row, and the segment when it is long enough.
    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
        if self.bytes.len() - self.start >= SEGMENT {
            self.end();
        }
    }

    /// Ends the segment, if any row is in it.
    pub(crate) fn end(&mut self) {
        if self.rows > 0 {
            let bytes = length(self.bytes.len() - self.start);
            self.segments.extend([self.rows, length(self.start), bytes, u32::from(!self.has_wide)]);
        }
        self.begin();
    }
}

/// Where `pointer` is in linear memory.
pub(crate) fn address<T>(pointer: *const T) -> u32 {
    // 32 bits on wasm32; elsewhere (the tests) nobody reads it.
    u32::try_from(pointer.addr() & 0xffff_ffff).unwrap_or(0)
}

/// A length in linear memory, which has no longer ones.
pub(crate) fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// A length or an index that JavaScript gives.
pub(crate) fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
