/// A row of the generated table of built-in types.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    pub(super) oid: u32,
    pub(super) name: &'static str,
    pub(super) kind: BuiltInKind,
    pub(super) array: Option<&'static Self>,
    pub(super) delimiter: u8,
    pub(super) binary: bool,
}

/// What kind of type a row is.
#[derive(Debug)]
pub(crate) enum BuiltInKind {
    Base,
    Array(&'static BuiltIn),
    Range(&'static BuiltIn),
    Multirange(&'static BuiltIn),
    Pseudo,
}

impl BuiltIn {
    pub(crate) const fn row(
        oid: u32,
        name: &'static str,
        kind: BuiltInKind,
        array: Option<&'static Self>,
        delimiter: u8,
        binary: bool,
    ) -> Self {
        Self { oid, name, kind, array, delimiter, binary }
    }
}
