//! Text for what stands among text.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};

use super::{Range, Type, Value, problem};
use crate::error::BoxError;
use crate::wire::Format;

/// A value's text, whichever format it is written in: an array, range or record has one format for all that is in
/// it, and what is written in binary is written out as text beside what has no other form.
pub(super) fn as_text<'a>(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Cow<'a, str>, BoxError> {
    if format == Format::Text {
        return problem::utf8(raw).map(Cow::Borrowed);
    }
    text_of(type_.plain(), raw)?.map(Cow::Owned).ok_or_else(problem::mixed)
}

/// The text of what is in binary; nothing when only the bytes are known of something in it.
pub(super) fn text_of(type_: &Type, raw: &[u8]) -> Result<Option<String>, BoxError> {
    let value = Value::decode(type_, Format::Binary, Some(raw))?;
    Ok((!is_opaque(&value)).then(|| value.to_string()))
}

/// Whether there is something in it of which only the bytes are known.
fn is_opaque(value: &Value) -> bool {
    match value {
        Value::Opaque(_) => true,
        Value::Array(array) => array.iter().any(is_opaque),
        Value::Range(range) => range.bounds().any(is_opaque),
        Value::Multirange(multirange) => multirange.0.iter().flat_map(Range::bounds).any(is_opaque),
        Value::Record(record) => record.values().iter().any(is_opaque),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_binary_is_written_out() {
        let text = |type_, raw: &[u8]| as_text(&type_, Format::Binary, raw).map(Cow::into_owned);
        assert_eq!(text(Type::INT4, &[0, 0, 0, 7]).unwrap(), "7");
        assert_eq!(text(Type::INT4RANGE, b"\x01").unwrap(), "empty");
        assert_eq!(as_text(&Type::DATE, Format::Text, b"today").unwrap(), "today");
        let opaque = text(Type::from_oid(99_999), b"\0").unwrap_err().to_string();
        assert!(opaque.starts_with("it is among strings"), "{opaque}");
        let array = b"\0\0\0\x01\0\0\0\0\0\x01\x86\x9f\0\0\0\x01\0\0\0\x01\0\0\0\x01\0";
        assert!(text(Type::ANYARRAY, array).is_err());
        let record = b"\0\0\0\x01\0\x01\x86\x9f\0\0\0\x01\0";
        assert!(text(Type::RECORD, record).is_err());
    }
}
