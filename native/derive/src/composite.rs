use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, FieldsNamed, Ident, Result, Type};

use crate::attributes::{OfField, OfType};
use crate::generics;

/// Fields with their types and the names of their attributes.
fn attributes<'a>(
    input: &DeriveInput,
    fields: &'a FieldsNamed,
) -> Result<Vec<(&'a Ident, &'a Type, String)>> {
    let of_type = OfType::read(&input.attrs)?;
    let mut found = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let of_field = OfField::read_name(&field.attrs, ident.span())?;
        found.push((ident, &field.ty, of_type.name(ident, &of_field)));
    }
    Ok(found)
}

/// A struct is written as a composite value.
pub(crate) fn to_sql(input: &DeriveInput, fields: &FieldsNamed) -> Result<TokenStream> {
    let attributes = attributes(input, fields)?;
    let idents: Vec<&Ident> = attributes.iter().map(|(ident, ..)| *ident).collect();
    let names: Vec<&str> = attributes.iter().map(|(.., name)| name.as_str()).collect();
    let count = attributes.len();
    let named = quote!(&[#((#names, &self.#idents)),*]);
    let name = &input.ident;
    let generics = generics::with_bound(&input.generics, &quote!(::trunkline::types::ToSql));
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics ::trunkline::types::ToSql for #name #type_generics #where_clause {
            fn accepts(&self, type_: &::trunkline::types::Type) -> bool {
                ::trunkline::types::composite::is_composite(type_)
            }

            fn to_sql(
                &self,
                type_: &::trunkline::types::Type,
                out: &mut ::trunkline::types::BytesMut,
            ) -> ::core::result::Result<::trunkline::types::IsNull, ::trunkline::types::BoxError> {
                let written = match ::trunkline::types::composite::InOrderWriter::of(type_, #count, out) {
                    ::core::option::Option::Some(mut fields) => true #(&& fields.is_next(#names) && fields.put(&self.#idents)?)*,
                    ::core::option::Option::None => false,
                };
                if written {
                    return ::core::result::Result::Ok(::trunkline::types::IsNull::No);
                }
                ::trunkline::types::composite::encode(#named, type_, out)
            }

            fn format(&self, type_: &::trunkline::types::Type) -> ::trunkline::types::Format {
                let binary = match ::trunkline::types::composite::InOrder::of(type_, #count) {
                    ::core::option::Option::Some(mut fields) => true #(&& fields.is_next(#names) && fields.is_binary(&self.#idents))*,
                    ::core::option::Option::None => false,
                };
                if binary {
                    return ::trunkline::types::Format::Binary;
                }
                ::trunkline::types::composite::format(#named, type_)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::trunkline::types::ArrayElement for #name #type_generics #where_clause {}
    })
}

/// And read as one.
pub(crate) fn from_sql(input: &DeriveInput, fields: &FieldsNamed) -> Result<TokenStream> {
    let attributes = attributes(input, fields)?;
    let taken = attributes.iter().map(|(ident, type_, name)| quote!(#ident: fields.take::<#type_>(#name)?));
    let owned =
        attributes.iter().map(|(ident, type_, name)| quote!(#ident: fields.take_owned::<#type_>(#name)?));
    let name = &input.ident;
    let lifetime = generics::row_lifetime(&input.generics);
    let bounded = generics::with_bound(&input.generics, &quote!(::trunkline::types::FromSql<#lifetime>));
    let (_, type_generics, where_clause) = bounded.split_for_impl();
    let all = generics::with_lifetime(&bounded, &lifetime);
    let (impl_generics, _, _) = all.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics ::trunkline::types::FromSql<#lifetime> for #name #type_generics #where_clause {
            fn accepts(type_: &::trunkline::types::Type) -> bool {
                ::trunkline::types::composite::is_composite(type_)
            }

            fn from_sql(
                type_: &::trunkline::types::Type,
                format: ::trunkline::types::Format,
                raw: &#lifetime [u8],
            ) -> ::core::result::Result<Self, ::trunkline::types::BoxError> {
                ::trunkline::types::composite::decode(type_, format, raw, |fields| {
                    ::core::result::Result::Ok(Self { #(#taken),* })
                })
            }

            fn from_sql_owned(
                type_: &::trunkline::types::Type,
                format: ::trunkline::types::Format,
                raw: &[u8],
            ) -> ::core::result::Result<Self, ::trunkline::types::BoxError> {
                ::trunkline::types::composite::decode(type_, format, raw, |fields| {
                    ::core::result::Result::Ok(Self { #(#owned),* })
                })
            }
        }
    })
}
