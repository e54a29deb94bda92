use trunkline_core::error::CloseReason;
use trunkline_core::{Error, ServerError};

use crate::json::Object;
use crate::rows::Undecodable;

// Errors cross as JSON objects, of which js/src/errors/from-engine.ts makes Errors:
//
// kind          whose fault it was: server, protocol, usage, config, conversion, auth, timeout, closed, skipped
// message
// safeToRetry
// reason        of a closed connection, what closed it
// mayHaveRun    of a closed connection, whether the statement may have run
// server        the fields that the server sent, when it was it

/// Any error of core.
pub(crate) fn failure(error: &Error) -> String {
    let kind = match error {
        Error::Server(_) => "server",
        Error::Protocol(_) => "protocol",
        Error::Usage(_) | Error::LearningLimit(_) => "usage",
        Error::Conversion(_) => "conversion",
        Error::Auth(_) => "auth",
        Error::Timeout(..) => "timeout",
        Error::Skipped => "skipped",
        _ => "closed",
    };
    let mut object = begin(kind, &error.to_string(), error.safe_to_retry());
    if let Error::Closed(closed) = error {
        object.text("reason", reason(&closed.reason));
        object.boolean("mayHaveRun", closed.may_have_run);
    }
    if let Some(error) = error.as_server() {
        object.json("server", &server_fields(error));
    }
    object.finish()
}

/// A notice, or an error that is none of an operation.
pub(crate) fn notice(error: &ServerError) -> String {
    let mut object = begin("server", &error.to_string(), false);
    object.json("server", &server_fields(error));
    object.finish()
}

/// A configuration that cannot be, in words.
pub(crate) fn config(message: &str) -> String {
    begin("config", message, true).finish()
}

/// A mistake of the caller's, in words.
pub(crate) fn usage(message: &str) -> String {
    begin("usage", message, true).finish()
}

/// A value that JavaScript cannot be given.
pub(crate) fn conversion(error: &Undecodable) -> String {
    let Undecodable { column, type_name, problem } = error;
    let message = format!("column \"{column}\" (PostgreSQL's {type_name}) cannot be read: {problem}");
    begin("conversion", &message, false).finish()
}

fn begin(kind: &str, message: &str, safe_to_retry: bool) -> Object {
    let mut object = Object::new();
    object.text("kind", kind);
    object.text("message", message);
    object.boolean("safeToRetry", safe_to_retry);
    object
}

/// The fields as the server sent them; those that it did not send are left out.
fn server_fields(error: &ServerError) -> String {
    let mut object = Object::new();
    object.text("severity", error.severity.as_str());
    object.text("sqlstate", error.code.as_str());
    object.text("message", &error.message);
    for (name, value) in [
        ("detail", &error.detail),
        ("hint", &error.hint),
        ("internalQuery", &error.internal_query),
        ("context", &error.context),
        ("schema", &error.schema),
        ("table", &error.table),
        ("column", &error.column),
        ("dataType", &error.data_type),
        ("constraint", &error.constraint),
        ("file", &error.file),
        ("routine", &error.routine),
    ] {
        object.optional(name, value.as_deref());
    }
    for (name, value) in
        [("position", error.position), ("internalPosition", error.internal_position), ("line", error.line)]
    {
        if let Some(value) = value {
            object.number(name, value.into());
        }
    }
    object.finish()
}

const fn reason(reason: &CloseReason) -> &'static str {
    match reason {
        CloseReason::Caller => "caller",
        CloseReason::Server(_) => "server",
        CloseReason::Protocol(_) => "protocol",
        CloseReason::Eof => "eof",
        CloseReason::Transport(_) => "transport",
        CloseReason::Auth(_) => "auth",
        CloseReason::Timeout(_) => "timeout",
        _ => "closed",
    }
}
