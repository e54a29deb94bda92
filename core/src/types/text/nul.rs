use memchr::memchr;

/// Whether there is a NUL in it; short texts, as most are, are searched by the word, without a call.
#[inline]
pub(in crate::types) fn contains_nul(text: &[u8]) -> bool {
    const fn in_word(word: u64) -> bool {
        word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080 != 0
    }
    if text.len() > 32 {
        return memchr(0, text).is_some();
    }
    // The last word overlaps the one before it when the text is not of whole words.
    if let Some(last) = text.last_chunk() {
        let (words, _) = text.as_chunks();
        let last = in_word(u64::from_le_bytes(*last));
        return words.iter().fold(last, |found, word| found | in_word(u64::from_le_bytes(*word)));
    }
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            let word = u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
            in_word(word)
        }
        _ => text.contains(&0),
    }
}
