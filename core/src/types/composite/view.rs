use crate::types::counted::Counted;
use crate::wire::Malformed;

/// The least that a field takes: its type's OID and its length.
const LEAST: usize = 8;

/// A composite value or anonymous record in binary format: an iterator of its fields, each with its type's OID and
/// its bytes or NULL, or why it cannot be read, and nothing after that. Bytes that are left behind the last one are
/// such an error too.
///
/// ```text
/// Int32 fields │ ( Int32 type OID, Int32 length, value )…
/// ```
///
/// This is what `record_send` and `record_recv` of the server's `rowtypes.c` say to each other.
///
/// ```
/// use trunkline_core::types::composite::RecordView;
///
/// // row(7, null::text)
/// let raw = b"\0\0\0\x02\0\0\0\x17\0\0\0\x04\0\0\0\x07\0\0\0\x19\xff\xff\xff\xff";
/// let fields: Vec<_> = RecordView::read(raw)?.collect::<Result<_, _>>()?;
/// assert_eq!(fields, [(23, Some(&[0, 0, 0, 7][..])), (25, None)]);
/// # Ok::<(), trunkline_core::wire::Malformed>(())
/// ```
///
/// See ["Composite Types"].
///
/// ["Composite Types"]: https://www.postgresql.org/docs/18/rowtypes.html
#[derive(Debug, Clone)]
pub struct RecordView<'a>(Counted<'a>);

impl<'a> RecordView<'a> {
    /// Reads how many fields there are.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordView;
    ///
    /// // row(): of no fields.
    /// assert_eq!(RecordView::read(b"\0\0\0\0")?.count(), 0);
    /// assert!(RecordView::read(b"\0\0\0\x07").is_err(), "there is no room for seven");
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When what follows is too short for as many.
    #[inline]
    pub fn read(raw: &'a [u8]) -> Result<Self, Malformed> {
        Counted::read(raw, LEAST).map(Self)
    }

    /// How many fields are still to come.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordView;
    ///
    /// // row(null::text)
    /// let mut record = RecordView::read(b"\0\0\0\x01\0\0\0\x19\xff\xff\xff\xff")?;
    /// assert_eq!(record.len(), 1);
    /// record.next();
    /// assert_eq!(record.len(), 0);
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no more.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordView;
    ///
    /// assert!(RecordView::read(b"\0\0\0\0")?.is_empty());
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> Iterator for RecordView<'a> {
    type Item = Result<(u32, Option<&'a [u8]>), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next(|reader| Ok((reader.u32()?, reader.value()?)))
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        let refused =
            |raw| RecordView::read(raw).and_then(|view| view.collect::<Result<Vec<_>, _>>()).unwrap_err();
        assert_eq!(refused(b"\0\0\0"), Malformed::Truncated);
        assert_eq!(refused(b"\xff\xff\xff\xff"), Malformed::InvalidLength);
        assert_eq!(refused(b"\x7f\xff\xff\xff\0\0\0\x17\0\0\0\0"), Malformed::Truncated);
        assert_eq!(refused(b"\0\0\0\x01\0\0\0\x17\0\0\0\x01"), Malformed::Truncated);
        assert_eq!(refused(b"\0\0\0\x01\0\0\0\x17\xff\xff\xff\xfe"), Malformed::InvalidLength);
        assert_eq!(refused(b"\0\0\0\x01\0\0\0\x17\0\0\0\0\0"), Malformed::TrailingBytes);
        assert_eq!(refused(b"\0\0\0\0\0"), Malformed::TrailingBytes);
    }

    #[test]
    fn a_record_may_have_no_fields() {
        let mut view = RecordView::read(b"\0\0\0\0").unwrap();
        assert_eq!((view.len(), view.is_empty()), (0, true));
        assert_eq!(view.next(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(count in 0_u8..4, raw: Vec<u8>) {
            for raw in [&raw[..], &[&[0, 0, 0, count][..], &raw].concat()] {
                if let Ok(view) = RecordView::read(raw) {
                    prop_assert!(view.count() <= raw.len());
                }
            }
        }
    }
}
