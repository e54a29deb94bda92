use trunkline_core::types::Type;
use trunkline_core::wire::Format;

/// The types that the program reads or writes in ways of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codecs(Box<[Codec]>);

/// One of them; JavaScript knows it by its place.
#[derive(Debug, Clone)]
pub(crate) struct Codec {
    schema: Option<Box<str>>,
    name: Box<str>,
    /// What it is over.
    pub(crate) format: Format,
    pub(crate) decodes: bool,
    pub(crate) encodes: bool,
}

impl Codecs {
    /// Reads names, `text` or `binary`, and `d`, `e` or `de` in turn, each ended by a NUL.
    pub(crate) fn parse(described: &str) -> Self {
        let mut parts = described.split_terminator('\0');
        let mut codecs = Vec::new();
        while let (Some(name), Some(format), Some(ways)) = (parts.next(), parts.next(), parts.next()) {
            let (schema, name) = match name.split_once('.') {
                Some((schema, name)) => (Some(schema.into()), name),
                None => (None, name),
            };
            codecs.push(Codec {
                schema,
                name: name.into(),
                format: if format == "binary" { Format::Binary } else { Format::Text },
                decodes: ways.starts_with('d'),
                encodes: ways.ends_with('e'),
            });
        }
        Self(codecs.into())
    }

    /// The codec that reads a type, and its place.
    pub(crate) fn decoder(&self, type_: &Type) -> Option<(usize, &Codec)> {
        self.find(type_, |codec| codec.decodes)
    }

    /// The place of the codec that writes a type.
    pub(crate) fn encoder(&self, type_: &Type) -> Option<usize> {
        self.find(type_, |codec| codec.encodes).map(|(place, _)| place)
    }

    /// One that names the schema goes before one that does not.
    fn find(&self, type_: &Type, does: impl Fn(&Codec) -> bool) -> Option<(usize, &Codec)> {
        let named = |schema: Option<&str>| {
            self.0.iter().enumerate().find(|(_, codec)| {
                codec.schema.as_deref() == schema && *codec.name == *type_.name() && does(codec)
            })
        };
        named(Some(type_.schema())).or_else(|| named(None))
    }
}
