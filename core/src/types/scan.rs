//! The parts that PostgreSQL's text forms are made of, taken off the front of what is left of a text.

/// Takes the decimal digits at the front, at least one, as the number that they are.
pub(super) fn decimal(text: &mut &[u8]) -> Option<u64> {
    let mut number: Option<u64> = None;
    while let [digit @ b'0'..=b'9', rest @ ..] = *text {
        number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit - b'0'))?);
        *text = rest;
    }
    number
}

/// Takes the byte at the front, if it is this one.
pub(super) fn byte(text: &mut &[u8], wanted: u8) -> Option<()> {
    let (&first, rest) = text.split_first()?;
    (first == wanted).then(|| *text = rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_off_the_front() {
        let mut text = &b"10:20x"[..];
        assert_eq!(decimal(&mut text), Some(10));
        assert_eq!(decimal(&mut text), None);
        assert_eq!(byte(&mut text, b';'), None);
        assert_eq!(byte(&mut text, b':'), Some(()));
        assert_eq!(decimal(&mut text), Some(20));
        assert_eq!(text, b"x");
        assert_eq!(decimal(&mut &b"18446744073709551615"[..]), Some(u64::MAX));
        assert_eq!(decimal(&mut &b"18446744073709551616"[..]), None);
        assert_eq!(byte(&mut &b""[..], b':'), None);
    }
}
