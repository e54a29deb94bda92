use futures_util::future::join_all;
use trunkline::testing::Backend;
use trunkline::types::{Date, Type, Value};
use trunkline::{
    Connection, Error, FromRow, Pool, ServerError, Severity, SqlState, TransactionOptions, TransactionStatus,
    named, query,
};

#[derive(Debug, PartialEq, FromRow)]
struct User {
    id: i64,
    name: Option<String>,
    tags: Vec<String>,
    weight: f64,
    is_admin: bool,
}

fn text(error: Error) -> String {
    error.to_string()
}

#[tokio::test]
async fn rows_are_of_the_types_that_they_have_in_rust() {
    let sql = "select * from users";
    let row = |id: i64, name| (id, name, vec!["a", "b"], 1.5, true);
    let columns = ["id", "name", "tags", "weight", "is_admin"];
    let backend = Backend::new().on(sql).returns(columns, [row(1, None), row(2, Some("Ada"))]);
    let connection = backend.connect().await.unwrap();
    let rows = connection.fetch(sql, ()).await.unwrap();
    let types: Vec<u32> = rows.columns().iter().map(|column| column.type_.oid()).collect();
    let expected = [Type::INT8, Type::TEXT, Type::TEXT_ARRAY, Type::FLOAT8, Type::BOOL];
    assert_eq!(types, expected.map(|type_| type_.oid()));
    let users: Vec<User> = connection.fetch_as(sql, ()).await.unwrap();
    let user = |id, name: Option<&str>| User {
        id,
        name: name.map(Into::into),
        tags: vec!["a".into(), "b".into()],
        weight: 1.5,
        is_admin: true,
    };
    assert_eq!(users, [user(1, None), user(2, Some("Ada"))]);
    // Once more, by the name that the statement has got meanwhile, and in text.
    assert_eq!(connection.fetch_as::<User, _>(sql, ()).await.unwrap(), users);
    let simple = query(sql).mode(trunkline::StatementMode::Simple);
    assert_eq!(connection.fetch_as::<User, _>(&simple, ()).await.unwrap(), users);
}

#[tokio::test]
async fn columns_have_the_types_that_are_told() {
    let backend = Backend::new()
        .on("select born, price from t")
        .returns([("born", Type::DATE), ("price", Type::NUMERIC)], [("1815-12-10", 3)])
        .on("select nothing")
        .returns([("nothing", Type::UUID)], [(); 0])
        .on("select wrong")
        .returns([("wrong", Type::BOOL)], [("yes",)])
        .on("select torn")
        .returns(["a", "b"], [(1,)]);
    let connection = backend.connect().await.unwrap();
    let row = connection.fetch_one("select born, price from t", ()).await.unwrap();
    assert_eq!(row.get::<Date>(0).unwrap().to_string(), "1815-12-10");
    assert_eq!(row.get::<Value>("price").unwrap().to_string(), "3");
    assert!(connection.fetch("select nothing", ()).await.unwrap().is_empty());
    let wrong = text(connection.fetch("select wrong", ()).await.unwrap_err());
    assert!(wrong.contains("column wrong") && wrong.contains("bool"), "{wrong}");
    let torn = text(connection.fetch("select torn", ()).await.unwrap_err());
    assert!(torn.contains("a row of 1 values for 2 columns"), "{torn}");
}

#[tokio::test]
async fn parameters_choose_the_answer_and_are_logged_as_text() {
    let sql = "select name from users where id = :id and born < :born";
    let backend = Backend::new()
        .on(sql)
        .parameters([Type::INT8, Type::DATE])
        .with((7, "2000-01-01"))
        .returns(["name"], [("Ada",)])
        .on(sql)
        .returns(["name"], [("anyone",)]);
    let connection = backend.connect().await.unwrap();
    for (id, name) in [(7_i64, "Ada"), (8, "anyone")] {
        let parameters = named! { born: "2000-01-01", id: id };
        let found: Option<String> = connection.fetch_val(sql, parameters).await.unwrap();
        assert_eq!(found.as_deref(), Some(name));
    }
    let logged = "select name from users where id = $1 and born < $2 [7, 2000-01-01]";
    assert_eq!(backend.log()[0].to_string(), logged);
    assert_eq!(backend.log()[1].parameters, [Some("8".into()), Some("2000-01-01".into())]);
    // A parameter that does not fit is told before anything is sent, as by a real statement.
    let error = connection.execute(sql, named! { born: true, id: 7 }).await.unwrap_err();
    assert!(matches!(error, Error::Usage(_)), "{error}");
}

#[tokio::test]
async fn sql_that_was_not_told_is_named_with_what_was_expected() {
    let backend =
        Backend::new().on("select 1").returns(["n"], [(1,)]).on("delete from t where a = $1").affects(2);
    let connection = backend.connect().await.unwrap();
    let unknown = connection.fetch("select 2", ()).await.unwrap_err();
    assert_eq!(unknown.sqlstate(), Some(&SqlState::FEATURE_NOT_SUPPORTED));
    let unknown = text(unknown);
    assert!(unknown.contains("not told of `select 2`; it expects `select 1`, `delete from t"), "{unknown}");
    let untyped = text(connection.execute("delete from t where a = $1", (1,)).await.unwrap_err());
    assert!(untyped.contains("add with(…) or parameters(…)"), "{untyped}");

    let backend = backend.on("delete from t where a = $1").with((1,)).affects(1);
    let only = Backend::new().on("select $1").with((1,)).returns(["n"], [(1,)]);
    let connection = only.connect().await.unwrap();
    let other = text(connection.fetch("select $1", (2,)).await.unwrap_err());
    assert!(other.contains("`select $1` with [2]; it expects `select $1 [1]`"), "{other}");
    assert_eq!(backend.unused().len(), 3);
}

#[tokio::test]
async fn errors_are_whole() {
    let mut taken = ServerError::new(Severity::Error, SqlState::UNIQUE_VIOLATION, "taken");
    taken.constraint = Some("users_name_key".into());
    let backend = Backend::new().on("insert into users values ('Ada')").fails_with(taken);
    let connection = backend.connect().await.unwrap();
    let error = connection.execute("insert into users values ('Ada')", ()).await.unwrap_err();
    let Error::Server(error) = error else { panic!("{error}") };
    assert_eq!(error.constraint.as_deref(), Some("users_name_key"));
    assert_eq!(error.sqlstate(), &SqlState::UNIQUE_VIOLATION);
}

#[tokio::test]
async fn transactions_have_their_states() {
    let backend =
        Backend::new().on("insert").affects(1).on("bad").fails(SqlState::FOREIGN_KEY_VIOLATION, "no parent");
    let mut connection = backend.connect().await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    transaction.execute("insert", ()).await.unwrap();
    assert_eq!(transaction.transaction_status(), TransactionStatus::InBlock);
    let savepoint = transaction.begin().await.unwrap();
    savepoint.execute("bad", ()).await.unwrap_err();
    assert_eq!(savepoint.transaction_status(), TransactionStatus::Failed);
    let aborted = savepoint.execute("insert", ()).await.unwrap_err();
    assert_eq!(aborted.sqlstate(), Some(&SqlState::IN_FAILED_SQL_TRANSACTION));
    savepoint.rollback().await.unwrap();
    assert_eq!(transaction.transaction_status(), TransactionStatus::InBlock);
    transaction.commit().await.unwrap();
    assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
    let log: Vec<String> = backend.log().into_iter().map(|logged| logged.sql).collect();
    assert_eq!(log.first().map(String::as_str), Some("BEGIN"));
    assert_eq!(log.last().map(String::as_str), Some("COMMIT"));
    assert!(connection.execute("savepoint a", ()).await.is_err());
}

#[tokio::test]
async fn a_transaction_that_has_failed_is_not_committed() {
    let backend =
        Backend::new().on("delete from users").fails(SqlState::FOREIGN_KEY_VIOLATION, "still there");
    let mut connection = backend.connect().await.unwrap();
    let transaction = connection.begin().await.unwrap();
    transaction.execute("delete from users", ()).await.unwrap_err();
    assert!(matches!(transaction.commit().await, Err(Error::RolledBack)));
    assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
}

#[tokio::test]
async fn a_transaction_that_is_refused_once_is_run_again() {
    let backend = Backend::new()
        .on("update t set a = 1")
        .affects(1)
        .on("commit")
        .fails(SqlState::SERIALIZATION_FAILURE, "could not serialize access")
        .on("commit")
        .affects(0);
    let mut connection = backend.connect().await.unwrap();
    let options = TransactionOptions::new().retries(2);
    let work = async |transaction: &mut trunkline::Transaction<'_>| {
        transaction.execute("update t set a = 1", ()).await.map(drop)
    };
    connection.transaction(&options, work).await.unwrap();
    let updates = backend.log().iter().filter(|logged| logged.sql.starts_with("update")).count();
    assert_eq!(updates, 2);
    assert_eq!(backend.unused(), Vec::<String>::new());
}

#[tokio::test]
async fn streams_pipelines_scripts_and_many_runs_are_answered() {
    let backend = Backend::new()
        .on("select n from numbers")
        .returns(["n"], (0..1000).map(|n| (n,)))
        .on("insert into t values ($1)")
        .parameters([Type::INT4])
        .affects(1)
        .on("create table t (a int)")
        .affects(0);
    let mut connection = backend.connect().await.unwrap();
    let tags = connection.execute_script("create table t (a int); set a to b; select n from numbers").await;
    let tags: Vec<String> = tags.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(tags, ["CREATE TABLE", "SET", "SELECT 1000"]);
    assert!(connection.execute("", ()).await.is_ok());

    let sql = "select n from numbers";
    let many = join_all((0..20).map(|_| connection.fetch(sql, ()))).await;
    assert!(many.iter().all(|rows| rows.as_ref().is_ok_and(|rows| rows.len() == 1000)));
    connection.execute_many("insert into t values ($1)", (0..5).map(|n| (n,))).await.unwrap();
    let transaction = connection.begin().await.unwrap();
    let mut cursor = transaction.cursor(sql, ()).await.unwrap();
    assert_eq!(cursor.fetch(300).await.unwrap().len(), 300);
    assert_eq!(cursor.fetch(900).await.unwrap().len(), 700);
    drop(cursor);
    transaction.rollback().await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn pools_take_it() {
    let backend = Backend::new().on("select 1").returns(["n"], [(1,)]);
    let pool = Pool::builder().max_size(3).build(&backend.config()).unwrap();
    for _ in 0..3 {
        let ones = join_all((0..10).map(|_| pool.fetch_val::<i32, _>("select 1", ()))).await;
        assert!(ones.into_iter().all(|one| one.unwrap() == Some(1)));
    }
    assert_eq!(backend.log().len(), 30, "what a pool does between uses is not logged");
    pool.close().await;
}

#[tokio::test]
async fn what_it_does_not_play_is_an_error() {
    let backend = Backend::new();
    let connection: Connection = backend.connect().await.unwrap();
    let copy = connection.copy_out("t", trunkline::CopyOptions::text()).await.map(drop).unwrap_err();
    assert!(copy.to_string().contains("not told of"), "{copy}");
    let listen = connection.listen("jobs").await.map(drop).unwrap_err();
    assert!(listen.to_string().contains("not told of"), "{listen}");
}
