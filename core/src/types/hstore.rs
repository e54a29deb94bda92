use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::{BufMut, BytesMut};
use memchr::memchr;

use super::codec::{Codec, ParseError, codec};
use super::quoting::{Escape, write_quoted};
use super::space::{is_space, skip_spaces};
use super::{Type, problem};
use crate::error::BoxError;
use crate::wire::{Malformed, Reader, Unencodable};

const NOT: ParseError = ParseError::not(r#"an hstore: pairs such as "key"=>"value" or "key"=>NULL"#);

/// Keys with their values, of which some are NULL, as the extension hstore has them. See ["hstore"].
///
/// The server sends them sorted by the length of their keys, then by their bytes, each key once. It takes them in
/// any order, and of pairs with the same key it keeps one. Maps from `String` to `Option<String>` or `String` are
/// hstores too.
///
/// ```
/// use trunkline_core::types::Hstore;
///
/// let pairs: Hstore = r#"paperback=>243, "published in"=>NULL"#.parse()?;
/// assert_eq!(pairs.get("paperback"), Some(Some("243")));
/// assert_eq!((pairs.get("published in"), pairs.get("publisher")), (Some(None), None));
/// assert_eq!(pairs.to_string(), r#""paperback"=>"243", "published in"=>NULL"#);
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["hstore"]: https://www.postgresql.org/docs/18/hstore.html
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Hstore(pub Vec<(String, Option<String>)>);

impl Hstore {
    /// The value of a key, which may be NULL; `None` when the key is not there.
    ///
    /// ```
    /// use trunkline_core::types::Hstore;
    ///
    /// let colours: Hstore = r#""cup"=>"red", "plate"=>NULL"#.parse()?;
    /// assert_eq!(colours.get("cup"), Some(Some("red")));
    /// assert_eq!((colours.get("plate"), colours.get("fork")), (Some(None), None));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn get(&self, key: &str) -> Option<Option<&str>> {
        self.0.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_deref())
    }
}

impl FromIterator<(String, Option<String>)> for Hstore {
    fn from_iter<I: IntoIterator<Item = (String, Option<String>)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// `hstore_send`:
///
/// ```text
/// Int32 pairs │ ( Int32 length │ key │ Int32 length, -1 for NULL │ value )…
/// ```
impl Codec for Hstore {
    fn is(type_: &Type) -> bool {
        type_.is_extension("hstore")
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        encode(self.0.iter().map(|(key, value)| (key.as_str(), value.as_deref())), out)
    }

    fn decode(_type: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        decode(raw, Vec::with_capacity, |pairs, key, value| {
            pairs.push((key.into(), value.map(Into::into)));
            Ok(())
        })
        .map(Self)
    }
}

codec!(Hstore);

/// Reads the binary form into what holds pairs, made with room for as many as there are.
#[inline]
pub(super) fn decode<'a, T>(
    raw: &'a [u8],
    with_capacity: impl FnOnce(usize) -> T,
    mut insert: impl FnMut(&mut T, &'a str, Option<&'a str>) -> Result<(), BoxError>,
) -> Result<T, BoxError> {
    let mut reader = Reader::new(raw);
    let count = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
    // Every pair takes the eight bytes of its lengths at least, so that no count is believed beyond that.
    if count > reader.remaining() / 8 {
        return Err(Malformed::Truncated.into());
    }
    let mut pairs = with_capacity(count);
    for _ in 0..count {
        let key = problem::utf8(reader.value()?.ok_or(Malformed::InvalidLength)?)?;
        let value = reader.value()?.map(problem::utf8).transpose()?;
        insert(&mut pairs, key, value)?;
    }
    reader.finish()?;
    Ok(pairs)
}

/// The binary form of what holds pairs.
pub(super) fn encode<'a>(
    pairs: impl ExactSizeIterator<Item = (&'a str, Option<&'a str>)>,
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    let count = i32::try_from(pairs.len()).map_err(|_| Unencodable::TooLong("an hstore"))?;
    out.put_i32(count);
    for (key, value) in pairs {
        encode_text(key, out)?;
        match value {
            Some(value) => encode_text(value, out)?,
            None => out.put_i32(-1),
        }
    }
    Ok(())
}

#[inline]
fn encode_text(text: &str, out: &mut BytesMut) -> Result<(), BoxError> {
    // Without a way out, so that it is a few vector instructions: most are too short for memchr.
    if text.bytes().fold(false, |nul, byte| nul | (byte == 0)) {
        return Err(problem::nul());
    }
    out.put_i32(i32::try_from(text.len()).map_err(|_| Unencodable::TooLong("an hstore's text"))?);
    out.put_slice(text.as_bytes());
    Ok(())
}

impl fmt::Display for Hstore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (key, value)) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write_quoted(f, key, Escape::Backslash)?;
            f.write_str("=>")?;
            match value {
                Some(value) => write_quoted(f, value, Escape::Backslash)?,
                None => f.write_str("NULL")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Hstore {
    type Err = ParseError;

    /// Reads what the server does: keys and values in quotes or without them, a backslash before any character
    /// that is meant as such, spaces around `=>` and commas. The pairs stay in their order, with keys that come
    /// more than once.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut pairs = Vec::new();
        let mut rest = skip_spaces(text.as_bytes());
        while !rest.is_empty() {
            let (key, _) = take(&mut rest, b'=').ok_or(NOT)?;
            rest = skip_spaces(skip_spaces(rest).strip_prefix(b"=>").ok_or(NOT)?);
            let (value, quoted) = take(&mut rest, b',').ok_or(NOT)?;
            let null = !quoted && value.eq_ignore_ascii_case("NULL");
            pairs.push((key, (!null).then_some(value)));
            rest = match skip_spaces(rest) {
                [b',', after @ ..] => skip_spaces(after),
                [] => &[],
                _ => return Err(NOT),
            };
        }
        Ok(Self(pairs))
    }
}

/// Takes a key or value off the start of `rest`, and tells whether it was quoted. A bare one ends at a space or at
/// `end`, which ends a value only after its first character.
fn take(rest: &mut &[u8], end: u8) -> Option<(String, bool)> {
    let quoted = rest.starts_with(b"\"");
    if let Some(after) = rest.strip_prefix(b"\"") {
        *rest = after;
    }
    let mut text = Vec::new();
    let mut started = end == b'=';
    loop {
        let (byte, after) = match **rest {
            [b'\\', byte, ref after @ ..] => (byte, after),
            [b'\\'] => return None,
            [b'"', ref after @ ..] if quoted => {
                *rest = after;
                break;
            }
            [] if quoted => return None,
            [] => break,
            [byte, ..] if !quoted && (is_space(byte) || byte == end && started) => break,
            [byte, ref after @ ..] => (byte, after),
        };
        started = true;
        text.push(byte);
        *rest = after;
    }
    let whole = quoted || !text.is_empty();
    let text = String::from_utf8(text).ok()?;
    (whole && memchr(0, text.as_bytes()).is_none()).then_some((text, quoted))
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, extension, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn pairs_arrive_in_both_formats(pairs: Vec<(String, Option<String>)>) {
            let hstore = extension("hstore");
            let without_nul = |text: String| text.replace('\0', "");
            let pairs: Hstore =
                pairs.into_iter().map(|(key, value)| (without_nul(key), value.map(without_nul))).collect();
            prop_assert_eq!(&round_trip(&hstore, &pairs), &pairs);
            let written = pairs.to_string();
            prop_assert_eq!(text::<Hstore>(&hstore, written.as_bytes()).unwrap(), pairs);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, tail: Vec<u8>) {
            let hstore = extension("hstore");
            survives::<Hstore>(&hstore, &raw);
            survives::<Hstore>(&hstore, &[&[0, 0, 0, 1, 0, 0, 0, 1, b'a', 0, 0, 0], &tail[..]].concat());
        }
    }

    #[test]
    fn the_binary_form_is_the_servers() {
        let hstore = extension("hstore");
        let pairs: Hstore = r#"""=>"", a=>1, bb=>NULL"#.parse().unwrap();
        let wire = b"\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\x01a\0\0\0\x011\0\0\0\x02bb\xff\xff\xff\xff";
        assert_eq!(&encode(&hstore, &pairs).unwrap()[..], wire);
        assert_eq!(binary::<Hstore>(&hstore, wire).unwrap(), pairs);
        let null_key = b"\0\0\0\x01\xff\xff\xff\xff\0\0\0\0";
        let (short, long) = (&wire[..wire.len() - 1], [wire, &b"\0"[..]].concat());
        for broken in [&wire[..3], short, &long, null_key, b"\x7f\xff\xff\xff", &[255; 4]] {
            assert!(binary::<Hstore>(&hstore, broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn it_is_known_by_its_name() {
        assert!(reads::<Hstore>(&extension("hstore")));
        for other in [Type::TEXT, Type::from_oid(99_999), extension("ltree")] {
            assert!(!reads::<Hstore>(&other), "{other}");
        }
    }

    #[test]
    fn texts_are_read_as_the_server_does() {
        for (text, expected) in [
            ("", ""),
            (" \t\n\x0b\x0c\r", ""),
            (r#"a=>1,b=>NULL, "c d"=>"x\"y\\z""#, r#""a"=>"1", "b"=>NULL, "c d"=>"x\"y\\z""#),
            (r#"e=>"NULL", f=>nUlL, h=>\null , aa=>"""#, r#""e"=>"NULL", "f"=>NULL, "h"=>NULL, "aa"=>"""#),
            (r#"""=>e,a\=b=>c"#, r#"""=>"e", "a=b"=>"c""#),
            ("a=>1,", r#""a"=>"1""#),
            (",a=>1", r#"",a"=>"1""#),
            ("a=>1,,b=>2", r#""a"=>"1", ",b"=>"2""#),
            ("a =>1=2", r#""a"=>"1=2""#),
            ("a=>,b=>1", r#""a"=>",b=>1""#),
            ("a=>=1", r#""a"=>"=1""#),
            ("a,b=>c", r#""a,b"=>"c""#),
            (r#"a"b=>1"2"#, r#""a\"b"=>"1\"2""#),
            (r#"a\ b=>\"x"#, r#""a b"=>"\"x""#),
            (r#"\"a=>b"#, r#""\"a"=>"b""#),
        ] {
            let pairs = text.parse::<Hstore>();
            assert_eq!(pairs.map(|pairs| pairs.to_string()), Ok(expected.into()), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "a=> 1 2",
            "a = >1",
            "a b=>1",
            r#""a"b=>1"#,
            r#"a=>"1"2"#,
            "a=>",
            "=>1",
            "a",
            r#""a"#,
            r#"a=>"b"#,
            r"a=>b\",
            r#"a=>"1",b"#,
            r"\=>1",
            "a=>\0",
        ] {
            assert_eq!(text.parse::<Hstore>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn what_no_text_can_hold_is_refused() {
        let pairs = Hstore(vec![("a".into(), Some("\0".into()))]);
        let refused = encode(&extension("hstore"), &pairs).unwrap_err();
        assert_eq!(refused.to_string(), "it contains a NUL byte, which no PostgreSQL text can hold");
    }
}
