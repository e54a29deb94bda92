use alloc::boxed::Box;
use alloc::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use crate::wire::Format;

/// A COPY that streams its data over the connection.
#[derive(Debug)]
pub(crate) struct Copy {
    pub(crate) sql: Box<str>,
    pub(crate) direction: Direction,
    pub(crate) stage: Stage,
    /// How the data is written, once it has begun.
    pub(crate) layout: Option<CopyLayout>,
    /// Small pieces to send, on their way into one message.
    pub(crate) gathered: BytesMut,
    /// Pieces that came and were not taken.
    pub(crate) received: VecDeque<Bytes>,
}

/// Where the data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// COPY … FROM STDIN.
    In,
    /// COPY … TO STDOUT.
    Out,
}

/// How far a COPY is, as seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The server has not said that it begins.
    Starting,
    /// Data goes.
    Open,
    /// Nothing more will be sent of it: its end was, or it was told that none comes. The byte of the outbox at which
    /// its last word begins.
    Ended(u64),
}

/// How the data of a COPY is written, as the server says when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyLayout {
    /// Text, which CSV is too, or binary.
    pub format: Format,
    /// How many columns each row has.
    pub columns: usize,
}

impl Copy {
    pub(crate) fn new(sql: &str, direction: Direction) -> Self {
        Self {
            sql: sql.into(),
            direction,
            stage: Stage::Starting,
            layout: None,
            gathered: BytesMut::new(),
            received: VecDeque::new(),
        }
    }

    /// How many bytes came that were not taken.
    pub(crate) fn untaken(&self) -> usize {
        self.received.iter().map(Bytes::len).sum()
    }
}
