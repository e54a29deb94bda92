use crate::operation::OperationId;

/// Something happened that somebody waits for. Ids only: the caller then takes what it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The session is open: commands are welcome.
    Ready,
    /// The types of a query's parameters are known: answer with [`Connection::bind`](super::Connection::bind).
    Described(OperationId),
    /// Rows wait: [`Connection::take_rows`](super::Connection::take_rows), until it gives none.
    Rows(OperationId),
    /// A COPY has begun: [`Connection::copy_layout`](super::Connection::copy_layout). One that takes data waits for it:
    /// [`Connection::copy_data`](super::Connection::copy_data).
    CopyBegun(OperationId),
    /// COPY data waits: [`Connection::take_copy_data`](super::Connection::take_copy_data), until it gives none.
    CopyData(OperationId),
    /// An operation ended: [`Connection::take_outcome`](super::Connection::take_outcome).
    Finished(OperationId),
    /// A portion of a portal's rows came: [`Connection::fetch`](super::Connection::fetch) asks for the next.
    Suspended(OperationId),
    /// What runs on the server is wanted by nobody, and takes its time: open a channel to the same server, then
    /// [`Connection::cancel_unwanted`](super::Connection::cancel_unwanted) gives what to send on it. A shell that
    /// cannot may ignore it.
    CancelWanted,
    /// Types of the database's own were learned: [`Connection::registry`](super::Connection::registry), for other
    /// connections to have them too.
    TypesLearned,
    /// A NOTIFY came: [`Connection::take_notification`](super::Connection::take_notification).
    Notification,
    /// A notice came: [`Connection::take_notice`](super::Connection::take_notice).
    Notice,
    /// The connection is closed, for ever: [`Connection::error`](super::Connection::error) tells why.
    Closed,
}
