//! From what is known of servers to a session with one that will do.

mod deadlines;
mod environment;
pub(crate) mod files;
mod hooks;
mod hosts;
mod roles;

use tokio::net::TcpSocket;
use trunkline::{Config, ConnectError, Connection};
use trunkline_tests::server::{PASSWORD, SUPERUSER, Server};

/// A port that is taken and that nobody listens on.
pub(crate) struct Nobody {
    _socket: TcpSocket,
    pub(crate) port: u16,
}

impl Nobody {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let port = socket.local_addr().unwrap().port();
        Self { _socket: socket, port }
    }
}

/// The superuser at these ports, in this order.
pub(crate) fn at(ports: &[u16]) -> Config {
    let config = Config::new().user(SUPERUSER).password(PASSWORD).dbname("postgres");
    ports.iter().fold(config, |config, port| config.host_port("127.0.0.1", *port))
}

pub(crate) fn trusted(server: &Server) -> Config {
    Config::new().host_port("127.0.0.1", server.port()).user("trust_user").dbname("postgres")
}

/// Which server a connection leads to, by its port.
async fn port_of(connection: &Connection) -> u16 {
    let port: Option<i32> = connection.fetch_val("select inet_server_port()", ()).await.unwrap();
    u16::try_from(port.unwrap()).unwrap()
}

pub(crate) async fn refused(config: &Config) -> ConnectError {
    match config.connect().await {
        Ok(_) => panic!("{config:?} was let in"),
        Err(error) => error,
    }
}
