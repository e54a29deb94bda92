//! The reply grammar: which message may come where, in one `match`.

use core::fmt;

/// What the conversation waits for: where it is in the replies to one message that was sent.
///
/// The variants are named after the message sent, or after what has come of its reply already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Parse was sent.
    Parse,
    /// Describe of a statement was sent; its parameters come first.
    DescribeStatement,
    /// Its parameters came; its columns come next.
    DescribeColumns,
    /// Bind was sent.
    Bind,
    /// Describe of a portal was sent.
    DescribePortal,
    /// Execute was sent.
    Execute,
    /// Rows are coming.
    Rows,
    /// The server waits for our COPY data.
    CopyIn,
    /// COPY data is coming.
    CopyOut,
    /// All COPY data came.
    CopyOutDone,
    /// COPY data goes both ways (replication).
    CopyBoth,
    /// Close was sent.
    Close,
    /// Sync was sent.
    Sync,
    /// A simple Query was sent; a statement's result comes next, or the end.
    Query,
    /// Rows of a simple Query are coming.
    QueryRows,
    /// The server waits for COPY data of a simple Query.
    QueryCopyIn,
    /// COPY data of a simple Query is coming.
    QueryCopyOut,
    /// A simple Query failed; only its end comes.
    QueryFailed,
    /// An extended message failed: the server skips everything up to the next Sync.
    Failed,
    /// The replies to this message are complete.
    Done,
}

use Step::{
    Bind, Close, CopyBoth, CopyIn, CopyOut, CopyOutDone, DescribeColumns, DescribePortal, DescribeStatement,
    Done, Execute, Failed, Parse, Query, QueryCopyIn, QueryCopyOut, QueryFailed, QueryRows, Rows, Sync,
};

/// The whole reply grammar: the step after `tag` came in `step`, or `None` when it cannot come there.
///
/// NoticeResponse, NotificationResponse and ParameterStatus come at any time and never get here.
/// See PostgreSQL's "Message Flow" (protocol chapter).
pub const fn next(step: Step, tag: u8) -> Option<Step> {
    Some(match (step, tag) {
        (Parse, b'1') => Done,
        (DescribeStatement, b't') => DescribeColumns,
        (DescribeColumns | DescribePortal, b'T' | b'n') => Done,
        (Bind, b'2') => Done,
        (Execute | Rows, b'D') => Rows,
        (Execute | Rows | CopyIn | CopyOutDone, b'C') => Done,
        (Execute, b'I') => Done,
        (Execute | Rows, b's') => Done,
        (Execute, b'G') => CopyIn,
        (Execute, b'H') => CopyOut,
        (Execute, b'W') => CopyBoth,
        (CopyOut, b'd') => CopyOut,
        (CopyOut, b'c') => CopyOutDone,
        (CopyBoth, b'd') => CopyBoth,
        // When one side has ended, the other goes on as a one-way COPY.
        (CopyBoth, b'c') => CopyIn,
        (Close, b'3') => Done,
        // A deferred constraint can fail the commit that Sync is; the connection is ready after it all the same.
        (Sync, b'E') => Sync,
        (Sync, b'Z') => Done,
        (
            Parse | DescribeStatement | DescribeColumns | Bind | DescribePortal | Execute | Rows | CopyIn
            | CopyOut | CopyOutDone | CopyBoth | Close,
            b'E',
        ) => Failed,

        (Query, b'T') => QueryRows,
        (QueryRows, b'D') => QueryRows,
        (Query | QueryRows, b'C') => Query,
        (Query, b'I') => Query,
        (Query, b'G') => QueryCopyIn,
        (Query, b'H') => QueryCopyOut,
        (QueryCopyIn, b'C') => Query,
        (QueryCopyOut, b'd' | b'c') => QueryCopyOut,
        (QueryCopyOut, b'C') => Query,
        (Query | QueryRows | QueryCopyIn | QueryCopyOut, b'E') => QueryFailed,
        (Query | QueryFailed, b'Z') => Done,
        _ => return None,
    })
}

impl Step {
    /// Every step, for tables and diagrams.
    pub const ALL: [Self; 20] = [
        Parse,
        DescribeStatement,
        DescribeColumns,
        Bind,
        DescribePortal,
        Execute,
        Rows,
        CopyIn,
        CopyOut,
        CopyOutDone,
        CopyBoth,
        Close,
        Sync,
        Query,
        QueryRows,
        QueryCopyIn,
        QueryCopyOut,
        QueryFailed,
        Failed,
        Done,
    ];

    /// What is waited for, for error messages.
    pub const fn awaited(self) -> &'static str {
        match self {
            Parse => "the reply to Parse",
            DescribeStatement => "the parameters of a statement",
            DescribeColumns | DescribePortal => "the columns of a result",
            Bind => "the reply to Bind",
            Execute => "the reply to Execute",
            Rows => "rows",
            CopyIn | QueryCopyIn => "the end of COPY FROM STDIN",
            CopyOut | QueryCopyOut => "COPY data",
            CopyOutDone => "the end of COPY TO STDOUT",
            CopyBoth => "replication data",
            Close => "the reply to Close",
            Sync => "ReadyForQuery",
            Query => "the reply to Query",
            QueryRows => "rows of a simple Query",
            QueryFailed => "ReadyForQuery after an error",
            Failed | Done => "nothing",
        }
    }
}

/// Prints the grammar as a Mermaid state diagram; `docs/architecture.md` holds its output.
pub fn diagram(f: &mut dyn fmt::Write) -> fmt::Result {
    f.write_str("stateDiagram-v2\n")?;
    for from in Step::ALL {
        for to in Step::ALL {
            let mut tags = (b'!'..=b'~').filter(|tag| next(from, *tag) == Some(to)).peekable();
            if tags.peek().is_none() {
                continue;
            }
            write!(f, "    {from:?} --> {to:?}:")?;
            for tag in tags {
                write!(f, " {}", char::from(tag))?;
            }
            f.write_char('\n')?;
        }
    }
    Ok(())
}
