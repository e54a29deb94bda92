use trunkline_core::types::Type;
use trunkline_core::{Notification, Statement};

use crate::json::{Object, array};
use crate::rows::{Layout, Plan};

/// What the reader of rows (js/src/values/row-reader.ts) must know of a shape.
pub(crate) fn shape(plan: &Plan) -> String {
    let mut object = Object::new();
    plan.row.describe(&mut object);
    object.json("layouts", &array(plan.layouts.iter().map(Layout::describe)));
    object.finish()
}

/// What a statement takes and gives.
pub(crate) fn prepared_statement(statement: &Statement) -> String {
    let columns = statement.columns().map(|columns| columns.iter()).into_iter().flatten();
    let columns = columns.map(|column| {
        let mut object = Object::new();
        object.text("name", &column.name);
        object.json("type", &describe(&column.type_));
        object.finish()
    });
    let mut object = Object::new();
    object.json("parameters", &array(statement.parameters().iter().map(describe)));
    object.json("columns", &array(columns));
    object.finish()
}

/// A message of NOTIFY.
pub(crate) fn notification(notification: &Notification) -> String {
    let mut object = Object::new();
    object.number("processId", notification.process_id.into());
    object.text("channel", &notification.channel);
    object.text("payload", &notification.payload);
    object.finish()
}

fn describe(type_: &Type) -> String {
    let mut object = Object::new();
    object.number("oid", type_.oid().into());
    object.text("name", type_.name());
    object.finish()
}
