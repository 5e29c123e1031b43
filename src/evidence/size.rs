//! Sizes of files as people read them.

use crate::lang::Language;

const KILO: u64 = 1024;

/// "340 KB", "2.4 MB" or "2,4 MB"; never less than it is.
pub fn words(bytes: u64, language: Language) -> String {
    if bytes < KILO * KILO {
        return format!("{} KB", bytes.div_ceil(KILO));
    }
    let tenths = bytes.saturating_mul(10).div_ceil(KILO * KILO);
    let point = if language == Language::De { ',' } else { '.' };
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        rest => format!("{}{point}{rest} MB", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (bytes, german) in
            [(1, "1 KB"), (1024, "1 KB"), (1025, "2 KB"), (10 << 20, "10 MB"), (2_500_000, "2,4 MB")]
        {
            assert_eq!(words(bytes, Language::De), german);
        }
        assert_eq!(words(2_500_000, Language::En), "2.4 MB");
    }
}
