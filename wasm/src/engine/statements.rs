use std::sync::Arc;

use trunkline_core::{Columns, Statement};

use crate::rows::{Int8, Plan};

/// The SQL that JavaScript runs by number, and the shapes of rows.
#[derive(Debug, Default)]
pub(super) struct Statements {
    entries: Vec<Option<Entry>>,
    shapes: Vec<Option<Shape>>,
    int8: Int8,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sql: Box<str>,
    pub(super) prepared: Option<Statement>,
    /// Operations under way: it cannot be released while there are any.
    pub(super) in_flight: usize,
    shape: Option<u32>,
}

#[derive(Debug)]
struct Shape {
    columns: Arc<Columns>,
    plan: Arc<Plan>,
}

impl Statements {
    pub(super) fn new(int8: Int8) -> Self {
        Self { int8, ..Self::default() }
    }

    pub(super) fn add(&mut self, sql: &str) -> u32 {
        let entry = Entry { sql: sql.into(), prepared: None, in_flight: 0, shape: None };
        insert(&mut self.entries, entry)
    }

    pub(super) fn get(&self, statement: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(statement).ok()?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, statement: u32) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(statement).ok()?)?.as_mut()
    }

    /// Forgets a statement that nothing is under way for, and its shape.
    pub(super) fn release(&mut self, statement: u32) -> Option<Entry> {
        let place = self.entries.get_mut(usize::try_from(statement).ok()?)?;
        let entry = place.take_if(|entry| entry.in_flight == 0)?;
        if let Some(shape) = entry.shape.and_then(|at| self.shapes.get_mut(usize::try_from(at).ok()?)) {
            *shape = None;
        }
        Some(entry)
    }

    /// The shape that rows of these columns have, new or as the statement's last ones.
    ///
    /// A schema can change between two runs of a statement: its old shape is replaced, under a new number.
    pub(super) fn shape(&mut self, statement: u32, columns: &Arc<Columns>) -> u32 {
        let last = self.get(statement).and_then(|entry| entry.shape);
        if let Some(last) = last {
            let shape =
                usize::try_from(last).ok().and_then(|at| self.shapes.get(at)).and_then(Option::as_ref);
            if shape.is_some_and(|shape| Arc::ptr_eq(&shape.columns, columns) || shape.columns == *columns) {
                return last;
            }
        }
        let plan = Arc::new(Plan::new(columns, self.int8));
        // Never a number that was used before: JavaScript may remember what it stood for.
        let shape = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        self.shapes.push(Some(Shape { columns: columns.clone(), plan }));
        if let Some(entry) = self.get_mut(statement) {
            entry.shape = Some(shape);
        }
        shape
    }

    pub(super) fn plan(&self, shape: u32) -> Option<Arc<Plan>> {
        let shape = self.shapes.get(usize::try_from(shape).ok()?)?.as_ref()?;
        Some(shape.plan.clone())
    }
}

fn insert<T>(slots: &mut Vec<Option<T>>, value: T) -> u32 {
    let index = slots.iter().position(Option::is_none).unwrap_or(slots.len());
    match slots.get_mut(index) {
        Some(slot) => *slot = Some(value),
        None => slots.push(Some(value)),
    }
    u32::try_from(index).unwrap_or(u32::MAX)
}
