//! The letter on A4, as a tagged PDF (PDF/UA-1): with title, language, headings and reading order, so that who listens to it
//! signs what who looks at it does. Room is left above for the letterhead. The same letter makes the same bytes.

use std::num::NonZeroU16;

use anyhow::Context as _;
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Stroke,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagTree},
};
use unicode_normalization::UnicodeNormalization as _;

use super::Letter;
use crate::typeface::Face;

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const LEFT: f32 = 71.0;
const RIGHT: f32 = 57.0;
/// Of the first page, for the letterhead; of the others.
const TOP: [f32; 2] = [128.0, 71.0];
const BOTTOM: f32 = 64.0;
const TERM_WIDTH: f32 = 150.0;
const TEXT: f32 = 10.0;
const LEADING: f32 = 14.0;
const TITLE: f32 = 15.0;
const SMALL: f32 = 8.0;
/// Between a line to write on and the one below.
const HAND: f32 = 40.0;

/// Whether the fonts have a sign for everything in it.
pub fn can_show(letter: &Letter) -> bool {
    let (Ok(regular), Ok(bold)) = (Face::regular(), Face::bold()) else { return false };
    let has = |c: char| regular.has(c) && bold.has(c);
    letter.texts().all(|text| text.split_whitespace().all(|word| word.nfc().all(has)))
}

/// # Errors
/// Where a sign is missing ([`can_show`]), or the PDF would not be accessible.
pub fn write(letter: &Letter) -> anyhow::Result<Vec<u8>> {
    anyhow::ensure!(can_show(letter), "the typeface can't show the letter");
    let sheets = Sheets::lay_out(letter)?;
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| anyhow::anyhow!("no such PDF: {error:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let mut groups: Vec<TagGroup> = sheets.groups.iter().map(Group::tag).collect();
    let count = sheets.pages.len();
    for (index, marks) in sheets.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).context("no such page")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Text { group, line } => {
                    let id = draw(&mut surface, line, ContentTag::Span(SpanTag::empty()), &sheets)?;
                    groups.get_mut(*group).context("a line of nothing")?.push(id);
                }
                Mark::Rule { y } => rule(&mut surface, *y)?,
            }
        }
        // Not part of what is read.
        let foot = format!("{}   {}/{count}", letter.number, index.saturating_add(1));
        let foot = Line { bold: false, size: SMALL, x: LEFT, y: HEIGHT - BOTTOM / 2.0, text: foot };
        draw(&mut surface, &foot, ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)), &sheets)?;
        surface.finish();
        page.finish();
    }
    let language = letter.language.as_str().to_owned();
    let mut tree = TagTree::new().with_lang(Some(language.clone()));
    groups.into_iter().for_each(|group| tree.push(group));
    document.set_tag_tree(tree);
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(LEFT, TOP[0]));
    outline.push_child(OutlineNode::new(letter.title.clone(), top));
    document.set_outline(outline);
    document.set_metadata(
        Metadata::new().title(format!("{} – {}", letter.title, letter.number)).language(language),
    );
    document.finish().map_err(|error| anyhow::anyhow!("the letter is no PDF: {error:?}"))
}

/// What one tag is about.
enum Group {
    Heading(String),
    Paragraph,
}

impl Group {
    fn tag(&self) -> TagGroup {
        match self {
            Self::Heading(title) => TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(title.clone()))),
            Self::Paragraph => TagGroup::new(Tag::P),
        }
    }
}

/// One line of text where it stands.
struct Line {
    bold: bool,
    size: f32,
    x: f32,
    y: f32,
    text: String,
}

enum Mark {
    Text {
        group: usize,
        line: Line,
    },
    /// To write on.
    Rule {
        y: f32,
    },
}

/// The letter in lines and pages.
struct Sheets {
    regular: Face,
    bold: Face,
    pages: Vec<Vec<Mark>>,
    groups: Vec<Group>,
    y: f32,
}

impl Sheets {
    fn lay_out(letter: &Letter) -> anyhow::Result<Self> {
        let (regular, bold) = (Face::regular()?, Face::bold()?);
        let mut sheets = Self { regular, bold, pages: vec![Vec::new()], groups: Vec::new(), y: TOP[0] };
        let whole = WIDTH - LEFT - RIGHT;
        sheets.groups.push(Group::Heading(letter.title.clone()));
        sheets.write(&letter.title, (true, TITLE), (LEFT, whole))?;
        sheets.paragraph(&letter.reference, whole)?;
        for text in &letter.statement {
            sheets.paragraph(text, whole)?;
        }
        for fact in &letter.facts {
            sheets.fact(&fact.term, &fact.lines)?;
        }
        sheets.y += LEADING / 2.0;
        for text in &letter.declaration {
            sheets.paragraph(text, whole)?;
        }
        // A signature does not stand alone on a page without what is signed; nor is it torn.
        let lines = letter.signature.len();
        sheets.make_room(HAND * f32::from(u8::try_from(lines).unwrap_or(u8::MAX)));
        for label in &letter.signature {
            sheets.y += HAND - LEADING;
            let y = sheets.y;
            sheets.page().push(Mark::Rule { y });
            sheets.groups.push(Group::Paragraph);
            sheets.write(label, (false, SMALL), (LEFT, whole))?;
        }
        Ok(sheets)
    }

    fn page(&mut self) -> &mut Vec<Mark> {
        if self.pages.is_empty() {
            self.pages.push(Vec::new());
        }
        let last = self.pages.len().saturating_sub(1);
        #[expect(clippy::indexing_slicing, reason = "there is a last one")]
        &mut self.pages[last]
    }

    fn make_room(&mut self, height: f32) {
        if self.y + height > HEIGHT - BOTTOM {
            self.pages.push(Vec::new());
            self.y = TOP[1];
        }
    }

    fn paragraph(&mut self, text: &str, width: f32) -> anyhow::Result<()> {
        self.groups.push(Group::Paragraph);
        self.write(text, (false, TEXT), (LEFT, width))?;
        self.y += LEADING / 2.0;
        Ok(())
    }

    /// Read as "term: lines", seen as two columns.
    fn fact(&mut self, term: &str, lines: &[String]) -> anyhow::Result<()> {
        self.groups.push(Group::Paragraph);
        self.make_room(LEADING * 3.0);
        let (top, pages) = (self.y, self.pages.len());
        self.write(&format!("{term}:"), (true, TEXT), (LEFT, TERM_WIDTH - LEADING))?;
        let below = self.y;
        if pages == self.pages.len() {
            self.y = top;
        }
        for line in lines {
            self.write(line, (false, TEXT), (LEFT + TERM_WIDTH, WIDTH - LEFT - RIGHT - TERM_WIDTH))?;
        }
        self.y = if pages == self.pages.len() { self.y.max(below) } else { self.y };
        self.y += LEADING / 3.0;
        Ok(())
    }

    /// Into the last group. Each line ends with a space, so that words stay apart for whoever listens or copies.
    fn write(&mut self, text: &str, (bold, size): (bool, f32), (x, width): (f32, f32)) -> anyhow::Result<()> {
        let text: String = text.nfc().collect();
        let face = if bold { &self.bold } else { &self.regular };
        let leading = LEADING * size / TEXT;
        let group = self.groups.len().saturating_sub(1);
        for line in face.wrap(&text, width / size)? {
            self.make_room(leading);
            self.y += leading;
            let line = Line { bold, size, x, y: self.y, text: format!("{line} ") };
            self.page().push(Mark::Text { group, line });
        }
        Ok(())
    }
}

fn draw(
    surface: &mut Surface<'_>,
    line: &Line,
    tag: ContentTag<'_>,
    sheets: &Sheets,
) -> anyhow::Result<Identifier> {
    let face = if line.bold { &sheets.bold } else { &sheets.regular };
    let signs = face.set(&line.text)?;
    let id = surface.start_tagged(tag);
    surface.draw_glyphs(
        Point::from_xy(line.x, line.y),
        &signs,
        face.font.clone(),
        &line.text,
        line.size,
        false,
    );
    surface.end_tagged();
    Ok(id)
}

fn rule(surface: &mut Surface<'_>, y: f32) -> anyhow::Result<()> {
    let mut path = PathBuilder::new();
    path.move_to(LEFT, y);
    path.line_to(LEFT + 260.0, y);
    let path = path.finish().context("no such line")?;
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { width: 0.6, ..Stroke::default() }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.end_tagged();
    Ok(())
}

#[cfg(test)]
mod tests;
