use alloc::collections::BTreeMap;
#[cfg(feature = "std")]
use core::hash::BuildHasher;
#[cfg(feature = "std")]
use std::collections::HashMap;

use bytes::BytesMut;

use super::{Parameters, encode, missing};
use crate::error::UsageError;
use crate::types::{ToSql, Type};
use crate::wire::{Format, IsNull};

/// Parameters by name, for SQL that has `:name` in place of `$1`; made by [`named!`](crate::named).
///
/// ```
/// use trunkline_core::named;
/// use trunkline_core::types::{Named, Parameters};
///
/// let user: Named<(i32, &str)> = named! { id: 7, name: "Ada" };
/// assert_eq!(user.name(1), Some("name"));
/// ```
#[derive(Clone, Copy)]
pub struct Named<P> {
    names: &'static [&'static str],
    values: P,
}

impl<P: Parameters> Named<P> {
    /// As many names as there are values. Use [`named!`](crate::named).
    ///
    /// ```
    /// use trunkline_core::types::{Named, Parameters};
    ///
    /// let parameters = Named::new(&["low", "high"], (1, 10));
    /// assert_eq!(parameters.count(), 2);
    /// ```
    #[doc(hidden)]
    pub fn new(names: &'static [&'static str], values: P) -> Self {
        Self { names, values }
    }
}

impl<P: Parameters> Parameters for Named<P> {
    fn count(&self) -> usize {
        self.values.count()
    }

    fn name(&self, index: usize) -> Option<&str> {
        self.names.get(index).copied()
    }

    fn are_ordered(&self) -> bool {
        false
    }

    fn format(&self, index: usize, type_: &Type) -> Format {
        self.values.format(index, type_)
    }

    fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
        self.values.encode(index, type_, out)
    }
}

/// Tells the names; not the values, which may be secret.
impl<P> core::fmt::Debug for Named<P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Named").field(&self.names).finish()
    }
}

/// Up to 16 parameters by name, for SQL that has `:name` in place of `$1`. A name alone takes the variable of that
/// name. For more use a struct (`impl_parameters!`) or a map.
///
/// ```
/// use trunkline_core::named;
/// use trunkline_core::types::Parameters;
///
/// let id = 7;
/// // select * from users where id = :id or name = :name
/// let parameters = named! { id, name: "Ada" };
/// assert_eq!(parameters.name(1), Some("name"));
/// ```
#[macro_export]
macro_rules! named {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($($name:ident $(: $value:expr)?),+ $(,)?) => {
        $crate::types::Named::new(
            &[$(::core::stringify!($name)),+],
            ($($crate::named!(@value $name $($value)?),)+),
        )
    };
}

/// A map's keys are the names of its parameters.
macro_rules! map {
    ($(#[$attribute:meta])* $map:ident, $($hasher:ident: $bound:ident)?) => {
        $(#[$attribute])*
        impl<K: AsRef<str>, V: ToSql $(, $hasher: $bound)?> Parameters for $map<K, V $(, $hasher)?> {
            fn count(&self) -> usize {
                self.len()
            }

            fn name(&self, index: usize) -> Option<&str> {
                self.keys().nth(index).map(AsRef::as_ref)
            }

            fn are_ordered(&self) -> bool {
                false
            }

            fn format(&self, index: usize, type_: &Type) -> Format {
                self.values().nth(index).map_or(Format::Binary, |value| value.format(type_.base()))
            }

            fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
                match self.values().nth(index) {
                    Some(value) => encode(value, index, type_, out),
                    None => Err(missing(index, self.len())),
                }
            }
        }
    };
}

map!(BTreeMap,);
map!(
    #[cfg(feature = "std")]
    HashMap, S: BuildHasher
);
