use alloc::string::String;
use alloc::vec::Vec;

use bytes::BytesMut;

use super::binary::{HEADER, TRAILER};
use super::options::CopyOptions;
use super::row::CopyDataError;
use super::text::TextEncoder;
use crate::error::UsageError;
use crate::row::{Column, Columns};
use crate::types::{Parameters, Type, render};
use crate::wire::{Format, IsNull, Writer};

/// Writes rows of values as the data of a COPY FROM STDIN: in binary, or as text for the server to read.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::copy::RowEncoder;
/// use trunkline_core::types::{Format, Type};
/// use trunkline_core::{Column, Columns};
///
/// let columns = Columns::from(vec![
///     Column::new("id", Type::INT4, Format::Binary),
///     Column::new("name", Type::TEXT, Format::Binary),
/// ]);
/// let mut out = BytesMut::new();
/// let mut encoder = RowEncoder::as_text(columns);
/// encoder.row(&(7, "Ada"), &mut out)?;
/// // Text goes into any column, for the server to read.
/// encoder.row(&("8", None::<&str>), &mut out)?;
/// assert_eq!(&out[..], b"7\tAda\n8\t\\N\n");
/// let wrong = encoder.row(&(true, "Ada"), &mut out).unwrap_err();
/// assert_eq!(wrong.to_string(), "row 3, column \"id\": bool cannot be sent as PostgreSQL's int4");
/// # Ok::<(), trunkline_core::error::UsageError>(())
/// ```
#[derive(Debug)]
pub struct RowEncoder {
    columns: Columns,
    form: Form,
    rows: u64,
}

#[derive(Debug)]
enum Form {
    Binary,
    Text(TextForm),
}

/// What writing text takes, kept from row to row.
#[derive(Debug)]
struct TextForm {
    encoder: TextEncoder,
    /// For each column, whether its last value was a text of its own.
    was_text: Vec<bool>,
    /// The values of a row, and where each ends; NULLs are none.
    values: BytesMut,
    ends: Vec<(usize, bool)>,
    scratch: BytesMut,
}

impl RowEncoder {
    /// In binary: every value must be one of its column's type.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::RowEncoder;
    /// use trunkline_core::types::{Format, Type};
    /// use trunkline_core::{Column, Columns};
    ///
    /// let columns = Columns::from(vec![Column::new("id", Type::INT4, Format::Binary)]);
    /// let mut encoder = RowEncoder::binary(columns);
    /// let mut out = BytesMut::new();
    /// assert!(encoder.row(&(7,), &mut out).is_ok());
    /// assert!(encoder.row(&("8",), &mut out).is_err(), "that is a text");
    /// ```
    pub fn binary(columns: Columns) -> Self {
        Self { columns, form: Form::Binary, rows: 0 }
    }

    /// As text, in the default options of text format: a text may stand for a value of any type, as in a literal.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::RowEncoder;
    /// use trunkline_core::types::{Format, Type};
    /// use trunkline_core::{Column, Columns};
    ///
    /// let born = Columns::from(vec![Column::new("born", Type::DATE, Format::Binary)]);
    /// let mut out = BytesMut::new();
    /// RowEncoder::as_text(born).row(&("10 December 1815",), &mut out)?;
    /// assert_eq!(&out[..], b"10 December 1815\n");
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    pub fn as_text(columns: Columns) -> Self {
        let form = Form::Text(TextForm {
            encoder: TextEncoder::default(),
            was_text: alloc::vec![false; columns.len()],
            values: BytesMut::new(),
            ends: Vec::new(),
            scratch: BytesMut::new(),
        });
        Self { columns, form, rows: 0 }
    }

    /// The options of the COPY that its data is for.
    ///
    /// ```
    /// use trunkline_core::Columns;
    /// use trunkline_core::copy::{CopyFormat, CopyOptions, RowEncoder};
    ///
    /// let options = RowEncoder::binary(Columns::default()).options(CopyOptions::default().freeze(true));
    /// assert_eq!(options.format(), CopyFormat::Binary);
    /// ```
    pub fn options(&self, options: CopyOptions) -> CopyOptions {
        use super::options::CopyFormat;
        options.in_format(match self.form {
            Form::Binary => CopyFormat::Binary,
            Form::Text(_) => CopyFormat::Text,
        })
    }

    /// Appends what comes before the first row.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::Columns;
    /// use trunkline_core::copy::RowEncoder;
    ///
    /// let mut out = BytesMut::new();
    /// RowEncoder::binary(Columns::default()).begin(&mut out);
    /// assert!(out.starts_with(b"PGCOPY\n"));
    /// ```
    pub fn begin(&self, out: &mut BytesMut) {
        if matches!(self.form, Form::Binary) {
            out.extend_from_slice(HEADER);
        }
    }

    /// Appends a row.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::RowEncoder;
    /// use trunkline_core::types::{Format, Type};
    /// use trunkline_core::{Column, Columns};
    ///
    /// let columns = Columns::from(vec![Column::new("name", Type::TEXT, Format::Binary)]);
    /// let mut out = BytesMut::new();
    /// let mut encoder = RowEncoder::binary(columns);
    /// encoder.row(&("Ada",), &mut out)?;
    /// let short = encoder.row(&(), &mut out).unwrap_err();
    /// assert!(short.to_string().starts_with("row 2 has 0 values where 1 column is copied"), "{short}");
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`UsageError::RowLength`] for another number of values than columns, [`UsageError::RowValue`] for one that does
    /// not fit its column; nothing of the row was appended.
    pub fn row(&mut self, values: &dyn Parameters, out: &mut BytesMut) -> Result<(), UsageError> {
        self.rows += 1;
        let (row, columns) = (self.rows, &self.columns);
        if values.count() != columns.len() {
            return Err(UsageError::RowLength { row, expected: columns.len(), given: values.count() });
        }
        let start = out.len();
        let written = match &mut self.form {
            Form::Binary => binary_row(columns, values, out),
            Form::Text(form) => form.row(columns, values, out),
        };
        written.map_err(|(at, error)| {
            out.truncate(start);
            unfit(row, columns.get(at), error)
        })
    }

    /// Appends what comes after the last row.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::Columns;
    /// use trunkline_core::copy::RowEncoder;
    ///
    /// let mut out = BytesMut::new();
    /// RowEncoder::binary(Columns::default()).end(&mut out);
    /// assert_eq!(&out[..], b"\xff\xff");
    /// ```
    pub fn end(&self, out: &mut BytesMut) {
        if matches!(self.form, Form::Binary) {
            out.extend_from_slice(TRAILER);
        }
    }

    /// How many rows were given.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::Columns;
    /// use trunkline_core::copy::RowEncoder;
    ///
    /// let mut encoder = RowEncoder::binary(Columns::default());
    /// encoder.row(&(), &mut BytesMut::new())?;
    /// assert_eq!(encoder.rows(), 1);
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

/// The place of a value and what is wrong with it.
type Unfit = (usize, UsageError);

fn binary_row(columns: &Columns, values: &dyn Parameters, out: &mut BytesMut) -> Result<(), Unfit> {
    let mut writer = Writer::new(out);
    writer.count(columns.len(), "columns").map_err(|error| (0, UsageError::Unencodable(error)))?;
    for (at, column) in columns.iter().enumerate() {
        let written = writer.nullable(|out| {
            let is_null = values.encode(at, &column.type_, out)?;
            if is_null == IsNull::No && values.format(at, &column.type_) == Format::Text {
                return Err(problem(
                    "it is text, which has no place in a COPY in binary: let the server read it, by coerce()",
                ));
            }
            Ok(is_null)
        });
        written.map_err(|error| (at, error))?;
    }
    Ok(())
}

impl TextForm {
    fn row(&mut self, columns: &Columns, values: &dyn Parameters, out: &mut BytesMut) -> Result<(), Unfit> {
        self.values.clear();
        self.ends.clear();
        for (at, column) in columns.iter().enumerate() {
            let is_null = self.value(at, column, values).map_err(|error| (at, error))?;
            self.ends.push((self.values.len(), is_null == IsNull::No));
        }
        let mut start = 0;
        let fields = self.ends.iter().map(|&(end, is_value)| {
            let field = self.values.get(start..end);
            start = end;
            if is_value { field } else { None }
        });
        self.encoder.row(fields, out).map_err(|error| (0, data(error)))
    }

    /// Appends a value's text: the value itself when it is one, else that of its binary form.
    fn value(&mut self, at: usize, column: &Column, values: &dyn Parameters) -> Result<IsNull, UsageError> {
        let was_text = self.was_text.get(at).copied().unwrap_or_default();
        let first = self.value_as(was_text, at, column, values);
        if first.is_ok() {
            return first;
        }
        match self.value_as(!was_text, at, column, values) {
            Ok(is_null) => {
                self.was_text.iter_mut().skip(at).take(1).for_each(|was_text| *was_text = !*was_text);
                Ok(is_null)
            }
            // What is wrong with it as a value of its column is what the caller wants to hear.
            Err(second) => {
                if was_text {
                    Err(second)
                } else {
                    first
                }
            }
        }
    }

    fn value_as(
        &mut self,
        text: bool,
        at: usize,
        column: &Column,
        values: &dyn Parameters,
    ) -> Result<IsNull, UsageError> {
        if text {
            return values.encode(at, &Type::TEXT, &mut self.values);
        }
        let type_ = &column.type_;
        if values.format(at, type_) == Format::Text {
            return values.encode(at, type_, &mut self.values);
        }
        self.scratch.clear();
        let is_null = values.encode(at, type_, &mut self.scratch)?;
        if is_null == IsNull::No {
            let mut rendered = String::new();
            render(type_, &self.scratch, &mut rendered)
                .map_err(|_| problem("it has no text that is known here"))?;
            self.values.extend_from_slice(rendered.as_bytes());
        }
        Ok(is_null)
    }
}

/// A parameter's error, as one of a row.
fn unfit(row: u64, column: Option<&Column>, error: UsageError) -> UsageError {
    let (name, type_) = column.map_or(("", ""), |column| (&*column.name, column.type_.name()));
    let (host_type, problem) = match error {
        UsageError::Parameter { host_type, problem, .. } => (host_type, problem),
        UsageError::Call(problem) => ("the value".into(), problem),
        other => return other,
    };
    UsageError::RowValue { row, column: name.into(), postgres_type: type_.into(), host_type, problem }
}

fn problem(why: &str) -> UsageError {
    UsageError::call(why)
}

fn data(error: CopyDataError) -> UsageError {
    use alloc::string::ToString;
    problem(&error.to_string())
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use super::*;
    use crate::types::{Date, Numeric, ToSql};

    fn columns(types: &[Type]) -> Columns {
        let column = |type_: &Type| Column::new(type_.name(), type_.clone(), Format::Binary);
        types.iter().map(column).collect::<Vec<_>>().into()
    }

    #[test]
    fn binary_rows_are_counted_fields_between_header_and_trailer() {
        let mut encoder = RowEncoder::binary(columns(&[Type::INT4, Type::TEXT]));
        let mut out = BytesMut::new();
        encoder.begin(&mut out);
        encoder.row(&(7, None::<&str>), &mut out).unwrap();
        encoder.end(&mut out);
        let row = b"\0\x02\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
        assert_eq!(&out[..], [HEADER, row, TRAILER].concat());
        assert_eq!(encoder.rows(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_and_leaves_nothing() {
        let mut encoder = RowEncoder::binary(columns(&[Type::INT4, Type::NUMERIC]));
        let mut out = BytesMut::from("before");
        let few = encoder.row(&(1,), &mut out).unwrap_err();
        assert_eq!(few, UsageError::RowLength { row: 1, expected: 2, given: 1 });
        assert_eq!(
            few.to_string(),
            "row 1 has 1 value where 2 columns are copied: give one for each, or name the columns that there are values \
             for"
        );
        let large = encoder.row(&(1_i64 << 40, Numeric::from(1)), &mut out).unwrap_err().to_string();
        assert!(
            large.starts_with(
                "row 2, column \"int4\": i64 cannot be sent as PostgreSQL's int4: 1099511627776"
            ),
            "{large}"
        );
        let text = encoder.row(&(1, "1.5"), &mut out).unwrap_err().to_string();
        assert!(text.contains("coerce()"), "{text}");
        assert_eq!(out, "before");
    }

    #[test]
    fn text_goes_into_any_column_and_values_as_they_are_written() {
        let types = [Type::INT4, Type::DATE, Type::BYTEA, Type::TEXT, Type::INT4_ARRAY];
        let mut encoder = RowEncoder::as_text(columns(&types));
        let mut out = BytesMut::new();
        encoder.begin(&mut out);
        let date: Date = "2024-02-29".parse().unwrap();
        encoder.row(&(1, date, vec![1_u8, 255], "a\tb", vec![1, 2]), &mut out).unwrap();
        encoder.row(&("2", "yesterday", "\\xff", "\\", "{3}"), &mut out).unwrap();
        let mixed: [&dyn ToSql; 5] = [&3, &None::<i32>, &"x", &"y", &vec![4]];
        encoder.row(&&mixed[..], &mut out).unwrap();
        encoder.end(&mut out);
        let expected = "1\t2024-02-29\t\\\\x01ff\ta\\tb\t{1,2}\n\
                        2\tyesterday\t\\\\xff\t\\\\\t{3}\n\
                        3\t\\N\tx\ty\t{4}\n";
        assert_eq!(out, expected);
        let wrong = encoder.row(&(true, date, vec![1_u8], "", vec![1]), &mut out).unwrap_err().to_string();
        assert_eq!(wrong, "row 4, column \"int4\": bool cannot be sent as PostgreSQL's int4");
        let nul = encoder.row(&(1, date, vec![1_u8], "a\0", vec![1]), &mut out).unwrap_err().to_string();
        assert!(nul.contains("NUL"), "{nul}");
        assert_eq!(out, expected);
    }
}
