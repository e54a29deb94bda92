//! Rows as JavaScript reads them: 32-bit slots in row order, and text in segments.
//!
//! ```text
//! a row's slots:  [ null bitmap, a word for 32 columns ][ f64, i64: two slots, aligned ][ everything else: one ]
//! texts:          one after the other in a segment's bytes; a text's slot is where it ends, in UTF-16 units
//! long texts:     left where they came from the socket; the slot is LONG | index into the list of long values
//! ```
//!
//! Core decodes every type; JavaScript knows the kinds of [`Cell`](cell::Cell) and [`Layout`], and no type.

mod cell;
mod choices;
mod codecs;
mod layout;
mod nested;
mod output;
mod plan;
mod problem;
mod scalar;
mod text;

pub(crate) use choices::Choices;
pub(crate) use codecs::Codecs;
pub(crate) use layout::Layout;
pub(crate) use output::{RowOutput, Rows, Undecodable};
pub(crate) use plan::Plan;
pub(crate) use text::{address, length, size};
