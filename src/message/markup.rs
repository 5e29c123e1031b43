//! What HTML elements mean in mail: which ones hold quotes, signatures or nothing to read.
//!
//! Mail programs mark these in class names, ids and styles; the marks below are theirs.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    /// Content is not for reading: style, script, head, title.
    Hidden,
    /// `blockquote type=cite` and the like: lines get a `>`.
    Quote,
    /// A `blockquote` that nothing marks as a quotation.
    Indented,
    /// A mail program put the earlier message into it.
    Wrapper,
    Signature,
    Preformatted,
}

/// Elements that stand on lines of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "table"
            | "tr"
            | "ul"
            | "ol"
            | "li"
            | "blockquote"
            | "pre"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "center"
            | "address"
            | "article"
            | "section"
            | "header"
            | "footer"
            | "dl"
            | "dt"
            | "dd"
            | "form"
            | "fieldset"
            | "body"
            | "html"
            | "head"
            | "figure"
            | "tbody"
            | "thead"
            | "main"
            | "nav"
            | "aside"
    )
}

/// The role of an element by its name and its lower-case attributes.
pub(super) fn role(name: &str, attributes: &str) -> Role {
    if matches!(name, "head" | "template") {
        return Role::Hidden;
    }
    if name == "pre" {
        return Role::Preformatted;
    }
    if name == "blockquote" {
        // Many people use it to indent what they write themselves.
        let marks = ["cite", "quote", "border-left"];
        return if marks.iter().any(|mark| attributes.contains(mark)) { Role::Quote } else { Role::Indented };
    }
    let signature = [
        "moz-signature",
        "gmail_signature",
        "id=\"signature",
        "id=\"ms-outlook-mobile-signature",
        "data-signature",
        "class=\"signature",
        "applemailsignature",
        "messagesignaturesection",
        "protonmail_signature_block",
        "composer_signature",
        "gmail_signature_prefix",
    ];
    if signature.iter().any(|mark| attributes.contains(mark)) {
        return Role::Signature;
    }
    let wraps = [
        "gmail_quote",
        "gmail_extra_quote",
        "yahoo_quoted",
        "yahooquoted",
        "moz-cite-prefix",
        "moz-forward-container",
        "olk_src_body_section",
        "reply-intro",
        "zmail_extra",
        "protonmail_quote",
        "wordsection_reply",
        "ms-outlook-mobile-reference-message",
        "mail-editor-reference-message-container",
        "orginalmsg",
        "tutanota_quote",
        "gmx_quote",
        "name=\"quote\"",
        "freemail_quote",
        "uploaded-quote",
        "message-quote",
        "unibox_quote",
    ];
    if wraps.iter().any(|mark| attributes.contains(mark)) { Role::Wrapper } else { Role::Plain }
}

/// Elements in which mail programs put the heading of the earlier message, which follows them.
pub(super) fn is_quote_heading(attributes: &str) -> bool {
    ["divrplyfwdmsg", "outlookmessageheader"].iter().any(|mark| attributes.contains(mark))
}

/// Outlook draws a line above the heading of the quoted message and gives it no name; people draw lines, too.
pub(super) fn is_quote_border(attributes: &str) -> bool {
    let tag: String = attributes.chars().filter(|c| !c.is_whitespace()).collect();
    let border = [
        "border-top:solid#e1e1e1",
        "border-top:solid#b5c4df",
        "border:none;border-top:solid",
        "appendonsend",
    ];
    border.iter().any(|style| tag.contains(style))
}

/// Rules that web mailers draw above the quoted message.
pub(super) fn is_quote_divider(tag: &str) -> bool {
    ["stopspelling", "tabindex=\"-1\"", "tabindex=-1", "replysplit", "zwchr"]
        .iter()
        .any(|mark| tag.contains(mark))
}
