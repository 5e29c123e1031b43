//! `POST /language`: remembers the language somebody chose.

use actix_web::HttpResponse;

use super::{Fields, Reader, WebError, cookies, see_other};
use crate::lang::Language;

/// Fields: `language` (`de` | `en`), `return_to` (a path of this site).
pub async fn choose(reader: Reader, fields: Fields) -> Result<HttpResponse, WebError> {
    let language = Language::parse(fields.get("language")).ok_or(WebError::NotAForm)?;
    let path = own_path(fields.get("return_to")).unwrap_or("/");
    let mut answer = see_other(&in_language(path, language));
    answer.add_cookie(&cookies::language(&reader.app.settings, language)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// The path with another language where it names one: a link would say the old one again.
fn in_language(path: &str, language: Language) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some(("language", _)) => format!("language={}", language.as_str()),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// The path, if it leads to a page of this site: browsers take `//host` and `/\host` for other sites.
pub fn own_path(path: &str) -> Option<&str> {
    let stays = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    stays.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_with_a_language_follows_the_choice() {
        for (path, expected) in [
            ("/guide", "/guide"),
            ("/guide?hosting=cloud&language=de", "/guide?hosting=cloud&language=en"),
            ("/?language=x", "/?language=en"),
            ("/guide?languages=de", "/guide?languages=de"),
        ] {
            assert_eq!(in_language(path, Language::En), expected);
        }
    }

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert_eq!(own_path("/desk/cases?state=verifying"), Some("/desk/cases?state=verifying"));
        for elsewhere in
            ["", "https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil", "desk"]
        {
            assert_eq!(own_path(elsewhere), None, "{elsewhere:?}");
        }
    }
}
