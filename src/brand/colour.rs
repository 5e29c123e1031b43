//! A colour, how it stands out from another, and how to make it lighter or darker without changing its hue.
//!
//! Contrast is that of WCAG 2.2 ("relative luminance", "contrast ratio"); lightness that of Oklab, as eyes see it. Only what was
//! read as six hexadecimal digits is ever written into a stylesheet, so no colour of a configuration can be anything else there.

use std::fmt;

/// One of sRGB, as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Colour {
    pub const WHITE: Self = Self::new(0xff, 0xff, 0xff);

    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// `#` and six hexadecimal digits, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |from: usize| {
            let two = digits.get(from..from.saturating_add(2))?;
            u8::from_str_radix(two, 16).ok()
        };
        Some(Self::new(channel(0)?, channel(2)?, channel(4)?))
    }

    /// From 1, for a colour on itself, to 21, for black on white.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// WCAG's relative luminance, from 0 to 1.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Some of `other` in it: nothing with 0, `other` itself with 1.
    pub fn mixed_with(self, other: Self, part: f64) -> Self {
        let mix = |one: u8, two: u8| to_byte(f64::from(one).mul_add(1.0 - part, f64::from(two) * part));
        Self::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// As lightness, chroma and hue.
    pub fn shade(self) -> Shade {
        let [red, green, blue] = self.linear();
        let [l, m, s] = [
            0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue,
            0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue,
            0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue,
        ]
        .map(f64::cbrt);
        Shade {
            lightness: 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            green_red: 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            blue_yellow: 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        }
    }
}

/// A colour in Oklab.
#[derive(Clone, Copy, Debug)]
pub struct Shade {
    /// From 0, black, to 1, white.
    pub lightness: f64,
    green_red: f64,
    blue_yellow: f64,
}

impl Shade {
    #[must_use]
    pub fn at(self, lightness: f64) -> Self {
        Self { lightness: lightness.clamp(0.0, 1.0), ..self }
    }

    /// More colourful, or less below 1.
    #[must_use]
    pub fn by(self, times: f64) -> Self {
        Self { green_red: self.green_red * times, blue_yellow: self.blue_yellow * times, ..self }
    }

    /// As colourful as a screen shows this hue at this lightness.
    pub fn colour(self) -> Colour {
        (0..=50)
            .map(|lost| self.by(1.0 - f64::from(lost) / 50.0).linear())
            .find(|channels| channels.iter().all(|part| (-0.0005..=1.0005).contains(part)))
            .map_or(Colour::WHITE, |[red, green, blue]| {
                Colour::new(to_channel(red), to_channel(green), to_channel(blue))
            })
    }

    fn linear(self) -> [f64; 3] {
        let Self { lightness, green_red: a, blue_yellow: b } = self;
        let [l, m, s] = [
            lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b,
            lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b,
            lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b,
        ]
        .map(|root: f64| root.powi(3));
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ]
    }
}

fn to_channel(part: f64) -> u8 {
    let part = part.clamp(0.0, 1.0);
    to_byte(255.0 * if part <= 0.003_130_8 { part * 12.92 } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 })
}

fn to_byte(value: f64) -> u8 {
    // Within the range by then, so nothing is cut off.
    value.round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    /// Pairs whose ratio is known from WCAG's own examples and from the contrast checkers that people use.
    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#959595", "#ffffff", 3.00),
            ("#949494", "#ffffff", 3.03),
            ("#ff0000", "#ffffff", 4.00),
            ("#0000ff", "#ffffff", 8.59),
            ("#008000", "#ffffff", 5.14),
            ("#ffff00", "#ffffff", 1.07),
            ("#0000ff", "#000000", 2.44),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                let found = colour(one).contrast(colour(other));
                assert!((found - expected).abs() < 0.006, "{one} on {other}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn what_is_no_colour_is_none() {
        assert_eq!(colour("#0A5e59").to_string(), "#0a5e59");
        for text in [
            "",
            "red",
            "#fff",
            "0a5e59",
            "#0a5e5",
            "#0a5e590",
            "#0a5e5g",
            "#+a5e59",
            "# a5e59",
            "#0a5e59;",
            "#0a5e59}body{display:none",
            "url(//x)",
            "#\u{e4}\u{e4}\u{e4}",
        ] {
            assert_eq!(Colour::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn there_and_back_is_the_same_colour() {
        for text in ["#000000", "#ffffff", "#0a5e59", "#ff9900", "#1d5691", "#808080", "#ff0000", "#00ff00"] {
            assert_eq!(colour(text).shade().colour(), colour(text));
        }
        let (light, dark) =
            (colour("#1d5691").shade().at(0.9).colour(), colour("#1d5691").shade().at(0.1).colour());
        assert!(light.blue > light.red && dark.blue >= dark.red, "{light} and {dark} are still blue");
        assert_eq!(colour("#ff9900").shade().at(7.0).colour(), Colour::WHITE);
        assert_eq!(colour("#ff9900").shade().at(-7.0).colour(), colour("#000000"));
    }
}
