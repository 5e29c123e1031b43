//! Where each setting has its value from, for whoever asks why something is as it is. Knows no value.

use std::path::PathBuf;

use figment::{Figment, Metadata};

/// Where each setting has its value from.
#[derive(Debug)]
pub struct Sources {
    pub(super) layers: Figment,
    /// By the key of the secret.
    pub(super) secret_files: Vec<(String, PathBuf)>,
    /// `http.public_url` was made of other settings.
    pub(super) is_url_made: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Default,
    /// Made of other settings.
    Made,
    File(PathBuf),
    Variable(String),
    /// The secret lies in it; what names it is the source of `<key>_file`.
    SecretFile(PathBuf),
}

impl Sources {
    pub fn find(&self, key: &str) -> Source {
        if let Some((_, file)) = self.secret_files.iter().find(|(known, _)| known == key) {
            return Source::SecretFile(file.clone());
        }
        if self.is_url_made && key == "http.public_url" {
            return Source::Made;
        }
        // Of tables in a row, the row as a whole is known.
        let ends = key.match_indices('.').map(|(at, _)| at).chain([key.len()]);
        let mut found: Vec<&str> = ends.filter_map(|end| key.get(..end)).collect();
        while let Some(part) = found.pop() {
            if let Some(metadata) = self.layers.find_metadata(part) {
                return Source::of(metadata);
            }
        }
        Source::Default
    }
}

impl Source {
    fn of(metadata: &Metadata) -> Self {
        match &metadata.source {
            Some(figment::Source::File(file)) => Self::File(file.clone()),
            Some(figment::Source::Custom(_)) => Self::Variable(metadata.name.to_string()),
            _ => Self::Default,
        }
    }
}
