use trunkline_core::config::ProtocolVersion;
use trunkline_tests::backend::{Backend, Opening};
use trunkline_tests::client::config;
use trunkline_tests::pair::Pair;

fn opened(key: &[u8], max: ProtocolVersion, negotiates: Option<u32>) -> Pair {
    let opening = Opening { key: key.to_vec(), negotiates, ..Opening::default() };
    let config = config().protocol_versions(ProtocolVersion::V3_0, max);
    let mut pair = Pair::new(&config, Backend::new(opening));
    pair.run();
    pair
}

#[test]
fn keys_of_4_to_256_bytes_are_kept_whole() {
    for length in [4, 5, 32, 255, 256] {
        let key = vec![9; length];
        let pair = opened(&key, ProtocolVersion::V3_2, None);
        assert!(pair.client.connection.is_ready());
        assert_eq!(pair.client.connection.cancel_key(), key);
        assert_eq!(pair.client.connection.process_id(), 42);
    }
}

#[test]
fn protocol_3_0_has_keys_of_4_bytes() {
    assert!(opened(&[9; 4], ProtocolVersion::V3_0, None).client.connection.is_ready());
    for (max, negotiates) in [(ProtocolVersion::V3_0, None), (ProtocolVersion::V3_2, Some(0x0003_0000))] {
        let pair = opened(&[9; 32], max, negotiates);
        let error = pair.client.connection.error().unwrap().to_string();
        assert!(error.contains("cancel keys of 4 bytes"), "{error}");
    }
}
