use alloc::format;

use serde::de::DeserializeOwned;

use super::{FromRow, Row};
use crate::error::{Error, UsageError};
use crate::types::Json;

/// Whatever serde can read from the JSON that a row [serialises](Row) as, such as a struct that derives `Deserialize`:
/// its fields take the columns of their names. What JSON has nothing for comes as its text.
///
/// A type that derives `FromRow` is read without a detour, and may borrow.
impl<T: DeserializeOwned> FromRow<'_> for Json<T> {
    fn from_row(row: Row<'_>) -> Result<Self, Error> {
        let read = serde_json::to_value(row).and_then(T::deserialize);
        read.map(Self).map_err(|problem| {
            let wanted = core::any::type_name::<T>();
            UsageError::shape(format!("the row cannot be read as {wanted}: {problem}")).into()
        })
    }
}
