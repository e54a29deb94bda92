use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::attributes::{OfField, OfType};
use crate::generics;

/// A struct is read of a row field by field, each of the column of its name.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields,
            _ => {
                return Err(Error::new_spanned(
                    &input.ident,
                    "a row is read by the names of fields; use a tuple",
                ));
            }
        },
        _ => return Err(Error::new_spanned(&input.ident, "a row is read as a struct")),
    };
    let of_type = OfType::read(&input.attrs)?;
    let lifetime = generics::row_lifetime(&input.generics);
    let mut expected = 0_usize;
    let mut values = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let of_field = OfField::read(&field.attrs)?;
        let type_ = &field.ty;
        if of_field.skip {
            values.push(quote!(#ident: ::core::default::Default::default()));
            continue;
        }
        if of_field.flatten {
            values.push(quote!(#ident: <#type_ as ::trunkline::FromRow<#lifetime>>::from_row(row)?));
            continue;
        }
        let name = of_type.name(ident, &of_field);
        let column = quote!(::trunkline::NamedColumn { name: #name, expected: #expected });
        let read = of_field.try_from.as_ref().unwrap_or(type_);
        let mut value = if of_field.default {
            quote!(row.get_or_default::<#read>(#column)?)
        } else {
            quote!(row.get::<#read>(#column)?)
        };
        if of_field.try_from.is_some() {
            value = quote!(row.convert::<#read, #type_>(#column, #value)?);
        }
        values.push(quote!(#ident: #value));
        expected += 1;
    }
    let name = &input.ident;
    let bounded = generics::with_bound(&input.generics, &quote!(::trunkline::types::FromSql<#lifetime>));
    let (_, type_generics, where_clause) = bounded.split_for_impl();
    let all = generics::with_lifetime(&bounded, &lifetime);
    let (impl_generics, _, _) = all.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics ::trunkline::FromRow<#lifetime> for #name #type_generics #where_clause {
            fn from_row(row: ::trunkline::Row<#lifetime>) -> ::core::result::Result<Self, ::trunkline::Error> {
                ::core::result::Result::Ok(Self { #(#values),* })
            }
        }
    })
}
