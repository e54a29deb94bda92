use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// What Close and Describe are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target<'a> {
    /// The prepared statement of that name; empty for the unnamed one.
    Statement(&'a str),
    /// The portal of that name; empty for the unnamed one.
    Portal(&'a str),
}

impl<'a> Target<'a> {
    pub(super) fn write(self, writer: &mut Writer<'_>) -> Result<(), Unencodable> {
        let (kind, name, what) = match self {
            Self::Statement(name) => (b'S', name, "a statement name"),
            Self::Portal(name) => (b'P', name, "a portal name"),
        };
        writer.u8(kind);
        writer.cstr(name, what)
    }

    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        match reader.u8()? {
            b'S' => reader.cstr().map(Self::Statement),
            b'P' => reader.cstr().map(Self::Portal),
            _ => Err(Malformed::Unknown("what to close or describe")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::frontend::{Close, Describe};
    use crate::message::testing;

    #[test]
    fn a_nul_or_another_kind_is_refused() {
        let (statement, portal) = (Target::Statement("\0"), Target::Portal("\0"));
        let problem = Unencodable::ContainsNul("a statement name");
        testing::unencodable(|out| Close { target: statement }.encode(out), problem);
        let problem = Unencodable::ContainsNul("a portal name");
        testing::unencodable(|out| Describe { target: portal }.encode(out), problem);
        assert_eq!(
            Target::read(&mut Reader::new(b"X\0")),
            Err(Malformed::Unknown("what to close or describe"))
        );
    }
}
