/// What values become in JavaScript, where there is a choice: bits of `js/src/values/representation.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Choices(u32);

/// What `int8` becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Int8 {
    /// A number, and an error when the value is not a safe integer.
    Number,
    BigInt,
    String,
}

/// What a type of dates and times becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Date,
    String,
    Temporal,
}

/// What `interval` becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intervals {
    Object,
    String,
    Temporal,
}

impl Choices {
    pub(crate) const fn new(bits: u32) -> Self {
        Self(bits)
    }

    const fn at(self, shift: u32) -> u32 {
        self.0 >> shift & 3
    }

    pub(crate) const fn int8(self) -> Int8 {
        match self.at(0) {
            1 => Int8::BigInt,
            2 => Int8::String,
            _ => Int8::Number,
        }
    }

    pub(crate) const fn numeric_is_number(self) -> bool {
        self.at(2) == 1
    }

    pub(crate) const fn timestamps(self) -> Moment {
        match self.at(4) {
            1 => Moment::String,
            2 => Moment::Temporal,
            _ => Moment::Date,
        }
    }

    pub(crate) const fn dates(self) -> Moment {
        match self.at(6) {
            1 => Moment::Date,
            2 => Moment::Temporal,
            _ => Moment::String,
        }
    }

    pub(crate) const fn intervals(self) -> Intervals {
        match self.at(8) {
            1 => Intervals::String,
            2 => Intervals::Temporal,
            _ => Intervals::Object,
        }
    }

    pub(crate) const fn json_is_text(self) -> bool {
        self.at(10) == 1
    }
}
