//! What every message must hold, used by the tests of each.

use alloc::vec::Vec;

use bytes::BytesMut;
use proptest::prelude::*;

use super::backend::BackendMessage;
use super::frontend::{FrontendMessage, StartupPacket};
use crate::wire::{Frame, Malformed, Unencodable};

/// Encoding then decoding gives the message again; a body cut anywhere, or with a byte too much, is refused.
pub(super) fn frontend(message: &FrontendMessage<'_>) {
    let (tag, body) = open_frontend(message);
    closed(&body, |body| FrontendMessage::decode(Frame { tag, body }).is_ok());
}

/// The same without the cuts, for messages whose last part goes on to the end of the body.
pub(super) fn open_frontend(message: &FrontendMessage<'_>) -> (u8, Vec<u8>) {
    let (tag, body) = encoded(|out| message.encode(out));
    assert_eq!(FrontendMessage::decode(Frame { tag, body: &body }).as_ref(), Ok(message));
    (tag, body)
}

/// As [`frontend`].
pub(super) fn backend(message: &BackendMessage<'_>) {
    let (tag, body) = open_backend(message);
    closed(&body, |body| BackendMessage::decode(Frame { tag, body }).is_ok());
}

/// As [`open_frontend`].
pub(super) fn open_backend(message: &BackendMessage<'_>) -> (u8, Vec<u8>) {
    let (tag, body) = encoded(|out| message.encode(out));
    assert_eq!(BackendMessage::decode(Frame { tag, body: &body }).as_ref(), Ok(message));
    (tag, body)
}

/// As [`frontend`], for packets without a tag.
pub(super) fn startup(packet: &StartupPacket<'_>) {
    let body = open_startup(packet);
    closed(&body, |body| StartupPacket::decode(body).is_ok());
}

/// As [`open_frontend`], for packets without a tag.
pub(super) fn open_startup(packet: &StartupPacket<'_>) -> Vec<u8> {
    let mut out = BytesMut::from(BEFORE);
    packet.encode(&mut out).unwrap();
    let packet_bytes = out.strip_prefix(BEFORE).unwrap();
    let (length, body) = packet_bytes.split_first_chunk::<4>().unwrap();
    assert_eq!(usize::try_from(u32::from_be_bytes(*length)), Ok(packet_bytes.len()));
    assert_eq!(StartupPacket::decode(body).as_ref(), Ok(packet));
    body.to_vec()
}

/// As [`frontend`], for the messages that share the tag `p`; `same` tells whether a body gives the message.
pub(super) fn answer(
    encode: impl FnOnce(&mut BytesMut) -> Result<(), Unencodable>,
    same: impl Fn(&[u8]) -> Result<bool, Malformed>,
) {
    closed(&open_answer(encode, &same), |body| same(body).is_ok());
}

/// As [`open_frontend`], for the messages that share the tag `p`.
pub(super) fn open_answer(
    encode: impl FnOnce(&mut BytesMut) -> Result<(), Unencodable>,
    same: impl Fn(&[u8]) -> Result<bool, Malformed>,
) -> Vec<u8> {
    let (tag, body) = encoded(encode);
    assert_eq!(tag, b'p');
    assert_eq!(same(&body), Ok(true));
    body
}

/// Bodies of up to 64 bytes in which small numbers, NULs and letters are frequent, so that many are messages.
pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![4 => Just(0), 3 => 0..4_u8, 2 => Just(0xff), 2 => b'A'..=b'z', 1 => any::<u8>()];
    prop::collection::vec(byte, 0..64)
}

/// The message cannot be written, and nothing of it is.
pub(super) fn unencodable(
    encode: impl FnOnce(&mut BytesMut) -> Result<(), Unencodable>,
    problem: Unencodable,
) {
    let mut out = BytesMut::from(BEFORE);
    assert_eq!(encode(&mut out), Err(problem));
    assert_eq!(&out[..], BEFORE);
}

const BEFORE: &[u8] = b"before";

fn encoded(encode: impl FnOnce(&mut BytesMut) -> Result<(), Unencodable>) -> (u8, Vec<u8>) {
    let mut out = BytesMut::from(BEFORE);
    encode(&mut out).unwrap();
    let bytes = out.strip_prefix(BEFORE).unwrap();
    let frame = Frame::read(bytes).unwrap().unwrap();
    assert_eq!(frame.frame_len(), bytes.len());
    (frame.tag, frame.body.to_vec())
}

fn closed(body: &[u8], decodes: impl Fn(&[u8]) -> bool) {
    for end in 0..body.len() {
        assert!(!decodes(&body[..end]), "cut at {end} of {}", body.len());
    }
    let mut longer = body.to_vec();
    longer.push(0);
    assert!(!decodes(&longer), "a byte too much");
}
