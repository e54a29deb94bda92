//! Points, lines and shapes in a plane. See ["Geometric Types"] in PostgreSQL's documentation.
//!
//! Every coordinate is a float8: it may be infinite or NaN, and is written as the server writes one.
//!
//! ```
//! use trunkline_core::types::geometric::{Box, Point};
//!
//! let corners: Box = "(0,2),(3,-1.50)".parse()?;
//! assert_eq!(corners.high(), Point { x: 3.0, y: 2.0 });
//! assert_eq!(corners.to_string(), "(3,2),(0,-1.5)");
//! # Ok::<(), trunkline_core::types::ParseError>(())
//! ```
//!
//! ["Geometric Types"]: https://www.postgresql.org/docs/18/datatype-geometric.html

mod binary;
mod box_;
mod circle;
#[cfg(feature = "geo-types-0_7")]
mod geo_types_0_7;
mod line;
mod lseg;
mod path;
mod point;
mod polygon;
#[cfg(test)]
mod testing;
mod text;

pub use box_::Box;
pub use circle::Circle;
pub use line::Line;
pub use lseg::LineSegment;
pub use path::Path;
pub use point::Point;
pub use polygon::Polygon;
