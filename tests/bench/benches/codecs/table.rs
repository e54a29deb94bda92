//! What came out, as one table.

use std::fmt::{self, Write};

/// From a value to bytes, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Encode,
    Decode,
}

impl Direction {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
        }
    }
}

/// How fast it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Scalars of a fixed length, and arrays of them: half as fast again.
    Scalar,
    /// Everything else: no slower.
    Same,
    /// There is nothing to compare it with.
    None,
}

impl Target {
    const fn times(self) -> Option<f64> {
        match self {
            Self::Scalar => Some(1.5),
            Self::Same => Some(1.0),
            Self::None => None,
        }
    }

    /// Where both do the same work, the figures of a run differ by some percent either way.
    fn is_met(self, faster: f64) -> bool {
        match self {
            Self::Scalar => faster >= 1.5,
            Self::Same => faster >= 0.95,
            Self::None => true,
        }
    }
}

/// The rows, in the order in which they were measured first.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    direction: Direction,
    target: Target,
    /// Nanoseconds for a value, of each round.
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Table {
    /// Adds what a round found.
    pub(crate) fn add(
        &mut self,
        name: &'static str,
        direction: Direction,
        target: Target,
        ours: Option<f64>,
        theirs: Option<f64>,
    ) {
        let at = self.rows.iter().position(|row| row.name == name && row.direction == direction);
        let row = match at.and_then(|at| self.rows.get_mut(at)) {
            Some(row) => row,
            None => {
                let (ours, theirs) = (Vec::new(), Vec::new());
                self.rows.push(Row { name, direction, target, ours, theirs });
                let Some(row) = self.rows.last_mut() else { return };
                row
            }
        };
        row.ours.extend(ours);
        row.theirs.extend(theirs);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "family                        direction  trunkline ns  postgres-types ns  times as fast  target"
        )?;
        for row in &self.rows {
            let (ours, theirs) = (median(&row.ours), median(&row.theirs));
            if ours.is_none() && theirs.is_none() {
                continue;
            }
            let faster = ours.zip(theirs).map(|(ours, theirs)| theirs / ours);
            let mut line = String::new();
            write!(line, "{:<30}{:<9}", row.name, row.direction.name())?;
            write!(line, "{:>14}{:>19}{:>15}", cell(ours, 1), cell(theirs, 1), cell(faster, 2))?;
            if let Some((times, faster)) = row.target.times().zip(faster) {
                write!(line, "  {times:.1} {}", if row.target.is_met(faster) { "met" } else { "NOT MET" })?;
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn cell(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(|| "-".into(), |figure| format!("{figure:.digits$}"))
}

fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get(sorted.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(lower, upper))
}
