/// Defines a message that is nothing but its tag.
macro_rules! unit_message {
    ($(#[$doc:meta])* $name:ident, $tag:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name;

        impl $name {
            /// The message's type byte.
            pub const TAG: u8 = $tag;

            /// Appends the whole message; has no reason to fail.
            pub fn encode(&self, out: &mut bytes::BytesMut) -> Result<(), $crate::wire::Unencodable> {
                $crate::wire::Writer::message(Self::TAG, out, |_| Ok(()))
            }

            /// Reads a body, which must be empty.
            pub fn decode(body: &[u8]) -> Result<Self, $crate::wire::Malformed> {
                $crate::wire::Reader::new(body).finish()?;
                Ok(Self)
            }
        }
    };
}

pub(super) use unit_message;
