use std::sync::Arc;
use std::time::Duration;

use trunkline_core::{Columns, QueryOptions, Statement};

use crate::rows::{Choices, Codecs, Plan};

/// The SQL that JavaScript runs by number, and the shapes of rows.
#[derive(Debug, Default)]
pub(super) struct Statements {
    entries: Vec<Option<Entry>>,
    shapes: Vec<Option<Shape>>,
    codecs: Codecs,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sql: Box<str>,
    pub(super) prepared: Option<Statement>,
    /// Operations under way: it cannot be released while there are any.
    pub(super) in_flight: usize,
    /// The shapes of its rows: of what it gives now, one for each way to represent that.
    shapes: Vec<u32>,
}

#[derive(Debug)]
struct Shape {
    columns: Arc<Columns>,
    choices: Choices,
    plan: Arc<Plan>,
}

impl Entry {
    pub(super) fn options(&self, timeout: Option<Duration>) -> QueryOptions<'_> {
        QueryOptions { statement: self.prepared.as_ref(), timeout, ..QueryOptions::default() }
    }
}

impl Statements {
    pub(super) fn new(codecs: Codecs) -> Self {
        Self { codecs, ..Self::default() }
    }

    pub(super) const fn codecs(&self) -> &Codecs {
        &self.codecs
    }

    pub(super) fn add(&mut self, sql: &str) -> u32 {
        let entry = Entry { sql: sql.into(), prepared: None, in_flight: 0, shapes: Vec::new() };
        insert(&mut self.entries, entry)
    }

    pub(super) fn get(&self, statement: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(statement).ok()?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, statement: u32) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(statement).ok()?)?.as_mut()
    }

    /// Forgets a statement that nothing is under way for, and its shapes.
    pub(super) fn release(&mut self, statement: u32) -> Option<Entry> {
        let place = self.entries.get_mut(usize::try_from(statement).ok()?)?;
        let entry = place.take_if(|entry| entry.in_flight == 0)?;
        for shape in &entry.shapes {
            self.forget_shape(*shape);
        }
        Some(entry)
    }

    /// The shape that rows of these columns have, new or as the statement's last ones.
    ///
    /// A schema can change between two runs of a statement: its old shapes are replaced, under new numbers.
    pub(super) fn shape(&mut self, statement: u32, columns: &Arc<Columns>, choices: Choices) -> u32 {
        let known = self.get(statement).map(|entry| entry.shapes.clone()).unwrap_or_default();
        for number in known {
            match self.known(number) {
                Some(shape) if are_same(&shape.columns, columns) => {
                    if shape.choices == choices {
                        return number;
                    }
                }
                _ => {
                    self.forget_shape(number);
                    if let Some(entry) = self.get_mut(statement) {
                        entry.shapes.retain(|shape| *shape != number);
                    }
                }
            }
        }
        let plan = Arc::new(Plan::new(columns, choices, &self.codecs));
        // Never a number that was used before: JavaScript may remember what it stood for.
        let shape = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        self.shapes.push(Some(Shape { columns: columns.clone(), choices, plan }));
        if let Some(entry) = self.get_mut(statement) {
            entry.shapes.push(shape);
        }
        shape
    }

    fn known(&self, shape: u32) -> Option<&Shape> {
        self.shapes.get(usize::try_from(shape).ok()?)?.as_ref()
    }

    fn forget_shape(&mut self, shape: u32) {
        if let Some(shape) = usize::try_from(shape).ok().and_then(|at| self.shapes.get_mut(at)) {
            *shape = None;
        }
    }

    pub(super) fn plan(&self, shape: u32) -> Option<Arc<Plan>> {
        Some(self.known(shape)?.plan.clone())
    }
}

/// Whether columns are the same, of types of which the same is known: a composite type may have other fields now.
fn are_same(known: &Arc<Columns>, columns: &Arc<Columns>) -> bool {
    let types_are =
        || known.iter().zip(columns.iter()).all(|(one, other)| one.type_.is_known_as(&other.type_));
    Arc::ptr_eq(known, columns) || known == columns && types_are()
}

fn insert<T>(slots: &mut Vec<Option<T>>, value: T) -> u32 {
    let index = slots.iter().position(Option::is_none).unwrap_or(slots.len());
    match slots.get_mut(index) {
        Some(slot) => *slot = Some(value),
        None => slots.push(Some(value)),
    }
    u32::try_from(index).unwrap_or(u32::MAX)
}
