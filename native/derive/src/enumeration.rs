use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Ident, Result};

use crate::attributes::{OfField, OfType};

/// Variants and their labels.
fn labels<'a>(input: &DeriveInput, data: &'a DataEnum) -> Result<Vec<(&'a Ident, String)>> {
    let of_type = OfType::read(&input.attrs)?;
    data.variants
        .iter()
        .map(|variant| {
            let of_variant = OfField::read_name(&variant.attrs, variant.ident.span())?;
            Ok((&variant.ident, of_type.name(&variant.ident, &of_variant)))
        })
        .collect()
}

/// An enum is written as its variant's label.
pub(crate) fn to_sql(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let name = &input.ident;
    let (variants, labels): (Vec<_>, Vec<_>) = labels(input, data)?.into_iter().unzip();
    Ok(quote! {
        #[automatically_derived]
        impl ::trunkline::types::ToSql for #name {
            fn accepts(&self, type_: &::trunkline::types::Type) -> bool {
                ::trunkline::types::enumeration::accepts(type_)
            }

            fn to_sql(
                &self,
                _type: &::trunkline::types::Type,
                out: &mut ::trunkline::types::BytesMut,
            ) -> ::core::result::Result<::trunkline::types::IsNull, ::trunkline::types::BoxError> {
                let label = match *self { #(Self::#variants => #labels),* };
                ::core::result::Result::Ok(::trunkline::types::enumeration::encode(label, out))
            }

            fn format(&self, type_: &::trunkline::types::Type) -> ::trunkline::types::Format {
                ::trunkline::types::ToSql::format("", type_)
            }
        }

        #[automatically_derived]
        impl ::trunkline::types::ArrayElement for #name {}
    })
}

/// And read as the variant of the label.
pub(crate) fn from_sql(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let name = &input.ident;
    let (variants, labels): (Vec<_>, Vec<_>) = labels(input, data)?.into_iter().unzip();
    Ok(quote! {
        #[automatically_derived]
        impl<'__row> ::trunkline::types::FromSql<'__row> for #name {
            fn accepts(type_: &::trunkline::types::Type) -> bool {
                ::trunkline::types::enumeration::accepts(type_)
            }

            fn from_sql(
                type_: &::trunkline::types::Type,
                format: ::trunkline::types::Format,
                raw: &'__row [u8],
            ) -> ::core::result::Result<Self, ::trunkline::types::BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            fn from_sql_owned(
                _type: &::trunkline::types::Type,
                _format: ::trunkline::types::Format,
                raw: &[u8],
            ) -> ::core::result::Result<Self, ::trunkline::types::BoxError> {
                #(if raw == #labels.as_bytes() {
                    return ::core::result::Result::Ok(Self::#variants);
                })*
                ::core::result::Result::Err(::trunkline::types::enumeration::unknown(raw, &[#(#labels),*]))
            }
        }
    })
}
