use alloc::boxed::Box;
use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};

use super::{Weight, word};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};
use crate::wire::{Malformed, Reader, Unencodable};

/// How many positions of one word are kept, the first ones.
const MOST_POSITIONS: usize = 256;
/// The last position that there is room for.
pub(super) const LAST_POSITION: u16 = 0x3fff;

/// A document made ready for searching: its words, sorted by their bytes, each once, and where they stand in it.
/// See ["tsvector"].
///
/// ```
/// use trunkline_core::types::TsVector;
/// use trunkline_core::types::text_search::{Lexeme, Position, Weight};
///
/// let document: TsVector = "fat:2,4 cat:3 'o''clock' a:1A".parse()?;
/// assert_eq!(document.to_string(), "'a':1A 'cat':3 'fat':2,4 'o''clock'");
/// let [first, ..] = document.lexemes() else { panic!("it has words") };
/// assert_eq!(first.word(), "a");
/// assert_eq!(first.positions().first(), Position::new(1, Weight::A).as_ref());
///
/// let made: TsVector = [Lexeme::new("cat", [])?, Lexeme::new("bat", [])?].into_iter().collect();
/// assert_eq!(made.to_string(), "'bat' 'cat'");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["tsvector"]: https://www.postgresql.org/docs/18/datatype-textsearch.html#DATATYPE-TSVECTOR
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TsVector(Vec<Lexeme>);

/// A word of a [`TsVector`].
///
/// ```
/// use trunkline_core::types::text_search::{Lexeme, Position, Weight};
///
/// let cat = Lexeme::new("cat", Position::new(3, Weight::A))?;
/// assert_eq!((cat.word(), cat.positions().len()), ("cat", 1));
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lexeme {
    word: Box<str>,
    positions: Vec<Position>,
}

/// Where a word stands in a document, and how much it counts there.
///
/// ```
/// use trunkline_core::types::text_search::{Position, Weight};
///
/// let title = Position::new(1, Weight::A).unwrap();
/// assert_eq!((title.at(), title.weight()), (1, Weight::A));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    at: u16,
    weight: Weight,
}

impl TsVector {
    /// Its words in the order of their bytes.
    ///
    /// ```
    /// use trunkline_core::types::TsVector;
    ///
    /// let document: TsVector = "fat:2 cat:3".parse()?;
    /// assert!(document.lexemes().iter().map(|lexeme| lexeme.word()).eq(["cat", "fat"]));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn lexemes(&self) -> &[Lexeme] {
        &self.0
    }
}

impl FromIterator<Lexeme> for TsVector {
    /// Sorts the words, and makes one of those that are the same, as the server does.
    fn from_iter<I: IntoIterator<Item = Lexeme>>(lexemes: I) -> Self {
        let mut lexemes: Vec<Lexeme> = lexemes.into_iter().collect();
        lexemes.sort_by(|a, b| a.word.cmp(&b.word));
        lexemes.dedup_by(|next, kept| {
            let same = next.word == kept.word;
            if same {
                kept.positions.append(&mut next.positions);
            }
            same
        });
        for lexeme in &mut lexemes {
            lexeme.sort();
        }
        Self(lexemes)
    }
}

impl Lexeme {
    /// A word that stands at these positions, of which the first 256 are kept.
    ///
    /// ```
    /// use trunkline_core::types::text_search::Lexeme;
    ///
    /// assert!(Lexeme::new("cat", []).is_ok() && Lexeme::new("", []).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When the word is empty, has more than 2,046 bytes, or has a NUL.
    pub fn new(word: &str, positions: impl IntoIterator<Item = Position>) -> Result<Self, ParseError> {
        let mut lexeme = Self::unsorted(word::checked(word)?, positions.into_iter().collect());
        lexeme.sort();
        Ok(lexeme)
    }

    /// One that the vector it is put in will sort.
    pub(super) const fn unsorted(word: Box<str>, positions: Vec<Position>) -> Self {
        Self { word, positions }
    }

    /// Of two at the same position the one that counts more is kept.
    fn sort(&mut self) {
        self.positions.sort_by_key(|position| position.at);
        self.positions.dedup_by(|next, kept| {
            let same = next.at == kept.at;
            if same {
                kept.weight = kept.weight.max(next.weight);
            }
            same
        });
        self.positions.truncate(MOST_POSITIONS);
    }

    /// The word.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::text_search::Lexeme::new("cat", [])?.word(), "cat");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn word(&self) -> &str {
        &self.word
    }

    /// Where it stands, in order; nowhere, when positions were left out or stripped.
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Lexeme, Position, Weight};
    ///
    /// let positions = [5, 2].map(|at| Position::new(at, Weight::D).unwrap());
    /// let cat = Lexeme::new("cat", positions)?;
    /// assert!(cat.positions().iter().map(|position| position.at()).eq([2, 5]));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }
}

impl Position {
    /// The position that many words into the document; `None` outside of 1 to 16,383.
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Position, Weight};
    ///
    /// assert!(Position::new(16_383, Weight::D).is_some());
    /// assert!(Position::new(0, Weight::D).is_none());
    /// ```
    pub const fn new(at: u16, weight: Weight) -> Option<Self> {
        match at {
            1..=LAST_POSITION => Some(Self { at, weight }),
            _ => None,
        }
    }

    /// How many words into the document it is, counted from 1.
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Position, Weight};
    ///
    /// assert_eq!(Position::new(7, Weight::D).map(Position::at), Some(7));
    /// ```
    pub const fn at(self) -> u16 {
        self.at
    }

    /// How much the word counts there.
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Position, Weight};
    ///
    /// assert_eq!(Position::new(7, Weight::B).map(Position::weight), Some(Weight::B));
    /// ```
    pub const fn weight(self) -> Weight {
        self.weight
    }

    const fn of_bits(bits: u16) -> Self {
        Self { at: bits & LAST_POSITION, weight: Weight::of_bits(bits >> 14) }
    }

    const fn bits(self) -> u16 {
        self.weight.bits() << 14 | self.at
    }
}

/// `tsvectorsend`:
///
/// ```text
/// Int32 words │ ( String word │ Int16 positions │ ( 2 bits weight, 14 bits position )… )…
/// ```
impl Codec for TsVector {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TSVECTOR
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        let too_many = |_| Unencodable::TooLong("a tsvector");
        out.put_i32(i32::try_from(self.0.len()).map_err(too_many)?);
        for Lexeme { word, positions } in &self.0 {
            out.put_slice(word.as_bytes());
            out.put_u8(0);
            out.put_u16(u16::try_from(positions.len()).map_err(too_many)?);
            for position in positions {
                out.put_u16(position.bits());
            }
        }
        Ok(())
    }

    /// Keeps what the server may have been made to store, such as empty words.
    fn decode(_type: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut reader = Reader::new(raw);
        let count = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
        // A word takes three bytes at least, and with some letters and a position eight.
        if count > reader.remaining() / 3 {
            return Err(Malformed::Truncated.into());
        }
        let mut lexemes = Vec::with_capacity(count.min(reader.remaining() / 8));
        for _ in 0..count {
            let word = problem::utf8(reader.cstr_bytes()?)?.into();
            let positions = usize::from(reader.u16()?);
            let (positions, _) = reader.bytes(positions * 2)?.as_chunks();
            let positions =
                positions.iter().map(|&bits| Position::of_bits(u16::from_be_bytes(bits))).collect();
            lexemes.push(Lexeme { word, positions });
        }
        reader.finish()?;
        Ok(Self(lexemes))
    }
}

codec!(TsVector);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    fn lexemes() -> impl Strategy<Value = Vec<Lexeme>> {
        let position = (1..=LAST_POSITION, 0_u16..4)
            .prop_map(|(at, weight)| Position::new(at, Weight::of_bits(weight)).unwrap());
        let lexeme = ("[^\0]{1,9}", proptest::collection::vec(position, 0..9))
            .prop_map(|(word, positions)| Lexeme::new(&word, positions).unwrap());
        proptest::collection::vec(lexeme, 0..9)
    }

    proptest! {
        #[test]
        fn documents_arrive_in_both_formats(lexemes in lexemes()) {
            let document: TsVector = lexemes.into_iter().collect();
            prop_assert_eq!(&round_trip(&Type::TSVECTOR, &document), &document);
            let written = document.to_string();
            prop_assert_eq!(text::<TsVector>(&Type::TSVECTOR, written.as_bytes()).unwrap(), document);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, tail: Vec<u8>) {
            survives::<TsVector>(&Type::TSVECTOR, &raw);
            survives::<TsVector>(&Type::TSVECTOR, &[&[0, 0, 0, 1, b'a', 0, 0], &tail[..]].concat());
        }

        #[test]
        fn any_text_is_survived(text in r"[ab1 ':,*\\ü]*") {
            if let Ok(document) = text.parse::<TsVector>() {
                prop_assert_eq!(document.to_string().parse(), Ok(document));
            }
        }
    }

    #[test]
    fn the_binary_form_is_the_servers() {
        let document: TsVector = "b:1A,16383 a".parse().unwrap();
        let wire = b"\0\0\0\x02a\0\0\0b\0\0\x02\xc0\x01\x3f\xff";
        assert_eq!(&encode(&Type::TSVECTOR, &document).unwrap()[..], wire);
        assert_eq!(binary::<TsVector>(&Type::TSVECTOR, wire).unwrap(), document);
        assert_eq!(binary::<TsVector>(&Type::TSVECTOR, &[0; 4]).unwrap(), TsVector::default());
        let (short, long) = (&wire[..wire.len() - 1], [wire, &b"\0"[..]].concat());
        for broken in [&wire[..3], short, &long, b"\x7f\xff\xff\xff", &[255; 4]] {
            assert!(binary::<TsVector>(&Type::TSVECTOR, broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn what_binary_input_let_in_is_read() {
        let odd = binary::<TsVector>(&Type::TSVECTOR, b"\0\0\0\x01\0\0\x01\0\0").unwrap();
        assert_eq!(odd.to_string(), "'':0");
    }

    #[test]
    fn what_no_document_can_hold_is_refused() {
        for word in ["", "a\0", &"a".repeat(2047)] {
            assert!(Lexeme::new(word, []).is_err(), "{word:?}");
        }
        assert!(Lexeme::new(&"a".repeat(2046), []).is_ok());
        assert_eq!((Position::new(0, Weight::A), Position::new(16_384, Weight::A)), (None, None));
    }

    #[test]
    fn the_first_256_positions_are_kept() {
        let positions = (1..=300).rev().filter_map(|at| Position::new(at, Weight::D));
        let lexeme = Lexeme::new("a", positions).unwrap();
        let kept: Vec<u16> = lexeme.positions().iter().map(|position| position.at()).collect();
        assert_eq!(kept, (1..=256).collect::<Vec<u16>>());
        let many: String = (1..=300).map(|at| std::format!("a:{at} ")).collect();
        assert_eq!(many.parse::<TsVector>().unwrap().lexemes(), [lexeme]);
    }
}
