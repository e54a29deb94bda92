use serde_json::Value;
use trunkline_test_server::{Error, NEWEST, Result, Server, install, npm};

use crate::{
    run::{self, Spinner},
    runtimes, table, wasm,
};

/// The same tour of a real server, natively and on three JavaScript runtimes, and a table of what each did.
pub(crate) fn run() -> Result<()> {
    let runtimes = runtimes::of_the_demo()?;
    wasm::build()?;
    let mut build = run::cargo(&["build", "--release", "--package", "trunkline", "--example", TOUR]);
    run::quiet("compiling the native tour", &mut build, "")?;
    let server = start()?;
    let url = server.url();

    let mut native =
        run::cargo(&["run", "--release", "--quiet", "--package", "trunkline", "--example", TOUR]);
    native.args(["--", &url]);
    let mut tours = vec![tour("native", &mut native)?];
    let script = npm::root().join("js/examples").join(TOUR).with_extension("js");
    for runtime in runtimes {
        tours.push(tour(&runtime.name, runtime.run(&script).arg(&url))?);
    }
    drop(server);
    print(&tours);
    Ok(())
}

/// One runtime's steps, as its last line told them: `TOUR {"steps":[{"name":…,"count":…,"ms":…},…]}`.
struct Tour {
    runtime: String,
    steps: Vec<Step>,
}

struct Step {
    name: String,
    count: u64,
    milliseconds: f64,
}

fn start() -> Result<Server> {
    install()?;
    let spinner = Spinner::start(&format!("starting PostgreSQL {NEWEST}"));
    let server = Server::start(NEWEST);
    spinner.finish(server.is_ok());
    server
}

fn tour(runtime: &str, command: &mut std::process::Command) -> Result<Tour> {
    let mut last = None;
    let ok = run::aloud(&format!("The tour, {runtime}"), command, |line| {
        let json = line.strip_prefix("TOUR ").map(str::to_owned);
        last = json.clone().or_else(|| last.take());
        json.is_none()
    })?;
    if !ok {
        return Err(Error::new(format!("the tour failed on {runtime}: see above")));
    }
    let steps = last.as_deref().and_then(steps);
    let steps =
        steps.ok_or_else(|| Error::new(format!("the tour on {runtime} did not end with its TOUR line")))?;
    Ok(Tour { runtime: runtime.to_owned(), steps })
}

fn steps(json: &str) -> Option<Vec<Step>> {
    let tour: Value = serde_json::from_str(json).ok()?;
    let steps = tour.get("steps")?.as_array()?.iter().map(|step| {
        Some(Step {
            name: step.get("name")?.as_str()?.to_owned(),
            count: step.get("count")?.as_u64()?,
            milliseconds: step.get("ms")?.as_f64()?,
        })
    });
    steps.collect::<Option<Vec<_>>>().filter(|steps| !steps.is_empty())
}

fn print(tours: &[Tour]) {
    let mut headings = vec!["milliseconds for", "count"];
    headings.extend(tours.iter().map(|tour| tour.runtime.as_str()));
    // In the order in which they first come; a runtime that leaves one out has a gap, not another's figure.
    let mut names: Vec<(&str, u64)> = Vec::new();
    for step in tours.iter().flat_map(|tour| &tour.steps) {
        if !names.iter().any(|(name, _)| *name == step.name) {
            names.push((&step.name, step.count));
        }
    }
    let rows = names.iter().map(|(name, count)| {
        let cell = |tour: &Tour| {
            let step = tour.steps.iter().find(|step| step.name == *name);
            step.map_or_else(|| "–".to_owned(), |step| format!("{:.1}", step.milliseconds))
        };
        [(*name).to_owned(), count.to_string()].into_iter().chain(tours.iter().map(cell)).collect()
    });
    println!();
    table::print(&headings, &rows.collect::<Vec<_>>());
}

const TOUR: &str = "tour";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tour_is_read_from_its_line() {
        let read = steps(r#"{"runtime":"x","steps":[{"name":"pg_type","count":620,"ms":4.25}]}"#).unwrap();
        let step = read.first().unwrap();
        assert_eq!((step.name.as_str(), step.count), ("pg_type", 620));
        assert!((step.milliseconds - 4.25).abs() < 1e-9);
        assert!(
            steps(r#"{"steps":[]}"#).is_none()
                && steps("{").is_none()
                && steps(r#"{"steps":[{}]}"#).is_none()
        );
    }
}
