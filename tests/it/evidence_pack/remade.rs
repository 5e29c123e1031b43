//! Packs as somebody makes them who has one and changes it: entry by entry, field by field, with and without a signature of their own.

use std::io::{Cursor, Read as _, Write as _};

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer as _, SigningKey};
use handover::{
    case::digest::Digest,
    pack::format::{Entry, MANIFEST, Manifest, SIGNATURE},
    token::sha256,
    transparency::keys,
};
use serde_json::Value;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The entries of a pack, to be changed.
#[derive(Clone)]
pub struct Remade(pub Vec<(String, Vec<u8>)>);

impl Remade {
    pub fn of(pack: &[u8]) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(pack)).unwrap();
        let count = archive.len();
        let read = |index| {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        };
        Self((0..count).map(read).collect::<Vec<_>>())
    }

    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub fn entry(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(there, _)| there == name).unwrap_or_else(|| panic!("no {name}")).1
    }

    pub fn text(&self, name: &str) -> String {
        let entry = self.0.iter().find(|(there, _)| there == name).unwrap_or_else(|| panic!("no {name}"));
        String::from_utf8_lossy(&entry.1).into_owned()
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    #[must_use]
    pub fn with_json(&self, name: &str, value: &Value) -> Self {
        let mut remade = self.clone();
        *remade.entry(name) = serde_json::to_vec(value).unwrap();
        remade
    }

    /// As they are, whatever the manifest says.
    pub fn zip(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.0 {
            let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            zip.start_file(name.as_str(), stored).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// With a manifest of what is there now, signed by this key: what whoever has no key of ours can do.
    pub fn signed_by(&self, key: &SigningKey) -> Self {
        let mut remade = self.clone();
        let mut manifest: Manifest = serde_json::from_value(self.json(MANIFEST)).unwrap();
        manifest.public_key = keys::pem(&key.verifying_key());
        manifest.entries = self
            .0
            .iter()
            .filter(|(name, _)| name != MANIFEST && name != SIGNATURE)
            .map(|(name, bytes)| Entry {
                name: name.clone(),
                size: bytes.len().try_into().unwrap(),
                sha256: Digest(sha256(bytes)),
            })
            .collect();
        let bytes = serde_json::to_vec(&manifest).unwrap();
        let id = HEXLOWER.encode(&keys::id(&key.verifying_key()));
        let digest = HEXLOWER.encode(&sha256(&bytes));
        let text = format!("handover-pack-manifest-v1\nmanifest {digest}\nkey {id}\n");
        let signature = BASE64.encode(&key.sign(text.as_bytes()).to_bytes());
        *remade.entry(MANIFEST) = bytes;
        *remade.entry(SIGNATURE) = format!("{text}signature {signature}\n").into_bytes();
        remade
    }
}

/// Every change of one leaf of a JSON value whose path is meant: where it is, and the value with it.
pub fn each_field_changed(value: &Value, is_meant: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    walk(value, &mut String::new(), &mut |path| {
        if !is_meant(path) {
            return;
        }
        let mut changed = value.clone();
        let leaf = changed.pointer_mut(path).unwrap();
        *leaf = other(leaf);
        found.push((path.to_owned(), changed));
    });
    found
}

fn walk(value: &Value, path: &mut String, on: &mut impl FnMut(&str)) {
    let length = path.len();
    let steps: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(all) => all.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return on(path),
    };
    for (step, value) in steps {
        path.push('/');
        path.push_str(&step);
        walk(value, path, on);
        path.truncate(length);
    }
}

/// Another value of the same kind, as small a change as there is.
fn other(value: &Value) -> Value {
    match value {
        Value::Null => "00000000-0000-0000-0000-000000000009".into(),
        Value::Bool(bool) => (!bool).into(),
        Value::Number(number) => (number.as_i64().unwrap() + 1).into(),
        Value::String(text) if text.is_empty() => "0".into(),
        Value::String(text) => {
            // The last sign that is no bracket: in a text of JSON, within one of its values.
            let at = text.rfind(|c: char| c.is_ascii_alphanumeric()).unwrap_or(0);
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
            String::from_utf8(bytes).unwrap().into()
        }
        other => other.clone(),
    }
}
