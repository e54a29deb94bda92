use trunkline_core::config::{Config, ProtocolVersion};
use trunkline_core::message::backend::{Authentication, BackendMessage, NegotiateProtocolVersion};
use trunkline_tests::backend::{Backend, Opening};
use trunkline_tests::client::{Client, config};
use trunkline_tests::messages as m;
use trunkline_tests::pair::Pair;

fn asking(max: ProtocolVersion) -> Config {
    config().protocol_versions(ProtocolVersion::V3_0, max)
}

fn negotiation(version: u32, options: &[&str]) -> Vec<u8> {
    let message = NegotiateProtocolVersion { version, options: options.to_vec() };
    m::encode(&BackendMessage::NegotiateProtocolVersion(message))
}

#[track_caller]
fn refused(config: &Config, messages: &[Vec<u8>]) -> String {
    let mut client = Client::new(config);
    client.feed(&messages.concat());
    client.connection.error().expect("it is refused").to_string()
}

#[test]
fn both_forms_of_the_answer_lead_to_3_0() {
    // PostgreSQL 15 sends the whole version, the documentation says only the minor one.
    for negotiates in [0x0003_0000, 0] {
        let opening = Opening { negotiates: Some(negotiates), ..Opening::default() };
        let mut pair = Pair::new(&asking(ProtocolVersion::V3_2), Backend::new(opening));
        pair.run();
        assert!(pair.client.connection.is_ready(), "{:?}", pair.client.connection.error());
    }
}

#[test]
fn down_is_the_only_way() {
    let newest = asking(ProtocolVersion::V3_2);
    for version in [0x0003_0002, 2, 0x0003_0003, 0x0003_0001, 0x0004_0000, 0x0002_0000, u32::MAX] {
        assert!(refused(&newest, &[negotiation(version, &[])]).contains("protocol"), "{version:#x}");
    }
    let oldest = asking(ProtocolVersion::V3_0);
    assert!(refused(&oldest, &[negotiation(0x0003_0000, &[])]).contains("protocol"));
}

#[test]
fn not_below_what_is_allowed() {
    let strict = config().protocol_versions(ProtocolVersion::V3_2, ProtocolVersion::V3_2);
    assert!(refused(&strict, &[negotiation(0, &[])]).contains("min_protocol_version"));
}

#[test]
fn options_that_nobody_asked_for_cannot_be_refused() {
    for option in ["_pq_.something", "plain"] {
        let error = refused(&asking(ProtocolVersion::V3_2), &[negotiation(0, &[option])]);
        assert!(error.contains(option), "{error}");
    }
}

#[test]
fn it_comes_once_and_before_the_authentication() {
    let newest = asking(ProtocolVersion::V3_2);
    assert!(refused(&newest, &[negotiation(0, &[]), negotiation(0, &[])]).contains("twice"));
    let late = [m::authentication(Authentication::Ok), negotiation(0, &[])];
    assert!(refused(&newest, &late).contains("'v'"));
}
