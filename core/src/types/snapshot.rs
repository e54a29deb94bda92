use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::{BufMut, BytesMut};

use super::codec::{Codec, ParseError, codec};
use super::{Type, oid, problem, scan};
use crate::error::BoxError;
use crate::wire::Reader;

const NOT: ParseError =
    ParseError::not("a snapshot of transactions: xmin:xmax: and a list of those in progress");

/// A pg_snapshot (or a txid_snapshot, as it was called before): which transactions were complete at a moment.
/// See ["Transaction ID and Snapshot Information Functions"].
///
/// ```
/// use trunkline_core::types::Snapshot;
///
/// let snapshot: Snapshot = "10:20:10,14,15".parse()?;
/// assert_eq!((snapshot.xmin(), snapshot.xmax(), snapshot.xip()), (10, 20, &[10, 14, 15][..]));
/// assert_eq!(snapshot.to_string(), "10:20:10,14,15");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Transaction ID and Snapshot Information Functions"]: https://www.postgresql.org/docs/18/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Snapshot {
    xmin: u64,
    xmax: u64,
    xip: Vec<u64>,
}

impl Snapshot {
    /// The parts of a snapshot; nothing when they are not as the server demands: none is 0, and
    /// `xmin` <= the first of `xip` <= the next … <= `xmax`. One that is repeated in `xip` is kept once.
    ///
    /// ```
    /// use trunkline_core::types::Snapshot;
    ///
    /// assert_eq!(Snapshot::new(10, 20, vec![10, 14]).unwrap().to_string(), "10:20:10,14");
    /// assert_eq!(Snapshot::new(20, 10, vec![]), None);
    /// ```
    pub fn new(xmin: u64, xmax: u64, mut xip: Vec<u64>) -> Option<Self> {
        xip.dedup();
        let lowest = xip.first().copied().unwrap_or(xmin);
        let highest = xip.last().copied().unwrap_or(xmax);
        let valid = 0 < xmin && xmin <= lowest && highest <= xmax && xmin <= xmax && xip.is_sorted();
        valid.then_some(Self { xmin, xmax, xip })
    }

    /// The lowest transaction that was still active; all below were complete.
    ///
    /// ```
    /// let snapshot: trunkline_core::types::Snapshot = "10:20:14".parse()?;
    /// assert!(9 < snapshot.xmin(), "transaction 9 was complete");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn xmin(&self) -> u64 {
        self.xmin
    }

    /// One above the highest transaction that was complete; this one and all above were not yet.
    ///
    /// ```
    /// let snapshot: trunkline_core::types::Snapshot = "10:20:14".parse()?;
    /// assert_eq!(snapshot.xmax(), 20);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn xmax(&self) -> u64 {
        self.xmax
    }

    /// The transactions between the two that were in progress, ascending.
    ///
    /// ```
    /// let snapshot: trunkline_core::types::Snapshot = "10:20:10,14".parse()?;
    /// assert_eq!(snapshot.xip(), [10, 14]);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn xip(&self) -> &[u64] {
        &self.xip
    }
}

impl FromStr for Snapshot {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text.as_bytes()).ok_or(NOT)
    }
}

fn parse(mut text: &[u8]) -> Option<Snapshot> {
    let xmin = scan::decimal(&mut text)?;
    scan::byte(&mut text, b':')?;
    let xmax = scan::decimal(&mut text)?;
    scan::byte(&mut text, b':')?;
    let mut xip = Vec::new();
    while !text.is_empty() {
        if !xip.is_empty() {
            scan::byte(&mut text, b',')?;
        }
        xip.push(scan::decimal(&mut text)?);
    }
    Snapshot::new(xmin, xmax, xip)
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.xmin, self.xmax)?;
        for (at, xid) in self.xip.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            write!(f, "{xid}")?;
        }
        Ok(())
    }
}

impl Codec for Snapshot {
    #[inline]
    fn is(type_: &Type) -> bool {
        matches!(type_.oid(), oid::PG_SNAPSHOT | oid::TXID_SNAPSHOT)
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        let count = self.xip.len();
        out.put_i32(count.try_into().map_err(|_| problem::out_of_range(count, 0, i32::MAX))?);
        out.put_u64(self.xmin);
        out.put_u64(self.xmax);
        self.xip.iter().for_each(|&xid| out.put_u64(xid));
        Ok(())
    }

    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let wrong = || problem::length(type_, raw.len());
        let mut reader = Reader::new(raw);
        let count = usize::try_from(reader.i32()?).map_err(|_| wrong())?;
        let (xmin, xmax) = (u64::from_be_bytes(reader.array()?), u64::from_be_bytes(reader.array()?));
        let (xip, []) = reader.rest().as_chunks() else { return Err(wrong()) };
        if xip.len() != count {
            return Err(wrong());
        }
        let xip = xip.iter().map(|&xid| u64::from_be_bytes(xid)).collect();
        Self::new(xmin, xmax, xip).ok_or_else(|| "its transactions are not in order".into())
    }
}

codec!(Snapshot);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn snapshots_arrive_in_both_formats(mut xids in prop::collection::vec(1_u64.., 2..20)) {
            xids.sort_unstable();
            let (xmin, xmax) = (xids[0], xids[xids.len() - 1]);
            let snapshot = Snapshot::new(xmin, xmax, xids).unwrap();
            for type_ in [Type::PG_SNAPSHOT, Type::TXID_SNAPSHOT] {
                prop_assert_eq!(&round_trip(&type_, &snapshot), &snapshot);
                prop_assert_eq!(&text::<Snapshot>(&type_, snapshot.to_string().as_bytes()).unwrap(), &snapshot);
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Snapshot>(&Type::PG_SNAPSHOT, &raw);
            survives::<Snapshot>(&Type::TXID_SNAPSHOT, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        for (text, written) in [
            ("10:20:", "10:20:"),
            ("3:3:", "3:3:"),
            ("10:20:10,10,11", "10:20:10,11"),
            ("18446744073709551615:18446744073709551615:", "18446744073709551615:18446744073709551615:"),
        ] {
            assert_eq!(text.parse::<Snapshot>().unwrap().to_string(), written);
        }
        for text in [
            "",
            "10:20",
            "10:20:9",
            "10:20:21",
            "10:20:14,10",
            "0:0:",
            "1:0:",
            "10:9:",
            "10:20:,",
            "10:20:10,",
            "-1:1:",
        ] {
            assert_eq!(text.parse::<Snapshot>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        let snapshot = Snapshot::new(10, 20, vec![10, 14]).unwrap();
        let bytes = [
            &[0, 0, 0, 2][..],
            &10_u64.to_be_bytes(),
            &20_u64.to_be_bytes(),
            &10_u64.to_be_bytes(),
            &14_u64.to_be_bytes(),
        ]
        .concat();
        assert_eq!(&encode(&Type::PG_SNAPSHOT, &snapshot).unwrap()[..], bytes);
        for end in 0..bytes.len() {
            assert!(binary::<Snapshot>(&Type::PG_SNAPSHOT, &bytes[..end]).is_err());
        }
        let mut disordered = bytes;
        disordered[11] = 21;
        let refused = binary::<Snapshot>(&Type::PG_SNAPSHOT, &disordered).unwrap_err();
        assert_eq!(refused.to_string(), "its transactions are not in order");
    }
}
