//! Whether an SVG file is a drawing and nothing else.
//!
//! The attacker is whoever gets their file among the reseller's pictures: a drawing can hold a script, ask another server who looks at
//! which case, or draw itself a billion times. Pages show it as an image, where browsers run and load nothing; but whoever opens it
//! alone is on our own site. So it may consist of what a drawing needs, and everything else is refused by name.

use roxmltree::{Attribute, Document, Node, NodeType};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// No `use`: twenty of them that use one another are a million drawings.
const ELEMENTS: [&str; 18] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "style",
];

/// What may stand before a bracket in values and styles. `url` leads to a part of the same file.
const FUNCTIONS: [&str; 12] = [
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "matrix",
    "translate",
    "translatex",
    "translatey",
    "scale",
    "rotate",
    "skewx",
    "skewy",
];

/// Width and height of the drawing, or why it is refused.
pub fn judge(text: &str) -> Result<(f64, f64), String> {
    let document = Document::parse(text).map_err(|error| format!("is no SVG that can be read: {error}"))?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err("is no SVG: it begins with another element, or without its namespace".to_owned());
    }
    for node in document.descendants() {
        judge_node(node)?;
    }
    size_of(root).ok_or_else(|| "does not say how large it is: give its svg element a viewBox".to_owned())
}

fn judge_node(node: Node<'_, '_>) -> Result<(), String> {
    let line = node.document().text_pos_at(node.range().start).row;
    match node.node_type() {
        NodeType::Root | NodeType::Comment => Ok(()),
        NodeType::PI => Err(format!("has a processing instruction in line {line}, as of a style sheet")),
        NodeType::Text => {
            let is_style = node.parent().is_some_and(|parent| parent.has_tag_name((SVG, "style")));
            let inert = !is_style || is_inert(node.text().unwrap_or_default());
            inert.then_some(()).ok_or_else(|| format!("has a style in line {line} that may load something"))
        }
        NodeType::Element => {
            let name = node.tag_name();
            if name.namespace() != Some(SVG) || !ELEMENTS.contains(&name.name()) {
                return Err(format!(
                    "has <{}> in line {line}, which no logo needs: save it as a plain SVG of shapes and paths",
                    name.name()
                ));
            }
            match node.attributes().find(|attribute| !is_harmless(attribute)) {
                Some(attribute) => Err(format!(
                    "has the attribute {} in line {line}, which could do or load something: save it as a plain SVG",
                    attribute.name()
                )),
                None => Ok(()),
            }
        }
    }
}

fn is_harmless(attribute: &Attribute<'_, '_>) -> bool {
    let (name, value) = (attribute.name().to_lowercase(), attribute.value());
    match (attribute.namespace(), name.as_str()) {
        // A gradient that goes on from another.
        (None | Some(XLINK), "href") => value.starts_with('#'),
        (Some(XML), "space" | "lang") => true,
        (None, name) => !name.starts_with("on") && is_inert(value),
        _ => false,
    }
}

/// Whether a value or a style loads nothing: no rule that begins with `@`, no spelling that hides one, and no function but those of
/// colours, of places, and `url` within the file.
fn is_inert(text: &str) -> bool {
    let lower = text.to_lowercase();
    if lower.contains(['\\', '@', '<']) || lower.contains("/*") || lower.contains("//") {
        return false;
    }
    let mut rest = lower.as_str();
    while let Some((before, after)) = rest.split_once('(') {
        let from = before
            .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .map_or(0, |at| at.saturating_add(1));
        let name = before.get(from..).unwrap_or_default();
        let within = name == "url" && after.trim_start_matches(['"', '\'', ' ']).starts_with('#');
        if !within && !FUNCTIONS.contains(&name) {
            return false;
        }
        rest = after;
    }
    true
}

fn size_of(root: Node<'_, '_>) -> Option<(f64, f64)> {
    let number = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok();
    let both = |width: f64, height: f64| {
        let sane = |side: f64| side.is_finite() && side > 0.0;
        (sane(width) && sane(height)).then_some((width, height))
    };
    if let Some(view) = root.attribute("viewBox") {
        let sides: Vec<&str> = view.split([' ', ',', '\t', '\n']).filter(|side| !side.is_empty()).collect();
        let [_, _, width, height] = sides.as_slice() else { return None };
        return both(number(width)?, number(height)?);
    }
    both(number(root.attribute("width")?)?, number(root.attribute("height")?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(inside: &str) -> String {
        format!("<svg xmlns=\"{SVG}\" xmlns:xlink=\"{XLINK}\" viewBox=\"0 0 96 32\">{inside}</svg>")
    }

    #[test]
    fn a_drawing_is_taken_with_its_size() {
        for inside in [
            "<title>A mark</title><path d=\"M0 0h9v9z\" fill=\"#0a5e59\"/>",
            "<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"rgb(1, 2, 3)\"/></linearGradient>\
             <linearGradient id=\"b\" xlink:href=\"#a\" gradientTransform=\"rotate(45)\"/></defs>\
             <rect width=\"9\" height=\"9\" fill=\"url(#b)\"/>",
            "<style>.a{fill:#123456;clip-path:url('#c')}</style><!-- drawn by hand --><g class=\"a\" style=\"opacity:.5\"><circle r=\"4\"/></g>",
        ] {
            assert_eq!(judge(&drawing(inside)), Ok((96.0, 32.0)), "{inside}");
        }
        let sized = format!("<svg xmlns=\"{SVG}\" width=\"40px\" height=\"20\"/>");
        assert_eq!(judge(&sized), Ok((40.0, 20.0)));
    }

    #[test]
    fn what_could_do_or_load_something_is_refused_by_name() {
        for (inside, says) in [
            ("<script>alert(1)</script>", "<script>"),
            ("<script href=\"https://evil.example/x.js\"/>", "<script>"),
            ("<g onload=\"alert(1)\"/>", "onload"),
            ("<g OnClick=\"alert(1)\"/>", "OnClick"),
            ("<image href=\"https://evil.example/x.png\"/>", "<image>"),
            ("<use href=\"#a\"/>", "<use>"),
            ("<a href=\"javascript:alert(1)\"><path d=\"M0 0\"/></a>", "<a>"),
            ("<foreignObject/>", "<foreignObject>"),
            ("<animate attributeName=\"href\" to=\"https://evil.example\"/>", "<animate>"),
            ("<set attributeName=\"onclick\" to=\"alert(1)\"/>", "<set>"),
            ("<filter id=\"f\"/>", "<filter>"),
            ("<text>A</text>", "<text>"),
            ("<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\"/>", "<script>"),
            ("<i xmlns=\"http://www.w3.org/1999/xhtml\"/>", "<i>"),
            ("<linearGradient xlink:href=\"https://evil.example/g.svg#a\"/>", "href"),
            ("<linearGradient href=\"other.svg#a\"/>", "href"),
            ("<rect fill=\"url(https://evil.example/#a)\"/>", "fill"),
            ("<rect fill=\"url( 'other.svg#a' )\"/>", "fill"),
            ("<rect style=\"fill:u\\72l(//evil.example)\"/>", "style"),
            ("<rect style=\"background:image-set('x.png' 1x)\"/>", "style"),
            ("<g xml:base=\"https://evil.example/\"/>", "base"),
            ("<style>@import 'https://evil.example/x.css';</style>", "a style in line 1"),
            ("<style>rect{fill:url(//evil.example/a)}</style>", "a style in line 1"),
            ("<style><![CDATA[@font-face{src:url(x)}]]></style>", "a style in line 1"),
        ] {
            let said = judge(&drawing(inside)).unwrap_err();
            assert!(said.contains(says), "{inside}: {said}");
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        let entities = format!("<!DOCTYPE svg [<!ENTITY a \"aaaa\">]>{}", drawing("<title>&a;</title>"));
        let sheet = format!("<?xml-stylesheet href=\"https://evil.example/x.css\"?>{}", drawing(""));
        let bare = |attributes: &str| format!("<svg xmlns=\"{SVG}\"{attributes}/>");
        for (text, says) in [
            (entities, "DTD"),
            (sheet, "processing instruction"),
            ("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>".to_owned(), "is no SVG"),
            ("<svg viewBox=\"0 0 1 1\"/>".to_owned(), "is no SVG"),
            ("<svg".to_owned(), "is no SVG"),
            (String::new(), "is no SVG"),
            (bare(""), "viewBox"),
            (bare(" viewBox=\"0 0 0 9\""), "viewBox"),
            (bare(" viewBox=\"0 0 NaN inf\""), "viewBox"),
            (bare(" width=\"100%\" height=\"9\""), "viewBox"),
        ] {
            let said = judge(&text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
