use bytes::{BufMut, BytesMut};

use super::digits::Digits;
use super::{Finite, Numeric, Repr};
use crate::error::BoxError;
use crate::types::codec::{Codec, codec};
use crate::types::{Type, oid, problem};

/// What the wire says of the sign.
const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;

/// It means nothing, but the server's infinities have it.
const SCALE_OF_INFINITY: u16 = 32;

impl Codec for Numeric {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::NUMERIC
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        match &self.0 {
            Repr::NaN => header(0, 0, NAN, 0, out),
            Repr::Infinity => header(0, 0, INFINITY, SCALE_OF_INFINITY, out),
            Repr::NegativeInfinity => header(0, 0, NEGATIVE_INFINITY, SCALE_OF_INFINITY, out),
            Repr::Finite(finite) => finite.encode(out),
        }
        Ok(())
    }

    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let Some((header, digits)) = raw.split_first_chunk() else {
            return Err(problem::length(type_, raw.len()));
        };
        let &[count, count_low, weight, weight_low, sign, sign_low, scale, scale_low] = header;
        if digits.len() != 2 * usize::from(u16::from_be_bytes([count, count_low])) {
            return Err(problem::length(type_, raw.len()));
        }
        let weight = i16::from_be_bytes([weight, weight_low]);
        let scale = u16::from_be_bytes([scale, scale_low]);
        let numeric = match u16::from_be_bytes([sign, sign_low]) {
            POSITIVE => Finite::decode(false, weight, scale, digits).map(Repr::Finite),
            NEGATIVE => Finite::decode(true, weight, scale, digits).map(Repr::Finite),
            NAN if digits.is_empty() => Some(Repr::NaN),
            INFINITY if digits.is_empty() => Some(Repr::Infinity),
            NEGATIVE_INFINITY if digits.is_empty() => Some(Repr::NegativeInfinity),
            _ => None,
        };
        numeric.map(Self).ok_or_else(malformed)
    }
}

codec!(Numeric);

impl Finite {
    fn encode(&self, out: &mut BytesMut) {
        let sign = if self.is_negative { NEGATIVE } else { POSITIVE };
        // There are never more than 36864.
        let count = u16::try_from(self.digits.len()).unwrap_or(u16::MAX);
        header(count, self.weight, sign, self.scale, out);
        self.digits.iter().for_each(|&digit| out.put_u16(digit));
    }

    /// From digits of two bytes each. The server sends no zeros around them; they are allowed, though.
    #[inline]
    fn decode(is_negative: bool, weight: i16, scale: u16, raw: &[u8]) -> Option<Self> {
        let (pairs, _) = raw.as_chunks::<2>();
        let leading = pairs.iter().take_while(|&pair| *pair == [0, 0]).count();
        let (_, pairs) = pairs.split_at_checked(leading)?;
        let trailing = pairs.iter().rev().take_while(|&pair| *pair == [0, 0]).count();
        let (pairs, _) = pairs.split_at_checked(pairs.len().checked_sub(trailing)?)?;
        if pairs.iter().any(|&pair| u16::from_be_bytes(pair) > 9999) {
            return None;
        }
        let digits = Digits::new(pairs.iter().map(|&pair| u16::from_be_bytes(pair)));
        let weight = i32::from(weight).checked_sub(leading.try_into().ok()?)?;
        Self::new(is_negative, weight, scale, digits)
    }
}

fn header(count: u16, weight: i16, sign: u16, scale: u16, out: &mut BytesMut) {
    let [count, weight, sign, scale] =
        [count.to_be_bytes(), weight.to_be_bytes(), sign.to_be_bytes(), scale.to_be_bytes()];
    out.put_slice([count, weight, sign, scale].as_flattened());
}

#[cold]
fn malformed() -> BoxError {
    "its bytes are not a numeric: a digit, sign, weight or scale that cannot be".into()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::boxed::Box;
    use std::string::ToString;
    use std::sync::Arc;
    use std::vec;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::ToSql;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn numerics_arrive_in_both_formats(number in "-?[0-9]{1,60}(\\.[0-9]{1,60})?") {
            let numeric: Numeric = number.parse().unwrap();
            let arrived = round_trip(&Type::NUMERIC, &numeric);
            prop_assert_eq!(&arrived, &numeric);
            prop_assert_eq!(arrived.to_string(), numeric.to_string());
            prop_assert_eq!(text::<Numeric>(&Type::NUMERIC, number.as_bytes()).unwrap(), numeric);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, digits: Vec<[u8; 2]>, weight: i16, scale: u16) {
            survives::<Numeric>(&Type::NUMERIC, &raw);
            let mut raw = BytesMut::new();
            header(digits.len().try_into().unwrap(), weight, NEGATIVE, scale, &mut raw);
            raw.extend_from_slice(digits.as_flattened());
            if let Ok(numeric) = binary::<Numeric>(&Type::NUMERIC, &raw) {
                prop_assert_eq!(numeric.to_string().parse(), Ok(numeric));
            }
        }
    }

    /// Sent by PostgreSQL 18.
    #[test]
    fn the_bytes_are_the_servers() {
        for (text, bytes) in [
            ("0", &[0, 0, 0, 0][..]),
            ("0.00", &[0, 0, 0, 2]),
            ("1", &[1, 0, 0, 0, 1]),
            ("-1.50", &[2, 0, NEGATIVE, 2, 1, 5000]),
            ("10000", &[1, 1, 0, 0, 1]),
            ("12345678.9", &[3, 1, 0, 1, 1234, 5678, 9000]),
            ("0.00001", &[1, 0xfffe, 0, 5, 1000]),
            ("NaN", &[0, 0, NAN, 0]),
            ("Infinity", &[0, 0, INFINITY, 32]),
            ("-Infinity", &[0, 0, NEGATIVE_INFINITY, 32]),
        ] {
            let bytes: Vec<_> = bytes.iter().flat_map(|word: &u16| word.to_be_bytes()).collect();
            let numeric: Numeric = text.parse().unwrap();
            assert_eq!(encode(&Type::NUMERIC, &numeric).unwrap(), bytes, "{text}");
            assert_eq!(binary::<Numeric>(&Type::NUMERIC, &bytes).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_no_server_sends_is_refused_but_zeros() {
        let decode = |words: &[u16]| {
            let bytes: Vec<_> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            binary::<Numeric>(&Type::NUMERIC, &bytes).map(|numeric| numeric.to_string())
        };
        assert_eq!(decode(&[4, 2, 0, 1, 0, 0, 7, 0]).unwrap(), "7.0");
        assert_eq!(decode(&[1, 9, NEGATIVE, 0, 0]).unwrap(), "0");
        for words in [
            &[1, 0, 0, 0, 10_000][..],
            &[1, 0, 1, 0, 1],
            // A digit that the scale hides, a scale that cannot be, a count that is not that of the digits.
            &[2, 0, 0, 3, 1, 1],
            &[0, 0, 0, 16_384],
            &[2, 0, 0, 0, 1],
            &[0, 0, 0],
        ] {
            assert!(decode(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn pointers_arrays_and_options_of_numerics_arrive() {
        let numeric = Numeric::from(-15);
        let bytes = encode(&Type::NUMERIC, &numeric).unwrap();
        let [shared, boxed]: [&dyn ToSql; 2] = [&Arc::new(numeric.clone()), &Box::new(numeric.clone())];
        let (cow, some) = (Cow::Borrowed(&numeric), Some(&numeric));
        for pointer in [shared, boxed, &cow, &some] {
            assert_eq!(encode(&Type::NUMERIC, pointer).unwrap(), bytes);
        }
        assert_eq!(binary::<Option<Numeric>>(&Type::NUMERIC, &bytes).unwrap(), Some(numeric.clone()));
        let array = vec![Some(numeric), None, Some(Numeric::NAN)];
        assert_eq!(round_trip(&Type::NUMERIC_ARRAY, &array), array);
    }

    #[test]
    fn a_numeric_is_small() {
        assert!(size_of::<Numeric>() <= 32);
        assert_eq!(size_of::<Option<Numeric>>(), size_of::<Numeric>());
    }
}
