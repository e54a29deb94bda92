use core::fmt::Write;

use trunkline_core::types::{Date, FromSql, Time, Timestamp, TimestampTz, Type, oid, render};
use trunkline_core::wire::Format;

use super::cell::Cell;
use super::choices::Int8;
use super::problem::Problem;
use super::text::Texts;

/// What one cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Bool,
    /// int2 and int4.
    Int4,
    /// OIDs, and what is one on the wire.
    Oid,
    Int8(Int8),
    Float4,
    Float8,
    /// Whatever is text in binary too.
    Text,
    /// "char": a byte.
    Char,
    Json,
    Bytea,
    Uuid,
    /// numeric as a number.
    Number,
    /// Dates and times as strings.
    Iso,
    /// The same for Temporal.
    Extended,
    /// date, timestamp and timestamptz as a Date.
    Date,
    /// A text that is numbers as JSON has them: vectors.
    Numbers,
    /// Everything else, as its text.
    Rendered,
    /// The binary form as it came.
    Raw,
}

impl Scalar {
    pub(crate) const fn cell(self, format: Format) -> Cell {
        match self {
            Self::Float4 | Self::Float8 if matches!(format, Format::Text) => Cell::Number,
            Self::Float4 => Cell::F32,
            Self::Bool => Cell::Bool,
            Self::Int4 => Cell::I32,
            Self::Oid => Cell::U32,
            Self::Int8(Int8::Number) | Self::Float8 => Cell::F64,
            Self::Int8(Int8::BigInt) => Cell::I64,
            Self::Int8(Int8::String)
            | Self::Text
            | Self::Char
            | Self::Uuid
            | Self::Iso
            | Self::Extended
            | Self::Rendered => Cell::Text,
            Self::Json | Self::Numbers => Cell::Json,
            Self::Bytea | Self::Raw => Cell::Bytes,
            Self::Number => Cell::Number,
            Self::Date => Cell::Date,
        }
    }

    /// Whether it reads text format too; what does not is a text then.
    pub(crate) const fn reads_text(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::Int4
                | Self::Oid
                | Self::Int8(_)
                | Self::Float4
                | Self::Float8
                | Self::Text
                | Self::Json
                | Self::Bytea
        )
    }

    /// Decodes one value into its slots: the lower half of the word is the first.
    pub(crate) fn decode(
        self,
        type_: &Type,
        format: Format,
        raw: &[u8],
        texts: &mut Texts,
    ) -> Result<u64, Problem> {
        let text = |texts: &mut Texts, text: &str| u64::from(texts.push(text));
        Ok(match self {
            Self::Bool => bool::from_sql(type_, format, raw)?.into(),
            Self::Int4 => i32::from_sql(type_, format, raw)?.cast_unsigned().into(),
            Self::Oid => u32::from_sql(type_, format, raw)?.into(),
            Self::Int8(int8) => return integer(int8, i64::from_sql(type_, format, raw)?, texts),
            // JavaScript reads the numbers of text format.
            Self::Float4 | Self::Float8 if format == Format::Text => text(texts, read(type_, format, raw)?),
            Self::Float4 => u32::from_be_bytes(fixed(raw)?).into(),
            Self::Float8 => u64::from_be_bytes(fixed(raw)?),
            Self::Text | Self::Json => text(texts, read(type_, format, raw)?),
            Self::Char => match raw {
                [1..=0x7f] => text(texts, read(type_, format, raw)?),
                _ => rendered(type_, raw, texts)?,
            },
            Self::Uuid => texts.make(|out| write_uuid(out, &fixed(raw)?))?.into(),
            Self::Bytea if format == Format::Text => {
                texts.push_made(Vec::from_sql(type_, format, raw)?).into()
            }
            Self::Bytea | Self::Raw => texts.push_long(raw, false).into(),
            Self::Iso => texts.make(|out| write_iso(out, type_, raw))?.into(),
            Self::Extended => texts.make(|out| write_extended(out, type_, raw))?.into(),
            Self::Date => milliseconds(type_, raw)?.to_bits(),
            Self::Number | Self::Numbers | Self::Rendered => rendered(type_, raw, texts)?,
        })
    }
}

fn rendered(type_: &Type, raw: &[u8], texts: &mut Texts) -> Result<u64, Problem> {
    let slot = texts.make(|out| render(type_, raw, out).map_err(Problem::from))?;
    Ok(slot.into())
}

fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N], Problem> {
    raw.try_into().map_err(|_| Problem(format!("its value has {} bytes where its type has {N}", raw.len())))
}

fn read<'a>(type_: &Type, format: Format, raw: &'a [u8]) -> Result<&'a str, Problem> {
    Ok(<&str>::from_sql(type_, format, raw)?)
}

fn integer(int8: Int8, value: i64, texts: &mut Texts) -> Result<u64, Problem> {
    const SAFE: u64 = (1 << 53) - 1;
    match int8 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        Int8::Number if value.unsigned_abs() <= SAFE => Ok((value as f64).to_bits()),
        Int8::Number => Err(Problem(format!(
            "{value} is not a safe integer in JavaScript; set the option int8 to \"bigint\" or \"string\""
        ))),
        Int8::BigInt => Ok(value.cast_unsigned()),
        Int8::String => Ok(texts.push_text(value.to_string()).into()),
    }
}

/// Faster than by way of formatting, and the most common of the types that are rendered.
fn write_uuid(text: &mut String, bytes: &[u8; 16]) -> Result<(), Problem> {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
    }
    Ok(())
}

/// In ISO 8601, which PostgreSQL reads too, but for years outside of 0001 to 9999: those as PostgreSQL has them.
fn write_iso(text: &mut String, type_: &Type, raw: &[u8]) -> Result<(), Problem> {
    write_extended(text, type_, raw)?;
    // Year 0000 is the first one before Christ.
    if text.starts_with(['+', '-']) || text.starts_with("0000") {
        text.clear();
        render(type_, raw, text)?;
    }
    Ok(())
}

/// In ISO 8601, years outside of 0000 to 9999 with a sign and six digits.
fn write_extended(text: &mut String, type_: &Type, raw: &[u8]) -> Result<(), Problem> {
    // A String takes whatever is written.
    let _ = match type_.oid() {
        oid::DATE => write!(text, "{}", Date::from_binary(type_, raw)?.iso()),
        oid::TIME => write!(text, "{}", Time::from_binary(type_, raw)?.iso()),
        oid::TIMESTAMP => write!(text, "{}", Timestamp::from_binary(type_, raw)?.iso()),
        _ => write!(text, "{}", TimestampTz::from_binary(type_, raw)?.iso()),
    };
    Ok(())
}

/// Milliseconds since 1970, whole ones; infinity is infinity.
fn milliseconds(type_: &Type, raw: &[u8]) -> Result<f64, Problem> {
    let moment = match type_.oid() {
        oid::DATE => {
            let date = Date::from_binary(type_, raw)?;
            match date.unix_days() {
                Some(days) => return within(f64::from(days) * 86_400_000.0),
                None if date == Date::INFINITY => TimestampTz::INFINITY,
                None => TimestampTz::NEG_INFINITY,
            }
        }
        _ => TimestampTz::from_binary(type_, raw)?,
    };
    match moment {
        TimestampTz::INFINITY => Ok(f64::INFINITY),
        TimestampTz::NEG_INFINITY => Ok(f64::NEG_INFINITY),
        moment => within(moment.unix_millis().map_or(f64::INFINITY, |(milliseconds, _)| milliseconds)),
    }
}

/// What a Date can hold.
fn within(milliseconds: f64) -> Result<f64, Problem> {
    /// The last moment of a Date, and the first one with a minus.
    const LAST: f64 = 8.64e15;
    if milliseconds.abs() > LAST {
        return Err(Problem(
            "it is beyond what a Date can hold; set the option timestamps (or dates) to \"string\"".into(),
        ));
    }
    Ok(milliseconds)
}
