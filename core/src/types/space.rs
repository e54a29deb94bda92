//! What C's `isspace` calls space outside of all locales, and so do PostgreSQL's text forms.

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// What follows the spaces at the start.
pub(super) fn skip_spaces(mut text: &[u8]) -> &[u8] {
    while let [byte, after @ ..] = text
        && is_space(*byte)
    {
        text = after;
    }
    text
}
