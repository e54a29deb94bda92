//! Bytes: frames, a reader that cannot pass the end, a writer that patches lengths, and the outbox.

mod frame;
mod outbox;
mod reader;
mod writer;

pub use frame::{Frame, HEADER, Header};
pub use outbox::Outbox;
pub use reader::{Malformed, Reader};
pub use writer::{Unencodable, Writer};

/// How a value is written: as the text a person would read, or in the type's binary form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Format {
    /// The text representation (format code 0).
    #[default]
    Text = 0,
    /// The binary representation (format code 1).
    Binary = 1,
}

impl Format {
    /// The protocol's format code.
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// The format of a code, if the protocol knows it.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Text),
            1 => Some(Self::Binary),
            _ => None,
        }
    }
}

/// Whether an encoder wrote a value or means NULL, which is a length and no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum IsNull {
    /// NULL: nothing was written.
    Yes,
    /// A value was written, if perhaps an empty one.
    No,
}
