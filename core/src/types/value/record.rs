use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Value;
use crate::types::Field;

/// A composite value, with its fields' names; or an anonymous record, whose fields have none.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    fields: Option<Arc<[Field]>>,
    values: Box<[Value]>,
}

impl Record {
    /// An anonymous record.
    pub fn new(values: Vec<Value>) -> Self {
        Self { fields: None, values: values.into() }
    }

    pub(super) fn of(fields: Arc<[Field]>, values: Vec<Value>) -> Self {
        Self { fields: Some(fields), values: values.into() }
    }

    /// The values of its fields, in order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The fields with their names and types; nothing when it is anonymous.
    pub fn fields(&self) -> Option<&[Field]> {
        self.fields.as_deref()
    }

    /// The value of the field of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let position = self.fields()?.iter().position(|field| *field.name == *name)?;
        self.values.get(position)
    }
}
