//! A program that runs, what it says, and a schema for it alone.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use trunkline::Connection;
use trunkline::sql::quote_identifier;
use trunkline_test_server::Server;
use trunkline_tests::live;

/// A program, killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub(crate) fn start(path: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(path);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, lines }
    }

    /// The next line that it says.
    pub(crate) async fn line(&mut self) -> String {
        match self.lines.next_line().await.expect("its output") {
            Some(line) => line,
            None => panic!("it ended: {}", self.complaint().await),
        }
    }

    /// Ends it at once.
    pub(crate) async fn stop(mut self) {
        self.child.kill().await.expect("it runs");
    }

    /// Waits for its end: what it said, or what it complained of when it failed.
    pub(crate) async fn end(mut self) -> Result<String, String> {
        let mut said = String::new();
        while let Some(line) = self.lines.next_line().await.expect("its output") {
            said.push_str(&line);
            said.push('\n');
        }
        let complaint = self.complaint().await;
        if self.child.wait().await.expect("its end").success() { Ok(said) } else { Err(complaint) }
    }

    async fn complaint(&mut self) -> String {
        let mut complaint = String::new();
        let stderr = self.child.stderr.as_mut().expect("its complaints");
        stderr.read_to_string(&mut complaint).await.expect("text");
        complaint
    }
}

/// A request of HTTP, over a connection of its own.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) body: &'a str,
}

impl Request<'_> {
    /// The status and the body of the answer.
    pub(crate) async fn send(self, address: &str) -> (u16, String) {
        let Self { method, path, body } = self;
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect(&answer);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect(&answer);
        (status, body.to_owned())
    }

    /// How many of several at once are answered well.
    pub(crate) async fn send_often(address: &str, path: &str, body: &str, times: usize) -> usize {
        let requests = (0..times).map(|_| {
            let (address, path, body) = (address.to_owned(), path.to_owned(), body.to_owned());
            tokio::spawn(async move {
                Request { method: "POST", path: &path, body: &body }.send(&address).await.0
            })
        });
        let mut well = 0;
        for request in requests.collect::<Vec<_>>() {
            well += usize::from(request.await.expect("an answer") == 200);
        }
        well
    }
}

/// A schema that the program finds itself in, and a folder.
pub(crate) struct Schema {
    connection: Connection,
    name: String,
    url: String,
    folder: PathBuf,
}

impl Schema {
    pub(crate) async fn new(server: &Server, name: &str) -> Self {
        let connection = live::connect(server).await;
        let quoted = quote_identifier(name).expect("a name");
        let script = format!("drop schema if exists {quoted} cascade; create schema {quoted}");
        connection.execute_script(&script).await.expect("a schema");
        connection.execute_script(&format!("set search_path to {quoted}")).await.expect("a schema");
        let url = server.url();
        let separator = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{separator}options=-csearch_path%3D{name}");
        let folder = std::env::temp_dir().join(format!("trunkline-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { connection, name: quoted, url, folder }
    }

    /// Leads to the schema.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.connection.execute_script(sql).await.expect(sql);
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.connection.fetch_val(sql, ()).await.expect(sql).expect(sql)
    }

    /// Writes a file, and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a path of text").to_owned()
    }

    pub(crate) async fn drop(self) {
        self.run(&format!("drop schema {} cascade", self.name)).await;
        std::fs::remove_dir_all(&self.folder).expect("the folder");
    }
}
