//! HTML mail to plain text, for reading and for finding the quote in it.
//!
//! One pass over the bytes, no tree, no recursion; whatever the markup is, the time is linear. Quotes that
//! mail programs mark in their markup become lines with `>` or stand between marks, signatures too, so
//! that the rules for plain text apply. It is not for display: nothing of the markup survives.

use mail_parser::decoders::html::add_html_token;

use super::{
    marks::{
        INDENT_MARK, QUOTE_MARK, RULE_MARK, SIGNATURE_END, SIGNATURE_MARK, WRAP_END, WRAP_MARK, is_mark,
    },
    markup::{self, Role},
};

/// Open elements that are remembered; deeper nesting is read as text without structure.
const MAX_OPEN: usize = 200;
/// Bytes of a tag after which a `>` ends it even inside quotation marks, which are probably not closed.
const MAX_QUOTED: usize = 4000;
/// Levels of quoting that are written out.
const MAX_QUOTES: usize = 3;

struct Writer {
    text: String,
    line: String,
    open: Vec<(String, Role)>,
    hidden: usize,
    quotes: usize,
    indents: usize,
    wrappers: usize,
    preformatted: usize,
    space: bool,
}

/// The text of an HTML document.
pub(super) fn to_text(html: &str) -> String {
    let has_tag = html.match_indices('<').any(|(at, _)| {
        html.as_bytes().get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'!')
    });
    if !has_tag {
        // Declared as HTML, but plain text: its line breaks count.
        return html.to_owned();
    }
    let mut writer = Writer {
        text: String::with_capacity(html.len() / 2),
        line: String::new(),
        open: Vec::new(),
        hidden: 0,
        quotes: 0,
        indents: 0,
        wrappers: 0,
        preformatted: 0,
        space: false,
    };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        writer.words(before);
        rest = skip_markup(from, &mut writer);
    }
    writer.words(rest);
    writer.end_line();
    writer.text
}

/// Reads one piece of markup at the start of `text`; returns what follows it.
fn skip_markup<'a>(text: &'a str, writer: &mut Writer) -> &'a str {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    let is_tag = text
        .as_bytes()
        .get(1)
        .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'));
    if !is_tag {
        writer.words("<");
        return text.get(1..).unwrap_or_default();
    }
    let end = tag_end(text);
    let tag = text.get(1..end).unwrap_or_default();
    let rest = text.get(end + 1..).unwrap_or_default();
    let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':').take(20).collect();
    let name = name.to_ascii_lowercase();
    if closing {
        writer.close(&name);
        return rest;
    }
    writer.open(&name, tag);
    if matches!(name.as_str(), "style" | "script" | "title") {
        writer.close(&name);
        return skip_raw(rest, &name);
    }
    rest
}

/// The index of the `>` that ends a tag, minding quoted attribute values.
fn tag_end(text: &str) -> usize {
    let mut quote: Option<u8> = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), b'>') if at > MAX_QUOTED => return at,
            (Some(_), _) if at > 8 * MAX_QUOTED => break,
            (None, b'"' | b'\'') if text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'=') => {
                quote = Some(byte)
            }
            (None, b'>') => return at,
            _ => {}
        }
    }
    text.find('>').unwrap_or(text.len())
}

/// Skips the content of an element whose content is no markup.
fn skip_raw<'a>(text: &'a str, name: &str) -> &'a str {
    for (at, _) in text.match_indices("</") {
        let after = text.get(at + 2..at + 2 + name.len()).unwrap_or_default();
        if after.eq_ignore_ascii_case(name) {
            let rest = text.get(at..).unwrap_or_default();
            return rest.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

impl Writer {
    fn open(&mut self, name: &str, tag: &str) {
        if !matches!(name, "title" | "meta" | "link" | "base" | "style" | "script" | "template") {
            self.end_head();
        }
        match name {
            "br" => return self.end_line(),
            "hr" => {
                self.break_line();
                if markup::is_quote_divider(&tag.to_ascii_lowercase()) {
                    self.mark(RULE_MARK);
                }
                return;
            }
            "img" | "meta" | "link" | "input" | "base" | "col" | "area" | "wbr" => return,
            _ => {}
        }
        if markup::is_block(name) {
            self.break_line();
        }
        match name {
            "li" => self.words("- "),
            "td" | "th" => self.words(" "),
            _ => {}
        }
        if tag.ends_with('/') || self.open.len() >= MAX_OPEN {
            return;
        }
        let lower: String = tag.chars().skip(name.len()).take(600).collect::<String>().to_ascii_lowercase();
        let role = markup::role(name, &lower);
        if markup::is_quote_heading(&lower) {
            self.mark(QUOTE_MARK);
        } else if markup::is_quote_border(&lower) {
            self.mark(RULE_MARK);
        }
        match role {
            Role::Hidden => self.hidden += 1,
            Role::Quote => self.quotes += 1,
            Role::Indented => self.indents += 1,
            Role::Wrapper => {
                self.wrappers += 1;
                if self.wrappers == 1 {
                    self.mark(WRAP_MARK);
                }
            }
            Role::Preformatted => self.preformatted += 1,
            Role::Signature => self.mark(SIGNATURE_MARK),
            Role::Plain => {}
        }
        self.open.push((name.to_owned(), role));
    }

    fn close(&mut self, name: &str) {
        if markup::is_block(name) {
            self.break_line();
        }
        if name == "p" {
            self.blank_line();
        }
        // An element that was never opened closes nothing; the search is bounded by `MAX_OPEN`.
        let Some(at) = self.open.iter().rposition(|(open, _)| open == name) else { return };
        for (_, role) in self.open.split_off(at) {
            match role {
                Role::Hidden => self.hidden = self.hidden.saturating_sub(1),
                Role::Quote => {
                    self.break_line();
                    self.quotes = self.quotes.saturating_sub(1);
                }
                Role::Indented => {
                    self.break_line();
                    self.indents = self.indents.saturating_sub(1);
                }
                Role::Wrapper => {
                    self.wrappers = self.wrappers.saturating_sub(1);
                    if self.wrappers == 0 {
                        self.mark(WRAP_END);
                    }
                }
                Role::Preformatted => self.preformatted = self.preformatted.saturating_sub(1),
                Role::Signature => self.mark(SIGNATURE_END),
                Role::Plain => {}
            }
        }
    }

    /// What is to be read ends the head, whether or not somebody closed it.
    fn end_head(&mut self) {
        if self.open.last().is_some_and(|(name, _)| name == "head") {
            self.close("head");
        }
    }

    /// Text between tags: white space collapsed, entities resolved.
    fn words(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.end_head();
        }
        if self.hidden > 0 {
            return;
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let width = c.len_utf8();
            if c == '\n' && self.preformatted > 0 {
                self.end_line();
            } else if c.is_ascii_whitespace() && self.preformatted == 0 {
                self.space = true;
            } else {
                self.flush_space();
                if c == '&'
                    && let Some(length) = entity_length(rest)
                {
                    add_html_token(&mut self.line, rest.get(..length).unwrap_or_default().as_bytes(), false);
                    rest = rest.get(length..).unwrap_or_default();
                    continue;
                }
                self.line.push(c);
            }
            rest = rest.get(width..).unwrap_or_default();
        }
    }

    fn flush_space(&mut self) {
        if self.space && !self.line.is_empty() {
            self.line.push(' ');
        }
        self.space = false;
    }

    /// Ends the line if something is on it.
    fn break_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        self.space = false;
    }

    fn end_line(&mut self) {
        self.line.retain(|c| !is_mark(c));
        for _ in 0..self.quotes.min(MAX_QUOTES) {
            self.text.push_str("> ");
        }
        if self.quotes == 0 && self.indents > 0 && !self.line.is_empty() {
            self.text.push(INDENT_MARK);
        }
        self.text.push_str(self.line.trim_end());
        self.text.push('\n');
        self.line.clear();
        self.space = false;
    }

    fn blank_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.end_line();
        }
    }

    fn mark(&mut self, mark: &str) {
        self.break_line();
        self.text.push_str(mark);
        self.text.push('\n');
    }
}

/// The length of an entity like `&amp;` at the start of the text.
fn entity_length(text: &str) -> Option<usize> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let is_entity = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    is_entity.then_some(end + 1)
}
