use trunkline_core::types::{BoxError, Date, Timestamp, TimestampTz, Type, oid};

/// What a Date is, by the type that it goes into: always by UTC.
pub(super) enum Moment {
    Date(Date),
    Timestamp(Timestamp),
    TimestampTz(TimestampTz),
    Text(String),
}

impl Moment {
    /// Nothing when the type is none of moments, and takes no text of one either.
    pub(super) fn new(milliseconds: f64, type_: &Type) -> Result<Option<Self>, BoxError> {
        let moment = TimestampTz::from_unix_millis(milliseconds)?;
        Ok(Some(match type_.oid() {
            oid::TIMESTAMPTZ => Self::TimestampTz(moment),
            oid::TIMESTAMP => Self::Timestamp(moment.utc()),
            oid::DATE => Self::Date(moment.utc().date()),
            oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::UNKNOWN => Self::Text(moment.iso().to_string()),
            // Who knows what the types of extensions and programs take.
            _ if type_.schema() != "pg_catalog" => Self::Text(moment.iso().to_string()),
            _ => return Ok(None),
        }))
    }
}

/// As `toISOString` has it, but for zeros at the end.
pub(super) fn iso(milliseconds: f64) -> Result<String, BoxError> {
    Ok(TimestampTz::from_unix_millis(milliseconds)?.iso().to_string())
}
