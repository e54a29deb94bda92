//! Dates and times, by way of each crate that both sides have, and our own types beside chrono's, which is what most
//! people read with postgres-types.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use trunkline::types::{Date, Interval, Time, Timestamp, TimestampTz, oid};

use crate::{bench::Bench, random::values, table::Target::Scalar};

pub(crate) fn run(bench: &mut Bench) {
    // Days and microseconds since 1970, to 2106.
    let days = values(1000, |random| i32::try_from(random.below(50_000)).unwrap_or_default());
    let moments = values(1000, |random| i64::from(random.below(u32::MAX)) * 1_000_000 + 123_456);
    let micros = values(1000, |random| i64::from(random.below(86_400)) * 1_000_000 + 123_456);

    let chrono: Vec<_> = days.iter().filter_map(|&days| NaiveDate::from_epoch_days(days)).collect();
    bench.both("date (chrono)", Scalar, oid::DATE, &chrono);
    let own: Vec<_> = days.iter().filter_map(|&days| Date::from_unix_days(days).ok()).collect();
    bench.each("date (own, chrono)", Scalar, oid::DATE, &own, &chrono);
    let jiff: Vec<jiff::civil::Date> = own.iter().filter_map(|&date| date.try_into().ok()).collect();
    bench.both("date (jiff)", Scalar, oid::DATE, &jiff);
    let time: Vec<time::Date> = own.iter().filter_map(|&date| date.try_into().ok()).collect();
    bench.both("date (time)", Scalar, oid::DATE, &time);

    let own: Vec<_> = micros.iter().filter_map(|&micros| Time::from_micros(micros).ok()).collect();
    let chrono: Vec<NaiveTime> = own.iter().filter_map(|&time| time.try_into().ok()).collect();
    bench.both("time (chrono)", Scalar, oid::TIME, &chrono);
    bench.each("time (own, chrono)", Scalar, oid::TIME, &own, &chrono);
    let jiff: Vec<jiff::civil::Time> = own.iter().filter_map(|&time| time.try_into().ok()).collect();
    bench.both("time (jiff)", Scalar, oid::TIME, &jiff);
    let time: Vec<time::Time> = own.iter().filter_map(|&time| time.try_into().ok()).collect();
    bench.both("time (time)", Scalar, oid::TIME, &time);

    let utc: Vec<_> = moments.iter().filter_map(|&moment| DateTime::from_timestamp_micros(moment)).collect();
    let chrono: Vec<NaiveDateTime> = utc.iter().map(DateTime::<Utc>::naive_utc).collect();
    bench.both("timestamp (chrono)", Scalar, oid::TIMESTAMP, &chrono);
    let own: Vec<Timestamp> = chrono.iter().filter_map(|&naive| naive.try_into().ok()).collect();
    bench.each("timestamp (own, chrono)", Scalar, oid::TIMESTAMP, &own, &chrono);
    let jiff: Vec<jiff::civil::DateTime> = own.iter().filter_map(|&moment| moment.try_into().ok()).collect();
    bench.both("timestamp (jiff)", Scalar, oid::TIMESTAMP, &jiff);
    let time: Vec<time::PrimitiveDateTime> =
        own.iter().filter_map(|&moment| moment.try_into().ok()).collect();
    bench.both("timestamp (time)", Scalar, oid::TIMESTAMP, &time);

    bench.both("timestamptz (chrono)", Scalar, oid::TIMESTAMPTZ, &utc);
    let own: Vec<TimestampTz> = utc.iter().filter_map(|&utc| utc.try_into().ok()).collect();
    bench.each("timestamptz (own, chrono)", Scalar, oid::TIMESTAMPTZ, &own, &utc);
    let jiff: Vec<jiff::Timestamp> = own.iter().filter_map(|&moment| moment.try_into().ok()).collect();
    bench.both("timestamptz (jiff)", Scalar, oid::TIMESTAMPTZ, &jiff);
    let time: Vec<time::OffsetDateTime> = own.iter().filter_map(|&moment| moment.try_into().ok()).collect();
    bench.both("timestamptz (time)", Scalar, oid::TIMESTAMPTZ, &time);

    let intervals: Vec<_> = values(1000, |random| Interval {
        months: i32::from(random.bytes::<1>()[0]),
        days: i32::from(random.bytes::<1>()[0]),
        microseconds: i64::from(random.int4()),
    });
    bench.ours("interval (own)", oid::INTERVAL, &intervals);
}
