use trunkline_tests::certificates::{Certificate, Wanted};
use trunkline_tests::live::{VERSIONS, block_on, shared};
use trunkline_tests::tls::listen_in_the_middle;

use super::{HOST, attempts, authority, builder, connect, secured};

#[test]
fn scram_is_bound_to_the_servers_certificate() {
    for version in VERSIONS {
        block_on(async {
            let port = secured(version).port();
            for binding in ["disable", "prefer", "require"] {
                connect(HOST, port, &format!("sslmode=require channel_binding={binding}")).await.unwrap();
            }
            for user in ["trust_user", "password_user", "md5_user"] {
                let failed =
                    attempts(connect(HOST, port, &format!("user={user} channel_binding=require")).await);
                assert!(
                    failed[0].to_string().contains("channel_binding=require cannot be kept"),
                    "{failed:?}"
                );
            }
            let in_clear = attempts(connect(HOST, shared(version).port(), "channel_binding=require").await);
            assert!(in_clear[0].to_string().contains("not encrypted"), "{in_clear:?}");
        });
    }
}

#[test]
fn somebody_in_the_middle_is_noticed_without_any_authority() {
    for version in VERSIONS {
        block_on(async {
            let theirs = authority().sign(&Wanted { hosts: &[HOST], ..Wanted::default() });
            let port = listen_in_the_middle(&theirs, &authority().pem(), secured(version).port()).await;
            // Nothing but the binding tells the two certificates apart here.
            connect(HOST, port, "sslmode=require channel_binding=disable").await.unwrap();
            for binding in ["prefer", "require"] {
                let options = format!("sslmode=require channel_binding={binding}");
                let failed = attempts(connect(HOST, port, &options).await);
                let error = failed[0].to_string();
                assert!(error.contains("SCRAM channel binding check failed"), "{version}: {error}");
            }
        });
    }
}

#[test]
fn every_hash_of_a_certificate_is_the_servers_too() {
    for (algorithm, binds) in [
        (&rcgen::PKCS_ECDSA_P256_SHA256, true),
        (&rcgen::PKCS_ECDSA_P384_SHA384, true),
        // Ed25519 has no hash of its own to bind to.
        (&rcgen::PKCS_ED25519, false),
    ] {
        let certificate: Certificate =
            Wanted { hosts: &[HOST], algorithm, ..Wanted::default() }.self_signed();
        let server = builder(18, &certificate).start().unwrap();
        block_on(async {
            let bound = connect(HOST, server.port(), "sslmode=require channel_binding=require").await;
            assert_eq!(bound.is_ok(), binds, "{algorithm:?}: {bound:?}");
            if let Err(error) = bound {
                assert!(error.to_string().contains("no hash of the server's certificate"), "{error}");
            }
            connect(HOST, server.port(), "sslmode=require channel_binding=prefer").await.unwrap();
        });
    }
}
