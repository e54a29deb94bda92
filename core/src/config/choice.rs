/// Declares a setting that is one of several words: the enum, its words, and the way from one to the other.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant,)+
        }

        impl $name {
            /// Every word of the setting, as it is written in connection strings.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// What the word means, if it is one of the setting's.
            ///
            #[doc = concat!("```\nuse trunkline_core::config::", stringify!($name), ";\n")]
            #[doc = concat!("for word in ", stringify!($name), "::WORDS {")]
            #[doc = concat!("    let meant = ", stringify!($name), "::from_word(word);")]
            #[doc = concat!("    assert_eq!(meant.map(", stringify!($name), "::as_str), Some(*word));\n}")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::from_word(\"perhaps\"), None);\n```")]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The word, as it is written in connection strings.
            ///
            #[doc = concat!("```\nuse trunkline_core::config::", stringify!($name), ";\n")]
            #[doc = concat!("let word = ", stringify!($name), "::default().as_str();")]
            #[doc = concat!("assert!(", stringify!($name), "::WORDS.contains(&word));\n```")]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use choice;
