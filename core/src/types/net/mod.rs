//! Addresses of hosts, networks and interfaces. See "Network Address Types" in PostgreSQL's documentation.

mod binary;
mod cidr;
mod inet;
mod ip_addr;
#[cfg(feature = "ipnet-2")]
mod ipnet_2;
mod mac;
mod macaddr;
mod macaddr8;
mod prefix;
mod text;

pub use cidr::Cidr;
pub use inet::Inet;
pub use macaddr::MacAddr;
pub use macaddr8::MacAddr8;
