//! Composite values, and anonymous records. See "Composite Types".

mod text;
mod view;

pub use text::{RecordText, RecordWriter};
pub use view::RecordView;
