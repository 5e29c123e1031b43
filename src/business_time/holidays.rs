//! Public holidays of Germany by Land, of Austria, and of Switzerland by canton.
//!
//! Germany's come from the crate `holiday_de`. No kept crate knows the other two, so they stand here, counted from
//! Easter (crate `computus`). Half holidays and those of single communities are not here.

use std::str::FromStr;

use anyhow::bail;
use chrono::NaiveDate;
use holiday_de::GermanRegion;
use jiff::{ToSpan as _, civil::Date};

/// Where holidays are the same, by ISO 3166: `DE`, `DE-BY`, `AT`, `CH`, `CH-ZH`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Region {
    /// What all Länder have in common.
    Germany,
    Land(GermanRegion),
    Austria,
    /// What all cantons have in common.
    Switzerland,
    Canton(&'static [Rule]),
}

const LAENDER: [(&str, GermanRegion); 16] = [
    ("DE-BW", GermanRegion::BadenWuerttemberg),
    ("DE-BY", GermanRegion::Bayern),
    ("DE-BE", GermanRegion::Berlin),
    ("DE-BB", GermanRegion::Brandenburg),
    ("DE-HB", GermanRegion::Bremen),
    ("DE-HH", GermanRegion::Hamburg),
    ("DE-HE", GermanRegion::Hessen),
    ("DE-MV", GermanRegion::MechlenburgVorpommern),
    ("DE-NI", GermanRegion::Niedersachsen),
    ("DE-NW", GermanRegion::NordrheinWestfalen),
    ("DE-RP", GermanRegion::RheinlandPfalz),
    ("DE-SL", GermanRegion::Saarland),
    ("DE-SN", GermanRegion::Sachsen),
    ("DE-ST", GermanRegion::SachsenAnhalt),
    ("DE-SH", GermanRegion::SchleswigHolstein),
    ("DE-TH", GermanRegion::Thueringen),
];

/// When a holiday is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    /// On this month and day.
    On(i8, i8),
    /// As many days after Easter Sunday.
    Easter(i64),
    /// On this month and day, where it is a Monday.
    IfMonday(i8, i8),
    /// On this month and day, unless it is a Tuesday or Saturday: no third or fourth day off in a row.
    UnlessTuesdayOrSaturday(i8, i8),
    /// So many days after the nth Sunday of the month.
    AfterSunday { nth: i8, month: i8, days: i64 },
    /// The first Thursday of April, a week later where that is in Holy Week.
    NaefelserFahrt,
}

use Rule::{AfterSunday, Easter, IfMonday, NaefelserFahrt, On, UnlessTuesdayOrSaturday};

const BERCHTOLD: Rule = On(1, 2);
const EPIPHANY: Rule = On(1, 6);
const JOSEPH: Rule = On(3, 19);
const GOOD_FRIDAY: Rule = Easter(-2);
const EASTER_MONDAY: Rule = Easter(1);
const LABOUR: Rule = On(5, 1);
const ASCENSION: Rule = Easter(39);
const WHIT_MONDAY: Rule = Easter(50);
const CORPUS_CHRISTI: Rule = Easter(60);
const ASSUMPTION: Rule = On(8, 15);
const ALL_SAINTS: Rule = On(11, 1);
const IMMACULATE_CONCEPTION: Rule = On(12, 8);
const STEPHEN: Rule = On(12, 26);

/// Arbeitsruhegesetz (BGBl. 144/1983) §7 Abs. 2, as it stands since 2019 (BGBl. I 22/2019, without Good Friday).
const AUSTRIA: [Rule; 13] = [
    On(1, 1),
    EPIPHANY,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    WHIT_MONDAY,
    CORPUS_CHRISTI,
    ASSUMPTION,
    On(10, 26),
    ALL_SAINTS,
    IMMACULATE_CONCEPTION,
    On(12, 25),
    STEPHEN,
];

/// The federal holiday (Bundesverfassung Art. 110 Abs. 3) and what every canton has beside it.
const SWITZERLAND: [Rule; 4] = [On(1, 1), ASCENSION, On(8, 1), On(12, 25)];

/// What each canton has beside [`SWITZERLAND`]: the list of the Bundesamt für Justiz, «Gesetzliche Feiertage und Tage,
/// die in der Schweiz wie gesetzliche Feiertage behandelt werden», made under Art. 11 of the European Convention on the
/// Calculation of Time-Limits (SR 0.221.122.3). Days treated like holidays count as holidays.
#[rustfmt::skip]
const CANTONS: [(&str, &[Rule]); 26] = [
    ("CH-AG", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-AI", &[GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, UnlessTuesdayOrSaturday(12, 26)]),
    ("CH-AR", &[GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, UnlessTuesdayOrSaturday(12, 26)]),
    ("CH-BE", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, STEPHEN]),
    ("CH-BL", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, STEPHEN]),
    ("CH-BS", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, STEPHEN]),
    ("CH-FR", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, STEPHEN]),
    // The Thursday after the first Sunday of September, and the restoration of the republic.
    ("CH-GE", &[GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, AfterSunday { nth: 1, month: 9, days: 4 }, On(12, 31)]),
    ("CH-GL", &[BERCHTOLD, NaefelserFahrt, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, ALL_SAINTS, STEPHEN]),
    ("CH-GR", &[GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, STEPHEN]),
    ("CH-JU", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, CORPUS_CHRISTI, On(6, 23), ASSUMPTION, ALL_SAINTS]),
    ("CH-LU", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-NE", &[IfMonday(1, 2), On(3, 1), GOOD_FRIDAY, LABOUR, CORPUS_CHRISTI, IfMonday(12, 26)]),
    ("CH-NW", &[BERCHTOLD, JOSEPH, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-OW", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, On(9, 25), ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-SG", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, ALL_SAINTS, STEPHEN]),
    ("CH-SH", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, STEPHEN]),
    ("CH-SO", &[BERCHTOLD, GOOD_FRIDAY]),
    ("CH-SZ", &[EPIPHANY, JOSEPH, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-TG", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, STEPHEN]),
    ("CH-TI", &[EPIPHANY, JOSEPH, EASTER_MONDAY, LABOUR, WHIT_MONDAY, CORPUS_CHRISTI, On(6, 29), ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-UR", &[EPIPHANY, JOSEPH, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, UnlessTuesdayOrSaturday(12, 26)]),
    // The Monday after the third Sunday of September.
    ("CH-VD", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, AfterSunday { nth: 3, month: 9, days: 1 }]),
    ("CH-VS", &[BERCHTOLD, JOSEPH, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-ZG", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE_CONCEPTION, STEPHEN]),
    ("CH-ZH", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR, WHIT_MONDAY, STEPHEN]),
];

impl FromStr for Region {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> anyhow::Result<Self> {
        let land = LAENDER.iter().find(|(name, _)| *name == word);
        let canton = CANTONS.iter().find(|(name, _)| *name == word);
        Ok(match (word, land, canton) {
            ("DE", ..) => Self::Germany,
            ("AT", ..) => Self::Austria,
            ("CH", ..) => Self::Switzerland,
            (_, Some((_, land)), _) => Self::Land(*land),
            (_, _, Some((_, rules))) => Self::Canton(rules),
            _ => bail!("calendar.regions: {word:?} is not one of DE, DE-BW … DE-TH, AT, CH, CH-AG … CH-ZH"),
        })
    }
}

impl Region {
    pub(super) fn has_holiday(self, date: Date) -> bool {
        let any = |rules: &[Rule]| rules.iter().any(|rule| rule.is_on(date));
        match self {
            Self::Germany => LAENDER.iter().all(|(_, land)| is_german_holiday(*land, date)),
            Self::Land(land) => is_german_holiday(land, date),
            Self::Austria => any(&AUSTRIA),
            Self::Switzerland => any(&SWITZERLAND),
            Self::Canton(rules) => any(&SWITZERLAND) || any(rules),
        }
    }
}

/// What is celebrated on this day wherever it is a holiday, as a word; `other` where that is for one region to say.
pub(super) fn name(date: Date) -> &'static str {
    match (date.month(), date.day()) {
        (1, 1) => return "new-year",
        (1, 2) => return "berchtold",
        (1, 6) => return "epiphany",
        (3, 8) => return "women",
        (3, 19) => return "joseph",
        (5, 1) => return "labour",
        (8, 1) => return "swiss-national-day",
        (8, 15) => return "assumption",
        (9, 20) => return "children",
        (10, 3) => return "german-unity",
        (10, 26) => return "austrian-national-day",
        (10, 31) => return "reformation",
        (11, 1) => return "all-saints",
        (12, 8) => return "immaculate-conception",
        (12, 25) => return "christmas",
        (12, 26) => return "stephen",
        _ => {}
    }
    let since_easter = after_easter(date.year(), 0).and_then(|easter| easter.until(date).ok());
    match since_easter.map(|span| span.get_days()) {
        Some(-2) => "good-friday",
        Some(0) => "easter",
        Some(1) => "easter-monday",
        Some(39) => "ascension",
        Some(49) => "whitsun",
        Some(50) => "whit-monday",
        Some(60) => "corpus-christi",
        _ if date.month() == 11 => "repentance",
        _ => "other",
    }
}

fn is_german_holiday(land: GermanRegion, date: Date) -> bool {
    let (month, day) = (u32::from(date.month().unsigned_abs()), u32::from(date.day().unsigned_abs()));
    NaiveDate::from_ymd_opt(i32::from(date.year()), month, day).is_some_and(|date| land.is_holiday(date))
}

impl Rule {
    fn is_on(self, date: Date) -> bool {
        use jiff::civil::Weekday::{Monday, Saturday, Sunday, Thursday, Tuesday};
        let is = |month: i8, day: i8| (date.month(), date.day()) == (month, day);
        match self {
            On(month, day) => is(month, day),
            Easter(days) => after_easter(date.year(), days) == Some(date),
            IfMonday(month, day) => is(month, day) && date.weekday() == Monday,
            UnlessTuesdayOrSaturday(month, day) => {
                is(month, day) && !matches!(date.weekday(), Tuesday | Saturday)
            }
            AfterSunday { nth, month, days } => {
                let sunday = Date::new(date.year(), month, 1)
                    .and_then(|first| first.nth_weekday_of_month(nth, Sunday));
                sunday.and_then(|sunday| sunday.checked_add(days.days())).is_ok_and(|day| day == date)
            }
            NaefelserFahrt => {
                let first =
                    Date::new(date.year(), 4, 1).and_then(|first| first.nth_weekday_of_month(1, Thursday));
                let Ok(first) = first else { return false };
                let in_holy_week = after_easter(date.year(), -3) == Some(first);
                let weeks = if in_holy_week { 1 } else { 0 };
                first.checked_add(weeks.weeks()).is_ok_and(|day| day == date)
            }
        }
    }
}

fn after_easter(year: i16, days: i64) -> Option<Date> {
    let sunday = computus::gregorian(i32::from(year)).ok()?;
    let sunday = Date::new(year, i8::try_from(sunday.month).ok()?, i8::try_from(sunday.day).ok()?).ok()?;
    sunday.checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(region: &str, year: i16) -> Vec<String> {
        let region: Region = region.parse().unwrap();
        let first = Date::new(year, 1, 1).unwrap();
        let days = first.series(1.day()).take_while(|date| date.year() == year);
        days.filter(|date| region.has_holiday(*date))
            .map(|date| date.strftime("%d.%m.").to_string())
            .collect()
    }

    // As the official calendars print them.
    #[test]
    fn a_year_of_each_country() {
        assert_eq!(
            holidays("DE", 2026),
            ["01.01.", "03.04.", "06.04.", "01.05.", "14.05.", "25.05.", "03.10.", "25.12.", "26.12."]
        );
        assert_eq!(
            holidays("AT", 2026),
            [
                "01.01.", "06.01.", "06.04.", "01.05.", "14.05.", "25.05.", "04.06.", "15.08.", "26.10.",
                "01.11.", "08.12.", "25.12.", "26.12."
            ]
        );
        assert_eq!(holidays("CH", 2026), ["01.01.", "14.05.", "01.08.", "25.12."]);
    }

    #[test]
    fn regions_have_their_own() {
        for (region, year, own) in [
            ("DE-BY", 2026, ["06.01.", "04.06.", "15.08.", "01.11."].as_slice()),
            ("DE-SN", 2026, &["31.10.", "18.11."]),
            ("DE-BE", 2025, &["08.03.", "08.05."]),
            ("DE-MV", 2026, &["08.03.", "31.10."]),
        ] {
            let common = holidays("DE", year);
            let found: Vec<String> =
                holidays(region, year).into_iter().filter(|day| !common.contains(day)).collect();
            assert_eq!(found, own, "{region}");
        }
        for (region, year, day, is) in [
            ("CH-GE", 2026, "10.09.", true),
            ("CH-VD", 2026, "21.09.", true),
            // Not in Holy Week: Easter 2026 is on the 5th of April, so Thursday the 2nd moves to the 9th.
            ("CH-GL", 2026, "02.04.", false),
            ("CH-GL", 2026, "09.04.", true),
            ("CH-GL", 2025, "03.04.", true),
            ("CH-NE", 2023, "02.01.", true),
            ("CH-NE", 2024, "02.01.", false),
            ("CH-UR", 2026, "26.12.", false),
            ("CH-UR", 2025, "26.12.", true),
            ("CH-TI", 2026, "29.06.", true),
            ("CH-TI", 2026, "03.04.", false),
        ] {
            assert_eq!(holidays(region, year).contains(&day.to_owned()), is, "{region} {day}{year}");
        }
    }

    #[test]
    fn every_canton_and_land_is_there_once() {
        let names: std::collections::HashSet<&str> =
            LAENDER.iter().map(|(name, _)| *name).chain(CANTONS.map(|(name, _)| name)).collect();
        assert_eq!(names.len(), 42);
    }
}
