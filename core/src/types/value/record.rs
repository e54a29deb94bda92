use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Value;
use crate::types::Field;

/// A composite value, with its fields' names; or an anonymous record, whose fields have none.
///
/// ```
/// use trunkline_core::types::{Record, Value};
///
/// let record = Record::new(vec![Value::Bool(true), Value::Null]);
/// assert_eq!(Value::Record(record).to_string(), "(t,)");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    fields: Option<Arc<[Field]>>,
    values: Box<[Value]>,
}

impl Record {
    /// An anonymous record.
    ///
    /// ```
    /// use trunkline_core::types::{Record, Value};
    ///
    /// assert_eq!(Record::new(vec![Value::Null]).values().len(), 1);
    /// ```
    pub fn new(values: Vec<Value>) -> Self {
        Self { fields: None, values: values.into() }
    }

    pub(super) fn of(fields: Arc<[Field]>, values: Vec<Value>) -> Self {
        Self { fields: Some(fields), values: values.into() }
    }

    /// The values of its fields, in order.
    ///
    /// ```
    /// use trunkline_core::types::{Record, Value};
    ///
    /// let record = Record::new(vec![Value::Text("Ada".into())]);
    /// assert_eq!(record.values(), [Value::Text("Ada".into())]);
    /// ```
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The fields with their names and types; nothing when it is anonymous.
    ///
    /// ```
    /// use trunkline_core::types::{Record, Value};
    ///
    /// assert!(Record::new(vec![Value::Null]).fields().is_none(), "it is anonymous");
    /// ```
    pub fn fields(&self) -> Option<&[Field]> {
        self.fields.as_deref()
    }

    /// The value of the field of that name.
    ///
    /// ```
    /// use trunkline_core::types::{Record, Value};
    ///
    /// fn amount(price: &Record) -> Option<&Value> {
    ///     price.get("amount")
    /// }
    /// // The fields of an anonymous one have no names.
    /// assert_eq!(amount(&Record::new(vec![Value::Null])), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&Value> {
        let position = self.fields()?.iter().position(|field| *field.name == *name)?;
        self.values.get(position)
    }
}
