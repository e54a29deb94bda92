//! Tuples, which Rust has no way to speak of all at once.

/// Runs a macro for each tuple of up to 8 values, with its length and the place and a name for the type of each.
macro_rules! tuples_up_to_8 {
    ($tuple:ident) => {
        $tuple!(1 0 A);
        $tuple!(2 0 A 1 B);
        $tuple!(3 0 A 1 B 2 C);
        $tuple!(4 0 A 1 B 2 C 3 D);
        $tuple!(5 0 A 1 B 2 C 3 D 4 E);
        $tuple!(6 0 A 1 B 2 C 3 D 4 E 5 F);
        $tuple!(7 0 A 1 B 2 C 3 D 4 E 5 F 6 G);
        $tuple!(8 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H);
    };
}

/// The same up to 16.
macro_rules! tuples_up_to_16 {
    ($tuple:ident) => {
        $crate::types::tuples_up_to_8!($tuple);
        $tuple!(9 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I);
        $tuple!(10 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J);
        $tuple!(11 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K);
        $tuple!(12 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L);
        $tuple!(13 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M);
        $tuple!(14 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N);
        $tuple!(15 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N 14 O);
        $tuple!(16 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N 14 O 15 P);
    };
}

pub(crate) use {tuples_up_to_8, tuples_up_to_16};
