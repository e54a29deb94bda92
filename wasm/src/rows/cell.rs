/// How JavaScript reads a slot. The numbers are known to `js/src/values/cell.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cell {
    I32 = 0,
    U32 = 1,
    Bool = 2,
    /// Two slots.
    F64 = 3,
    /// Two slots, read as a BigInt.
    I64 = 4,
    Text = 5,
    /// Text that JavaScript parses as JSON.
    Json = 6,
    /// Bytes that JavaScript copies; always in the list of long values.
    Bytes = 7,
    /// Widened by JavaScript to the double with the same shortest decimal: 0.1 stays 0.1, as in psql.
    F32 = 8,
    /// Text that JavaScript reads as a number. Neither direction of that conversion is worth its code here.
    Number = 9,
    /// Two slots: milliseconds since 1970 as a double, which become a Date.
    Date = 10,
}

impl Cell {
    /// From here on kinds are layouts: the slot is where the value starts among the nested slots.
    pub(crate) const LAYOUT: u32 = 32;

    pub(crate) const fn slots(self) -> usize {
        match self {
            Self::F64 | Self::I64 | Self::Date => 2,
            _ => 1,
        }
    }
}

/// The bit of a text's slot that says that the rest is an index into the list of long values.
pub(crate) const LONG: u32 = 1 << 31;
