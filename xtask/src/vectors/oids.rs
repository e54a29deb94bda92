use trunkline_test_server::{Error, Result};

use super::catalog::{Catalog, Kind};

/// A type's OID inside of a value's binary form.
pub(super) struct Place {
    /// How many bytes are before it.
    pub(super) at: usize,
    pub(super) oid: u32,
}

/// The OIDs of types in a value's binary form: in the headers of arrays and before the fields of records, at whatever
/// depth. See `array_send` and `record_send` in PostgreSQL's source.
pub(super) fn find(catalog: &Catalog, type_: u32, binary: Option<&[u8]>) -> Result<Vec<Place>> {
    let Some(binary) = binary else { return Ok(Vec::new()) };
    let mut walk = Walk { catalog, binary, at: 0, found: Vec::new() };
    walk.value(type_, binary.len())?;
    match walk.at == binary.len() {
        true => Ok(walk.found),
        false => Err(Error::new(format!("a value of type {type_} has another length than its parts"))),
    }
}

struct Walk<'a> {
    catalog: &'a Catalog,
    binary: &'a [u8],
    at: usize,
    found: Vec<Place>,
}

impl Walk<'_> {
    fn value(&mut self, type_: u32, length: usize) -> Result<()> {
        match self.catalog.kind(type_)? {
            _ if type_ == RECORD => self.record()?,
            Kind::Composite(_) => self.record()?,
            Kind::Array(_) => self.array()?,
            Kind::Domain(of) => self.value(*of, length)?,
            Kind::Range(of) => self.range(*of)?,
            Kind::Multirange(of) => {
                for _ in 0..self.word()? {
                    self.field(*of)?;
                }
            }
            Kind::Base | Kind::Enum(_) => self.at += length,
        }
        Ok(())
    }

    /// Dimensions, whether there are NULLs, the elements' type, the length and lower bound of each dimension, elements.
    fn array(&mut self) -> Result<()> {
        let dimensions = self.word()?;
        self.word()?;
        let element = self.oid()?;
        let mut count = if dimensions == 0 { 0 } else { 1 };
        for _ in 0..dimensions {
            count *= self.word()?;
            self.word()?;
        }
        (0..count).try_for_each(|_| self.field(element))
    }

    /// The number of fields; of each its type and itself.
    fn record(&mut self) -> Result<()> {
        for _ in 0..self.word()? {
            let type_ = self.oid()?;
            self.field(type_)?;
        }
        Ok(())
    }

    /// Flags, then the bounds that are there.
    fn range(&mut self, of: u32) -> Result<()> {
        let flags = self.binary.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        let bounds = if flags & EMPTY != 0 { 0 } else { 2 - (flags & INFINITE).count_ones() };
        (0..bounds).try_for_each(|_| self.field(of))
    }

    /// A length, and that many bytes; −1 is NULL.
    fn field(&mut self, type_: u32) -> Result<()> {
        match usize::try_from(self.word()?.cast_signed()) {
            Ok(length) => self.value(type_, length),
            Err(_) => Ok(()),
        }
    }

    fn oid(&mut self) -> Result<u32> {
        let (at, oid) = (self.at, self.word()?);
        self.found.push(Place { at, oid });
        Ok(oid)
    }

    fn word(&mut self) -> Result<u32> {
        let bytes = self.binary.get(self.at..).and_then(|rest| rest.first_chunk());
        self.at += 4;
        bytes.copied().map(u32::from_be_bytes).ok_or_else(|| Error::new("a value ends too early"))
    }
}

const RECORD: u32 = 2249;
const EMPTY: u8 = 1;
/// The lower bound's, and the upper one's.
const INFINITE: u8 = 8 | 16;
