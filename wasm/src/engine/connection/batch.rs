use trunkline_core::{BatchMode, Error, OperationId};
use wasm_bindgen::prelude::wasm_bindgen;

use super::commands::no_statement;
use super::{Engine, clock};
use crate::engine::operations::Wants;
use crate::parameters::Scratch;

/// A batch whose statements are being added.
#[derive(Debug)]
pub(super) struct PendingBatch {
    mode: BatchMode,
    queries: Vec<(u32, Scratch, Wants)>,
}

#[wasm_bindgen]
impl Engine {
    /// Begins a batch: `batch_add` its statements, then `end_batch`.
    #[wasm_bindgen(js_name = beginBatch)]
    pub fn begin_batch(&mut self, continue_on_error: bool) {
        let mode = if continue_on_error { BatchMode::ContinueOnError } else { BatchMode::FailFast };
        self.batch = Some(PendingBatch { mode, queries: Vec::new() });
    }

    /// Adds a statement, with the parameters in the scratch area.
    #[wasm_bindgen(js_name = batchAdd)]
    pub fn batch_add(&mut self, statement: u32, parameters: u32, flags: u32) {
        let loaded = self.load(parameters).is_ok();
        if let (Some(batch), true) = (&mut self.batch, loaded) {
            batch.queries.push((statement, self.scratch.clone(), Wants::new(flags)));
        }
    }

    /// Writes the batch and tells the numbers of its operations; nothing when it failed with the last error.
    #[wasm_bindgen(js_name = endBatch)]
    pub fn end_batch(&mut self, timeout: f64, now: f64) -> Option<Vec<u32>> {
        let batch = self.batch.take()?;
        let written = self.write_batch(&batch, timeout, now);
        self.refresh();
        match written {
            Ok(ids) => {
                let statements = batch.queries.iter().map(|(statement, _, wants)| (*statement, *wants));
                Some(
                    ids.into_iter()
                        .zip(statements)
                        .map(|(id, (statement, wants))| self.number(Ok(id), Some(statement), wants))
                        .collect(),
                )
            }
            Err(error) => {
                self.fail(&error);
                None
            }
        }
    }
}

impl Engine {
    fn write_batch(
        &mut self,
        pending: &PendingBatch,
        timeout: f64,
        now: f64,
    ) -> Result<Vec<OperationId>, Error> {
        self.types.follow(&mut self.connection);
        let mut batch = self.connection.batch(clock::instant(now), pending.mode)?;
        for (statement, parameters, _) in &pending.queries {
            let entry = self.statements.get(*statement).ok_or_else(no_statement)?;
            batch.query(&entry.sql, &entry.options(clock::timeout(timeout)), parameters)?;
        }
        Ok(batch.finish())
    }
}
