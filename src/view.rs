//! Turns a typed view into text: the Tera templates below `templates/`, with the sentences of `lang`.
//!
//! Knows no route and no session; what a page needs stands in its view struct. Every view is rendered in both
//! languages by a test, with the samples it brings.

use std::{borrow::Cow, sync::Arc};

use anyhow::Context as _;
use fluent_templates::fluent_bundle::FluentValue;
use jiff::tz::TimeZone;
use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::{
    brand::{Brand, Site},
    characters::write_html,
    clock::{Day, Timestamp},
    lang::{Arguments, Language},
    version,
};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// All templates, parsed once, and the face that all of them show.
#[derive(Clone, Debug)]
pub struct Views {
    tera: Arc<Tera>,
    site: Arc<Site>,
}

impl Views {
    /// Parses every template; an error names file, line and column.
    pub fn try_new(zone: TimeZone, brand: &Brand) -> anyhow::Result<Self> {
        let mut tera = Tera::new();
        tera.register_function("t", translate);
        tera.register_filter("instant", {
            let zone = zone.clone();
            move |value: String, kwargs: Kwargs, state: &State| instant(&zone, &value, &kwargs, state)
        });
        tera.register_filter("day", day);
        tera.register_filter("day_in_full", day_in_full);
        tera.register_filter("visible", visible);
        let sources = Templates::iter()
            .filter_map(|name| {
                let file = Templates::get(&name)?;
                Some(String::from_utf8(file.data.into_owned()).map(|text| (name.into_owned(), text)))
            })
            .collect::<Result<Vec<_>, _>>()
            .context("a template is not UTF-8")?;
        tera.add_raw_templates(sources).context("could not parse the templates")?;
        Ok(Self { tera: Arc::new(tera), site: Arc::clone(&brand.site) })
    }

    /// Renders `template` in `language` with `view` as `page`.
    pub fn render(
        &self,
        template: &str,
        language: Language,
        view: &impl Serialize,
    ) -> anyhow::Result<String> {
        self.render_in(template, language, &Frame::default(), view)
    }

    /// Renders a whole page: `view` as `page`, in the frame around it.
    pub fn render_in(
        &self,
        template: &str,
        language: Language,
        frame: &Frame,
        view: &impl Serialize,
    ) -> anyhow::Result<String> {
        let mut context = tera::Context::new();
        context.insert("lang", language.as_str());
        context.insert("path", &frame.path);
        context.insert("return_to", &frame.return_to);
        context.insert("notice", &frame.notice);
        context.insert("staff", &frame.staff);
        context.insert("demo", &frame.demo);
        // Not for strangers: it says which faults to try.
        context.insert("program", &frame.staff.as_ref().map(|_| version::IN_FULL.as_str()));
        context.insert("site", &*self.site);
        context.insert("page", view);
        self.tera.render(template, &context).with_context(|| format!("could not render {template}"))
    }

    /// The names of all templates, for tests that look at every one.
    pub fn names(&self) -> Vec<String> {
        self.tera.get_template_names().map(str::to_owned).collect()
    }
}

/// What stands around a page, whatever the page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Frame {
    /// The path of the page, for the navigation.
    pub path: String,
    /// Where the language switch comes back to: the page with what its address chooses.
    pub return_to: String,
    /// The message key of a short notice about what was just done.
    pub notice: Option<String>,
    /// Who is signed in, on desk pages.
    pub staff: Option<FrameStaff>,
    /// Whether this is the default mode, not meant for production.
    pub demo: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct FrameStaff {
    pub name: String,
    pub role: String,
    /// How many cases need them; `None` where that could not be said in time.
    pub needs: Option<i64>,
    /// There are more than that.
    pub needs_more: bool,
}

fn language_of(state: &State) -> TeraResult<Language> {
    let word = state.get::<String>("lang")?.unwrap_or_default();
    Ok(Language::parse(&word).unwrap_or(Language::En))
}

/// `{{ t(key="…", name=value) }}`: a sentence in the language of the page.
fn translate(kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let key = kwargs.must_get::<String>("key")?;
    let arguments = kwargs
        .iter()
        .filter_map(|(name, value)| {
            let name = name.as_str()?;
            (name != "key").then(|| (Cow::Owned(name.to_owned()), fluent_value(value)))
        })
        .collect::<Arguments<'_>>();
    Ok(language_of(state)?.text_with(&key, &arguments))
}

fn fluent_value(value: &Value) -> FluentValue<'static> {
    match (value.as_i64(), value.as_str()) {
        (Some(number), _) => FluentValue::from(number),
        (None, Some(text)) => FluentValue::from(text.to_owned()),
        (None, None) => FluentValue::from(value.to_string()),
    }
}

/// `{{ at | instant }}`: date and time in the desk's time zone, as the reader's language writes it; with
/// `date_only=true`, the date alone.
fn instant(zone: &TimeZone, value: &str, kwargs: &Kwargs, state: &State) -> TeraResult<String> {
    let at: jiff::Timestamp = value.parse().map_err(tera::Error::message)?;
    let language = language_of(state)?;
    if kwargs.get::<bool>("date_only")?.unwrap_or(false) {
        Ok(write_day(zone.to_datetime(at).date().into(), language))
    } else {
        Ok(write_instant(at.into(), zone, language))
    }
}

/// `{{ date | day }}`: a civil date as the reader's language writes it.
fn day(value: String, _: Kwargs, state: &State) -> TeraResult<String> {
    let date: jiff::civil::Date = value.parse().map_err(tera::Error::message)?;
    Ok(write_day(date.into(), language_of(state)?))
}

/// `{{ date | day_in_full }}`: the same with the day of the week and the month's name, for the e-mails to customers,
/// who plan by it and can't ask back.
fn day_in_full(value: String, _: Kwargs, state: &State) -> TeraResult<String> {
    let date: jiff::civil::Date = value.parse().map_err(tera::Error::message)?;
    Ok(write_day_in_full(date.into(), language_of(state)?))
}

/// `{{ text | visible }}`: words of others on a page, escaped, with every character marked that nobody would see.
#[expect(clippy::needless_pass_by_value, reason = "what filters are called with")]
fn visible(value: String, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&write_html(&value))
}

/// Date and time as people of `language` write it, to the minute.
pub fn write_instant(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = zone.to_datetime(*at);
    format!("{}, {}", write_day(local.date().into(), language), local.strftime("%H:%M"))
}

/// A date as people of `language` write it.
pub fn write_day(date: Day, language: Language) -> String {
    let format = match language {
        Language::De => "%-d.%-m.%Y",
        Language::En => "%-d %b %Y",
    };
    date.strftime(format).to_string()
}

/// A date as people of `language` write it out: "Friday, 4 December 2026".
pub fn write_day_in_full(date: Day, language: Language) -> String {
    let arguments: Arguments<'_> = [
        ("weekday".into(), date.weekday().to_monday_one_offset().into()),
        ("day".into(), date.day().to_string().into()),
        ("month".into(), date.month().into()),
        ("year".into(), date.year().to_string().into()),
    ]
    .into();
    language.text_with("email-day-in-full", &arguments)
}
