//! Composite values, and anonymous records. See ["Composite Types"].
//!
//! ["Composite Types"]: https://www.postgresql.org/docs/18/rowtypes.html

mod encode;
mod fields;
mod in_order;
mod text;
mod tuple;
mod view;

use super::{Field, Kind, Type};

#[doc(hidden)]
pub use encode::{accepts, encode, format};
pub(super) use encode::{encode_tuple, format_tuple};
#[doc(hidden)]
pub use fields::{Fields, decode, is_composite};
#[doc(hidden)]
pub use in_order::{InOrder, InOrderWriter};
pub use text::{RecordText, RecordWriter};
pub use view::RecordView;

/// The fields of a composite type; `None` for others, and for what is not described.
#[inline]
fn fields_of(type_: &Type) -> Option<&[Field]> {
    match &type_.description()?.kind {
        Kind::Composite(fields) => Some(fields),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
