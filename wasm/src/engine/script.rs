use trunkline_core::StatementResult;

use crate::json::{Object, array};

/// What the statements of a script did: their commands and counts of rows.
pub(super) fn script(results: &[StatementResult]) -> String {
    array(results.iter().map(|result| {
        let mut object = Object::new();
        object.text("command", result.tag.command());
        object.number("rows", result.tag.rows());
        object.finish()
    }))
}
