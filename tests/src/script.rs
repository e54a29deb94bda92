//! A server that says what a script says, and insists on what it is to hear.

use crate::chunking;
use crate::client::{Client, Summary};
use crate::frontend;

/// A conversation, step by step.
#[derive(Debug, Clone, Default)]
pub struct Script {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Expect(Vec<String>),
    Send(Vec<u8>),
    Eof,
}

impl Script {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// The client has sent exactly these messages, in the words of [`frontend`].
    #[must_use]
    pub fn expect(mut self, messages: &[&str]) -> Self {
        self.steps.push(Step::Expect(messages.iter().map(ToString::to_string).collect()));
        self
    }

    /// The server sends these messages.
    #[must_use]
    pub fn send(mut self, messages: &[Vec<u8>]) -> Self {
        self.steps.push(Step::Send(messages.concat()));
        self
    }

    /// The server closes the stream.
    #[must_use]
    pub fn eof(mut self) -> Self {
        self.steps.push(Step::Eof);
        self
    }

    /// Plays it to a client, which hears it in pieces of `size`.
    #[track_caller]
    pub fn play(&self, client: &mut Client, size: usize) {
        for step in &self.steps {
            match step {
                Step::Expect(messages) => {
                    let sent = client.take_sent();
                    assert_eq!(&frontend::in_words(&sent), messages);
                }
                Step::Send(bytes) => client.feed_in(bytes, size),
                Step::Eof => client.eof(),
            }
        }
        assert_eq!(client.sent(), Vec::<String>::new(), "after the end of the script");
    }

    /// Plays it to a new client with an open session, in pieces of every size; `start` gives the commands.
    #[track_caller]
    pub fn run(&self, start: impl Fn(&mut Client)) -> Summary {
        chunking::every(|size| {
            let mut client = Client::open();
            start(&mut client);
            self.play(&mut client, size);
            client.summary()
        })
    }
}
