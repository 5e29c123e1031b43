//! The case file as one page of HTML that needs nothing else: no script, no picture, nothing loaded. Pure.
//!
//! Whatever stands in it was written by others: it is escaped, and what nobody would see is made visible.

use std::fmt::Write as _;

use super::document::Document;
use crate::characters::write_html;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem;\
color:#1a1a1a;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #767676}\
dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.4rem 1.5rem}dt{font-weight:600}dd{margin:0;min-width:0;\
overflow-wrap:anywhere}dd p{margin:0;white-space:pre-wrap;min-height:.5em}\
@media(max-width:40rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.6rem}}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}\
@media print{body{max-width:none;padding:0;color:#000;background:#fff}dt,dd{break-inside:avoid}}";

pub fn write(document: &Document) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
        document.language.as_str(),
        write_html(&document.title),
        write_html(&document.title),
    );
    // Writing to a string can't fail.
    for text in &document.intro {
        let _ = writeln!(page, "<p>{}</p>", write_html(text));
    }
    for section in &document.sections {
        let _ = writeln!(page, "<section>\n<h2>{}</h2>\n<dl>", write_html(&section.title));
        for entry in &section.entries {
            let _ = write!(page, "<dt>{}</dt><dd>", write_html(&entry.term));
            for line in &entry.lines {
                let _ = write!(page, "<p>{}</p>", write_html(line));
            }
            page.push_str("</dd>\n");
        }
        page.push_str("</dl>\n</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}
