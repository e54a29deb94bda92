use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};

use crate::message::parts;
use crate::wire::{Format, IsNull, Malformed, Reader, Unencodable, Writer};

/// Bind: makes a portal of a prepared statement and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind<'a> {
    /// The portal's name; empty for the unnamed one.
    pub portal: &'a str,
    /// The statement's name; empty for the unnamed one.
    pub statement: &'a str,
    /// The parameters' formats: none (all text), one for all, or one each.
    pub formats: Vec<Format>,
    /// The parameters; `None` for NULL.
    pub parameters: Vec<Option<&'a [u8]>>,
    /// The formats that the result's columns are wanted in: none (all text), one for all, or one each.
    pub result_formats: Vec<Format>,
}

impl<'a> Bind<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'B';

    /// Appends a whole message whose parameters are written straight into `out`, without a copy in between.
    ///
    /// `parameter` is called once for each of the `count` parameters in their order; it appends the value to
    /// the buffer it is given and must leave alone what is there already. When it fails, so does this, and
    /// `out` is as it was before.
    ///
    /// # Errors
    ///
    /// What `parameter` fails with; a NUL in a name, more than 65,535 parameters, formats that do not fit them,
    /// a value or message longer than 1 GB.
    pub fn write<E: From<Unencodable>>(
        out: &mut BytesMut,
        portal: &str,
        statement: &str,
        formats: &[Format],
        count: usize,
        mut parameter: impl FnMut(usize, &mut BytesMut) -> Result<IsNull, E>,
        result_formats: &[Format],
    ) -> Result<(), E> {
        Writer::message(Self::TAG, out, |w| {
            w.cstr(portal, "a portal name")?;
            w.cstr(statement, "a statement name")?;
            // Before the formats, of which there may be as many: the caller counts parameters.
            let counted = u16::try_from(count).map_err(|_| Unencodable::TooMany(PARAMETERS, MOST))?;
            if !parts::formats_fit(formats, count) {
                return Err(Unencodable::InvalidLength(FORMATS).into());
            }
            parts::write_formats(w, formats, FORMATS)?;
            w.u16(counted);
            for index in 0..count {
                w.nullable(|out| parameter(index, out))?;
            }
            parts::write_formats(w, result_formats, "result formats")?;
            Ok(())
        })
    }

    /// Appends the whole message; fails as [`Bind::write`] does.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        let mut parameters = self.parameters.iter();
        Self::write(
            out,
            self.portal,
            self.statement,
            &self.formats,
            self.parameters.len(),
            |_, out| {
                let Some(Some(value)) = parameters.next() else { return Ok(IsNull::Yes) };
                out.put_slice(value);
                Ok(IsNull::No)
            },
            &self.result_formats,
        )
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let portal = reader.cstr()?;
        let statement = reader.cstr()?;
        let formats = parts::formats(&mut reader)?;
        let parameters = parts::values(&mut reader)?;
        let result_formats = parts::formats(&mut reader)?;
        reader.finish()?;
        if !parts::formats_fit(&formats, parameters.len()) {
            return Err(Malformed::InvalidLength);
        }
        Ok(Self { portal, statement, formats, parameters, result_formats })
    }
}

/// How many parameters there can be: their counter is an Int16, read as unsigned.
const MOST: usize = 65_535;
const PARAMETERS: &str = "parameters";
const FORMATS: &str = "the list of parameter formats";

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    fn bind(formats: Vec<Format>, parameters: Vec<Option<&[u8]>>) -> Bind<'_> {
        Bind { portal: "p", statement: "s", formats, parameters, result_formats: vec![Format::Binary] }
    }

    #[test]
    fn round_trip() {
        let (text, binary) = (Format::Text, Format::Binary);
        for (formats, parameters) in [
            (vec![], vec![]),
            (vec![binary], vec![]),
            (vec![], vec![Some(&b"1"[..]), None, Some(b"")]),
            (vec![binary], vec![Some(&b"\0\0\0\x01"[..]), None]),
            (vec![binary, text], vec![Some(&b"\0"[..]), Some(b"\xff")]),
        ] {
            testing::frontend(&FrontendMessage::Bind(bind(formats, parameters)));
        }
    }

    #[test]
    fn as_many_parameters_as_can_be_and_one_more() {
        let most = bind(vec![Format::Binary; MOST], vec![None; MOST]);
        testing::open_frontend(&FrontendMessage::Bind(most));
        let more = bind(vec![Format::Binary; MOST + 1], vec![None; MOST + 1]);
        testing::unencodable(|out| more.encode(out), Unencodable::TooMany(PARAMETERS, MOST));
    }

    #[test]
    fn what_the_wire_cannot_say_is_refused() {
        let portal = Bind { portal: "\0", ..bind(vec![], vec![]) };
        testing::unencodable(|out| portal.encode(out), Unencodable::ContainsNul("a portal name"));
        let statement = Bind { statement: "\0", ..bind(vec![], vec![]) };
        testing::unencodable(|out| statement.encode(out), Unencodable::ContainsNul("a statement name"));
        let formats = bind(vec![Format::Text; 2], vec![None; 3]);
        testing::unencodable(|out| formats.encode(out), Unencodable::InvalidLength(FORMATS));
        assert_eq!(Bind::decode(b"\0\0\0\x02\0\0\0\0\0\0\0\0").unwrap_err(), Malformed::InvalidLength);
        assert_eq!(
            Bind::decode(b"\0\0\0\x01\0\x02\0\0\0\0").unwrap_err(),
            Malformed::Unknown("a format code")
        );
    }

    #[test]
    fn a_parameter_that_fails_leaves_nothing() {
        #[derive(Debug, PartialEq)]
        enum Problem {
            Wire(Unencodable),
            Second,
        }
        impl From<Unencodable> for Problem {
            fn from(problem: Unencodable) -> Self {
                Self::Wire(problem)
            }
        }

        let mut out = BytesMut::from(&b"before"[..]);
        let mut asked = Vec::new();
        let parameter = |index, out: &mut BytesMut| {
            asked.push(index);
            out.put_slice(b"half a value");
            if index == 1 { Err(Problem::Second) } else { Ok(IsNull::No) }
        };
        assert_eq!(Bind::write(&mut out, "", "", &[], 3, parameter, &[]), Err(Problem::Second));
        assert_eq!(&out[..], b"before");
        assert_eq!(asked, [0, 1]);

        let never = |_, _: &mut BytesMut| Err(Problem::Second);
        assert_eq!(
            Bind::write(&mut out, "\0", "", &[], 1, never, &[]),
            Err(Problem::Wire(Unencodable::ContainsNul("a portal name")))
        );
        assert_eq!(&out[..], b"before");
    }

    #[test]
    fn a_streamed_null_drops_what_was_written_of_it() {
        let mut out = BytesMut::new();
        let parameter = |index, out: &mut BytesMut| -> Result<IsNull, Unencodable> {
            out.put_slice(b"ab");
            Ok(if index == 0 { IsNull::Yes } else { IsNull::No })
        };
        Bind::write(&mut out, "", "", &[Format::Text], 2, parameter, &[]).unwrap();
        assert_eq!(Bind::decode(&out[5..]).unwrap().parameters, [None, Some(&b"ab"[..])]);
    }
}
