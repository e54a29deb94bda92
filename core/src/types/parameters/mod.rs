mod by_name;
mod fields;

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use bytes::BytesMut;

pub use by_name::Named;

use super::{ToSql, Type, tuples_up_to_16};
use crate::error::UsageError;
use crate::wire::{Format, IsNull};

/// The parameters of one execution, `$1` at index 0.
///
/// `()` is none. Tuples of up to 16 values, arrays, slices and vectors of one kind of value, and for any number
/// of any kinds slices of `&dyn ToSql` or `&(dyn ToSql + Sync)`. Structs by
/// [`impl_parameters!`](crate::impl_parameters). SQL that names its parameters, `:name`, takes a struct, a map or
/// [`named!`](crate::named).
///
/// ```
/// use trunkline_core::types::{Parameters, ToSql};
///
/// fn count(parameters: &dyn Parameters) -> usize {
///     parameters.count()
/// }
/// let (name, age): (&str, Option<i32>) = ("Ada", None);
/// assert_eq!(count(&()), 0);
/// assert_eq!(count(&(name, age)), 2);
/// assert_eq!(count(&[1, 2, 3]), 3);
/// let any: [&dyn ToSql; 2] = [&name, &age];
/// assert_eq!(count(&any), 2);
/// ```
pub trait Parameters {
    /// How many there are.
    ///
    /// ```
    /// use trunkline_core::types::Parameters;
    ///
    /// assert_eq!((7, "Ada").count(), 2);
    /// ```
    fn count(&self) -> usize;

    /// The name of parameter `index`, when they can be given by name.
    ///
    /// ```
    /// use trunkline_core::types::Parameters;
    ///
    /// assert_eq!(trunkline_core::named! { id: 7 }.name(0), Some("id"));
    /// assert_eq!((7,).name(0), None);
    /// ```
    fn name(&self, _index: usize) -> Option<&str> {
        None
    }

    /// Whether they have an order of their own, so that they can stand for `$1`, `$2` …; those of a map have none.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use trunkline_core::types::Parameters;
    ///
    /// assert!((7, "Ada").are_ordered());
    /// assert!(!BTreeMap::from([("id", 7)]).are_ordered());
    /// ```
    fn are_ordered(&self) -> bool {
        true
    }

    /// How parameter `index` is written as `type_`.
    ///
    /// ```
    /// use trunkline_core::types::{Format, Parameters, Type};
    ///
    /// assert_eq!((7,).format(0, &Type::INT4), Format::Binary);
    /// ```
    fn format(&self, index: usize, type_: &Type) -> Format;

    /// Appends the value of parameter `index` as `type_`, without its length.
    ///
    /// ```
    /// use trunkline_core::types::{BytesMut, IsNull, Parameters, Type};
    ///
    /// let mut out = BytesMut::new();
    /// assert_eq!((7, None::<&str>).encode(0, &Type::INT4, &mut out)?, IsNull::No);
    /// assert_eq!(&out[..], [0, 0, 0, 7]);
    /// assert_eq!((7, None::<&str>).encode(1, &Type::TEXT, &mut out)?, IsNull::Yes);
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`UsageError::Parameter`] when it does not fit the type, [`UsageError::ParameterCount`] when there is no
    /// such parameter; `out` is left as it was.
    fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError>;
}

impl Parameters for () {
    fn count(&self) -> usize {
        0
    }

    fn format(&self, _index: usize, _type: &Type) -> Format {
        Format::Binary
    }

    fn encode(&self, index: usize, _type: &Type, _out: &mut BytesMut) -> Result<IsNull, UsageError> {
        Err(missing(index, 0))
    }
}

/// The same behind a pointer.
macro_rules! pointer {
    ($($pointer:ty),*) => {$(
        impl<P: Parameters + ?Sized> Parameters for $pointer {
            fn count(&self) -> usize {
                (**self).count()
            }

            fn name(&self, index: usize) -> Option<&str> {
                (**self).name(index)
            }

            fn are_ordered(&self) -> bool {
                (**self).are_ordered()
            }

            fn format(&self, index: usize, type_: &Type) -> Format {
                (**self).format(index, type_)
            }

            fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
                (**self).encode(index, type_, out)
            }
        }
    )*};
}

pointer!(&P, Box<P>);

impl<T: ToSql> Parameters for [T] {
    fn count(&self) -> usize {
        self.len()
    }

    fn format(&self, index: usize, type_: &Type) -> Format {
        self.get(index).map_or(Format::Binary, |value| value.format(type_.base()))
    }

    fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
        self.get(index)
            .map_or_else(|| Err(missing(index, self.len())), |value| encode(value, index, type_, out))
    }
}

/// The same for what is a slice at heart.
macro_rules! as_slice {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<$($generics)*> Parameters for $type {
            fn count(&self) -> usize {
                self.len()
            }

            fn format(&self, index: usize, type_: &Type) -> Format {
                self[..].format(index, type_)
            }

            fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
                self[..].encode(index, type_, out)
            }
        }
    )*};
}

as_slice!({T: ToSql, const N: usize} [T; N], {T: ToSql} Vec<T>);

macro_rules! tuple {
    ($count:literal $($index:tt $type:ident)*) => {
        impl<$($type: ToSql),*> Parameters for ($($type,)*) {
            fn count(&self) -> usize {
                $count
            }

            fn format(&self, index: usize, type_: &Type) -> Format {
                match index {
                    $($index => self.$index.format(type_.base()),)*
                    _ => Format::Binary,
                }
            }

            fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
                match index {
                    $($index => encode(&self.$index, index, type_, out),)*
                    _ => Err(missing(index, $count)),
                }
            }
        }
    };
}

tuples_up_to_16!(tuple);

#[inline]
fn encode(value: &impl ToSql, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
    let base = type_.base();
    if !value.accepts(base) {
        return Err(unfit(value, index, type_, ""));
    }
    let start = out.len();
    value.to_sql(base, out).map_err(|problem| {
        out.truncate(start);
        unfit(value, index, type_, &problem.to_string())
    })
}

#[cold]
fn unfit(value: &dyn ToSql, index: usize, type_: &Type, problem: &str) -> UsageError {
    UsageError::Parameter {
        number: index.saturating_add(1),
        name: None,
        postgres_type: type_.to_string().into(),
        host_type: value.host_type().into(),
        problem: problem.into(),
    }
}

#[cold]
fn missing(index: usize, given: usize) -> UsageError {
    UsageError::ParameterCount { expected: index.saturating_add(1), given }
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec;

    use super::*;

    fn all(parameters: &dyn Parameters, types: &[Type]) -> Result<Vec<u8>, UsageError> {
        let mut out = BytesMut::new();
        assert_eq!(parameters.count(), types.len());
        for (index, type_) in types.iter().enumerate() {
            _ = parameters.encode(index, type_, &mut out)?;
        }
        Ok(out.to_vec())
    }

    #[test]
    fn whatever_holds_them_they_are_the_same() {
        let types = [Type::TEXT, Type::TEXT];
        let owned = [String::from("a"), String::from("b")];
        let shared: &[&(dyn ToSql + Sync)] = &[&"a", &owned[1]];
        let mixed: &[&dyn ToSql] = &[&owned[0], &"b"];
        let boxed: Vec<Box<dyn ToSql>> = vec![Box::new("a"), Box::new('b')];
        for parameters in [
            &("a", String::from("b")) as &dyn Parameters,
            &["a", "b"],
            &owned,
            &&owned[..],
            &vec!["a", "b"],
            &shared,
            &mixed,
            &boxed,
        ] {
            assert_eq!(all(parameters, &types).unwrap(), b"ab");
        }
        assert_eq!(all(&(), &[]).unwrap(), b"");
    }

    #[test]
    fn sixteen_of_any_kind_go_into_a_tuple() {
        let many = (1, 2_i16, 3_i64, 4_u8, "", None::<i32>, true, 0.5, 1, 2, 3, 4, 5, 6, 7, "p");
        assert_eq!(many.count(), 16);
        let mut out = BytesMut::new();
        assert_eq!(many.encode(5, &Type::JSONB, &mut out).unwrap(), IsNull::Yes);
        assert_eq!(many.encode(15, &Type::TEXT, &mut out).unwrap(), IsNull::No);
        assert_eq!(&out[..], b"p");
    }

    #[test]
    fn an_error_names_parameter_and_types_and_leaves_nothing() {
        let mut out = BytesMut::from(&b"before"[..]);
        let wrong = (1, "x").encode(1, &Type::INT4, &mut out).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "parameter $2: &str cannot be sent as PostgreSQL's int4; nothing was sent"
        );
        let large = (5_000_000_000_i64,).encode(0, &Type::INT4, &mut out).unwrap_err();
        assert_eq!(
            large.to_string(),
            "parameter $1: i64 cannot be sent as PostgreSQL's int4: \
             5000000000 is out of its range, -2147483648 to 2147483647; nothing was sent"
        );
        let half = [vec!["a", "b\0"]].encode(0, &Type::TEXT_ARRAY, &mut out).unwrap_err();
        assert!(half.to_string().contains("NUL"), "{half}");
        let none = (1,).encode(1, &Type::INT4, &mut out).unwrap_err();
        assert_eq!(none, UsageError::ParameterCount { expected: 2, given: 1 });
        assert_eq!(&out[..], b"before");
    }
}
