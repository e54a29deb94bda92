use crate::wire::{Malformed, Reader};

/// So many parts of a value in binary format, one behind the other, and nothing behind the last one: each as it is read,
/// or why it cannot be, and nothing after that.
#[derive(Debug, Clone)]
pub(super) struct Counted<'a> {
    reader: Reader<'a>,
    left: usize,
}

impl<'a> Counted<'a> {
    pub(super) const fn new(reader: Reader<'a>, left: usize) -> Self {
        Self { reader, left }
    }

    /// Reads their Int32 count, of which none is believed that the rest is too short for when each takes so many bytes.
    #[inline]
    pub(super) fn read(raw: &'a [u8], least: usize) -> Result<Self, Malformed> {
        let mut reader = Reader::new(raw);
        let left = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
        if left > reader.remaining() / least {
            return Err(Malformed::Truncated);
        }
        Ok(Self { reader, left })
    }

    /// How many are still to come.
    pub(super) const fn len(&self) -> usize {
        self.left
    }

    #[inline]
    pub(super) fn next<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Option<Result<T, Malformed>> {
        let Some(left) = self.left.checked_sub(1) else {
            let trailing = !core::mem::replace(&mut self.reader, Reader::new(&[])).is_empty();
            return trailing.then_some(Err(Malformed::TrailingBytes));
        };
        self.left = left;
        let part = read(&mut self.reader);
        if part.is_err() {
            *self = Self::new(Reader::new(&[]), 0);
        }
        Some(part)
    }
}
