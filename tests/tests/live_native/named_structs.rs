//! A struct's fields are the parameters of a statement.

use trunkline_tests::live::{connect, on_every_version};

struct NewBook<'a> {
    title: &'a str,
    pages: Option<i32>,
    tags: Vec<String>,
}

trunkline::impl_parameters!(NewBook<'a> { title, pages, tags });

#[test]
fn named_parameters_of_a_struct_are_its_fields() {
    on_every_version(async |server| {
        let connection = connect(server).await;
        let book = NewBook { title: "Notes", pages: None, tags: vec!["maths".into()] };
        for _ in 0..3 {
            let row = connection
                .fetch_one("select $1::text as title, $2::int4 as pages, $3::text[] as tags", &book)
                .await
                .unwrap();
            assert_eq!(row.get::<&str>("title").unwrap(), "Notes");
            assert_eq!(row.get::<Option<i32>>("pages").unwrap(), None);
            assert_eq!(row.get::<Vec<String>>("tags").unwrap(), ["maths"]);
            // By their names in whatever order, each as often as it is wanted.
            let sql =
                "select :tags::text[] as tags, :title || ' by ' || :title as twice, :pages::int4 as pages";
            let row = connection.fetch_one(sql, &book).await.unwrap();
            assert_eq!(row.get::<&str>("twice").unwrap(), "Notes by Notes");
            assert_eq!(row.get::<Vec<String>>("tags").unwrap(), ["maths"]);
            assert_eq!(row.get::<Option<i32>>("pages").unwrap(), None);
        }
    });
}
