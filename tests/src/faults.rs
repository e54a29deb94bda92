//! Transcripts bent: cut, garbled, with wrong tags and lying lengths.

/// Where a message begins in `transcript`, which is whole messages.
pub fn messages(transcript: &[u8]) -> Vec<usize> {
    let (mut starts, mut at) = (Vec::new(), 0);
    while let Some(header) = transcript.get(at..at + 5) {
        starts.push(at);
        let length = u32::from_be_bytes([header[1], header[2], header[3], header[4]]);
        at += 1 + usize::try_from(length).expect("a length fits");
    }
    starts
}

/// Ends it after `at` bytes.
pub fn cut(transcript: &[u8], at: usize) -> Vec<u8> {
    transcript[..at.min(transcript.len())].to_vec()
}

/// Puts another byte in the place of one.
pub fn garble(transcript: &[u8], at: usize, byte: u8) -> Vec<u8> {
    let mut bent = transcript.to_vec();
    if let Some(place) = bent.get_mut(at) {
        *place = byte;
    }
    bent
}

/// Gives the `nth` message another tag.
pub fn wrong_tag(transcript: &[u8], nth: usize, tag: u8) -> Vec<u8> {
    match messages(transcript).get(nth) {
        Some(at) => garble(transcript, *at, tag),
        None => transcript.to_vec(),
    }
}

/// Makes the `nth` message lie about its length.
pub fn lying_length(transcript: &[u8], nth: usize, length: u32) -> Vec<u8> {
    let mut bent = transcript.to_vec();
    if let Some(at) = messages(transcript).get(nth) {
        bent[at + 1..at + 5].copy_from_slice(&length.to_be_bytes());
    }
    bent
}

/// Leaves the `nth` message out.
pub fn without(transcript: &[u8], nth: usize) -> Vec<u8> {
    let starts = messages(transcript);
    let Some(start) = starts.get(nth).copied() else { return transcript.to_vec() };
    let end = starts.get(nth + 1).copied().unwrap_or(transcript.len());
    [&transcript[..start], &transcript[end..]].concat()
}

/// Says the `nth` message twice.
pub fn twice(transcript: &[u8], nth: usize) -> Vec<u8> {
    let starts = messages(transcript);
    let Some(start) = starts.get(nth).copied() else { return transcript.to_vec() };
    let end = starts.get(nth + 1).copied().unwrap_or(transcript.len());
    [&transcript[..end], &transcript[start..]].concat()
}
