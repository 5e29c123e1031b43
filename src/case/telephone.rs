//! Whether two ways of writing are one telephone number.

/// Fewer digits are no number that anybody could dial from outside.
const FEWEST_DIGITS: usize = 6;

/// Whether two ways of writing are one number: `+49 (0)30 123-45`, `0049 30 12345` and, within the country, `030 12345`.
pub(super) fn is_same_number(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (Dialled::read(one), Dialled::read(other)) else { return false };
    match (&one, &other) {
        (Dialled::International(a), Dialled::International(b))
        | (Dialled::National(a), Dialled::National(b)) => a == b,
        (Dialled::International(whole), Dialled::National(part))
        | (Dialled::National(part), Dialled::International(whole)) => {
            // What stands before the national number is then the country's code (ITU-T E.164: one to three digits).
            whole.strip_suffix(part.as_str()).is_some_and(|code| (1..=3).contains(&code.len()))
        }
    }
}

/// The digits, without what leads to them.
#[derive(Debug, PartialEq, Eq)]
enum Dialled {
    /// With the country's code.
    International(String),
    /// Without the leading zero.
    National(String),
}

impl Dialled {
    /// `None` for what is no number.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().replace("(0)", "");
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let others = text.chars().filter(|c| !c.is_ascii_digit());
        let written_so = others.clone().all(|c| " +-–/().\u{a0}".contains(c));
        if !written_so || others.filter(|c| *c == '+').count() > 1 || digits.len() < FEWEST_DIGITS {
            return None;
        }
        Some(match (text.starts_with('+'), digits.strip_prefix("00"), digits.strip_prefix('0')) {
            (true, ..) => Self::International(digits),
            (false, Some(rest), _) => Self::International(rest.to_owned()),
            (false, None, Some(rest)) => Self::National(rest.to_owned()),
            (false, None, None) => Self::National(digits),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        let number = "+49 30 23125 101";
        for same in
            ["+493023125101", "0049 30 / 23125-101", "+49 (0)30 23125 101", "030 23125101", "(030) 23125.101"]
        {
            assert!(is_same_number(number, same), "{same}");
        }
        for other in
            ["+49 30 23125 102", "030 23125", "23125 10", "", "+", "030 23125101x", "++493023125101", "101"]
        {
            assert!(!is_same_number(number, other), "{other}");
        }
        assert!(!is_same_number("+43 30 23125 101", "+49 30 23125 101"));
        assert!(!is_same_number("", ""));
    }
}
