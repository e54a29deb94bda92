use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Write};

use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::float::text::FloatText;
use crate::types::{FromSql, Type};
use crate::wire::Format;

/// A host type that a binary form is read as, and that is written as the server writes it.
///
/// Apart from [`FromSql`], so that who only reads binary forms needs no code that parses texts.
pub(super) trait Binary: Sized {
    fn from_binary(type_: &Type, raw: &[u8]) -> Result<Self, BoxError>;

    fn write(&self, out: &mut dyn Write) -> fmt::Result;

    /// Writes the text of a binary form.
    fn render(type_: &Type, raw: &[u8], out: &mut dyn Write) -> Result<(), BoxError> {
        Ok(Self::from_binary(type_, raw)?.write(out)?)
    }
}

impl<T: Codec> Binary for T {
    fn from_binary(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        Self::decode(type_, raw)
    }

    fn write(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{self}")
    }
}

macro_rules! binary {
    ($($type:ty: |$value:ident, $out:ident| $write:expr;)*) => {$(
        impl Binary for $type {
            fn from_binary(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, Format::Binary, raw)
            }

            fn write(&self, $out: &mut dyn Write) -> fmt::Result {
                let $value = self;
                $write
            }
        }
    )*};
}

binary! {
    bool: |value, out| out.write_str(if *value { "t" } else { "f" });
    i16: |value, out| write!(out, "{value}");
    i32: |value, out| write!(out, "{value}");
    i64: |value, out| write!(out, "{value}");
    u32: |value, out| write!(out, "{value}");
    u64: |value, out| write!(out, "{value}");
    f32: |value, out| write!(out, "{}", FloatText(*value));
    f64: |value, out| write!(out, "{}", FloatText(*value));
    u8: |value, out| byte(*value, out);
    String: |value, out| out.write_str(value);
    Vec<u8>: |value, out| hex(value, out);
    Vec<i16>: |value, out| spaced(value, out);
    Vec<u32>: |value, out| spaced(value, out);
}

/// As `charout` has it.
fn byte(byte: u8, out: &mut dyn Write) -> fmt::Result {
    match byte {
        0 => Ok(()),
        1..128 => out.write_char(char::from(byte)),
        128.. => write!(out, "\\{byte:03o}"),
    }
}

pub(super) fn hex(bytes: &[u8], out: &mut dyn Write) -> fmt::Result {
    out.write_str("\\x")?;
    bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
}

/// As the vectors of the catalogs are written.
fn spaced<T: Display>(values: &[T], out: &mut dyn Write) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.write_str(" ")?;
        }
        write!(out, "{value}")?;
    }
    Ok(())
}
