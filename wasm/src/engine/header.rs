use crate::rows::address;

/// How many words there are.
const WORDS: usize = 16;

/// What JavaScript looks at after a call: words at a fixed address, known to `js/src/engine/header.ts`.
///
/// ```text
///  0 outgoing: address     5 slots          10 flags
///  1 outgoing: length      6 nested slots   11 transaction status: I, T or E
///  2 events: address       7 texts          12 the next deadline, in milliseconds, as a double:
///  3 events: words         8 segments       13   infinity when there is none
///  4 unused                9 long values
/// ```
#[derive(Debug)]
pub(super) struct Header(Box<[u64; WORDS / 2]>);

/// Bits of the word of flags.
pub(super) mod flags {
    /// The socket should be read.
    pub(crate) const WANTS_READ: u32 = 1;
    /// More commands are welcome.
    pub(crate) const CAN_ACCEPT: u32 = 2;
    /// The session is open.
    pub(crate) const READY: u32 = 4;
    /// The connection is closed.
    pub(crate) const CLOSED: u32 = 8;
}

impl Header {
    pub(super) fn new() -> Self {
        Self(Box::new([0; WORDS / 2]))
    }

    pub(super) fn address(&self) -> u32 {
        address(self.0.as_ptr())
    }

    pub(super) fn outgoing(&mut self, address: u32, length: u32) {
        self.set(0, &[address, length]);
    }

    pub(super) fn events(&mut self, address: u32, words: u32) {
        self.set(2, &[address, words]);
    }

    pub(super) fn rows(&mut self, addresses: [u32; 5]) {
        self.set(5, &addresses);
    }

    pub(super) fn state(&mut self, flags: u32, transaction_status: u8) {
        self.set(10, &[flags, transaction_status.into()]);
    }

    pub(super) fn deadline(&mut self, milliseconds: f64) {
        if let Some(word) = self.0.get_mut(6) {
            *word = milliseconds.to_bits();
        }
    }

    fn set(&mut self, at: usize, values: &[u32]) {
        let words: &mut [u32] = bytemuck::cast_slice_mut(self.0.as_mut_slice());
        if let Some(place) = words.get_mut(at..at + values.len()) {
            place.copy_from_slice(values);
        }
    }
}
