//! A font with the signs it has and how wide they are. Sets one sign beside the other, left to right: what would need more (marks
//! that sit on letters, letters that join, writing from the right) counts as not there.

use anyhow::Context as _;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
};

/// DejaVu Sans: Latin, Greek and Cyrillic, free to embed (`fonts/LICENSE`).
const REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSans.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/DejaVuSans-Bold.ttf");

/// Scripts that need no more than sign after sign.
const PLAIN: [std::ops::RangeInclusive<char>; 8] = [
    ' '..='~',
    '\u{a0}'..='\u{ac}',
    '\u{ae}'..='\u{24f}',
    '\u{370}'..='\u{482}',
    '\u{48a}'..='\u{52f}',
    '\u{1e00}'..='\u{1fff}',
    '\u{2010}'..='\u{2027}',
    '\u{2030}'..='\u{2122}',
];

pub struct Face {
    pub font: Font,
    signs: FontRef<'static>,
    units: f32,
}

impl Face {
    pub fn regular() -> anyhow::Result<Self> {
        Self::read(REGULAR)
    }

    pub fn bold() -> anyhow::Result<Self> {
        Self::read(BOLD)
    }

    fn read(bytes: &'static [u8]) -> anyhow::Result<Self> {
        let font = Font::new(bytes.into(), 0).context("a font can't be used")?;
        let signs = FontRef::from_index(bytes, 0).context("a font can't be read")?;
        let units = font.units_per_em();
        Ok(Self { font, signs, units })
    }

    pub fn has(&self, c: char) -> bool {
        PLAIN.iter().any(|range| range.contains(&c)) && self.signs.charmap().map(c).is_some()
    }

    /// The signs of one line, in parts of the font's size.
    pub fn set(&self, text: &str) -> anyhow::Result<Vec<KrillaGlyph>> {
        let (charmap, metrics) =
            (self.signs.charmap(), self.signs.glyph_metrics(Size::unscaled(), LocationRef::default()));
        text.char_indices()
            .map(|(at, c)| {
                let sign = charmap
                    .map(c)
                    .with_context(|| format!("the font has no sign for U+{:04X}", u32::from(c)))?;
                let advance = metrics.advance_width(sign).context("a sign without a width")? / self.units;
                let range = at..at.saturating_add(c.len_utf8());
                Ok(KrillaGlyph::new(GlyphId::new(sign.to_u32()), advance, 0.0, 0.0, 0.0, range, None))
            })
            .collect()
    }

    /// In parts of the font's size.
    pub fn width(&self, text: &str) -> anyhow::Result<f32> {
        Ok(self.set(text)?.iter().map(|sign| sign.x_advance).sum())
    }

    /// The text in lines no wider than `most`, parted at spaces; a word that is wider itself is parted anywhere.
    pub fn wrap(&self, text: &str, most: f32) -> anyhow::Result<Vec<String>> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer)? <= most {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line)? > most {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        lines.push(line);
        Ok(lines)
    }
}
