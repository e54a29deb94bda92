//! As much of JSON (RFC 8259) as a refusal takes: one object, of whose members the strings matter.

use alloc::string::String;
use alloc::vec::Vec;

/// Gives the object's members that are strings, each name once; none when it is not an object. What its other values
/// hold is passed over, whole or not.
pub(super) fn strings(json: &[u8], mut member: impl FnMut(&[u8], String)) -> Option<()> {
    let mut reader = Reader { rest: json };
    let mut names: Vec<Vec<u8>> = Vec::new();
    reader.take(b'{')?;
    if reader.take(b'}').is_none() {
        loop {
            let name = reader.string()?;
            reader.take(b':')?;
            match reader.peek()? {
                b'"' => {
                    let value = String::from_utf8(reader.string()?).ok()?;
                    // Of a name that comes twice, two readers could take two values.
                    if names.contains(&name) {
                        return None;
                    }
                    member(&name, value);
                    names.push(name);
                }
                _ => reader.pass_over()?,
            }
            if reader.take(b',').is_none() {
                break;
            }
        }
        reader.take(b'}')?;
    }
    reader.peek().is_none().then_some(())
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
        self.rest.first().copied()
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        if self.peek()? != wanted {
            return None;
        }
        self.next().map(|_| ())
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        self.take(b'"')?;
        let mut text = Vec::new();
        loop {
            match self.next()? {
                b'"' => return Some(text),
                b'\\' => self.escape(&mut text)?,
                0..0x20 => return None,
                byte => text.push(byte),
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        text.push(match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => byte,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let mut bytes = [0; 4];
                text.extend_from_slice(self.code_point()?.encode_utf8(&mut bytes).as_bytes());
                return Some(());
            }
            _ => return None,
        });
        Some(())
    }

    /// What follows `\u`: one unit of UTF-16, or two that belong together.
    fn code_point(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        let escaped = self.next() == Some(b'\\') && self.next() == Some(b'u');
        let second = self.unit().filter(|second| escaped && (0xdc00..0xe000).contains(second))?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + char::from(self.next()?).to_digit(16)?))
    }

    /// A value that is no string: up to the comma or brace that ends the member.
    fn pass_over(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => drop(self.string()?),
                b',' | b'}' | b']' if depth == 0 => return Some(()),
                byte => {
                    match byte {
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    self.next()?;
                }
            }
        }
    }
}
