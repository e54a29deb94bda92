use alloc::vec;
use alloc::vec::Vec;
use core::ops::{BitAnd, BitOr, Not};

use bytes::{BufMut, BytesMut};

use super::{Operand, QueryItem, Weights};
use crate::error::BoxError;
use crate::types::codec::{Codec, codec};
use crate::types::{Type, oid, problem};
use crate::wire::{Format, Malformed, Reader, Unencodable};

/// The longest distance that the server reads in text.
pub(super) const FARTHEST: u16 = 16_384;

/// What to search documents for: words, joined by operators. See ["tsquery"].
///
/// ```
/// use trunkline_core::types::TsQuery;
/// use trunkline_core::types::text_search::{Operand, Weight};
///
/// let query: TsQuery = "fat & (rat | !cat:*AB)".parse()?;
/// assert_eq!(query.to_string(), "'fat' & ( 'rat' | !'cat':*AB )");
///
/// let super_novae = TsQuery::from(Operand::new("super")?).followed_by(1, Operand::new("nova")?.prefix().into());
/// let titles = Operand::new("star")?.weights([Weight::A]);
/// assert_eq!((super_novae & !TsQuery::from(titles)).to_string(), "'super' <-> 'nova':* & !'star':A");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["tsquery"]: https://www.postgresql.org/docs/18/datatype-textsearch.html#DATATYPE-TSQUERY
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TsQuery {
    /// One whole expression in prefix notation, or nothing.
    items: Vec<QueryItem>,
}

impl TsQuery {
    /// Documents in which `right` stands that many words after this, by `<->` when it is 1. An empty query on
    /// either side leaves the other, as with all operators.
    ///
    /// ```
    /// use trunkline_core::types::TsQuery;
    ///
    /// let (new, york): (TsQuery, TsQuery) = ("new".parse()?, "york".parse()?);
    /// assert_eq!(new.followed_by(1, york).to_string(), "'new' <-> 'york'");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[must_use]
    pub fn followed_by(self, distance: u16, right: Self) -> Self {
        self.join(QueryItem::Phrase(distance), right)
    }

    /// Its items in prefix notation, which is how the server keeps them: an operator before its operands, and the
    /// right operand before the left one. None when it is empty.
    ///
    /// ```
    /// use trunkline_core::types::TsQuery;
    /// use trunkline_core::types::text_search::QueryItem;
    ///
    /// let query: TsQuery = "fat & rat".parse()?;
    /// let [QueryItem::And, QueryItem::Operand(right), _] = query.items() else { panic!("{query}") };
    /// assert_eq!(right.word(), "rat");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn items(&self) -> &[QueryItem] {
        &self.items
    }

    /// One whole expression in prefix notation; `None` when it is not.
    pub(super) fn whole(items: Vec<QueryItem>) -> Option<Self> {
        let mut wanted = usize::from(!items.is_empty());
        for item in &items {
            wanted = wanted.checked_sub(1)? + item.operands();
        }
        (wanted == 0).then_some(Self { items })
    }

    fn join(self, operator: QueryItem, mut right: Self) -> Self {
        if self.items.is_empty() {
            return right;
        }
        if right.items.is_empty() {
            return self;
        }
        right.items.insert(0, operator);
        right.items.extend(self.items);
        right
    }
}

impl From<Operand> for TsQuery {
    fn from(operand: Operand) -> Self {
        Self { items: vec![QueryItem::Operand(operand)] }
    }
}

impl Not for TsQuery {
    type Output = Self;

    fn not(mut self) -> Self {
        if !self.items.is_empty() {
            self.items.insert(0, QueryItem::Not);
        }
        self
    }
}

impl BitAnd for TsQuery {
    type Output = Self;

    fn bitand(self, right: Self) -> Self {
        self.join(QueryItem::And, right)
    }
}

impl BitOr for TsQuery {
    type Output = Self;

    fn bitor(self, right: Self) -> Self {
        self.join(QueryItem::Or, right)
    }
}

/// The tags of `tsquerysend`.
const OPERAND: u8 = 1;
const OPERATOR: u8 = 2;
const NOT: u8 = 1;
const AND: u8 = 2;
const OR: u8 = 3;
const PHRASE: u8 = 4;

/// `tsquerysend`, in prefix notation:
///
/// ```text
/// Int32 items │ ( Byte 1 │ Byte weights │ Byte prefix │ String word )
///             │ ( Byte 2 │ Byte operator │ Int16 distance, after <-> only )…
/// ```
impl Codec for TsQuery {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TSQUERY
    }

    /// The server refuses its own binary form of the empty one, whose text is empty.
    fn format(&self) -> Format {
        if self.items.is_empty() { Format::Text } else { Format::Binary }
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        if self.items.is_empty() {
            return Ok(());
        }
        let count = i32::try_from(self.items.len()).map_err(|_| Unencodable::TooLong("a tsquery"))?;
        out.put_i32(count);
        for item in &self.items {
            match item {
                QueryItem::Operand(Operand { word, prefix, weights }) => {
                    out.put_slice(&[OPERAND, weights.bits(), u8::from(*prefix)]);
                    out.put_slice(word.as_bytes());
                    out.put_u8(0);
                }
                QueryItem::Not => out.put_slice(&[OPERATOR, NOT]),
                QueryItem::And => out.put_slice(&[OPERATOR, AND]),
                QueryItem::Or => out.put_slice(&[OPERATOR, OR]),
                QueryItem::Phrase(distance) => {
                    // The server takes the number as signed.
                    let distance =
                        i16::try_from(*distance).map_err(|_| problem::out_of_range(distance, 0, FARTHEST))?;
                    out.put_slice(&[OPERATOR, PHRASE]);
                    out.put_i16(distance);
                }
            }
        }
        Ok(())
    }

    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut reader = Reader::new(raw);
        let count = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
        // An operator takes two bytes, so that an honest query has some six for each item.
        let mut items = Vec::with_capacity(count.min(reader.remaining() / 6));
        for _ in 0..count {
            items.push(item(&mut reader)?);
        }
        reader.finish()?;
        Self::whole(items).ok_or_else(|| malformed(type_))
    }
}

fn item(reader: &mut Reader<'_>) -> Result<QueryItem, BoxError> {
    match (reader.u8()?, reader.u8()?) {
        (OPERAND, weights) => {
            let weights = Weights::of_bits(weights).ok_or(Malformed::Unknown("a tsquery's weights"))?;
            let prefix = match reader.u8()? {
                0 => false,
                1 => true,
                _ => return Err(Malformed::Unknown("whether a tsquery's word is a prefix").into()),
            };
            let word = problem::utf8(reader.cstr_bytes()?)?.into();
            Ok(QueryItem::Operand(Operand { word, prefix, weights }))
        }
        (OPERATOR, NOT) => Ok(QueryItem::Not),
        (OPERATOR, AND) => Ok(QueryItem::And),
        (OPERATOR, OR) => Ok(QueryItem::Or),
        (OPERATOR, PHRASE) => {
            let distance = u16::try_from(reader.i16()?).map_err(|_| Malformed::InvalidLength)?;
            Ok(QueryItem::Phrase(distance))
        }
        _ => Err(Malformed::Unknown("a tsquery's item").into()),
    }
}

#[cold]
fn malformed(type_: &Type) -> BoxError {
    alloc::format!("its items are not one whole {type_}").into()
}

codec!(TsQuery);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::ToSql;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    fn query() -> impl Strategy<Value = TsQuery> {
        let operand = ("[^\0]{1,5}", any::<bool>(), 0_u8..16).prop_map(|(word, prefix, weights)| {
            let weights = Weights::of_bits(weights).unwrap();
            TsQuery::from(Operand { prefix, weights, ..Operand::new(&word).unwrap() })
        });
        operand.prop_recursive(9, 99, 2, |query| {
            (query.clone(), query, 0_u8..4, 0..=FARTHEST).prop_map(|(left, right, operator, distance)| {
                match operator {
                    0 => !left,
                    1 => left & right,
                    2 => left | right,
                    _ => left.followed_by(distance, right),
                }
            })
        })
    }

    proptest! {
        #[test]
        fn queries_arrive_in_both_formats(query in query()) {
            prop_assert_eq!(&round_trip(&Type::TSQUERY, &query), &query);
            // Text does not tell which of two operators that are the same was first, where it makes no difference.
            let written = query.to_string();
            let read = text::<TsQuery>(&Type::TSQUERY, written.as_bytes()).unwrap();
            prop_assert_eq!(read.to_string(), written);
            prop_assert_eq!(read.items().len(), query.items().len());
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, few in proptest::collection::vec(0_u8..5, 0..40)) {
            survives::<TsQuery>(&Type::TSQUERY, &raw);
            survives::<TsQuery>(&Type::TSQUERY, &[&[0, 0, 0, 3], &few[..]].concat());
        }

        #[test]
        fn any_text_is_survived(text in r"[ab1 ':*!&|<\->()\\ü]*") {
            if let Ok(query) = text.parse::<TsQuery>() {
                let written = query.to_string();
                prop_assert_eq!(written.parse::<TsQuery>().unwrap().to_string(), written);
            }
        }
    }

    #[test]
    fn the_binary_form_is_the_servers() {
        let query: TsQuery = "!a:*ab & (b | c) <2> 'd''e'".parse().unwrap();
        let wire = b"\0\0\0\x08\x02\x02\x02\x04\0\x02\x01\0\0d'e\0\x02\x03\x01\0\0c\0\x01\0\0b\0\x02\x01\x01\x0c\x01a\0";
        assert_eq!(&encode(&Type::TSQUERY, &query).unwrap()[..], wire);
        assert_eq!(binary::<TsQuery>(&Type::TSQUERY, wire).unwrap(), query);
        assert_eq!(binary::<TsQuery>(&Type::TSQUERY, &[0; 4]).unwrap(), TsQuery::default());
        for broken in [
            &wire[..3],
            &wire[..wire.len() - 1],
            &[wire, &b"\0"[..]].concat(),
            // Two words; an operator without its second; weights, an item and an operator that there are not.
            b"\0\0\0\x02\x01\0\0a\0\x01\0\0a\0",
            b"\0\0\0\x02\x02\x02\x01\0\0a\0",
            b"\0\0\0\x01\x01\x10\0a\0",
            b"\0\0\0\x01\x03\0",
            b"\0\0\0\x02\x02\x05\x01\0\0a\0",
            // A distance below zero.
            b"\0\0\0\x03\x02\x04\xff\xff\x01\0\0a\0\x01\0\0a\0",
            b"\x7f\xff\xff\xff",
            &[255; 4],
        ] {
            assert!(binary::<TsQuery>(&Type::TSQUERY, broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn an_empty_query_leaves_the_other_side() {
        let (empty, a) = (TsQuery::default, || TsQuery::from(Operand::new("a").unwrap()));
        for query in [a() & empty(), empty() | a(), empty().followed_by(2, a())] {
            assert_eq!(query, a());
        }
        assert_eq!(!empty(), empty());
        assert!(Operand::new("").is_err());
        let far = a().followed_by(40_000, a()).to_sql(&Type::TSQUERY, &mut BytesMut::new()).unwrap_err();
        assert_eq!(far.to_string(), "40000 is out of its range, 0 to 16384");
    }
}
