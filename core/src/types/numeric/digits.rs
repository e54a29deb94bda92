use alloc::boxed::Box;
use core::ops::Deref;

/// So many fit where the pointer to more would be, and make all integers of 128 bits.
pub(super) const INLINE: usize = 11;

/// Digits of base 10000, as on the wire: neither the first nor the last is zero, and zero has none.
#[derive(Clone)]
pub(super) enum Digits {
    Inline { length: u8, digits: [u16; INLINE] },
    Heap(Box<[u16]>),
}

impl Digits {
    pub(super) const EMPTY: Self = Self::Inline { length: 0, digits: [0; INLINE] };

    #[inline]
    pub(super) fn new(source: impl ExactSizeIterator<Item = u16>) -> Self {
        match u8::try_from(source.len()) {
            Ok(length) if source.len() <= INLINE => {
                let mut digits = [0; INLINE];
                digits.iter_mut().zip(source).for_each(|(place, digit)| *place = digit);
                Self::Inline { length, digits }
            }
            _ => Self::Heap(source.collect()),
        }
    }

    #[inline]
    pub(super) fn lowest_first(mut digits: [u16; INLINE], length: u8) -> Self {
        digits.get_mut(..usize::from(length)).unwrap_or_default().reverse();
        Self::Inline { length, digits }
    }
}

impl Deref for Digits {
    type Target = [u16];

    #[inline]
    fn deref(&self) -> &[u16] {
        match self {
            Self::Inline { length, digits } => digits.get(..usize::from(*length)).unwrap_or_default(),
            Self::Heap(digits) => digits,
        }
    }
}
