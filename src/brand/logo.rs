//! Reads the reseller's logo: an SVG or a PNG, small enough for pages that come by a train's Wi-Fi.
//!
//! Judges the file and says how large the picture is; `svg` says what a drawing may hold. A picture is never decoded here: browsers
//! do that, and what is no PNG to them is not shown.

use std::{fs::File, io::Read as _, path::Path};

use flate2::Crc;

use super::svg;

/// A page of customers has 60 kB for everything.
const MOST_BYTES: usize = 8192;
/// Pixels of a side; the header shows 40 at most, three times as fine on the best of screens.
const MOST_PIXELS: u32 = 1024;
/// How much wider than high, so that it fits beside the name on a phone, and how much higher than wide.
const WIDEST: f64 = 6.0;
const HIGHEST: f64 = 2.0;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Svg,
    Png,
}

impl Kind {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }
}

/// A picture that pages may show.
#[derive(Clone, Debug)]
pub struct Logo {
    pub kind: Kind,
    pub bytes: Vec<u8>,
    /// Width by height.
    pub shape: f64,
}

/// The picture in `file`, or why it is none, to be read after the file's name.
pub fn read(file: &Path) -> Result<Logo, String> {
    let unreadable = |error: std::io::Error| format!("can't be read: {error}");
    // What is no file could be waited for, or read, forever.
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err("is no file".to_owned());
    }
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    judge(bytes)
}

pub fn judge(bytes: Vec<u8>) -> Result<Logo, String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!("has more than {MOST_BYTES} bytes: every page brings it along"));
    }
    let (kind, (width, height)) = if bytes.starts_with(PNG) {
        (Kind::Png, measure_png(&bytes).ok_or("is no PNG that can be read, or goes on after its end")?)
    } else {
        let text = std::str::from_utf8(&bytes).map_err(|_| "is neither a PNG nor an SVG (in UTF-8)")?;
        (Kind::Svg, svg::judge(text)?)
    };
    if kind == Kind::Png && width.max(height) > f64::from(MOST_PIXELS) {
        return Err(format!("is larger than {MOST_PIXELS} pixels: 120 in height are enough"));
    }
    let shape = width / height;
    if !(1.0 / HIGHEST..=WIDEST).contains(&shape) {
        return Err(format!(
            "is {width} by {height}: at most {WIDEST} times as wide as high, and {HIGHEST} times as high as wide"
        ));
    }
    Ok(Logo { kind, bytes, shape })
}

/// Width and height, where every chunk is whole and nothing follows the last: a file that is two things at once is none.
fn measure_png(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut rest = bytes.strip_prefix(PNG)?;
    let (mut size, mut drawn) = (None, false);
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (covered, after) = after.split_at_checked(length.checked_add(4)?)?;
        let (sum, after) = after.split_first_chunk::<4>()?;
        let mut crc = Crc::new();
        crc.update(covered);
        if crc.sum() != u32::from_be_bytes(*sum) {
            return None;
        }
        let (name, data) = covered.split_first_chunk::<4>()?;
        match (name, size) {
            (b"IHDR", None) => size = Some(measure_header(data)?),
            (b"IDAT", Some(_)) => drawn = true,
            (b"IEND", Some(size)) => return (drawn && after.is_empty() && data.is_empty()).then_some(size),
            (_, None) | (b"IHDR", _) => return None,
            _ => {}
        }
        rest = after;
    }
}

fn measure_header(data: &[u8]) -> Option<(f64, f64)> {
    let (width, rest) = data.split_first_chunk::<4>()?;
    let (height, rest) = rest.split_first_chunk::<4>()?;
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
    (rest.len() == 5 && width > 0 && height > 0).then(|| (f64::from(width), f64::from(height)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut crc = Crc::new();
        crc.update(name);
        crc.update(data);
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], name, data, &crc.sum().to_be_bytes()].concat()
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        [PNG, &chunk(b"IHDR", &header), &chunk(b"IDAT", b"x"), &chunk(b"IEND", b"")].concat()
    }

    #[test]
    fn a_png_is_taken_with_its_shape() {
        let logo = judge(png(240, 80)).unwrap();
        assert_eq!((logo.kind, logo.shape), (Kind::Png, 3.0));
    }

    #[test]
    fn what_is_no_picture_or_too_much_of_one_is_refused() {
        let polyglot = [png(40, 40), b"<script>alert(1)</script>".to_vec()].concat();
        let mut broken = png(40, 40);
        broken[20] ^= 1;
        let cut = png(40, 40)[..40].to_vec();
        let empty = [PNG, &chunk(b"IEND", b"")].concat();
        let svg = |side: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side}\"/>");
        for (bytes, says) in [
            (polyglot, "goes on after its end"),
            (broken, "no PNG"),
            (cut, "no PNG"),
            (empty, "no PNG"),
            (png(0, 40), "no PNG"),
            (png(2000, 1000), "1024 pixels"),
            (png(700, 100), "6 times as wide"),
            (svg("10 30").into_bytes(), "2 times as high"),
            (b"GIF89a".to_vec(), "is no SVG"),
            (vec![0xff, 0xd8, 0xff, 0xe0], "neither a PNG nor an SVG"),
            (format!("{}{}", svg("1 1"), " ".repeat(MOST_BYTES)).into_bytes(), "8192 bytes"),
        ] {
            let said = judge(bytes).unwrap_err();
            assert!(said.contains(says), "{said}, not {says}");
        }
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        for (file, says) in
            [("/dev/zero", "is no file"), ("/nowhere/logo.svg", "can't be read"), ("/", "is no file")]
        {
            assert!(read(Path::new(file)).unwrap_err().contains(says), "{file}");
        }
    }
}
