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
///
/// ```
/// use trunkline_core::types::Format;
///
/// assert_eq!((Format::Text.code(), Format::Binary.code()), (0, 1));
/// ```
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
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Format::Binary.code(), 1);
    /// ```
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// The format of a code, if the protocol knows it.
    ///
    /// ```
    /// use trunkline_core::types::Format;
    ///
    /// assert_eq!(Format::from_code(0), Some(Format::Text));
    /// assert_eq!(Format::from_code(2), None);
    /// ```
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Text),
            1 => Some(Self::Binary),
            _ => None,
        }
    }
}

/// Whether an encoder wrote a value or means NULL, which is a length and no bytes.
///
/// ```
/// use trunkline_core::types::{BytesMut, IsNull, ToSql, Type};
///
/// let written = None::<i32>.to_sql(&Type::INT4, &mut BytesMut::new())?;
/// assert_eq!(written, IsNull::Yes);
/// # Ok::<(), trunkline_core::error::BoxError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum IsNull {
    /// NULL: nothing was written.
    Yes,
    /// A value was written, if perhaps an empty one.
    No,
}
