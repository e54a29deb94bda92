use core::fmt::{self, Display, Formatter};

use super::{Record, Value, binary};
use crate::types::Array;
use crate::types::array::ArrayWriter;
use crate::types::composite::RecordWriter;

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(written) = self.write_scalar(f) {
            return written;
        }
        match self {
            Self::Array(value) => array(value, f),
            Self::Range(value) => value.fmt(f),
            Self::Multirange(value) => value.fmt(f),
            Self::Record(value) => value.fmt(f),
            Self::Opaque(value) => binary::hex(value, f),
            _ => Ok(()),
        }
    }
}

impl Display for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut writer = RecordWriter::new(f)?;
        for value in self.values() {
            writer.display(present(value))?;
        }
        writer.finish()
    }
}

fn array(array: &Array<Value>, f: &mut Formatter<'_>) -> fmt::Result {
    // The one type whose text has commas in it.
    let boxes = array.elements().iter().any(|element| matches!(element, Value::Box(_)));
    let mut writer = ArrayWriter::new(f, array.dimensions(), if boxes { b';' } else { b',' })?;
    for element in array.elements() {
        writer.display(present(element))?;
    }
    Ok(())
}

fn present(value: &Value) -> Option<&dyn Display> {
    if value.is_null() { None } else { Some(value) }
}
