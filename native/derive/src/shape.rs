use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::{composite, enumeration, newtype};

/// What a type stands for in the database.
enum Shape<'a> {
    Composite(&'a syn::FieldsNamed),
    Enum(&'a syn::DataEnum),
    Newtype(&'a syn::Type),
}

impl<'a> Shape<'a> {
    fn of(input: &'a DeriveInput) -> Result<Self> {
        let problem = match &input.data {
            Data::Enum(data) if data.variants.iter().all(|variant| variant.fields.is_empty()) => {
                return Ok(Self::Enum(data));
            }
            Data::Enum(_) => "an enum stands for labels: its variants hold no data",
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => return Ok(Self::Composite(fields)),
                Fields::Unnamed(fields) => match fields.unnamed.first() {
                    Some(field) if fields.unnamed.len() == 1 => return Ok(Self::Newtype(&field.ty)),
                    _ => "a struct of several unnamed fields stands for nothing: name them, or use a tuple",
                },
                Fields::Unit => "a struct without fields stands for nothing",
            },
            Data::Union(_) => "a union stands for nothing",
        };
        Err(Error::new_spanned(&input.ident, problem))
    }
}

pub(crate) fn derive_to_sql(input: &DeriveInput) -> Result<TokenStream> {
    match Shape::of(input)? {
        Shape::Composite(fields) => composite::to_sql(input, fields),
        Shape::Enum(data) => enumeration::to_sql(input, data),
        Shape::Newtype(inner) => Ok(newtype::to_sql(input, inner)),
    }
}

pub(crate) fn derive_from_sql(input: &DeriveInput) -> Result<TokenStream> {
    match Shape::of(input)? {
        Shape::Composite(fields) => composite::from_sql(input, fields),
        Shape::Enum(data) => enumeration::from_sql(input, data),
        Shape::Newtype(inner) => Ok(newtype::from_sql(input, inner)),
    }
}
