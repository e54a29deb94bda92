use alloc::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// What is to be sent: messages written in place, and large payloads spliced in between without a copy.
///
/// ```text
///   sealed: [ written ][ spliced ][ written ]   tail: [ being written ...
///            ^ sent from here
/// ```
#[derive(Debug, Default)]
pub struct Outbox {
    sealed: VecDeque<Bytes>,
    sealed_len: usize,
    tail: BytesMut,
    sent: u64,
}

impl Outbox {
    /// An empty outbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// The buffer that messages are appended to.
    pub fn tail(&mut self) -> &mut BytesMut {
        &mut self.tail
    }

    /// Appends `payload` without copying it.
    pub fn splice(&mut self, payload: Bytes) {
        if payload.is_empty() {
            return;
        }
        self.seal();
        self.sealed_len += payload.len();
        self.sealed.push_back(payload);
    }

    /// Drops everything that has not been sent.
    pub fn clear(&mut self) {
        *self = Self { sent: self.sent, ..Self::default() };
    }

    /// How many bytes wait to be sent.
    pub fn len(&self) -> usize {
        self.sealed_len + self.tail.len()
    }

    /// Whether nothing waits to be sent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes were sent since it was made.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How many bytes were ever given to it: the place of the next one.
    pub fn written(&self) -> u64 {
        self.sent + self.len() as u64
    }

    /// The pieces that wait, in order, for a vectored write.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        self.sealed.iter().map(|piece| &piece[..]).chain((!self.tail.is_empty()).then_some(&self.tail[..]))
    }

    fn seal(&mut self) {
        if !self.tail.is_empty() {
            self.sealed_len += self.tail.len();
            self.sealed.push_back(self.tail.split().freeze());
        }
    }
}

impl Buf for Outbox {
    fn remaining(&self) -> usize {
        self.len()
    }

    fn chunk(&self) -> &[u8] {
        self.sealed.front().map_or(&self.tail[..], |piece| &piece[..])
    }

    /// Forgets the first `count` bytes: they were sent. A count beyond the end empties the outbox.
    fn advance(&mut self, mut count: usize) {
        self.sent += count.min(self.len()) as u64;
        while let Some(front) = self.sealed.front_mut() {
            if count < front.len() {
                front.advance(count);
                self.sealed_len -= count;
                return;
            }
            count -= front.len();
            self.sealed_len -= front.len();
            self.sealed.pop_front();
        }
        if count >= self.tail.len() {
            // Keeps the allocation: the next flight is written where this one was.
            self.tail.clear();
        } else {
            self.tail.advance(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::BufMut;

    use super::*;

    #[test]
    fn pieces_leave_in_order_whatever_the_write_takes() {
        for step in 1..12 {
            let mut outbox = Outbox::new();
            outbox.tail().put_slice(b"abc");
            outbox.splice(Bytes::from_static(b"DEFG"));
            outbox.tail().put_slice(b"hi");
            let mut sent = alloc::vec::Vec::new();
            while !outbox.is_empty() {
                let count = step.min(outbox.chunk().len());
                sent.extend_from_slice(&outbox.chunk()[..count]);
                outbox.advance(count);
            }
            assert_eq!(sent, b"abcDEFGhi");
        }
    }

    #[test]
    fn what_is_written_while_a_part_was_sent_comes_last() {
        let mut outbox = Outbox::new();
        outbox.tail().put_slice(b"abc");
        outbox.advance(2);
        outbox.tail().put_slice(b"d");
        assert_eq!(outbox.chunks().collect::<alloc::vec::Vec<_>>().concat(), b"cd");
    }
}
