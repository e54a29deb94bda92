//! The calendar, written once: Gregorian, also for the time before it was introduced, as the server has it.

/// A day by its year (astronomical: 0 is 1 BC), month and day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// Where a cycle of 400 years begins, before all that PostgreSQL can hold.
const ORIGIN_YEAR: i64 = -4800;
/// Days from March 1st of that year to 2000-01-01. Years begin in March here, so that the odd day is their last.
const ORIGIN_TO_2000: i64 = 2_483_589;

impl Civil {
    /// Its distance from 2000-01-01. `None` when there is no such day, or it is so far away that no date is.
    pub(super) fn days(self) -> Option<i32> {
        let (year, month) = (i64::from(self.year) - ORIGIN_YEAR, i64::from(self.month));
        if year < 1 || self.day < 1 || self.day > self.days_in_month()? {
            return None;
        }
        let (year, month) = if month < 3 { (year - 1, month + 12) } else { (year, month) };
        let before_month = (153 * month - 457) / 5;
        let before_year = year * 365 + year / 4 - year / 100 + year / 400;
        i32::try_from(before_year + before_month + i64::from(self.day) - 1 - ORIGIN_TO_2000).ok()
    }

    /// The day at a distance from 2000-01-01 that a `Date` can have.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        reason = "days from 1 to 31, months from 1 to 12, and all that is counted from the origin is positive"
    )]
    #[inline]
    pub(super) const fn from_days(days: i32) -> Self {
        let quarters = 4 * (days as i64 + ORIGIN_TO_2000) as u64 + 3;
        let century = (quarters / 146_097) as u32;
        // Three quarters on, so that the years of 365¼ days begin where they should.
        let quarters = (quarters % 146_097) as u32 | 3;
        let year = 100 * century + quarters / 1461;
        let fifths = 5 * (quarters % 1461 / 4) + 461;
        let (month, day) = (fifths / 153, fifths % 153 / 5 + 1);
        let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
        Self { year: year as i32 + ORIGIN_YEAR as i32, month: month as u8, day: day as u8 }
    }

    fn days_in_month(self) -> Option<u8> {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
            4 | 6 | 9 | 11 => Some(30),
            2 => Some(if leap { 29 } else { 28 }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(year: i32, month: u8, day: u8) -> Option<i32> {
        Civil { year, month, day }.days()
    }

    proptest! {
        #[test]
        fn days_and_dates_are_each_others_inverse(day in -2_451_545..=2_145_031_948_i32) {
            prop_assert_eq!(Civil::from_days(day).days(), Some(day));
        }
    }

    #[test]
    fn days_follow_each_other_through_two_cycles() {
        let mut yesterday = Civil::from_days(-146_098);
        for day in -146_097..=146_097 {
            let today = Civil::from_days(day);
            let next_month = if yesterday.month == 12 { 1 } else { yesterday.month + 1 };
            let follows = (today.month, today.day) == (yesterday.month, yesterday.day + 1)
                || (today.month, today.day) == (next_month, 1) && yesterday.day >= 28;
            assert!(follows && today.days() == Some(day), "{yesterday:?} {today:?}");
            yesterday = today;
        }
    }

    #[test]
    fn known_days_are_where_they_should_be() {
        assert_eq!(days(2000, 1, 1), Some(0));
        assert_eq!(days(1970, 1, 1), Some(-10_957));
        assert_eq!(days(-4713, 11, 24), Some(-2_451_545)); // Julian day 0
        assert_eq!(days(5_874_897, 12, 31), Some(2_145_031_948));
        for (year, leap) in
            [(2000, true), (1900, false), (2024, true), (2023, false), (0, true), (-4, true), (-1, false)]
        {
            assert_eq!(days(year, 2, 29).is_some(), leap, "{year}");
        }
        for (year, month, day) in [(2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (2024, 4, 31), (i32::MIN, 1, 1)]
        {
            assert_eq!(days(year, month, day), None);
        }
    }
}
