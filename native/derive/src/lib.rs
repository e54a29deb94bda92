//! The derive macros of `trunkline`, which re-exports them.
#![forbid(unsafe_code)]

mod attributes;
mod composite;
mod enumeration;
mod generics;
mod newtype;
mod rename;
mod row;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a type of yours one that can be sent as a parameter.
///
/// A struct with named fields is a composite type, each field the attribute of its name; an enum without data is an
/// enum, each variant the label of its name; a struct of a single unnamed field is what that field is, which suits
/// domains and ids.
///
/// `#[trunkline(rename = "…")]` on a field or variant gives its name in the database;
/// `#[trunkline(rename_all = "…")]` on the type makes it from the name in Rust, by one of the rules `lowercase`,
/// `UPPERCASE`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`, `camelCase` and
/// `PascalCase`.
#[proc_macro_derive(ToSql, attributes(trunkline))]
pub fn to_sql(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    shape::derive_to_sql(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a type of yours one that a field of a row can be read as; the same shapes and attributes as for `ToSql`.
#[proc_macro_derive(FromSql, attributes(trunkline))]
pub fn from_sql(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    shape::derive_from_sql(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a struct of yours what a whole row can be read as: each field takes the column of its name.
///
/// Besides the renaming of `ToSql` and `FromSql`, a field can say `#[trunkline(default)]`, to be its type's default
/// when there is no such column or it is NULL; `#[trunkline(skip)]`, to be that always; `#[trunkline(flatten)]`, to
/// be read of the same row; and `#[trunkline(try_from = "T")]`, to be read as a `T` and converted.
#[proc_macro_derive(FromRow, attributes(trunkline))]
pub fn from_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    row::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
