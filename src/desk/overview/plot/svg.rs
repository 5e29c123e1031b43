//! The SVG that `plotters` draws on: shapes with classes instead of colours, words escaped.
//!
//! A colour is only a name here: its red says what kind of thing is drawn, its green which series it belongs to.

use std::{convert::Infallible, fmt::Write as _};

use plotters::style::RGBColor;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};

/// `plotters` knows whole units only, so each of ours is ten of its.
pub const TEN: i32 = 10;

pub const AXIS: RGBColor = RGBColor(1, 0, 0);
pub const GRID: RGBColor = RGBColor(2, 0, 0);
pub const INK: RGBColor = RGBColor(3, 0, 0);
const SERIES: u8 = 4;

pub fn series_colour(at: usize) -> RGBColor {
    RGBColor(SERIES, u8::try_from(at).unwrap_or(u8::MAX), 0)
}

/// What lies over the colour of each series, in a square of 80: nothing, stripes one way, dots, stripes the other way, a grid.
pub const PATTERNS: [&str; 5] = [
    "",
    "<path d=\"M-20 20 20 -20M0 80 80 0M60 100 100 60\"/>",
    "<circle cx=\"40\" cy=\"40\" r=\"14\"/>",
    "<path d=\"M-20 60 20 100M0 0 80 80M60 -20 100 20\"/>",
    "<path d=\"M40 0V80M0 40H80\"/>",
];

/// Shapes are appended to `target`.
#[derive(Debug)]
pub struct Svg<'t> {
    target: &'t mut String,
    size: (u32, u32),
    /// Of the figure; patterns are named after it.
    id: String,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl<'t> Svg<'t> {
    pub fn new(target: &'t mut String, size: (u32, u32), id: &str) -> Self {
        Self { target, size, id: id.to_owned() }
    }

    fn write(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing to a string can't fail.
        let _ = self.target.write_fmt(markup);
    }
}

fn class(color: BackendColor) -> String {
    match color.rgb {
        (1, ..) => "plot__axis".to_owned(),
        (2, ..) => "plot__grid".to_owned(),
        (SERIES, at, _) => format!("plot__s{}", u16::from(at) + 1),
        _ => "plot__ink".to_owned(),
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// Nothing that is drawn here is made of single dots.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        if style.color().alpha == 0.0 {
            return Ok(());
        }
        let points: Vec<String> = path.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
        let class = class(style.color());
        self.write(format_args!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        _: bool,
    ) -> Drawn {
        if style.color().alpha == 0.0 {
            return Ok(());
        }
        let (width, height) = ((right - left).max(0), (bottom - top).max(0));
        let place = format!("x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"");
        let class = class(style.color());
        self.write(format_args!("<rect class=\"{class}\" {place}/>"));
        let (_, at, _) = style.color().rgb;
        if at > 0 && usize::from(at) < PATTERNS.len() {
            let id = self.id.clone();
            self.write(format_args!("<rect fill=\"url(#plot-{id}-{})\" {place}/>", u16::from(at) + 1));
        }
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // As far as capitals reach: `dominant-baseline` is not the same everywhere.
        let capitals = (style.size() * 0.72) as i32;
        let baseline = match style.anchor().v_pos {
            VPos::Top => y + capitals,
            VPos::Center => y + capitals / 2,
            VPos::Bottom => y,
        };
        let (size, words) = (style.size(), escape(text));
        self.write(format_args!(
            "<text class=\"plot__ink\" x=\"{x}\" y=\"{baseline}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
        Ok(())
    }

    /// The widest digits and letters of an ordinary font: a little too wide is no harm.
    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = text.chars().count() as f64 * style.size() * 0.6;
        Ok((width as u32, style.size() as u32))
    }
}

/// The whole picture around its shapes. Whoever can't see it is read what it is and what it says.
pub fn frame(
    id: &str,
    (width, height): (u32, u32),
    (title, description): (&str, &str),
    series: usize,
    shapes: &str,
) -> String {
    let (title, description) = (escape(title), escape(description));
    let mut patterns = String::new();
    for (at, lines) in PATTERNS.iter().enumerate().take(series).skip(1) {
        let _ = write!(
            patterns,
            "<pattern id=\"plot-{id}-{}\" width=\"80\" height=\"80\" patternUnits=\"userSpaceOnUse\" class=\"plot__pattern\">\
             {lines}</pattern>",
            at + 1
        );
    }
    format!(
        "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 {width} {height}\" aria-labelledby=\"plot-{id}-title\" \
         aria-describedby=\"plot-{id}-desc\"><title id=\"plot-{id}-title\">{title}</title>\
         <desc id=\"plot-{id}-desc\">{description}</desc><defs>{patterns}</defs>{shapes}</svg>"
    )
}

/// Words as they stand between tags. What nobody sees, and what HTML has no character for, is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !character.is_control()) {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
