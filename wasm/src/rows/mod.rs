//! Rows as JavaScript reads them: 32-bit slots in row order, and text in segments.
//!
//! ```text
//! a row's slots:  [ null bitmap, a word for 32 columns ][ f64, i64: two slots, aligned ][ everything else: one ]
//! texts:          one after the other in a segment's bytes; a text's slot is where it ends, in UTF-16 units
//! long texts:     left where they came from the socket; the slot is LONG | index into the list of long values
//! ```
//!
//! Every type is decoded here, once; JavaScript knows the eight kinds of [`Cell`] and no type.

mod arrays;
mod cell;
mod decode;
mod output;
mod representation;
mod text;

pub(crate) use output::{RowOutput, Rows, Undecodable};
pub(crate) use representation::{Int8, Plan, element_of, oids};
pub(crate) use text::{address, length};
