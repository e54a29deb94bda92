use proc_macro2::Span;
use syn::{Attribute, Error, LitStr, Result, Type};

use crate::rename::Rule;

/// What `#[trunkline(…)]` says on a type.
#[derive(Default)]
pub(crate) struct OfType {
    pub(crate) rename_all: Option<Rule>,
}

/// What `#[trunkline(…)]` says on a field or variant.
#[derive(Default)]
pub(crate) struct OfField {
    pub(crate) rename: Option<String>,
    pub(crate) default: bool,
    pub(crate) skip: bool,
    pub(crate) flatten: bool,
    pub(crate) try_from: Option<Type>,
}

impl OfType {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        for attribute in ours(attributes) {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("rename_all") {
                    return Err(meta.error("a type can say rename_all = \"…\" here"));
                }
                let name: LitStr = meta.value()?.parse()?;
                let rule = Rule::named(&name.value());
                let unknown = || Error::new(name.span(), format!("the rules are {}", Rule::names()));
                found.rename_all = Some(rule.ok_or_else(unknown)?);
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// The name in the database of a field or variant.
    pub(crate) fn name(&self, ident: &syn::Ident, of_field: &OfField) -> String {
        let ident = ident.to_string();
        let bare = ident.strip_prefix("r#").unwrap_or(&ident);
        match (&of_field.rename, self.rename_all) {
            (Some(name), _) => name.clone(),
            (None, Some(rule)) => rule.apply(bare),
            (None, None) => bare.to_owned(),
        }
    }
}

impl OfField {
    /// Reads what a field of a row can say.
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        for attribute in ours(attributes) {
            attribute.parse_nested_meta(|meta| {
                match meta.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("rename") => found.rename = Some(meta.value()?.parse::<LitStr>()?.value()),
                    Some("default") => found.default = true,
                    Some("skip") => found.skip = true,
                    Some("flatten") => found.flatten = true,
                    Some("try_from") => found.try_from = Some(meta.value()?.parse::<LitStr>()?.parse()?),
                    _ => {
                        return Err(
                            meta.error("a field can say rename, default, skip, flatten or try_from here")
                        );
                    }
                }
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// Reads what an attribute of a composite or a label of an enum can say: its name only.
    pub(crate) fn read_name(attributes: &[Attribute], span: Span) -> Result<Self> {
        let found = Self::read(attributes)?;
        if found.default || found.skip || found.flatten || found.try_from.is_some() {
            return Err(Error::new(span, "only rename has a meaning here; the rest is for FromRow"));
        }
        Ok(found)
    }
}

fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("trunkline"))
}
