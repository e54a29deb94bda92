use std::io;
use std::path::Path;

use tokio::net::UnixStream;

/// Opens the Unix socket of a server. See `unix_socket_directories` in PostgreSQL's "Connections and
/// Authentication".
pub(crate) async fn connect(path: &Path) -> io::Result<UnixStream> {
    UnixStream::connect(path).await
}
