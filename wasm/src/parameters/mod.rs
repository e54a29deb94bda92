//! Parameters as JavaScript leaves them: tagged values in a scratch area, encoded against the PostgreSQL type.

mod given;
mod hint;
mod host;
mod interval;
mod json;
mod list;
mod moment;
mod numbers;
mod text;
mod value;

use trunkline_core::error::UsageError;
use trunkline_core::types::{Parameters, ToSql as _, Type};
use trunkline_core::wire::{Format, IsNull};

use host::Host;
use value::Value;

pub(crate) use hint::hints;
pub(crate) use value::Malformed;

/// The area that JavaScript writes the parameters of one execution into.
///
/// Values follow each other, each on a boundary of eight bytes (js/src/values/parameter-writer.ts):
///
/// ```text
/// [ tag u32 ][ value, or length in bytes u32 ][ bytes, padded to eight ]
/// ```
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch {
    // Words of eight bytes: JavaScript writes doubles and BigInts in place.
    area: Vec<u64>,
    offsets: Vec<usize>,
}

impl Scratch {
    /// Makes room for `bytes` bytes; what was written stays.
    pub(crate) fn reserve(&mut self, bytes: usize) -> *const u64 {
        let words = bytes.div_ceil(8);
        if words > self.area.len() {
            self.area.resize(words.max(256).next_power_of_two(), 0);
        }
        self.area.as_ptr()
    }

    /// Finds the `count` values that were written.
    pub(crate) fn load(&mut self, count: usize) -> Result<(), Malformed> {
        self.offsets.clear();
        let bytes: &[u8] = bytemuck::cast_slice(&self.area);
        let mut at = 0;
        for _ in 0..count {
            let (_, length) = Value::read(bytes.get(at..).ok_or(Malformed)?)?;
            self.offsets.push(at);
            at += length;
        }
        Ok(())
    }

    /// Gives the memory of an unusually large execution back.
    pub(crate) fn shrink(&mut self) {
        const KEPT: usize = 64 * 1024 / 8;
        if self.area.len() > KEPT {
            self.area = vec![0; KEPT];
        }
    }

    fn value(&self, index: usize) -> Result<Value<'_>, Malformed> {
        let at = *self.offsets.get(index).ok_or(Malformed)?;
        let bytes: &[u8] = bytemuck::cast_slice(&self.area);
        Value::read(bytes.get(at..).ok_or(Malformed)?).map(|(value, _)| value)
    }
}

impl Parameters for Scratch {
    fn count(&self) -> usize {
        self.offsets.len()
    }

    fn format(&self, index: usize, type_: &Type) -> Format {
        self.value(index).map_or(Format::Text, |value| Host::new(value).format(type_.base()))
    }

    fn encode(&self, index: usize, type_: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, UsageError> {
        let value = self.value(index).map_err(|Malformed| Malformed::error())?;
        let start = out.len();
        Host::new(value).to_sql(type_.base(), out).map_err(|problem| {
            out.truncate(start);
            UsageError::Parameter {
                number: index + 1,
                name: None,
                postgres_type: type_.name().into(),
                host_type: value.host_type().into(),
                problem: problem.to_string().into(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::*;

    /// Writes values as JavaScript does.
    #[derive(Default)]
    struct Written(Vec<u8>, usize);

    impl Written {
        fn word(mut self, tag: u32, value: u32) -> Self {
            self.0.extend(tag.to_le_bytes());
            self.0.extend(value.to_le_bytes());
            self.1 += 1;
            self
        }

        fn bytes(self, tag: u32, bytes: &[u8]) -> Self {
            let mut this = self.word(tag, bytes.len().try_into().unwrap());
            this.0.extend(bytes);
            this.0.resize(this.0.len().next_multiple_of(8), 0);
            this
        }

        fn list(self, list: &Self) -> Self {
            let mut this = self.word(9, list.1.try_into().unwrap());
            this.0.extend(u64::try_from(list.0.len()).unwrap().to_le_bytes());
            this.0.extend(&list.0);
            this
        }

        fn load(&self) -> Scratch {
            let mut scratch = Scratch::default();
            scratch.reserve(self.0.len());
            let area: &mut [u8] = bytemuck::cast_slice_mut(&mut scratch.area);
            area[..self.0.len()].copy_from_slice(&self.0);
            scratch.load(self.1).unwrap();
            scratch
        }

        fn encode(&self, oid: u32) -> Result<(Format, Vec<u8>), String> {
            let scratch = self.load();
            let type_ = Type::from_oid(oid);
            let mut out = BytesMut::new();
            scratch.encode(0, &type_, &mut out).map_err(|error| error.to_string()).map(|is_null| {
                assert_eq!(is_null, IsNull::No);
                (scratch.format(0, &type_), out.to_vec())
            })
        }
    }

    fn int(value: i32) -> Written {
        Written::default().word(2, value.cast_unsigned())
    }

    fn double(value: f64) -> Written {
        Written::default().bytes(3, &value.to_le_bytes())
    }

    fn string(value: &str) -> Written {
        Written::default().bytes(6, value.as_bytes())
    }

    #[test]
    fn numbers_fit_or_say_why_not() {
        assert_eq!(int(7).encode(21).unwrap(), (Format::Binary, vec![0, 7]));
        assert_eq!(int(-1).encode(20).unwrap(), (Format::Binary, vec![255; 8]));
        assert_eq!(double(3e9).encode(26).unwrap().1, 3_000_000_000u32.to_be_bytes());
        assert_eq!(int(1).encode(701).unwrap().1, 1f64.to_be_bytes());
        assert_eq!(
            double(0.1).encode(1700).unwrap(),
            (Format::Binary, vec![0, 1, 255, 255, 0, 0, 0, 1, 3, 232])
        );
        for (written, oid) in
            [(int(70_000), 21), (double(1.5), 23), (double(1e17), 20), (int(-1), 26), (int(1), 25)]
        {
            let error = written.encode(oid).unwrap_err();
            assert!(
                error.contains("$1") && error.contains("number") && error.contains("nothing was sent"),
                "{error}"
            );
        }
    }

    #[test]
    fn strings_go_into_anything_as_text_and_into_json_as_values() {
        assert_eq!(string("hi").encode(25).unwrap(), (Format::Binary, b"hi".to_vec()));
        assert_eq!(string("2024-01-01").encode(1082).unwrap(), (Format::Text, b"2024-01-01".to_vec()));
        assert_eq!(string("a\"\n\u{1}").encode(114).unwrap().1, br#""a\"\n\u0001""#);
        assert_eq!(string("x").encode(3802).unwrap(), (Format::Binary, b"\x01\"x\"".to_vec()));
        assert!(string("a\0b").encode(25).unwrap_err().contains("NUL"));
    }

    #[test]
    fn a_list_is_an_array_or_json_by_the_type() {
        let list = Written::default().word(2, 1).word(0, 0).word(2, 3);
        let list = Written::default().list(&list);
        assert_eq!(list.encode(114).unwrap().1, b"[1,null,3]");
        let (format, array) = list.encode(1007).unwrap();
        assert_eq!(format, Format::Binary);
        let words: Vec<i32> = array.as_chunks().0.iter().map(|word| i32::from_be_bytes(*word)).collect();
        assert_eq!(words, [1, 1, 23, 3, 1, 4, 1, -1, 4, 3]);
        assert!(list.encode(23).unwrap_err().contains("array"));
    }

    #[test]
    fn strings_in_an_array_of_another_type_go_as_a_literal() {
        let list = Written::default().bytes(6, b"a\"b").word(0, 0);
        let networks = Written::default().list(&list);
        assert_eq!(networks.encode(1041).unwrap(), (Format::Text, br#"{"a\"b",NULL}"#.to_vec()));
        let (format, nested) = Written::default()
            .list(&Written::default().list(&Written::default().word(2, 1)))
            .encode(1007)
            .unwrap();
        let words: Vec<i32> = nested.as_chunks().0.iter().map(|word| i32::from_be_bytes(*word)).collect();
        assert_eq!((format, &words[..]), (Format::Binary, &[2, 0, 23, 1, 1, 1, 1, 4, 1][..]));
    }

    #[test]
    fn bytes_that_javascript_did_not_write_so_are_refused() {
        assert!(Scratch::default().load(1).is_err());
        let mut scratch = Scratch::default();
        scratch.reserve(16);
        scratch.area[0] = 6 | 0xffff_ffff << 32;
        assert!(scratch.load(1).is_err());
    }
}
