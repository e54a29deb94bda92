use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use serde_json::Value;
use trunkline_test_server::{Error, NEWEST, Result, Server, npm};

use crate::run;

/// Who answers: a server, or PGlite. Asked through Node, and so without a line of trunkline's own: what the vectors
/// test has no part in making them.
pub(super) struct Engine {
    node: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    _server: Option<Server>,
}

/// Cells of type text.
pub(super) type Rows = Vec<Vec<Option<String>>>;

/// Why a statement failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) sqlstate: String,
}

impl Engine {
    /// A throw-away server of the newest version.
    pub(super) fn server() -> Result<Self> {
        let server = Server::start(NEWEST)?;
        Self::start(&server.url(), Some(server))
    }

    /// PGlite, with pgvector.
    pub(super) fn pglite() -> Result<Self> {
        Self::start("pglite", None)
    }

    fn start(target: &str, server: Option<Server>) -> Result<Self> {
        let folder = npm::root().join("tests/npm/vectors");
        npm::ensure(&folder)?;
        let mut command = run::command("node");
        command.args(["query.js", target]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut node = run::io("cannot run node", command.spawn())?;
        let (input, output) = (node.stdin.take(), node.stdout.take());
        let output = output.ok_or_else(|| Error::new("node has no standard output"))?;
        let mut engine = Self { node, input, output: BufReader::new(output), _server: server };
        for (name, value) in SETTINGS {
            engine.rows(&format!("set {name} = '{value}'"))?;
        }
        Ok(engine)
    }

    /// Runs a statement whose columns are all of type text. Gives its rows.
    pub(super) fn rows(&mut self, sql: &str) -> Result<Rows> {
        self.try_rows(sql)?.map_err(|failure| Error::new(format!("{}\nin: {sql}", failure.message)))
    }

    /// The same, with the server's refusal as an outcome.
    pub(super) fn try_rows(&mut self, sql: &str) -> Result<std::result::Result<Rows, Failure>> {
        let answer = run::io("asking through node", self.ask(sql))?;
        if let Some(message) = answer.get("error").and_then(Value::as_str) {
            let sqlstate = answer.get("code").and_then(Value::as_str).unwrap_or_default();
            return Ok(Err(Failure { message: message.to_owned(), sqlstate: sqlstate.to_owned() }));
        }
        let rows = answer.get("rows").and_then(Value::as_array);
        let rows = rows.ok_or_else(|| Error::new("node gave no answer; its own words are above"))?;
        let cells = |row: &Value| row.as_array().into_iter().flatten().map(text).collect();
        Ok(Ok(rows.iter().map(cells).collect()))
    }

    fn ask(&mut self, sql: &str) -> std::io::Result<Value> {
        if let Some(input) = &mut self.input {
            writeln!(input, "{}", Value::from(sql))?;
        }
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(serde_json::from_str(&line).unwrap_or_default())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.input.take());
        let _ = self.node.wait();
    }
}

fn text(cell: &Value) -> Option<String> {
    cell.as_str().map(str::to_owned)
}

/// Under which the text outputs are made.
const SETTINGS: [(&str, &str); 7] = [
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("extra_float_digits", "1"),
    ("lc_monetary", "C"),
    ("bytea_output", "hex"),
    ("client_encoding", "UTF8"),
];
