use core::fmt::{self, Write};

/// A text that is not ours, with its control characters, quotes and backslashes escaped.
///
/// `str::escape_debug` would bring tables of all that Unicode knows, which are felt in the size of the wasm.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '"' | '\'' | '\\' => f.write_str("\\")?,
                // Besides controls, what is invisible or turns the direction of the text around it.
                '\0'..=' '
                | '\x7f'..='\u{a0}'
                | '\u{200b}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                    if character != ' ' =>
                {
                    write!(f, "{}", character.escape_default())?;
                    continue;
                }
                _ => {}
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(Escaped("Zoë \"b\"\n\u{1b}[0m\u{202e}").to_string(), r#"Zoë \"b\"\n\u{1b}[0m\u{202e}"#);
    }
}
