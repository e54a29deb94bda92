//! A pool of 10 under 500 tasks, while sessions are killed at random and the server is restarted once.
//!
//! Ten seconds, or as many as `TRUNKLINE_STRESS_SECONDS` says. The seed is printed, and can be given as
//! `TRUNKLINE_STRESS_SEED`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use trunkline::{Error, Pool, TransactionStatus};
use trunkline_tests::live::connect;
use trunkline_tests::server::Server;

const SIZE: usize = 10;
const TASKS: u64 = 500;

/// What became of all that the tasks did.
#[derive(Default)]
struct Tally {
    stop: AtomicBool,
    /// Answers, in all.
    answers: AtomicU64,
    /// Errors, by their names.
    errors: Mutex<BTreeMap<String, u64>>,
}

/// splitmix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The names that a failure may have here: the server's, the network's, the pool's.
fn name(error: &Error) -> String {
    match error {
        Error::Server(error) => error.code.to_string(),
        Error::Closed(closed) => format!(
            "closed: {}",
            error.sqlstate().map_or(format!("{:?}", closed.reason), ToString::to_string)
        ),
        Error::Pool(why) => {
            format!("pool: {}", error.sqlstate().map_or(format!("{why:?}"), ToString::to_string))
        }
        other => panic!("not an error that this can end in: {other:?}"),
    }
}

/// One thing that a user does, checked for what others may have left behind.
async fn use_once(pool: &Pool, chance: &mut Chance) -> Result<(), Error> {
    let kind = chance.below(8);
    let value = i64::try_from(chance.below(1 << 40)).unwrap();
    match kind {
        0..=2 => {
            assert_eq!(pool.fetch_val::<i64, _>("select $1::int8", (value,)).await?, Some(value));
        }
        3 => {
            let mut connection = pool.acquire().await?;
            let transaction = connection.begin().await?;
            transaction.execute("create temp table mine (i int8) on commit drop", ()).await?;
            transaction.execute("insert into mine values ($1)", (value,)).await?;
            assert_eq!(transaction.fetch_val::<i64, _>("select i from mine", ()).await?, Some(value));
            transaction.commit().await?;
        }
        4 => {
            // Leaves all the dirt that there is.
            let connection = pool.acquire().await?;
            connection
                .execute_script(
                    "set work_mem = '1MB'; listen gossip; create temp table left_over (i int); begin",
                )
                .await?;
        }
        5 => {
            // Loses patience in the middle.
            let pause = Duration::from_millis(chance.below(20));
            let _ = tokio::time::timeout(pause, pool.fetch("select pg_sleep(0.05)", ())).await;
        }
        6 => {
            let mut connection = pool.acquire().await?;
            let transaction = connection.begin().await?;
            transaction.fetch("select 1", ()).await?;
            // Forgets to commit.
        }
        _ => {
            let connection = pool.acquire().await?;
            assert_eq!(connection.transaction_status(), TransactionStatus::Idle, "handed out dirty");
            let look = "select current_setting('work_mem'), (select count(*)::int4 from pg_listening_channels()), \
                (select count(*)::int4 from pg_class where relname = 'left_over' and relpersistence = 't' \
                    and relnamespace = pg_my_temp_schema())";
            let seen = connection.fetch_as::<(String, i32, i32), _>(look, ()).await?;
            assert_eq!(seen, [("4MB".to_owned(), 0, 0)], "handed out dirty");
        }
    }
    Ok(())
}

async fn user(pool: Pool, tally: Arc<Tally>, seed: u64) {
    let mut chance = Chance(seed);
    while !tally.stop.load(Ordering::Relaxed) {
        match use_once(&pool, &mut chance).await {
            Ok(()) => drop(tally.answers.fetch_add(1, Ordering::Relaxed)),
            Err(error) => *tally.errors.lock().unwrap().entry(name(&error)).or_default() += 1,
        }
    }
}

/// Kills a session of the pool at random, every 100 ms.
async fn killer(server: &Server, tally: &Tally, until: Instant) {
    let sql = "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where \
        application_name = 'stressed' order by random() limit 1) one";
    let connection = connect(server).await;
    while Instant::now() < until && !tally.stop.load(Ordering::Relaxed) {
        connection.fetch(sql, ()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// How many answers come in a second, measured over a part of one.
async fn speed(tally: &Tally, parts: u64) -> u64 {
    let before = tally.answers.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(1) / u32::try_from(parts).unwrap()).await;
    (tally.answers.load(Ordering::Relaxed) - before) * parts
}

#[test]
fn promise_20_a_pool_under_fire_loses_nothing_and_comes_back() {
    let seconds = number("TRUNKLINE_STRESS_SECONDS").unwrap_or(10);
    let seed = number("TRUNKLINE_STRESS_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    eprintln!("TRUNKLINE_STRESS_SEED={seed}");
    let mut server = Server::start(18).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let limit = Duration::from_secs(seconds + 60);
    runtime.block_on(async {
        tokio::time::timeout(limit, stress(&mut server, seconds, seed)).await.expect("it hangs");
    });
}

async fn stress(server: &mut Server, seconds: u64, seed: u64) {
    // Whom the server believes without SCRAM, which in a debug build would be all that a new connection costs.
    let url = format!("{}?application_name=stressed", server.url_for("trust_user").unwrap());
    let pool = Pool::builder().max_size(SIZE).connect(&url).await.unwrap();
    let tally = Arc::new(Tally::default());
    let tasks: Vec<_> = (0..TASKS)
        .map(|i| tokio::spawn(user(pool.clone(), Arc::clone(&tally), seed.wrapping_add(i))))
        .collect();
    let half = Duration::from_secs(seconds) / 2;

    killer(server, &tally, Instant::now() + half).await;
    let full = speed(&tally, 1).await;
    server.stop().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.start_again().unwrap();
    let back = Instant::now();
    while speed(&tally, 5).await < full * 3 / 4 {
        // It takes a second at most where nothing else runs.
        assert!(
            back.elapsed() < Duration::from_secs(4),
            "not back to {full} answers a second: {:?}",
            pool.stats()
        );
    }
    let recovered = back.elapsed();
    killer(server, &tally, Instant::now() + half).await;

    tally.stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.expect("no user finds anything wrong");
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    while pool.stats().idle != pool.stats().size {
        assert!(Instant::now() < deadline, "a connection is leaked: {:?}", pool.stats());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let stats = pool.stats();
    eprintln!(
        "{} answers, {full} a second before the restart, measured to be back after {recovered:?}\n{:?}\n{stats:?}",
        tally.answers.load(Ordering::Relaxed),
        tally.errors.lock().unwrap()
    );
    assert!(stats.size <= SIZE && stats.in_use == 0 && stats.waiting == 0, "{stats:?}");
    pool.close().await;
    let count = "select count(*) from pg_stat_activity where application_name = 'stressed'";
    let witness = connect(server).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while witness.fetch_val::<i64, _>(count, ()).await.unwrap() != Some(0) {
        assert!(Instant::now() < deadline, "the server has sessions that the pool does not");
    }
}
