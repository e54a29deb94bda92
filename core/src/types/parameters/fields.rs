/// Makes a struct of yours the parameters of a statement: its fields, in the order given, are `$1`, `$2` …, or
/// by their names `:name`, `:age` ….
///
/// Every field must be [`ToSql`](crate::types::ToSql).
///
/// ```
/// use trunkline_core::impl_parameters;
/// use trunkline_core::types::Parameters;
///
/// struct NewUser<'a> {
///     name: &'a str,
///     tags: Vec<String>,
///     age: Option<i32>,
/// }
///
/// impl_parameters!(NewUser<'a> { name, age, tags });
///
/// // insert into users (name, age, tags) values ($1, $2, $3)
/// let user = NewUser { name: "Ada", tags: vec!["maths".into()], age: None };
/// assert_eq!(user.count(), 3);
/// ```
#[macro_export]
macro_rules! impl_parameters {
    ($name:ident $(<$($lifetime:lifetime),+>)? { $($field:ident),+ $(,)? }) => {
        #[allow(single_use_lifetimes, reason = "one name for each, whatever the fields do with them")]
        impl $(<$($lifetime),+>)? $crate::types::Parameters for $name $(<$($lifetime),+>)? {
            fn count(&self) -> usize {
                [$(::core::stringify!($field)),+].len()
            }

            fn name(&self, index: usize) -> ::core::option::Option<&str> {
                [$(::core::stringify!($field)),+].get(index).copied()
            }

            fn format(&self, index: usize, type_: &$crate::types::Type) -> $crate::wire::Format {
                let fields: &[&dyn $crate::types::ToSql] = &[$(&self.$field),+];
                $crate::types::Parameters::format(fields, index, type_)
            }

            fn encode(
                &self,
                index: usize,
                type_: &$crate::types::Type,
                out: &mut $crate::__bytes::BytesMut,
            ) -> ::core::result::Result<$crate::wire::IsNull, $crate::error::UsageError> {
                let fields: &[&dyn $crate::types::ToSql] = &[$(&self.$field),+];
                $crate::types::Parameters::encode(fields, index, type_, out)
            }
        }
    };
}
