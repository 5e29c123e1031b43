//! A figure as a picture: an SVG that says what it shows, laid out by `plotters` and written by `svg`.
//!
//! The picture repeats what the table beside it says, and nothing else. What a shape is stands in its class, so that the stylesheet
//! colours it for light, dark, high contrast and paper; a pattern tells one series from another where colours do not.

mod svg;

use anyhow::Context as _;
use plotters::{
    chart::ChartBuilder,
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea as _},
    element::{Rectangle, Text},
    style::{
        Color as _, TRANSPARENT, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use svg::{AXIS, GRID, INK, Svg, TEN, series_colour};

/// As many series as there are patterns.
pub const MOST_SERIES: usize = svg::PATTERNS.len();
/// A picture of more rows is one that nobody can look at; the table has them all.
const MOST_BARS: usize = 20;
/// A name or value that is longer is cut; the table has it whole.
const LONGEST: usize = 46;
/// So that the names below columns stand apart.
const MOST_NAMES: usize = 4;
/// As wide as a phone, so that the words of the picture can be read there.
const WIDTH: i32 = 380;
const TEXT: i32 = 12;
const COLUMNS_HEIGHT: i32 = 190;
/// The name of a bar stands above it.
const NAME_HEIGHT: i32 = TEXT + 7;
const BAR: i32 = 12;
const GAP: i32 = 3;
/// What is written at the end of the longest bar.
const VALUE_WIDTH: i32 = 110;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Beside each other, along the time.
    Columns,
    /// Below each other, with a bar for each series.
    Bars,
    /// Below each other, with all series in one bar.
    Stacks,
}

#[derive(Clone, Debug)]
pub struct Plot {
    pub form: Form,
    pub categories: Vec<String>,
    /// At most [`MOST_SERIES`].
    pub series: Vec<Series>,
}

#[derive(Clone, Debug)]
pub struct Series {
    pub name: String,
    /// One for each category, none below zero.
    pub values: Vec<i64>,
    /// The same, as people write them.
    pub written: Vec<String>,
}

/// A single value with all that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    pub series: &'a str,
    pub category: &'a str,
    pub written: &'a str,
    value: i64,
}

impl Plot {
    fn all(&self) -> impl Iterator<Item = Named<'_>> {
        self.series.iter().flat_map(|series| {
            let named = self.categories.iter().zip(&series.values).zip(&series.written);
            named.map(|((category, value), written)| Named {
                series: &series.name,
                category,
                written,
                value: *value,
            })
        })
    }

    /// Nothing but zeros is no picture.
    pub fn is_empty(&self) -> bool {
        self.all().all(|named| named.value == 0)
    }

    /// The highest value; of several the last.
    pub fn highest(&self) -> Option<Named<'_>> {
        self.all().max_by_key(|named| named.value)
    }

    /// The picture. `id` stands in no other picture of the page.
    pub fn draw(&self, id: &str, title: &str, description: &str) -> anyhow::Result<String> {
        let rows = i32::try_from(self.categories.len().min(MOST_BARS)).unwrap_or_default();
        let height = if self.form == Form::Columns { COLUMNS_HEIGHT } else { rows * self.row_height() };
        let size = ((WIDTH * TEN).unsigned_abs(), (height * TEN).unsigned_abs());
        let mut shapes = String::new();
        let root = Svg::new(&mut shapes, size, id).into_drawing_area();
        let drawn = match self.form {
            Form::Columns => self.draw_columns(&root),
            Form::Bars | Form::Stacks => self.draw_bars(&root),
        };
        drawn.context("could not draw a figure")?;
        drop(root);
        Ok(svg::frame(id, size, (title, description), self.series.len(), &shapes))
    }

    fn row_height(&self) -> i32 {
        let bars = if self.form == Form::Bars { self.series.len() } else { 1 };
        NAME_HEIGHT + i32::try_from(bars).unwrap_or(1) * (BAR + GAP) + 6
    }

    fn draw_columns(&self, root: &DrawingArea<Svg<'_>, Shift>) -> anyhow::Result<()> {
        let count = self.categories.len();
        let most = self.highest().map_or(1, |highest| highest.value.max(1));
        let mut chart = ChartBuilder::on(root)
            .margin_top(TEXT * TEN)
            .margin_right(8 * TEN)
            .x_label_area_size(TEXT * 2 * TEN)
            .y_label_area_size(34 * TEN)
            .build_cartesian_2d(0.0..count as f64, 0..most)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(0)
            .y_labels(4)
            .axis_style(AXIS)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .label_style(text(HPos::Right, VPos::Center))
            .draw()?;
        // A tenth of the place of a category is left free on either side.
        let width = 0.8 / self.series.len().max(1) as f64;
        for (at, series) in self.series.iter().enumerate() {
            let columns = series.values.iter().enumerate().filter(|(_, value)| **value > 0);
            chart.draw_series(columns.map(|(category, value)| {
                let left = category as f64 + 0.1 + at as f64 * width;
                Rectangle::new([(left, *value), (left + width * 0.94, 0)], series_colour(at).filled())
            }))?;
        }
        let every = count.div_ceil(MOST_NAMES).max(1);
        // The last one needs its place, or the edge of the picture cuts it off.
        let room = count.saturating_sub(every / 2);
        for (at, name) in self.categories.iter().enumerate().step_by(every) {
            if at > 0 && at >= room {
                break;
            }
            let (x, y) = chart.plotting_area().map_coordinate(&(at as f64 + 0.1, 0));
            root.draw(&Text::new(cut(name), (x, y + 6 * TEN), text(HPos::Left, VPos::Top)))?;
        }
        root.present()?;
        Ok(())
    }

    fn draw_bars(&self, root: &DrawingArea<Svg<'_>, Shift>) -> anyhow::Result<()> {
        let longest = match self.form {
            Form::Stacks => (0..self.categories.len()).map(|row| self.sum(row)).max(),
            _ => self.highest().map(|highest| highest.value),
        };
        let chart = ChartBuilder::on(root)
            .margin_right(VALUE_WIDTH * TEN)
            .build_cartesian_2d(0..longest.unwrap_or_default().max(1), 0..1)?;
        let scale = |value: i64| chart.plotting_area().map_coordinate(&(value, 0)).0;
        for (row, name) in self.categories.iter().take(MOST_BARS).enumerate() {
            let top = i32::try_from(row).unwrap_or_default() * self.row_height() * TEN;
            root.draw(&Text::new(cut(name), (0, top + 3 * TEN), text(HPos::Left, VPos::Top)))?;
            let mut bar = top + NAME_HEIGHT * TEN;
            let mut sum = 0_i64;
            for (at, series) in self.series.iter().enumerate() {
                let value = series.values.get(row).copied().unwrap_or_default();
                let begin = if self.form == Form::Stacks { sum } else { 0 };
                sum = begin.saturating_add(value);
                if value > 0 {
                    // A single minute can be seen, too.
                    let (left, right) = (scale(begin), scale(sum).max(scale(begin) + TEN));
                    let corners = [(left, bar), (right, bar + BAR * TEN)];
                    root.draw(&Rectangle::new(corners, series_colour(at).filled()))?;
                }
                if self.form == Form::Bars {
                    let written = series.written.get(row).map(String::as_str).unwrap_or_default();
                    write_value(root, written, (scale(value), bar))?;
                    bar += (BAR + GAP) * TEN;
                }
            }
            if self.form == Form::Stacks {
                write_value(root, &self.written(row), (scale(sum), bar))?;
            }
        }
        root.present()?;
        Ok(())
    }

    /// Two numbers can be told apart, five can't: then it is how many there are together.
    fn written(&self, row: usize) -> String {
        if self.series.len() > 2 {
            return self.sum(row).to_string();
        }
        let written = self.series.iter().filter_map(|series| Some(series.written.get(row)?.as_str()));
        written.collect::<Vec<_>>().join(" · ")
    }

    fn sum(&self, row: usize) -> i64 {
        self.series.iter().filter_map(|series| series.values.get(row)).sum()
    }
}

/// At the end of a bar whose upper end is at `end`.
fn write_value(root: &DrawingArea<Svg<'_>, Shift>, written: &str, (x, y): (i32, i32)) -> anyhow::Result<()> {
    let at = (x + 5 * TEN, y + BAR * TEN / 2);
    root.draw(&Text::new(cut(written), at, text(HPos::Left, VPos::Center)))?;
    Ok(())
}

fn text(horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    TextStyle::from(("sans-serif", TEXT * TEN)).color(&INK).pos(Pos::new(horizontal, vertical))
}

fn cut(words: &str) -> String {
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    words.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(form: Form, names: &[&str], values: &[&[i64]]) -> Plot {
        let series = values.iter().enumerate().map(|(at, values)| Series {
            name: format!("series {at}"),
            values: values.to_vec(),
            written: values.iter().map(ToString::to_string).collect(),
        });
        Plot { form, categories: names.iter().map(ToString::to_string).collect(), series: series.collect() }
    }

    const FORMS: [Form; 3] = [Form::Columns, Form::Bars, Form::Stacks];

    /// Nothing that the policy of the site forbids or that holds in one colour scheme alone, and nobody's words as markup.
    #[test]
    fn a_picture_is_safe_and_says_what_it_is() {
        let hostile = "<script>alert(1)</script> & \"x\" 'y' \u{0}\u{7}";
        for form in FORMS {
            let drawn =
                plot(form, &[hostile, "b"], &[&[3, 0], &[1, 4]]).draw("flow", hostile, hostile).unwrap();
            let page = scraper::Html::parse_fragment(&drawn);
            assert_eq!(page.errors.len(), 0, "{:?}", page.errors);
            let select = |selector: &str| page.select(&scraper::Selector::parse(selector).unwrap()).count();
            assert_eq!((select("svg[role=img] > title"), select("svg > desc")), (1, 1), "{drawn}");
            assert_eq!(select("script, style, [style], image, use, a, foreignObject"), 0);
            assert!(select("text") >= 2 && select("rect.plot__s1") == 1, "{drawn}");
            assert!(!drawn.contains("<script") && !drawn.contains('\u{0}') && !drawn.contains("#0"));
            for paint in ["fill=\"#", "stroke=\"#", "rgb(", "opacity"] {
                assert!(!drawn.contains(paint), "{paint}");
            }
        }
    }

    #[test]
    fn pictures_of_next_to_nothing_and_of_too_much_are_drawn() {
        let many: Vec<String> = (0..5000).map(|n| format!("{n} {}", "name ".repeat(100))).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let values = vec![i64::MAX / 10_000; 5000];
        for form in FORMS {
            plot(form, &[], &[]).draw("a", "t", "d").unwrap();
            plot(form, &["one"], &[&[0]]).draw("a", "t", "d").unwrap();
            let drawn = plot(form, &many, &[&values]).draw("a", "t", "d").unwrap();
            assert!(form == Form::Columns || drawn.len() < 20_000, "{}", drawn.len());
        }
        assert!(plot(Form::Bars, &["one"], &[&[0]]).is_empty());
    }

    #[test]
    fn the_highest_is_named() {
        let plot = plot(Form::Bars, &["a", "b"], &[&[3, 1], &[2, 7]]);
        let highest = plot.highest().unwrap();
        assert_eq!((highest.series, highest.category, highest.written), ("series 1", "b", "7"));
    }
}
