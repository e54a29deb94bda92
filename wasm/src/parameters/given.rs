//! What is given to core as it is.

use bytes::{BufMut, BytesMut};
use trunkline_core::types::{BoxError, Format, IsNull, ToSql, Type, composite};

use super::host::is_json;

/// A text that the server reads, whatever the type.
pub(super) struct Literal<'a>(pub(super) &'a str);

impl ToSql for Literal<'_> {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if self.0.bytes().any(|byte| byte == 0) {
            return Err("it contains a NUL character, which PostgreSQL's texts cannot hold".into());
        }
        out.put_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn format(&self, _type: &Type) -> Format {
        Format::Text
    }
}

/// The binary form of whatever type it is.
pub(super) struct Raw<'a>(pub(super) &'a [u8]);

impl ToSql for Raw<'_> {
    fn accepts(&self, _type: &Type) -> bool {
        true
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.put_slice(self.0);
        Ok(IsNull::No)
    }
}

/// A text that is JSON.
pub(super) struct Json<'a>(pub(super) &'a [u8]);

impl ToSql for Json<'_> {
    fn accepts(&self, type_: &Type) -> bool {
        is_json(type_.oid())
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        match core::str::from_utf8(self.0) {
            Ok(text) => text.to_sql(type_, out),
            Err(_) => Err("its JSON is not valid UTF-8".into()),
        }
    }
}

/// The fields of a composite value.
pub(super) struct Fields<'a>(pub(super) &'a [(&'a str, &'a dyn ToSql)]);

impl ToSql for Fields<'_> {
    fn accepts(&self, type_: &Type) -> bool {
        composite::accepts(self.0, type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        composite::encode(self.0, type_, out)
    }

    fn format(&self, type_: &Type) -> Format {
        composite::format(self.0, type_)
    }
}
