//! The reply grammar against a table written from the protocol's documentation ("Message Flow"), not from the code.

use trunkline_core::expect::{Step, next};

/// What may come in each step, and where it leads. Whatever is not here may not come.
const TABLE: &[(Step, &[(u8, Step)])] = &[
    (Step::Parse, &[(b'1', Step::Done), (b'E', Step::Failed)]),
    (Step::Bind, &[(b'2', Step::Done), (b'E', Step::Failed)]),
    (Step::Close, &[(b'3', Step::Done), (b'E', Step::Failed)]),
    (Step::DescribeStatement, &[(b't', Step::DescribeColumns), (b'E', Step::Failed)]),
    (Step::DescribeColumns, &[(b'T', Step::Done), (b'n', Step::Done), (b'E', Step::Failed)]),
    (Step::DescribePortal, &[(b'T', Step::Done), (b'n', Step::Done), (b'E', Step::Failed)]),
    (
        Step::Execute,
        &[
            (b'D', Step::Rows),
            (b'C', Step::Done),
            (b'I', Step::Done),
            (b's', Step::Done),
            (b'G', Step::CopyIn),
            (b'H', Step::CopyOut),
            (b'W', Step::CopyBoth),
            (b'E', Step::Failed),
        ],
    ),
    (Step::Rows, &[(b'D', Step::Rows), (b'C', Step::Done), (b's', Step::Done), (b'E', Step::Failed)]),
    (Step::CopyIn, &[(b'C', Step::Done), (b'E', Step::Failed)]),
    (Step::CopyOut, &[(b'd', Step::CopyOut), (b'c', Step::CopyOutDone), (b'E', Step::Failed)]),
    (Step::CopyOutDone, &[(b'C', Step::Done), (b'E', Step::Failed)]),
    (Step::CopyBoth, &[(b'd', Step::CopyBoth), (b'c', Step::CopyIn), (b'E', Step::Failed)]),
    // The commit that Sync is can fail (a deferred constraint); ReadyForQuery follows all the same.
    (Step::Sync, &[(b'Z', Step::Done), (b'E', Step::Sync)]),
    (
        Step::Query,
        &[
            (b'T', Step::QueryRows),
            (b'C', Step::Query),
            (b'I', Step::Query),
            (b'G', Step::QueryCopyIn),
            (b'H', Step::QueryCopyOut),
            (b'E', Step::QueryFailed),
            (b'Z', Step::Done),
        ],
    ),
    (Step::QueryRows, &[(b'D', Step::QueryRows), (b'C', Step::Query), (b'E', Step::QueryFailed)]),
    (Step::QueryCopyIn, &[(b'C', Step::Query), (b'E', Step::QueryFailed)]),
    (
        Step::QueryCopyOut,
        &[
            (b'd', Step::QueryCopyOut),
            (b'c', Step::QueryCopyOut),
            (b'C', Step::Query),
            (b'E', Step::QueryFailed),
        ],
    ),
    (Step::QueryFailed, &[(b'Z', Step::Done)]),
    (Step::Failed, &[]),
    (Step::Done, &[]),
];

#[test]
fn every_pair_of_step_and_tag_is_as_the_protocol_says() {
    for step in Step::ALL {
        let (_, allowed) = TABLE.iter().find(|(known, _)| *known == step).expect("the table has every step");
        for tag in 0..=u8::MAX {
            let expected = allowed.iter().find(|(known, _)| *known == tag).map(|(_, after)| *after);
            assert_eq!(next(step, tag), expected, "{step:?} and {:?}", char::from(tag));
        }
    }
}

#[test]
fn every_step_is_once_in_the_table() {
    assert_eq!(TABLE.len(), Step::ALL.len());
    for (at, (step, _)) in TABLE.iter().enumerate() {
        assert!(TABLE.iter().skip(at + 1).all(|(other, _)| other != step), "{step:?}");
    }
}

#[test]
fn what_comes_at_any_time_is_in_no_step() {
    for step in Step::ALL {
        for tag in *b"NAS" {
            assert_eq!(next(step, tag), None);
        }
    }
}

#[test]
fn every_step_says_what_it_waits_for() {
    for step in Step::ALL {
        assert!(!step.awaited().is_empty());
    }
}
