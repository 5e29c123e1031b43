//! The reseller's face: name, logo, colours, whom to call. What customers see of whoever helps them, on every page and in every e-mail.
//!
//! Made once at the start from the settings, all of which are judged here; whoever shows something takes it as it is. What production
//! wants beyond that stands in `config::production`.

mod colour;
mod logo;
mod palette;
mod svg;
mod words;

use std::{path::Path, sync::Arc};

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::{
    colour::Colour,
    logo::{Kind, Logo},
    palette::{Palette, Scheme},
};
use crate::config::{EXAMPLE_RESELLER, Settings, Words};

/// Where pages find the files of the face.
pub const FOLDER: &str = "/brand/";

/// The invented reseller's, for as long as nobody has put another one in its place.
const EXAMPLE_LOGO: &[u8] = include_bytes!("../../demo/logo.svg");
/// Characters that a header on a phone, and the column of senders in a mail program, have room for.
const LONGEST_NAME: usize = 60;
const LONGEST_HOURS: usize = 80;
const LONGEST_ADDRESS: usize = 300;
const LONGEST_IMPRINT: usize = 1000;

/// All that is wrong, a sentence each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Refused(pub Vec<String>);

#[derive(Clone, Debug)]
pub struct Brand {
    /// What templates know as `site`.
    pub site: Arc<Site>,
    files: Arc<Vec<BrandFile>>,
}

/// One file of the face. Its name holds a part of the hash of its content, so that nobody sees yesterday's.
#[derive(Clone, Debug)]
pub struct BrandFile {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// What pages and e-mails show of the reseller. Empty words are `None`.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    pub name: String,
    /// The paths of the stylesheet with the colours, and of the picture for the browser's tab.
    sheet: String,
    icon: Picture,
    logo: LogoView,
    pub phone: Option<Phone>,
    pub hours: Option<Hours>,
    pub address: Option<String>,
    pub imprint: Option<String>,
    pub privacy_url: Option<String>,
    pub imprint_url: Option<String>,
    /// For e-mails, which have no stylesheet.
    light: Palette,
    dark: Palette,
}

#[derive(Clone, Debug, Serialize)]
struct Picture {
    path: String,
    media_type: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct LogoView {
    path: String,
    dark: Option<String>,
    width: u32,
    height: u32,
    /// Made for light ground alone: on dark screens it stands on a light plate.
    plate: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Phone {
    /// In one piece, for HTML.
    shown: String,
    pub plain: String,
    pub link: String,
}

/// When somebody answers, by language.
#[derive(Clone, Debug, Serialize)]
pub struct Hours {
    pub de: String,
    pub en: String,
}

impl Brand {
    /// # Errors
    /// With a sentence for each setting that can't be shown, or must not be.
    pub fn try_new(settings: &Settings) -> Result<Self, Refused> {
        let reseller = &settings.reseller;
        let mut wrong = Wrong(Vec::new());
        let (hours_de, hours_en) = match &reseller.hours {
            Words::Same(text) => (text, text),
            Words::Each(each) => (&each.de, &each.en),
        };
        wrong.take(words::check_line("reseller.name", &reseller.name, LONGEST_NAME));
        wrong.take(words::check_line("mail.from_name", &settings.mail.from_name, LONGEST_NAME));
        wrong.take(words::check_line("reseller.hours", hours_de, LONGEST_HOURS));
        if hours_en != hours_de {
            wrong.take(words::check_line("reseller.hours", hours_en, LONGEST_HOURS));
        }
        wrong.take(words::check_lines("reseller.address", &reseller.address, LONGEST_ADDRESS));
        wrong.take(words::check_lines("mail.imprint", &settings.mail.imprint, LONGEST_IMPRINT));
        for (key, url) in [
            ("http.privacy_url", &settings.http.privacy_url),
            ("http.imprint_url", &settings.http.imprint_url),
        ] {
            if !url.is_empty() {
                wrong.take(words::check_link(key, url));
            }
        }
        let phone = given(&reseller.phone).and_then(|plain| {
            let link = wrong.take(words::dialled("reseller.phone", &plain))?;
            Some(Phone { shown: plain.replace(' ', "\u{a0}"), plain, link })
        });
        let palettes = read_colours(&reseller.accent, &reseller.accent_dark, &mut wrong);
        let logos = read_logos(settings, &mut wrong);
        let (Some((light, dark)), Some((logo, dark_logo))) = (palettes, logos) else {
            return Err(Refused(wrong.0));
        };
        if !wrong.0.is_empty() {
            return Err(Refused(wrong.0));
        }

        let mut files = Vec::new();
        let mut keep = |stem: &str, ending: &str, media_type, bytes: Vec<u8>| {
            let hash = HEXLOWER.encode(Sha256::digest(&bytes).get(..8).unwrap_or_default());
            let name = format!("{stem}-{hash}.{ending}");
            let path = format!("{FOLDER}{name}");
            files.push(BrandFile { name, media_type, bytes });
            path
        };
        let sheet = keep("look", "css", "text/css; charset=utf-8", write_sheet(&light, &dark).into_bytes());
        let monogram = || Logo { kind: Kind::Svg, bytes: draw_monogram(&reseller.name, &light), shape: 1.0 };
        // A wide one is no more than a smear in a tab.
        let icon = logo.clone().filter(|logo| logo.shape < 1.5).unwrap_or_else(monogram);
        let plate = logo.is_some() && dark_logo.is_none();
        let logo = logo.unwrap_or_else(monogram);
        let icon_type = icon.kind.media_type();
        let icon =
            Picture { path: keep("icon", icon.kind.ending(), icon_type, icon.bytes), media_type: icon_type };
        let dark_logo =
            dark_logo.map(|dark| keep("logo-dark", dark.kind.ending(), dark.kind.media_type(), dark.bytes));
        let logo = LogoView {
            dark: dark_logo,
            // Only their relation counts, so that nothing moves when it has come.
            width: (logo.shape * 40.0).round() as u32,
            height: 40,
            plate,
            path: keep("logo", logo.kind.ending(), logo.kind.media_type(), logo.bytes),
        };
        let site = Site {
            name: reseller.name.trim().to_owned(),
            sheet,
            icon,
            logo,
            phone,
            hours: given(hours_de).zip(given(hours_en)).map(|(de, en)| Hours { de, en }),
            address: given(&reseller.address),
            imprint: given(&settings.mail.imprint),
            privacy_url: given(&settings.http.privacy_url),
            imprint_url: given(&settings.http.imprint_url),
            light,
            dark,
        };
        Ok(Self { site: Arc::new(site), files: Arc::new(files) })
    }

    /// In a line, for whoever operates it.
    pub fn describe(&self) -> String {
        let Site { name, light, dark, .. } = &*self.site;
        format!("{name}, links in {} and, on dark screens, {}", light.accent, dark.accent)
    }

    /// The file of this name, and whether it is the very one: a page of another process, which starts with other settings, asks for what
    /// is not here, and gets what takes its place.
    pub fn find(&self, name: &str) -> Option<(&BrandFile, bool)> {
        let exact = self.files.iter().find(|file| file.name == name);
        let stem = |name: &str| name.rsplit_once('-').map(|(stem, _)| stem.to_owned());
        let instead = || self.files.iter().find(|file| stem(&file.name) == stem(name));
        exact.map(|file| (file, true)).or_else(|| instead().map(|file| (file, false)))
    }
}

struct Wrong(Vec<String>);

impl Wrong {
    fn take<T>(&mut self, found: Result<T, String>) -> Option<T> {
        found.map_err(|sentence| self.0.push(sentence)).ok()
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// For light screens and for dark ones.
fn read_colours(accent: &str, accent_dark: &str, wrong: &mut Wrong) -> Option<(Palette, Palette)> {
    let mut read = |key: &str, text: &str| {
        let colour = Colour::parse(text);
        wrong.take(colour.ok_or_else(|| format!("{key} is no colour: write it as #0a5e59")))
    };
    let light = read("reseller.accent", accent);
    let dark = if accent_dark.is_empty() { None } else { Some(read("reseller.accent_dark", accent_dark)) };
    let light = light.map(|accent| (accent, Scheme::Light.judge("reseller.accent", accent)));
    let dark = match (dark, &light) {
        (Some(dark), _) => dark.and_then(|dark| wrong.take(Scheme::Dark.judge("reseller.accent_dark", dark))),
        (None, Some((accent, _))) => Some(Scheme::Dark.made_of(*accent)),
        (None, None) => None,
    };
    let light = light.and_then(|(_, judged)| wrong.take(judged));
    light.zip(dark)
}

/// The logo and that for dark screens, where there are any. `None` where one is refused.
fn read_logos(settings: &Settings, wrong: &mut Wrong) -> Option<(Option<Logo>, Option<Logo>)> {
    let reseller = &settings.reseller;
    let nothing = reseller.logo.as_os_str().is_empty() && reseller.logo_dark.as_os_str().is_empty();
    if nothing && reseller.name == EXAMPLE_RESELLER {
        let logo = wrong.take(logo::judge(EXAMPLE_LOGO.to_vec()))?;
        return Some((Some(logo.clone()), Some(logo)));
    }
    let mut read = |key: &str, file: &Path| {
        if file.as_os_str().is_empty() {
            return Some(None);
        }
        let read = logo::read(file).map_err(|why| format!("{key}: {} {why}", file.display()));
        wrong.take(read).map(Some)
    };
    let (logo, dark) =
        (read("reseller.logo", &reseller.logo), read("reseller.logo_dark", &reseller.logo_dark));
    let (logo, dark) = logo.zip(dark)?;
    if logo.is_none() && dark.is_some() {
        wrong.0.push("reseller.logo_dark is set, and reseller.logo is not".to_owned());
        return None;
    }
    Some((logo, dark))
}

/// The colours, in the layer and under the names of `static/handover.css`, so that they hold wherever those did.
fn write_sheet(light: &Palette, dark: &Palette) -> String {
    let tokens = |palette: &Palette| {
        let Palette { accent, hover, ink, soft } = palette;
        format!(
            ":root{{--accent:{accent};--accent-hover:{hover};--accent-ink:{ink};--accent-soft:{soft};--focus:{accent}}}"
        )
    };
    format!("@layer base{{{}@media (prefers-color-scheme:dark){{{}}}}}\n", tokens(light), tokens(dark))
}

/// The first letter of the name on the colour, where there is no logo.
fn draw_monogram(name: &str, light: &Palette) -> Vec<u8> {
    // A letter or digit is never markup.
    let first = name.chars().find(|c| c.is_alphanumeric());
    let letter: String = first.into_iter().flat_map(char::to_uppercase).collect();
    let Palette { accent, ink, .. } = light;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" fill=\"{accent}\"/>\
         <text x=\"16\" y=\"22.5\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"18\" font-weight=\"700\" fill=\"{ink}\">{letter}</text></svg>\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests;
