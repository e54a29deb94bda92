//! Walks message headers through whatever pieces the socket gives.

use anyhow::{Result, bail};

/// A tag and the length that follows it.
const HEADER: usize = 5;

#[derive(Debug, Default)]
pub(super) struct Scanner {
    /// A header of which only a part has come.
    partial: Vec<u8>,
    /// Bytes of the present message still to be passed over.
    skip: usize,
    /// DataRows since the last ReadyForQuery.
    rows: u64,
}

impl Scanner {
    /// Returns how many ReadyForQuery came; `on_ready` is given the rows before each.
    pub(super) fn feed(
        &mut self,
        mut input: &[u8],
        on_ready: &mut impl FnMut(u64) -> Result<()>,
    ) -> Result<usize> {
        let mut ready = 0;
        loop {
            let Some((_, rest)) = input.split_at_checked(self.skip) else {
                self.skip -= input.len();
                return Ok(ready);
            };
            self.skip = 0;
            let (header, rest) = match rest.split_first_chunk::<HEADER>() {
                Some((header, rest)) if self.partial.is_empty() => (*header, rest),
                _ => {
                    let (more, rest) = rest.split_at(rest.len().min(HEADER - self.partial.len()));
                    self.partial.extend_from_slice(more);
                    let Some(header) = self.partial.first_chunk().copied() else {
                        return Ok(ready);
                    };
                    self.partial.clear();
                    (header, rest)
                }
            };
            input = rest;
            let [tag, length @ ..] = header;
            self.skip = usize::try_from(u32::from_be_bytes(length))?.saturating_sub(4);
            match tag {
                b'D' => self.rows += 1,
                b'Z' => {
                    ready += 1;
                    on_ready(std::mem::take(&mut self.rows))?;
                }
                b'E' => bail!("the server answered with an error"),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_size_give_the_same_rows() {
        let query = b"2\0\0\0\x04D\0\0\0\x0a\0\x01\0\0\0\0D\0\0\0\x06\0\0C\0\0\0\x05\0Z\0\0\0\x05I";
        let input = [query.as_slice(), query].concat();
        for size in 1..=input.len() {
            let mut seen = Vec::new();
            let mut scanner = Scanner::default();
            let mut on_ready = |rows| {
                seen.push(rows);
                Ok(())
            };
            let ready: usize =
                input.chunks(size).map(|piece| scanner.feed(piece, &mut on_ready).unwrap()).sum();
            assert_eq!((ready, seen), (2, vec![2, 2]), "pieces of {size}");
        }
    }
}
