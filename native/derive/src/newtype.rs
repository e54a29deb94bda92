use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Type};

use crate::generics;

/// A struct of one unnamed field is written as that field.
pub(crate) fn to_sql(input: &DeriveInput, inner: &Type) -> TokenStream {
    let name = &input.ident;
    let generics = generics::with_bound(&input.generics, &quote!(::trunkline::types::ToSql));
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::trunkline::types::ToSql for #name #type_generics #where_clause {
            fn accepts(&self, type_: &::trunkline::types::Type) -> bool {
                <#inner as ::trunkline::types::ToSql>::accepts(&self.0, type_)
            }

            fn to_sql(
                &self,
                type_: &::trunkline::types::Type,
                out: &mut ::trunkline::types::BytesMut,
            ) -> ::core::result::Result<::trunkline::types::IsNull, ::trunkline::types::BoxError> {
                <#inner as ::trunkline::types::ToSql>::to_sql(&self.0, type_, out)
            }

            fn format(&self, type_: &::trunkline::types::Type) -> ::trunkline::types::Format {
                <#inner as ::trunkline::types::ToSql>::format(&self.0, type_)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::trunkline::types::ArrayElement for #name #type_generics #where_clause {}
    }
}

/// And read as that field.
pub(crate) fn from_sql(input: &DeriveInput, inner: &Type) -> TokenStream {
    let name = &input.ident;
    let lifetime = generics::row_lifetime(&input.generics);
    let generics = generics::with_bound(&input.generics, &quote!(::trunkline::types::FromSql<#lifetime>));
    let (_, type_generics, where_clause) = generics.split_for_impl();
    let all = generics::with_lifetime(&generics, &lifetime);
    let (impl_generics, _, _) = all.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::trunkline::types::FromSql<#lifetime> for #name #type_generics #where_clause {
            fn accepts(type_: &::trunkline::types::Type) -> bool {
                <#inner as ::trunkline::types::FromSql<#lifetime>>::accepts(type_)
            }

            fn from_sql(
                type_: &::trunkline::types::Type,
                format: ::trunkline::types::Format,
                raw: &#lifetime [u8],
            ) -> ::core::result::Result<Self, ::trunkline::types::BoxError> {
                <#inner as ::trunkline::types::FromSql<#lifetime>>::from_sql(type_, format, raw).map(Self)
            }

            fn from_sql_owned(
                type_: &::trunkline::types::Type,
                format: ::trunkline::types::Format,
                raw: &[u8],
            ) -> ::core::result::Result<Self, ::trunkline::types::BoxError> {
                <#inner as ::trunkline::types::FromSql<#lifetime>>::from_sql_owned(type_, format, raw).map(Self)
            }
        }
    }
}
