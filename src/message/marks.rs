//! Signs that the reading of HTML leaves in a text for the search for quotations. None of them comes from a message, and none is
//! left in what is shown.

/// A line of its own: from here on everything is an earlier message.
pub(super) const QUOTE_MARK: &str = "\u{E000}";
/// A line of its own: what a mail program wrapped up as an earlier message, to `WRAP_END`.
pub(super) const WRAP_MARK: &str = "\u{E003}";
pub(super) const WRAP_END: &str = "\u{E004}";
/// A line of its own: a rule, below which an earlier message may begin.
pub(super) const RULE_MARK: &str = "\u{E005}";
/// At the start of a line: it is indented, perhaps because it is a quotation.
pub(super) const INDENT_MARK: char = '\u{E006}';
/// A line of its own: the block up to `SIGNATURE_END` is a signature.
pub(super) const SIGNATURE_MARK: &str = "\u{E001}";
/// A line of its own: the signature block is over.
pub(super) const SIGNATURE_END: &str = "\u{E002}";

/// Whether it is one of the characters that mark lines, which no text may bring along.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{E006}')
}
