use core::str::FromStr;
use core::time::Duration;

/// A number, with white space around it forgiven as libpq does; no sign but a minus, which no option takes.
pub(super) fn number<T: FromStr>(text: &str) -> Option<T> {
    let digits = text.trim_matches(is_space);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A boolean in PostgreSQL's words.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "on" | "yes" => Some(true),
        "0" | "false" | "off" | "no" => Some(false),
        _ => None,
    }
}

/// Whole seconds, where libpq's 0 (and less) means no limit: the outer `None` is text that is no number.
pub(super) fn seconds_or_none(text: &str) -> Option<Option<Duration>> {
    let text = text.trim_matches(is_space);
    if let Some(negative) = text.strip_prefix('-') {
        return number::<u32>(negative).map(|_| None);
    }
    number::<u32>(text).map(|seconds| (seconds > 0).then(|| Duration::from_secs(seconds.into())))
}

/// A length of time as PostgreSQL's settings have it: a number and `ms`, `s`, `min` or `h`; seconds alone. 0
/// means no limit.
pub(super) fn duration_or_none(text: &str) -> Option<Option<Duration>> {
    let (digits, unit) = split_unit(text);
    let count: u64 = number(digits)?;
    let duration = match unit {
        "ms" => Duration::from_millis(count),
        "" | "s" => Duration::from_secs(count),
        "min" => Duration::from_secs(count.checked_mul(60)?),
        "h" => Duration::from_secs(count.checked_mul(3600)?),
        _ => return None,
    };
    Some((count > 0).then_some(duration))
}

/// A number of bytes as PostgreSQL's settings have it: a number and `B`, `kB`, `MB` or `GB`; bytes alone.
pub(super) fn bytes(text: &str) -> Option<usize> {
    let (digits, unit) = split_unit(text);
    let count: usize = number(digits)?;
    let scale: usize = match unit {
        "" | "B" => 1,
        "kB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    count.checked_mul(scale)
}

fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim_matches(is_space);
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = split(text, end);
    (digits, unit.trim_start_matches(is_space))
}

/// The text up to a place between characters, and from it on.
pub(super) fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// C's `isspace`, which is what libpq goes by.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(number::<u16>(" 5432 "), Some(5432));
        for text in ["", "+1", "-1", "1x", "99999", "0x10", "١"] {
            assert_eq!(number::<u16>(text), None, "{text}");
        }
    }

    #[test]
    fn times() {
        assert_eq!(seconds_or_none("10"), Some(Some(Duration::from_secs(10))));
        assert_eq!(seconds_or_none("0"), Some(None));
        assert_eq!(seconds_or_none("-1"), Some(None));
        assert_eq!(seconds_or_none("5s"), None);
        assert_eq!(duration_or_none("250ms"), Some(Some(Duration::from_millis(250))));
        assert_eq!(duration_or_none("2 min"), Some(Some(Duration::from_secs(120))));
        assert_eq!(duration_or_none("18446744073709551615h"), None);
        assert_eq!(duration_or_none("soon"), None);
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("1048576"), Some(1 << 20));
        assert_eq!(bytes("64kB"), Some(65536));
        assert_eq!(bytes("16 MB"), Some(16 << 20));
        assert_eq!(bytes("1mb"), None);
        assert_eq!(bytes("99999999999999999999GB"), None);
    }
}
