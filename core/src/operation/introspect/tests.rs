use std::string::ToString;
use std::vec;

use proptest::prelude::*;

use super::*;
use crate::message::backend::DataRow;

/// One row of an answer: OID, typtype, name, whether it has `typsend`, and a part.
type Line<'a> = (u32, u8, &'a str, bool, Option<(&'a str, u32)>);

fn answer(lines: &[Line<'_>]) -> VecDeque<RowBatch> {
    let mut out = BytesMut::new();
    for (oid, typtype, name, binary, part) in lines {
        let (oid, typtype, binary) = (oid.to_be_bytes(), [*typtype], [u8::from(*binary)]);
        let part_oid = part.map(|(_, oid)| oid.to_be_bytes());
        let values = vec![
            Some(&oid[..]),
            Some(&typtype[..]),
            Some(b"public"),
            Some(name.as_bytes()),
            Some(b","),
            Some(&binary[..]),
            part.map(|(name, _)| name.as_bytes()),
            part_oid.as_ref().map(|oid| &oid[..]),
        ];
        DataRow { values }.encode(&mut out).unwrap();
    }
    RowBatch::take(&mut out, WIDTH).unwrap().into_iter().collect()
}

fn made(lines: &[Line<'_>]) -> Vec<Type> {
    types(&answer(lines)).into_iter().filter(|type_| type_.description().is_some()).collect()
}

#[test]
fn every_kind_is_described_with_what_it_is_made_of() {
    let made = made(&[
        (23, b'b', "int4", true, None),
        (70_000, b'e', "mood", true, Some(("sad", 0))),
        (70_000, b'e', "mood", true, Some(("happy", 0))),
        (70_001, b'b', "_mood", true, Some(("", 70_000))),
        (70_002, b'd', "moods", true, Some(("", 70_001))),
        (70_003, b'c', "pair", true, Some(("n", 23))),
        (70_003, b'c', "pair", true, Some(("m", 70_002))),
        (70_004, b'r', "moodrange", true, Some(("", 70_000))),
        (70_005, b'm', "moodmultirange", true, Some(("", 70_004))),
        (70_006, b'b', "hstore", true, None),
        (70_007, b'c', "nothing", true, None),
        (70_008, b'p', "shell", false, None),
    ]);
    let [mood, moods, domain, pair, range, multirange, hstore, nothing, shell] = &made[..] else {
        panic!("{made:?}")
    };
    assert_eq!(mood.kind(), Kind::Enum(["sad".into(), "happy".into()].into()));
    assert_eq!((moods.name(), moods.kind()), ("mood[]", Kind::Array(mood.clone())));
    assert_eq!((domain.name(), domain.kind()), ("moods", Kind::Domain(moods.clone())));
    let Kind::Composite(fields) = pair.kind() else { panic!("{pair:?}") };
    let fields: Vec<_> = fields.iter().map(|field| (&*field.name, field.type_.to_string())).collect();
    assert_eq!(fields, [("n", "int4".to_string()), ("m", "moods".to_string())]);
    assert_eq!(range.kind(), Kind::Range(mood.clone()));
    assert_eq!(multirange.kind(), Kind::Multirange(range.clone()));
    assert_eq!((hstore.kind(), hstore.schema()), (Kind::Base, "public"));
    assert_eq!(nothing.kind(), Kind::Composite([].into()));
    assert_eq!(shell.kind(), Kind::Pseudo);
    assert!(made.iter().all(|type_| type_.has_binary_output() == (type_.name() != "shell")));
}

#[test]
fn what_holds_a_type_without_binary_output_has_none_itself() {
    let made = made(&[
        (70_000, b'b', "blind", false, None),
        (70_001, b'b', "_blind", true, Some(("", 70_000))),
        (70_002, b'c', "pair", true, Some(("a", 23))),
        (70_002, b'c', "pair", true, Some(("b", 70_001))),
        (70_003, b'd', "acl", true, Some(("", oid::ACLITEM))),
        (70_004, b'c', "fine", true, Some(("a", 23))),
    ]);
    let binary: Vec<_> = made.iter().map(|type_| (type_.name(), type_.has_binary_output())).collect();
    assert_eq!(
        binary,
        [("blind", false), ("blind[]", false), ("pair", false), ("acl", false), ("fine", true)]
    );
}

#[test]
fn what_makes_no_sense_is_left_out_with_what_is_made_of_it() {
    let names =
        |lines: &[Line<'_>]| -> Vec<_> { made(lines).iter().map(|type_| type_.name().to_string()).collect() };
    // A part that was not told of; a circle; a kind that does not exist yet; a domain over nothing.
    assert_eq!(
        names(&[(70_000, b'd', "d", true, Some(("", 80_000))), (70_001, b'b', "x", true, None)]),
        ["x"]
    );
    let circle =
        [(70_000, b'd', "d", true, Some(("", 70_001))), (70_001, b'd', "e", true, Some(("", 70_000)))];
    assert_eq!(names(&circle), [""; 0]);
    assert_eq!(names(&[(70_000, b'z', "z", true, None), (70_001, b'd', "d", true, None)]), [""; 0]);
    // Deeper than anybody's stack is to be.
    let deep: Vec<Line<'_>> =
        (70_000..90_000).map(|oid| (oid, b'd', "d", true, Some(("", oid + 1)))).collect();
    assert_eq!(names(&deep), [""; 0]);
    // Not in order: not an answer.
    assert_eq!(names(&[(70_001, b'b', "x", true, None), (70_000, b'b', "x", true, None)]), [""; 0]);
}

#[test]
fn before_14_there_are_no_multiranges() {
    assert!(!sql(Some("13.23 (Debian)")).contains("rngmultitypid"));
    assert!(!sql(Some("8.0.2")).contains("rngmultitypid"));
    for version in [Some("14beta1"), Some("18.4"), Some("100"), None] {
        assert_eq!(sql(version).matches("rngmultitypid").count(), 2);
    }
}

proptest! {
    #[test]
    fn any_answer_is_survived(lines in prop::collection::vec(
        (0..9_u32, prop::sample::select(&b"bcdermp?"[..]), any::<bool>(), prop::option::of(0..9_u32)), 0..30,
    )) {
        let mut lines: Vec<Line<'_>> = lines.into_iter()
            .map(|(oid, typtype, binary, part)| (70_000 + oid, typtype, "t", binary, part.map(|part| ("p", 70_000 + part))))
            .collect();
        lines.sort_by_key(|line| line.0);
        for type_ in made(&lines) {
            prop_assert!(type_.is_known());
        }
    }
}
