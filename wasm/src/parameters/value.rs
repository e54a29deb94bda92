use trunkline_core::error::UsageError;

/// One tagged value. The tags are known to `js/src/values/parameter-writer.ts`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i32),
    Double(f64),
    BigInt(i64),
    /// A BigInt beyond 64 bits, in decimal.
    Decimal(&'a str),
    String(&'a str),
    Bytes(&'a [u8]),
    /// An object, as JSON.
    Json(&'a str),
    List(List<'a>),
    /// A Date, in milliseconds since 1970.
    Date(f64),
    /// Names and values in turn.
    Object(List<'a>),
    /// A text that is to go as text format, from a codec of the program's.
    Literal(&'a str),
    /// Bytes that are to go as binary format, from a codec of the program's.
    Raw(&'a [u8]),
    /// The flags of a range, its lower and its upper bound.
    Range(List<'a>),
    /// The lower bounds of an array, and its elements.
    Bounded(List<'a>),
}

/// The elements of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    pub(crate) count: usize,
    bytes: &'a [u8],
}

/// The scratch area holds something else than tagged values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Malformed {
    #[cold]
    pub(crate) fn error() -> UsageError {
        UsageError::call("the parameters were not written as tagged values; please report this bug")
    }
}

impl<'a> Value<'a> {
    /// The value at the start of `bytes`, and how many bytes it takes.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<(Self, usize), Malformed> {
        let (head, rest) = bytes.split_first_chunk::<8>().ok_or(Malformed)?;
        let [a, b, c, d, e, f, g, h] = *head;
        let (tag, word) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        let immediate = match tag {
            0 => Some(Self::Null),
            1 => Some(Self::Bool(word != 0)),
            2 => Some(Self::Int(word.cast_signed())),
            _ => None,
        };
        if let Some(value) = immediate {
            return Ok((value, 8));
        }
        let mut length = usize::try_from(word).map_err(|_| Malformed)?;
        let mut rest = rest;
        let mut taken = 8;
        if let 9 | 11 | 14 | 15 = tag {
            // A list tells its count first, and then its length in bytes.
            let (bytes, after) = rest.split_first_chunk::<8>().ok_or(Malformed)?;
            let count = length;
            length = usize::try_from(u64::from_le_bytes(*bytes)).map_err(|_| Malformed)?;
            rest = after;
            taken = 16;
            let bytes = rest.get(..length).ok_or(Malformed)?;
            let list = List { count, bytes };
            let value = match tag {
                9 => Self::List(list),
                11 => Self::Object(list),
                14 => Self::Range(list),
                _ => Self::Bounded(list),
            };
            return Ok((value, taken + length));
        }
        let bytes = rest.get(..length).ok_or(Malformed)?;
        let text = || std::str::from_utf8(bytes).map_err(|_| Malformed);
        let value = match tag {
            3 => Self::Double(f64::from_le_bytes(bytes.try_into().map_err(|_| Malformed)?)),
            4 => Self::BigInt(i64::from_le_bytes(bytes.try_into().map_err(|_| Malformed)?)),
            5 => Self::Decimal(text()?),
            6 => Self::String(text()?),
            7 => Self::Bytes(bytes),
            8 => Self::Json(text()?),
            10 => Self::Date(f64::from_le_bytes(bytes.try_into().map_err(|_| Malformed)?)),
            12 => Self::Literal(text()?),
            13 => Self::Raw(bytes),
            _ => return Err(Malformed),
        };
        Ok((value, taken + length.next_multiple_of(8)))
    }

    /// Whether it has parts that are values of their own.
    pub(crate) const fn is_made_of_others(self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_) | Self::Range(_) | Self::Bounded(_))
    }

    /// What JavaScript calls it.
    pub(crate) const fn host_type(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::Double(_) => "number",
            Self::BigInt(_) | Self::Decimal(_) => "bigint",
            Self::String(_) => "string",
            Self::Bytes(_) => "Uint8Array",
            Self::Json(_) | Self::Object(_) => "object",
            Self::List(_) | Self::Bounded(_) => "array",
            Self::Date(_) => "Date",
            Self::Range(_) => "Range",
            Self::Literal(_) | Self::Raw(_) => "value of a codec",
        }
    }
}

impl<'a> List<'a> {
    /// The names and values of an object, whose list holds both.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let mut values = Self { count: self.count.saturating_mul(2), ..self }.iter();
        std::iter::from_fn(move || match (values.next()?, values.next()?) {
            (Value::String(name), value) => Some((name, value)),
            _ => None,
        })
    }

    /// The elements in order; stops at the first that is malformed.
    pub(crate) fn iter(self) -> impl Iterator<Item = Value<'a>> {
        let mut rest = self.bytes;
        (0..self.count).map_while(move |_| {
            let (value, length) = Value::read(rest).ok()?;
            rest = rest.get(length..)?;
            Some(value)
        })
    }
}
