//! Arrays of anything that is an [`ArrayElement`]. See ["Arrays"].
//!
//! ["Arrays"]: https://www.postgresql.org/docs/18/arrays.html

mod decode;
mod dimension;
mod element;
mod encode;
mod list;
mod reader;
mod value;
mod view;
mod writer;

use alloc::borrow::Cow;

use super::{Type, oid};

pub use dimension::{Dimension, DimensionError};
pub use element::ArrayElement;
#[doc(hidden)]
pub use element::{Held, ListForm};
pub use reader::ArrayText;
pub use value::Array;
pub use view::{ArrayElements, ArrayView};
pub use writer::ArrayWriter;

/// What the elements of an array type are.
struct Elements<'t> {
    /// Their type's OID, as the header of an array has it: of a domain its own.
    oid: u32,
    /// What they are written as: what a domain is over.
    type_: Cow<'t, Type>,
}

impl<'t> Elements<'t> {
    /// `None` for what is not known to be an array, or not of what.
    #[inline]
    fn of(type_: &'t Type) -> Option<Self> {
        let element = type_.array_of()?;
        Some(Self { oid: element.oid(), type_: Type::base_of(element) })
    }
}

/// Whether it is one of the vectors of the catalogs: arrays that start at 0, on which the server insists.
#[inline]
const fn is_vector(type_: &Type) -> bool {
    matches!(type_.oid(), oid::INT2VECTOR | oid::OIDVECTOR)
}

#[cfg(test)]
mod tests;
