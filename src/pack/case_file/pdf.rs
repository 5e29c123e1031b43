//! The case file on A4, as a tagged PDF (PDF/UA-1) in which one line follows the other. The same file makes the same bytes.
//!
//! A character that the typeface has no sign for is written as its number: `case.html` shows it as it is.

use std::num::NonZeroU16;

use anyhow::Context as _;
use krilla::{
    Document as Pdf, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::Point,
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagTree},
};
use unicode_normalization::UnicodeNormalization as _;

use super::document::Document;
use crate::{characters::write_visible, typeface::Face};

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 57.0;
const BOTTOM: f32 = 64.0;
const INDENT: f32 = 14.0;
const LEADING: f32 = 1.4;
const TITLE: f32 = 15.0;
const HEADING: f32 = 12.0;
const TEXT: f32 = 9.0;
const SMALL: f32 = 7.0;

/// # Errors
/// Where the PDF would not be accessible.
pub fn write(document: &Document) -> anyhow::Result<Vec<u8>> {
    let sheets = Sheets::lay_out(document)?;
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| anyhow::anyhow!("no such PDF: {error:?}"))?;
    let mut pdf = Pdf::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let mut groups: Vec<TagGroup> = sheets.groups.iter().map(Group::tag).collect();
    let count = sheets.pages.len();
    for (index, lines) in sheets.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).context("no such page")?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        for line in lines {
            let id = sheets.draw(&mut surface, line, ContentTag::Span(SpanTag::empty()))?;
            groups.get_mut(line.group).context("a line of nothing")?.push(id);
        }
        let text = format!("{}   {}/{count}", document.number, index.saturating_add(1));
        let foot = Line { group: 0, bold: false, size: SMALL, x: MARGIN, y: HEIGHT - BOTTOM / 2.0, text };
        let tag = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer));
        sheets.draw(&mut surface, &foot, tag)?;
        surface.finish();
        page.finish();
    }
    let language = document.language.as_str().to_owned();
    let mut tree = TagTree::new().with_lang(Some(language.clone()));
    groups.into_iter().for_each(|group| tree.push(group));
    pdf.set_tag_tree(tree);
    let mut outline = Outline::new();
    for (title, page, y) in &sheets.headings {
        let there = XyzDestination::new(*page, Point::from_xy(MARGIN, *y));
        outline.push_child(OutlineNode::new(title.clone(), there));
    }
    pdf.set_outline(outline);
    pdf.set_metadata(Metadata::new().title(document.title.clone()).language(language));
    pdf.finish().map_err(|error| anyhow::anyhow!("the case file is no PDF: {error:?}"))
}

/// What one tag is about.
enum Group {
    Heading(u16, String),
    Paragraph,
}

impl Group {
    fn tag(&self) -> TagGroup {
        match self {
            Self::Heading(level, title) => TagGroup::new(Tag::Hn(
                NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN),
                Some(title.clone()),
            )),
            Self::Paragraph => TagGroup::new(Tag::P),
        }
    }
}

struct Line {
    group: usize,
    bold: bool,
    size: f32,
    x: f32,
    y: f32,
    text: String,
}

struct Sheets {
    regular: Face,
    bold: Face,
    pages: Vec<Vec<Line>>,
    groups: Vec<Group>,
    /// Where each section begins.
    headings: Vec<(String, usize, f32)>,
    y: f32,
}

impl Sheets {
    fn lay_out(document: &Document) -> anyhow::Result<Self> {
        let (regular, bold) = (Face::regular()?, Face::bold()?);
        let mut sheets = Self {
            regular,
            bold,
            pages: vec![Vec::new()],
            groups: Vec::new(),
            headings: Vec::new(),
            y: MARGIN,
        };
        sheets.heading(1, &document.title, TITLE)?;
        for text in &document.intro {
            sheets.paragraph(text, false, 0.0)?;
        }
        for section in &document.sections {
            sheets.heading(2, &section.title, HEADING)?;
            for entry in &section.entries {
                // A term does not stand alone at the end of a page.
                sheets.make_room(TEXT * LEADING * 2.0);
                sheets.paragraph(&entry.term, true, 0.0)?;
                for line in entry.lines.iter().filter(|line| !line.trim().is_empty()) {
                    sheets.paragraph(line, false, INDENT)?;
                }
                sheets.y += TEXT / 2.0;
            }
        }
        Ok(sheets)
    }

    fn make_room(&mut self, height: f32) {
        if self.y + height > HEIGHT - BOTTOM {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
    }

    fn heading(&mut self, level: u16, title: &str, size: f32) -> anyhow::Result<()> {
        self.make_room(size * LEADING * 3.0);
        self.y += size / 2.0;
        let title = self.shown(title);
        self.headings.push((title.clone(), self.pages.len().saturating_sub(1), self.y));
        self.groups.push(Group::Heading(level, title.clone()));
        self.write(&title, (true, size), 0.0)?;
        self.y += size / 2.0;
        Ok(())
    }

    fn paragraph(&mut self, text: &str, bold: bool, indent: f32) -> anyhow::Result<()> {
        self.groups.push(Group::Paragraph);
        let text = self.shown(text);
        self.write(&text, (bold, TEXT), indent)
    }

    /// Into the last group. Each line ends with a space, so that words stay apart for whoever listens or copies.
    fn write(&mut self, text: &str, (bold, size): (bool, f32), indent: f32) -> anyhow::Result<()> {
        let face = if bold { &self.bold } else { &self.regular };
        let width = WIDTH - MARGIN - MARGIN - indent;
        let group = self.groups.len().saturating_sub(1);
        for line in face.wrap(text, width / size)? {
            self.make_room(size * LEADING);
            self.y += size * LEADING;
            let line = Line { group, bold, size, x: MARGIN + indent, y: self.y, text: format!("{line} ") };
            if let Some(page) = self.pages.last_mut() {
                page.push(line);
            }
        }
        Ok(())
    }

    /// The text with numbers for what can't be shown.
    fn shown(&self, text: &str) -> String {
        let mut shown = String::new();
        for c in write_visible(text).nfc() {
            if c.is_whitespace() {
                shown.push(' ');
            } else if self.regular.has(c) && self.bold.has(c) {
                shown.push(c);
            } else {
                shown.push_str(&format!("[U+{:04X}]", u32::from(c)));
            }
        }
        shown
    }

    fn draw(
        &self,
        surface: &mut Surface<'_>,
        line: &Line,
        tag: ContentTag<'_>,
    ) -> anyhow::Result<Identifier> {
        let face = if line.bold { &self.bold } else { &self.regular };
        let signs = face.set(&line.text)?;
        let (at, font) = (Point::from_xy(line.x, line.y), face.font.clone());
        let id = surface.start_tagged(tag);
        surface.draw_glyphs(at, &signs, font, &line.text, line.size, false);
        surface.end_tagged();
        Ok(id)
    }
}
