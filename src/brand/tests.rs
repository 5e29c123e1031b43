//! The face as a whole: what the settings of the demo make of it, what is refused, and that all of it is said at once.

use super::*;

fn made(overrides: &str) -> Result<Brand, Vec<String>> {
    Brand::try_new(&Settings::with(overrides).unwrap()).map_err(|refused| refused.0)
}

fn file<'a>(brand: &'a Brand, path: &str) -> (&'a BrandFile, bool) {
    brand.find(path.strip_prefix(FOLDER).unwrap()).unwrap()
}

fn text(brand: &Brand, path: &str) -> String {
    String::from_utf8(file(brand, path).0.bytes.clone()).unwrap()
}

#[test]
fn the_invented_reseller_has_a_face() {
    let brand = made("").unwrap();
    let site = &brand.site;
    assert_eq!(site.name, EXAMPLE_RESELLER);
    assert!(site.phone.is_some() && site.hours.is_some() && site.address.is_some() && site.imprint.is_some());
    assert_eq!(file(&brand, &site.logo.path).0.bytes, EXAMPLE_LOGO);
    assert_eq!(file(&brand, &site.icon.path).0.bytes, EXAMPLE_LOGO);
    assert!(!site.logo.plate && site.logo.dark.is_some());
    let sheet = text(&brand, &site.sheet);
    assert!(sheet.starts_with("@layer base{:root{--accent:#0a5e59;"), "{sheet}");
    assert_eq!(sheet.matches("--accent:").count(), 2, "{sheet}");
}

#[test]
fn another_name_is_not_shown_with_the_invented_logo() {
    let brand = made("reseller.name = \"ätna & <b>\"").unwrap();
    let drawn = text(&brand, &brand.site.logo.path);
    assert!(drawn.contains(">Ä</text>") && !drawn.contains("<b>"), "{drawn}");
    assert!(!brand.site.logo.plate && brand.site.logo.dark.is_none());
    // A name without a letter is a plain tile.
    let plain = made("reseller.name = \"&&\"").unwrap();
    assert!(text(&plain, &plain.site.icon.path).contains("></text>"));
}

#[test]
fn a_logo_is_read_and_known_by_its_content() {
    let folder = tempfile::TempDir::new().unwrap();
    let wide = folder.path().join("wide.svg");
    std::fs::write(&wide, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 40\"/>").unwrap();
    let first = made(&format!("reseller.logo = {wide:?}\nreseller.accent = \"#1d5691\"")).unwrap();
    let LogoView { width, height, plate, path, .. } = &first.site.logo;
    assert_eq!((*width, *height, *plate), (120, 40, true));
    assert!(path.starts_with("/brand/logo-") && path.ends_with(".svg"), "{path}");
    assert!(text(&first, &first.site.icon.path).contains("<text"), "too wide for a tab");
    std::fs::write(&wide, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 41\"/>").unwrap();
    let second = made(&format!("reseller.logo = {wide:?}")).unwrap();
    assert_ne!(&second.site.logo.path, path);
    assert!(!file(&second, path).1 && file(&second, &second.site.logo.path).1);
    assert_ne!(first.site.sheet, second.site.sheet);
    assert!(second.find("look.css").is_none() && second.find("secret-0000.css").is_none());
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let said = made(
        "mail.from_name = \"A\\r\\nBcc: eve@evil.example\"\nmail.imprint = \"HRB\\u202e\"\nhttp.privacy_url = \"javascript:x\"\n\
         [reseller]\nname = \"A\\nB\"\nlogo = \"/dev/zero\"\naccent = \"#ff9900;}body{display:none\"\n\
         accent_dark = \"#000000\"\nphone = \"0800 CALL\"\nhours = \"Mo\\tFr\"\naddress = \"\\u200b\"",
    )
    .unwrap_err();
    let keys: Vec<&str> = said.iter().map(|sentence| sentence.split([' ', ':']).next().unwrap()).collect();
    assert_eq!(
        keys,
        [
            "reseller.name",
            "mail.from_name",
            "reseller.hours",
            "reseller.address",
            "mail.imprint",
            "http.privacy_url",
            "reseller.phone",
            "reseller.accent",
            "reseller.accent_dark",
            "reseller.logo",
        ],
        "{said:#?}"
    );
    assert!(!said.concat().contains("display"), "{said:#?}");
}

#[test]
fn hours_are_one_text_or_one_for_each_language() {
    let one = made("reseller.hours = \"9–17\"").unwrap();
    let hours = one.site.hours.as_ref().unwrap();
    assert_eq!((hours.de.as_str(), hours.en.as_str()), ("9–17", "9–17"));
    let two = made("reseller.hours = { de = \"vormittags\", en = \"mornings\" }").unwrap();
    assert_eq!(two.site.hours.as_ref().unwrap().en, "mornings");
    assert!(
        made("reseller.hours = \"\"\nreseller.phone = \"\"\nreseller.address = \"\"")
            .unwrap()
            .site
            .hours
            .is_none()
    );
    let keys = Settings::with("reseller.hours = { de = \"a\", en = \"b\", fr = \"c\" }");
    assert!(keys.is_err(), "a language that nobody reads is misspelt");
}
