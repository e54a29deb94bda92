//! What is told in JSON and in names, when JavaScript asks for it.

use wasm_bindgen::prelude::wasm_bindgen;

use super::Engine;
use crate::description::shape;
use crate::parameters::hints;
use crate::rows::size;

#[wasm_bindgen]
impl Engine {
    /// Whether the types of a statement's parameters are known.
    #[wasm_bindgen(js_name = isDescribed)]
    pub fn is_described(&mut self, statement: u32) -> bool {
        self.types.follow(&mut self.connection);
        let entry = self.statements.get(statement);
        entry.is_some_and(|entry| self.connection.is_described(&entry.sql, &entry.options(None)))
    }

    /// How the parameters of a statement are written, as JSON; nothing while their types are not known.
    pub fn hints(&self, statement: u32) -> Option<String> {
        let entry = self.statements.get(statement)?;
        let options = entry.options(None);
        let statement = self.connection.described_statement(&entry.sql, &options)?;
        Some(hints(statement.parameters(), self.statements.codecs()))
    }

    /// The same of an operation that is described now.
    #[wasm_bindgen(js_name = operationHints)]
    pub fn operation_hints(&self, operation: u32) -> Option<String> {
        let statement = self.connection.statement(self.operations.get(operation)?.id)?;
        Some(hints(statement.parameters(), self.statements.codecs()))
    }

    /// An event's object, or the last error: each once.
    pub fn object(&mut self, index: u32) -> Option<String> {
        self.objects.take(index)
    }

    /// The name of a command, by the index in an event: `SELECT`, `CREATE TABLE`.
    pub fn command(&self, index: u32) -> Option<String> {
        self.commands.name(index).map(Into::into)
    }

    /// How the rows of a shape are laid out: names, kinds, slots, words of null bitmap, stride.
    pub fn shape(&self, shape_: u32) -> Option<String> {
        self.statements.plan(shape_).map(|plan| shape(&plan))
    }

    /// The name of the type of a shape's column.
    #[wasm_bindgen(js_name = typeName)]
    pub fn type_name(&self, shape: u32, column: u32) -> Option<String> {
        let plan = self.statements.plan(shape)?;
        Some(plan.row.fields.get(size(column))?.representation.type_.name().into())
    }
}
