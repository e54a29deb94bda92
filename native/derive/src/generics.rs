use proc_macro2::{Span, TokenStream};
use syn::{GenericParam, Generics, Lifetime, LifetimeParam, parse_quote};

/// The generics with a bound on every type parameter.
pub(crate) fn with_bound(generics: &Generics, bound: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(#bound));
    }
    generics
}

/// The lifetime of the row that a value is read from: the type's own, when it has one.
pub(crate) fn row_lifetime(generics: &Generics) -> Lifetime {
    let own = generics.lifetimes().next().map(|parameter| parameter.lifetime.clone());
    own.unwrap_or_else(|| Lifetime::new("'__row", Span::call_site()))
}

/// The generics with that lifetime among them.
pub(crate) fn with_lifetime(generics: &Generics, lifetime: &Lifetime) -> Generics {
    let mut generics = generics.clone();
    if generics.lifetimes().all(|parameter| parameter.lifetime != *lifetime) {
        generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime.clone())));
    }
    generics
}
