//! The colours of buttons and links, made of the reseller's own: for light screens and dark ones, pages and e-mails alike.
//!
//! The law is WCAG 2.2: text has 4.5:1 on what it stands on (1.4.3), and so have links, borders and the ring around what has the
//! focus, which would need 3:1 (1.4.11). A colour that does not reach it is refused, with one that does: a button that some
//! people can't read would otherwise be found by those people.

use serde::{Serialize, Serializer};

use super::colour::{Colour, Shade};

/// What text has to have on its ground.
const TEXT: f64 = 4.5;
/// What a colour gets that we choose ourselves.
const COMFORTABLE: f64 = 6.5;
/// Black enough for text on light buttons, in the dark.
const DARK_INK: Colour = Colour::new(0x06, 0x11, 0x0f);
const STEP: f64 = 0.004;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

/// What one scheme needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Palette {
    /// Links, borders of what is chosen, the focus; the ground of buttons.
    #[serde(serialize_with = "as_text")]
    pub accent: Colour,
    /// The same under the pointer.
    #[serde(serialize_with = "as_text")]
    pub hover: Colour,
    /// Text upon the two.
    #[serde(serialize_with = "as_text")]
    pub ink: Colour,
    /// The ground of what is chosen.
    #[serde(serialize_with = "as_text")]
    pub soft: Colour,
}

fn as_text<S: Serializer>(colour: &Colour, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(colour)
}

impl Palette {
    pub fn of(accent: Colour, scheme: Scheme) -> Self {
        let shade = accent.shade();
        let [_, surface, ..] = scheme.grounds();
        match scheme {
            Scheme::Light => Self {
                accent,
                hover: shade.at(shade.lightness - 0.07).colour(),
                ink: Colour::WHITE,
                soft: surface.mixed_with(accent, 0.13),
            },
            Scheme::Dark => Self {
                accent,
                hover: shade.at(shade.lightness + 0.06).colour(),
                ink: DARK_INK,
                soft: surface.mixed_with(accent, 0.14),
            },
        }
    }

    /// Where it stands out least, and how little.
    pub fn weakest(&self, scheme: Scheme) -> (Colour, f64) {
        let all = scheme.grounds().into_iter().chain([self.soft, self.ink]);
        let judged = all.map(|ground| (ground, self.accent.contrast(ground)));
        judged.fold((self.accent, f64::INFINITY), |one, other| if other.1 < one.1 { other } else { one })
    }
}

impl Scheme {
    /// What links and buttons stand on: as in `static/handover.css`, where a test looks for them.
    fn grounds(self) -> [Colour; 4] {
        let hex = |value: u32| {
            let [_, red, green, blue] = value.to_be_bytes();
            Colour::new(red, green, blue)
        };
        match self {
            Self::Light => [0xf4_f6f5, 0xff_ffff, 0xed_f1f0, 0xf6_f9f8].map(hex),
            Self::Dark => [0x0e_1413, 0x15_1c1b, 0x1d_2625, 0x1a_2221].map(hex),
        }
    }

    /// The palette of this colour, or a sentence that says what it lacks and which would do.
    pub fn judge(self, key: &str, accent: Colour) -> Result<Palette, String> {
        let palette = Palette::of(accent, self);
        let (ground, ratio) = palette.weakest(self);
        if ratio >= TEXT {
            return Ok(palette);
        }
        let mended = self.nearest(accent.shade(), TEXT);
        // Cut, not rounded: 4.499 must not be told as 4.5.
        let ratio = (ratio * 100.0).floor() / 100.0;
        Err(format!(
            "{key} {accent} has a contrast of {ratio:.2}:1 on {ground}, and links and buttons need {TEXT}:1 (WCAG 2.2): {key} = \"{mended}\" would do"
        ))
    }

    /// For dark screens, of the colour for light ones.
    pub fn made_of(self, accent: Colour) -> Palette {
        let shade = accent.shade().by(1.25);
        Palette::of(self.nearest(shade, COMFORTABLE), self)
    }

    /// The colour of this hue that is next to it and stands out so much: darker on light ground, lighter on dark.
    fn nearest(self, from: Shade, wanted: f64) -> Colour {
        let (step, end) = match self {
            Self::Light => (-STEP, 0.0),
            Self::Dark => (STEP, 1.0),
        };
        let mut shade = from;
        loop {
            let colour = shade.colour();
            let done = Palette::of(colour, self).weakest(self).1 >= wanted;
            if done || (shade.lightness - end).abs() < STEP {
                return if done { colour } else { shade.at(end).colour() };
            }
            shade = shade.at(shade.lightness + step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Scheme; 2] = [Scheme::Light, Scheme::Dark];

    #[test]
    fn the_grounds_are_those_of_the_stylesheet() {
        let sheet = include_str!("../../static/handover.css");
        let (light, dark) = sheet.split_once("prefers-color-scheme: dark").unwrap();
        for (scheme, tokens) in [(Scheme::Light, light), (Scheme::Dark, dark)] {
            for (name, ground) in ["paper", "surface", "sunken", "hover"].iter().zip(scheme.grounds()) {
                let (_, rest) = tokens.split_once(&format!("--{name}: ")).unwrap();
                assert!(rest.starts_with(&ground.to_string()), "{scheme:?} --{name}");
            }
        }
    }

    #[test]
    fn a_colour_that_can_not_be_read_is_refused_with_the_next_that_can() {
        let judge = |scheme: Scheme, key: &str, text: &str| scheme.judge(key, Colour::parse(text).unwrap());
        assert!(judge(Scheme::Light, "reseller.accent", "#0a5e59").is_ok());
        assert!(judge(Scheme::Dark, "reseller.accent_dark", "#62c7bc").is_ok());
        let orange = judge(Scheme::Light, "reseller.accent", "#ff9900").unwrap_err();
        assert!(orange.starts_with("reseller.accent #ff9900 has a contrast of 1."), "{orange}");
        assert!(orange.contains("need 4.5:1"), "{orange}");
        // The one that is on everybody's list: enough on white, and not on what is not quite white.
        let grey = judge(Scheme::Light, "reseller.accent", "#767676").unwrap_err();
        assert!(grey.contains("has a contrast of 3.") || grey.contains("has a contrast of 4."), "{grey}");
        let teal = judge(Scheme::Dark, "reseller.accent_dark", "#0a5e59").unwrap_err();
        for said in [orange, grey] {
            let (_, mended) = said.split_once(" = \"").unwrap();
            judge(Scheme::Light, "", &mended[..7]).unwrap();
        }
        let (_, mended) = teal.split_once(" = \"").unwrap();
        judge(Scheme::Dark, "", &mended[..7]).unwrap();
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

            /// Whatever colour somebody sets: either all that is made of it can be read, or the one that is proposed does.
            #[test]
            fn what_is_taken_can_be_read_everywhere(red: u8, green: u8, blue: u8) {
                let accent = Colour::new(red, green, blue);
                for scheme in BOTH {
                    let palette = match scheme.judge("key", accent) {
                        Ok(palette) => palette,
                        Err(said) => {
                            let (_, mended) = said.split_once(" = \"").unwrap();
                            let mended = Colour::parse(&mended[..7]).unwrap();
                            scheme.judge("key", mended).map_err(TestCaseError::fail)?
                        }
                    };
                    for palette in [palette, scheme.made_of(accent)] {
                        for ground in scheme.grounds().into_iter().chain([palette.soft]) {
                            prop_assert!(palette.accent.contrast(ground) >= TEXT);
                            prop_assert!(palette.hover.contrast(ground) >= TEXT, "{scheme:?} {palette:?}");
                        }
                        for button in [palette.accent, palette.hover] {
                            prop_assert!(palette.ink.contrast(button) >= TEXT, "{scheme:?} {palette:?}");
                        }
                        // Text of the page upon what is chosen.
                        let text = match scheme {
                            Scheme::Light => Colour::new(0x13, 0x20, 0x1f),
                            Scheme::Dark => Colour::new(0xe5, 0xec, 0xea),
                        };
                        prop_assert!(palette.soft.contrast(text) >= TEXT, "{scheme:?} {palette:?}");
                    }
                }
            }
        }
    }
}
