use std::fmt::Write as _;

use trunkline_core::wire::Format;

use super::representation::{Int8, Scalar};
use super::text::Texts;

/// Why a value cannot become a slot, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

/// Decodes one value into its one or two slots; `out` has as many as the scalar's cell.
pub(crate) fn decode(
    scalar: Scalar,
    format: Format,
    raw: &[u8],
    out: &mut [u32],
    texts: &mut Texts,
) -> Result<(), Problem> {
    match format {
        Format::Binary => binary(scalar, raw, out, texts),
        Format::Text => text(scalar, raw, out, texts),
    }
}

fn binary(scalar: Scalar, raw: &[u8], out: &mut [u32], texts: &mut Texts) -> Result<(), Problem> {
    match scalar {
        Scalar::Bool => one(out, u32::from(fixed::<1>(raw)? != [0])),
        Scalar::Int2 => one(out, i32::from(i16::from_be_bytes(fixed(raw)?)).cast_unsigned()),
        Scalar::Int4 | Scalar::Oid | Scalar::Float4 => one(out, u32::from_be_bytes(fixed(raw)?)),
        Scalar::Int8(int8) => return integer(int8, i64::from_be_bytes(fixed(raw)?), out, texts),
        Scalar::Float8 => two(out, u64::from_be_bytes(fixed(raw)?)),
        Scalar::Text | Scalar::Json => one(out, texts.push(utf8(raw)?)),
        Scalar::Jsonb => match raw.split_first() {
            Some((1, json)) => one(out, texts.push(utf8(json)?)),
            _ => return Err(Problem("its jsonb version is not known".into())),
        },
        Scalar::Bytea => one(out, texts.push_long(raw, false)),
        Scalar::Uuid => one(out, texts.push(&uuid(fixed(raw)?))),
    }
    Ok(())
}

fn text(scalar: Scalar, raw: &[u8], out: &mut [u32], texts: &mut Texts) -> Result<(), Problem> {
    let text = utf8(raw)?;
    match scalar {
        Scalar::Bool => one(out, u32::from(text == "t")),
        Scalar::Int2 | Scalar::Int4 => one(out, parse::<i32>(text)?.cast_unsigned()),
        Scalar::Oid => one(out, parse::<u32>(text)?),
        Scalar::Int8(int8) => return integer(int8, parse(text)?, out, texts),
        Scalar::Text | Scalar::Json | Scalar::Jsonb | Scalar::Uuid | Scalar::Float4 | Scalar::Float8 => {
            one(out, texts.push(text));
        }
        Scalar::Bytea => {
            let bytes = bytea(raw).ok_or_else(|| Problem("its text is not that of a bytea".into()))?;
            one(out, texts.push_made(bytes));
        }
    }
    Ok(())
}

fn integer(int8: Int8, value: i64, out: &mut [u32], texts: &mut Texts) -> Result<(), Problem> {
    const SAFE: u64 = (1 << 53) - 1;
    match int8 {
        Int8::Number if value.unsigned_abs() <= SAFE => {
            #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
            two(out, (value as f64).to_bits());
        }
        Int8::Number => {
            return Err(Problem(format!(
                "{value} is not a safe integer in JavaScript; set the option int8 to \"bigint\" or \"string\""
            )));
        }
        Int8::BigInt => two(out, value.cast_unsigned()),
        Int8::String => one(out, texts.push(&value.to_string())),
    }
    Ok(())
}

fn uuid(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
    }
    text
}

/// Undoes both values of `bytea_output`.
fn bytea(text: &[u8]) -> Option<Vec<u8>> {
    if let Some(hex) = text.strip_prefix(b"\\x") {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, rest) = hex.as_chunks::<2>();
        if !rest.is_empty() {
            return None;
        }
        return pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        rest = match rest {
            [] => return Some(bytes),
            [b'\\', b'\\', rest @ ..] => {
                bytes.push(b'\\');
                rest
            }
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', rest @ ..] => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest
            }
            [b'\\', ..] => return None,
            [byte, rest @ ..] => {
                bytes.push(*byte);
                rest
            }
        };
    }
}

fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N], Problem> {
    raw.try_into().map_err(|_| {
        let mut problem = String::new();
        let _ = write!(problem, "its value has {} bytes where its type has {N}", raw.len());
        Problem(problem)
    })
}

fn utf8(raw: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(raw).map_err(|_| Problem("its text is not valid UTF-8".into()))
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem("its text is not that of a number".into()))
}

fn one(out: &mut [u32], value: u32) {
    if let Some(slot) = out.first_mut() {
        *slot = value;
    }
}

/// The low half first: wasm is little-endian, and JavaScript reads both as one Float64 or BigInt64.
fn two(out: &mut [u32], value: u64) {
    let [low, high] = bytemuck::cast::<[u8; 8], [[u8; 4]; 2]>(value.to_le_bytes());
    if let Some(slots) = out.first_chunk_mut::<2>() {
        *slots = [u32::from_le_bytes(low), u32::from_le_bytes(high)];
    }
}
