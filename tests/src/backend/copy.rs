//! COPY, both ways.

use trunkline_core::message::frontend::FrontendMessage;

use super::Backend;
use super::sql::Failure;
use crate::messages as m;

/// The server waits for COPY data: of an Execute, with what it has so far, or of a Query of which this is the rest.
#[derive(Debug)]
pub(super) enum Copying {
    Extended(Vec<u8>),
    Simple,
}

impl Backend {
    /// So many rows.
    pub(super) fn copy_out(&mut self, rows: usize) {
        self.say(&m::copy_out());
        for row in 1..=rows {
            self.say(&m::raw(b'd', format!("{row}\n").as_bytes()));
        }
        self.say(&m::raw(b'c', b""));
        self.say(&m::complete(&format!("COPY {rows}")));
    }

    /// In COPY FROM STDIN: Flush and Sync mean nothing, whatever is no data fails it, and so does a row that is bad.
    pub(super) fn handle_copy(&mut self, copying: Copying, message: &FrontendMessage<'_>) {
        let failure = match (message, copying) {
            (FrontendMessage::CopyData(piece), Copying::Extended(mut data)) => {
                data.extend_from_slice(piece.data);
                if !data.windows(3).any(|window| window == b"bad") {
                    self.copying = Some(Copying::Extended(data));
                    return;
                }
                (Failure::new("22P02", "invalid input syntax: \"bad\""), true)
            }
            (
                FrontendMessage::Sync(_) | FrontendMessage::Flush(_) | FrontendMessage::CopyData(_),
                copying,
            ) => {
                self.copying = Some(copying);
                return;
            }
            (FrontendMessage::CopyDone(_), Copying::Extended(data)) => {
                let rows = data.split(|byte| *byte == b'\n').count() - 1;
                self.pending.push(format!("copy {}", String::from_utf8_lossy(&data)));
                return self.say(&m::complete(&format!("COPY {rows}")));
            }
            (FrontendMessage::CopyFail(fail), copying) => {
                let message = format!("COPY from stdin failed: {}", fail.message);
                (Failure::new("57014", message), matches!(copying, Copying::Extended(_)))
            }
            (_, copying) => {
                let failure = Failure::new("08P01", "unexpected message type during COPY from stdin");
                (failure, matches!(copying, Copying::Extended(_)))
            }
        };
        self.fail(&failure.0);
        match failure.1 {
            true => self.skipping = true,
            false => self.ready(),
        }
    }
}
