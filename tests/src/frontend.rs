//! What a client sent, in words: `Parse(named: select $1 [int4]) Bind(named, 1) Execute Sync`.

use trunkline_core::message::frontend::{FrontendMessage, Target};
use trunkline_core::types::Type;
use trunkline_core::wire::{Format, Frame};

/// The messages in `bytes`, each in words. They must be whole.
pub fn in_words(mut bytes: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    while !bytes.is_empty() {
        let frame = Frame::read(bytes).expect("a client's header").expect("a whole message");
        let message = FrontendMessage::decode(frame).expect("a client's message");
        words.push(word(&message));
        bytes = &bytes[frame.frame_len()..];
    }
    words
}

/// One message in words.
pub fn word(message: &FrontendMessage<'_>) -> String {
    match message {
        FrontendMessage::Parse(parse) => {
            let types: Vec<String> = parse.types.iter().map(|oid| Type::from_oid(*oid).to_string()).collect();
            format!("Parse({}: {} [{}])", name(parse.statement), sql(parse.sql), types.join(" "))
        }
        FrontendMessage::Bind(bind) => {
            let formats = |formats: &[Format]| formats.iter().copied().map(letter).collect::<String>();
            let portal = if bind.portal.is_empty() { String::new() } else { format!("{}: ", bind.portal) };
            format!(
                "Bind({portal}{}, {} {}→{})",
                name(bind.statement),
                bind.parameters.len(),
                formats(&bind.formats),
                formats(&bind.result_formats)
            )
        }
        FrontendMessage::Describe(describe) => match describe.target {
            Target::Statement(statement) => format!("Describe({})", name(statement)),
            Target::Portal(_) => "Describe(portal)".into(),
        },
        FrontendMessage::Close(close) => match close.target {
            Target::Statement(statement) => format!("Close({})", name(statement)),
            Target::Portal(portal) => format!("Close(portal {portal})"),
        },
        FrontendMessage::Execute(execute) if execute.portal.is_empty() => "Execute".into(),
        FrontendMessage::Execute(execute) => format!("Execute({}, {})", execute.portal, execute.max_rows),
        FrontendMessage::Query(query) => format!("Query({})", query.sql),
        FrontendMessage::Flush(_) => "Flush".into(),
        FrontendMessage::Sync(_) => "Sync".into(),
        FrontendMessage::Terminate(_) => "Terminate".into(),
        FrontendMessage::CopyFail(_) => "CopyFail".into(),
        FrontendMessage::CopyData(data) => format!("CopyData({})", data.data.len()),
        FrontendMessage::CopyDone(_) => "CopyDone".into(),
        FrontendMessage::Password(_) => "Password".into(),
        other => format!("{other:?}"),
    }
}

/// The query for types is known by its beginning.
fn sql(sql: &str) -> &str {
    if sql.starts_with("with recursive level(oids)") { "introspection" } else { sql }
}

fn name(statement: &str) -> &str {
    match statement {
        "" => "unnamed",
        name if name.starts_with("trunkline_") => "named",
        name => name,
    }
}

const fn letter(format: Format) -> char {
    match format {
        Format::Text => 't',
        Format::Binary => 'b',
    }
}
