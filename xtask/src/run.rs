//! Running other programs: what they do is said before, how long it took after, and their output when they fail.

use std::{
    ffi::OsStr,
    fmt::Display,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use trunkline_test_server::{Error, Result, npm};

/// A command in the repository's root.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(npm::root());
    // Cargo takes an empty RUSTC for the name of a program.
    if std::env::var_os("RUSTC").is_some_and(|value| value.is_empty()) {
        command.env_remove("RUSTC");
    }
    command
}

/// `cargo` with these arguments, in the repository's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    // The one that runs us, so that `cargo +nightly xtask` is that all the way.
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| npm::root().join("target"), |path| npm::root().join(path))
}

/// Runs it behind a spinner that shows its last line. Gives its standard output.
///
/// Fails with everything that it printed, and with `advice` on what to do about it.
pub(crate) fn quiet(what: &str, command: &mut Command, advice: &str) -> Result<String> {
    let spinner = Spinner::start(what);
    let mut printed = Vec::new();
    let status = lines(command, PATIENCE, |line| {
        spinner.show(&line.text);
        printed.push(line);
    })?;
    let succeeded = status.is_some_and(|status| status.success());
    spinner.finish(succeeded);
    if succeeded {
        let stdout = printed.iter().filter(|line| !line.error);
        return Ok(stdout.map(|line| format!("{}\n", line.text)).collect());
    }
    let all: String = printed.iter().map(|line| format!("{}\n", line.text)).collect();
    Err(failure(what, command, status, &all, advice))
}

/// Runs it with its output going to the terminal as it comes, but for the lines that `each` keeps to itself by
/// answering false. Gives whether it succeeded. One that hangs is ended.
pub(crate) fn aloud(what: &str, command: &mut Command, mut each: impl FnMut(&str) -> bool) -> Result<bool> {
    println!("\n── {what}\n   {}", shown(command));
    let status = lines(command, SILENCE, |line| match (each(&line.text), line.error) {
        (false, _) => {}
        (true, true) => eprintln!("{}", line.text),
        (true, false) => println!("{}", line.text),
    })?;
    if status.is_none() {
        eprintln!("{what}: nothing was said for {} s, so it was ended", SILENCE.as_secs());
    }
    Ok(status.is_some_and(|status| status.success()))
}

/// An input or output error, with what was being done.
pub(crate) fn io<T>(doing: impl Display, result: io::Result<T>) -> Result<T> {
    result.map_err(|error| Error::new(format!("{doing}: {error}")))
}

/// Whether there is such a program in PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The text without the colours that programs add to it.
pub(crate) fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

/// A long step, in the terminal.
pub(crate) struct Spinner {
    bar: ProgressBar,
    what: String,
    start: Instant,
}

impl Spinner {
    pub(crate) fn start(what: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {prefix} ({elapsed}) {wide_msg:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(what.to_owned());
        if bar.is_hidden() {
            // Not a terminal: a log, where only lines make sense.
            println!("… {what}");
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, what: what.to_owned(), start: Instant::now() }
    }

    pub(crate) fn show(&self, line: &str) {
        self.bar.set_message(plain(line).trim().to_owned());
    }

    /// Says how it went, and how long it took.
    pub(crate) fn finish(self, succeeded: bool) {
        self.bar.finish_and_clear();
        let mark = if succeeded { '✓' } else { '✗' };
        println!("{mark} {} ({:.1} s)", self.what, self.start.elapsed().as_secs_f64());
    }
}

struct Line {
    text: String,
    error: bool,
}

/// None when it said nothing for so long that it was ended.
fn lines(command: &mut Command, silence: Duration, mut each: impl FnMut(Line)) -> Result<Option<ExitStatus>> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawn(command)?;
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        forward(stdout, false, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward(stderr, true, sender);
    }
    loop {
        match receiver.recv_timeout(silence) {
            Ok(line) => each(line),
            Err(RecvTimeoutError::Disconnected) => return io(shown(command), child.wait()).map(Some),
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    // SIGTERM first: a test runner then ends what it has started itself.
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    thread::sleep(Duration::from_secs(1));
    let _ = child.kill();
    io(shown(command), child.wait()).map(|_| None)
}

fn forward(stream: impl Read + Send + 'static, error: bool, to: Sender<Line>) {
    thread::spawn(move || {
        for bytes in BufReader::new(stream).split(b'\n').map_while(io::Result::ok) {
            let text = String::from_utf8_lossy(&bytes).trim_end_matches('\r').to_owned();
            if to.send(Line { text, error }).is_err() {
                break;
            }
        }
    });
}

fn spawn(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| {
        let program = command.get_program().to_string_lossy().into_owned();
        let advice = match program.as_str() {
            "node" | "npm" | "npx" => ": install Node.js 20 or later with npm, https://nodejs.org",
            _ => "",
        };
        Error::new(format!("cannot run {program} ({error}){advice}"))
    })
}

fn failure(what: &str, command: &Command, status: Option<ExitStatus>, printed: &str, advice: &str) -> Error {
    let folder = command.get_current_dir().unwrap_or(Path::new("."));
    let status =
        status.map_or_else(|| format!("silent for {} s", PATIENCE.as_secs()), |status| status.to_string());
    Error::new(format!(
        "{what} failed ({status}).\n{printed}\nThe command was, in {}:\n  {}\n{advice}",
        folder.display(),
        shown(command),
    ))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// How long a runner of tests may say nothing; they name each test as it ends, and compilers each crate.
const SILENCE: Duration = Duration::from_secs(300);
/// The same for a compiler on a slow machine, or a large download.
const PATIENCE: Duration = Duration::from_secs(1800);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_off() {
        assert_eq!(plain("\u{1b}[1m\u{1b}[32mok\u{1b}[0m. 5 passed"), "ok. 5 passed");
    }

    #[test]
    fn a_failure_holds_output_command_and_advice() {
        let mut command = command("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let error = quiet("trying", &mut command, "Do something else.").unwrap_err().to_string();
        for part in ["trying failed", "exit status: 3", "out", "err", "sh -c", "Do something else."] {
            assert!(error.contains(part), "{part} in {error}");
        }
    }

    #[test]
    fn one_that_says_nothing_is_ended() {
        let mut sleeper = command("sleep");
        let status = lines(sleeper.arg("1000"), Duration::from_millis(10), |_| {}).unwrap();
        assert!(status.is_none());
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = quiet("x", &mut command("no-such-program"), "").unwrap_err().to_string();
        assert!(error.starts_with("cannot run no-such-program ("), "{error}");
    }
}
