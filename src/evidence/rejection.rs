//! Why a file is not taken, with the sentence that says how to mend it.

use strum::{EnumIter, IntoStaticStr};

use super::size;
use crate::{
    lang::{Arguments, Language},
    web::upload::NoUpload,
};

/// How much is taken, from the settings.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub file_bytes: usize,
    /// All that ever came, also what was deleted since.
    pub files_per_case: u32,
    pub case_bytes: u64,
    /// Of all cases.
    pub total_bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Rejection {
    /// No file was chosen, or it is empty.
    NoFile,
    /// More than one file in one form.
    SeveralFiles,
    TooLarge,
    /// The case has as many files as one may have.
    TooMany,
    /// The files of the case would be too large together.
    CaseFull,
    /// The files of all cases would be too large together.
    StoreFull,
    /// The case has this very file.
    Duplicate,
    /// The upload broke off.
    BrokenOff,
    /// The upload took too long, or too many others were under way.
    TooSlow,
    /// More came in one form than is read of it.
    TooMuchAtOnce,
    /// A photo as telephones of Apple keep it (HEIC).
    PhonePhoto,
    /// Neither PDF nor JPEG nor PNG, whatever its name says.
    UnknownType,
    /// It begins as one of these, and is not whole.
    Damaged,
    /// A PDF that wants a password, or forbids something.
    Protected,
    /// A PDF that runs or carries something.
    ActiveContent,
    /// Something else besides what it says it is.
    TwoInOne,
    /// An image that would be huge once unpacked.
    TooManyPixels,
    /// Files are not taken here.
    Off,
}

impl From<NoUpload> for Rejection {
    fn from(missing: NoUpload) -> Self {
        match missing {
            NoUpload::Missing => Self::NoFile,
            NoUpload::Several => Self::SeveralFiles,
            NoUpload::TooLarge => Self::TooLarge,
            NoUpload::BrokenOff => Self::BrokenOff,
            NoUpload::TooSlow => Self::TooSlow,
            NoUpload::TooMuch => Self::TooMuchAtOnce,
        }
    }
}

impl Rejection {
    /// `evidence-rejected-…`, the message key.
    pub fn key(self) -> String {
        let word: &str = self.into();
        format!("evidence-rejected-{word}")
    }

    pub fn sentence(self, limits: Limits, language: Language) -> String {
        let file_bytes = u64::try_from(limits.file_bytes).unwrap_or(u64::MAX);
        let arguments: Arguments<'_> = [
            ("file_size".into(), size::words(file_bytes, language).into()),
            ("case_size".into(), size::words(limits.case_bytes, language).into()),
            ("files".into(), limits.files_per_case.into()),
        ]
        .into();
        language.text_with(&self.key(), &arguments)
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn every_rejection_says_how_to_mend_it() {
        let limits =
            Limits { file_bytes: 10 << 20, files_per_case: 20, case_bytes: 50 << 20, total_bytes: 20 << 30 };
        for rejection in Rejection::iter() {
            for language in Language::ALL {
                let sentence = rejection.sentence(limits, language);
                assert!(
                    sentence.len() > 30 && !sentence.contains(&rejection.key()),
                    "{rejection:?}: {sentence}"
                );
            }
        }
        assert!(Rejection::TooLarge.sentence(limits, Language::En).contains("10 MB"));
    }
}
