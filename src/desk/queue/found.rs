//! Why a search found a case: where its words stand, with a piece of the text around them.
//!
//! The pieces are words of others; templates escape them. Which cases are found, the database says (`search_cases`).

use std::collections::HashMap;

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use uuid::Uuid;

/// How much of a text is shown before and after what was looked for, in characters.
const BEFORE: usize = 40;
const AFTER: usize = 80;

/// Where a case was found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// `number`, `customer`, `people`, `licence`, `correction`, `note`, `inbound`, `letter`.
    source: String,
    before: String,
    /// The word itself; empty where it is spelt otherwise.
    hit: String,
    after: String,
}

/// The best place for each of the cases. One query. Of the rows of a case, words are counted only in those that have one.
pub async fn explain(
    connection: &mut PgConnection,
    cases: &[Uuid],
    text: &str,
    tolerant: bool,
) -> anyhow::Result<HashMap<Uuid, Found>> {
    let rows = sqlx::query!(
        r#"with terms as materialized (
             select ('''' || term || ''':*')::tsquery as asked
             from unnest(find_words($2) || array_remove(array[compact_number($2)], '')) term),
         asked as materialized (
             select fold_text($2) as folded, (select string_agg(asked::text, ' | ')::tsquery from terms) as any_of),
         best as (
             select distinct on (s.case_id) s.case_id, s.source, s.source_id
             from asked cross join case_search s cross join lateral (
                 select count(*) as hits from terms where s.words @@ terms.asked) h
             where s.case_id = any(array(select unnest($1::uuid[]))) and (s.words @@ asked.any_of or (select $3::bool) and s.names <> '')
             order by s.case_id, h.hits desc, word_similarity(asked.folded, s.names) desc,
                 array_position(array['number', 'customer', 'licence', 'people', 'correction', 'note', 'inbound', 'letter'],
                     s.source))
         select b.case_id, b.source, coalesce(case b.source
             when 'number' then (select concat_ws(' · ', number, atlassian_ticket, reference) from cases where id = b.case_id)
             when 'customer' then (select concat_ws(' · ', company, customer_number) from escalations e
                 where e.case_id = b.case_id)
             when 'people' then (select concat_ws(' · ', requester_name, write_address(requester_email), requester_phone,
                     requester_position, departed_name, write_address(departed_email), successor_name,
                     write_address(successor_email))
                 from escalations e where e.case_id = b.case_id)
             when 'licence' then (select string_agg(value, ' · ' order by position) from case_entitlements e
                 where e.case_id = b.case_id)
             when 'correction' then (select value from corrections where id = b.source_id)
             when 'note' then coalesce((select body from case_notes where id = b.source_id),
                 (select explanation from escalations e where e.case_id = b.source_id))
             when 'inbound' then (select concat_ws(' · ', subject, from_address, left(visible_text, 20000)) from inbound_emails
                 where id = b.source_id)
             else (select concat_ws(' · ', subject, write_address(envelope_to)) from emails where id = b.source_id) end, '')
             as "text!"
         from best b"#,
        cases,
        text,
        tolerant,
    )
    .fetch_all(connection)
    .await
    .context("could not explain a search")?;
    let terms = words(text).map(|(_, word)| fold(word)).collect::<Vec<_>>();
    Ok(rows.into_iter().map(|row| (row.case_id, Found::cut(row.source, &row.text, &terms))).collect())
}

impl Found {
    /// The text around the first word that begins like one of the terms; its beginning where there is none.
    fn cut(source: String, text: &str, terms: &[String]) -> Self {
        let hit = words(text).find(|(_, word)| {
            let folded = fold(word);
            terms.iter().any(|term| folded.starts_with(term.as_str()))
        });
        let (start, word) = hit.unwrap_or((0, ""));
        let (before, rest) = text.split_at_checked(start).unwrap_or(("", text));
        let after = rest.strip_prefix(word).unwrap_or(rest);
        let kept: Vec<char> = before.chars().rev().take(BEFORE).collect();
        let is_cut = kept.len() < before.chars().count();
        let mut shown: String = kept.into_iter().rev().collect();
        let mut ending: String = after.chars().take(AFTER).collect();
        let is_longer = ending.len() < after.len();
        // Between words, where there is more than one.
        if let Some((_, whole)) = shown.split_once(' ').filter(|(_, whole)| is_cut && !whole.is_empty()) {
            shown = whole.to_owned();
        }
        if let Some((whole, _)) = ending.rsplit_once(' ').filter(|(whole, _)| is_longer && !whole.is_empty())
        {
            ending.truncate(whole.len());
        }
        Self {
            source,
            before: format!("{}{shown}", if is_cut { "… " } else { "" }),
            hit: word.to_owned(),
            after: format!("{ending}{}", if is_longer { " …" } else { "" }),
        }
    }
}

/// The words of a text with the places where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr().addr();
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr().addr().saturating_sub(base), word))
}

/// As `fold_text` of the database folds a word; only to show where it stands.
fn fold(word: &str) -> String {
    let mut folded = String::new();
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'e' if folded.ends_with(['a', 'o', 'u']) => {}
            // Sharp s.
            '\u{df}' => folded.push_str("ss"),
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, asked: &str) -> (String, String, String) {
        let terms: Vec<String> = words(asked).map(|(_, word)| fold(word)).collect();
        let found = Found::cut("note".into(), text, &terms);
        (found.before, found.hit, found.after)
    }

    #[test]
    fn the_word_is_found_however_it_is_written() {
        for (text, asked, hit) in [
            ("Herr Müller rief an.", "mueller", "Müller"),
            ("Herr Mueller rief an.", "MÜLLER", "Mueller"),
            ("Die Straße", "strasse", "Straße"),
            ("Mu\u{308}ller", "muller", "Mu\u{308}ller"),
            ("jörg@müller-idn.example", "idn", "idn"),
            ("nothing of it", "x", ""),
        ] {
            assert_eq!(cut(text, asked).1, hit, "{text} {asked}");
        }
    }

    #[test]
    fn long_texts_are_cut_around_it() {
        let text = format!("{} Lizenzschlüssel {}", "ä".repeat(500), "ö".repeat(500));
        let (before, hit, after) = cut(&text, "lizenz");
        assert_eq!(hit, "Lizenzschlüssel");
        assert!(before.starts_with("… ä") && before.chars().count() == BEFORE + 2, "{before}");
        assert!(after.ends_with("ö …") && after.chars().count() == AFTER + 2, "{after}");
    }

    #[test]
    fn they_are_cut_between_words() {
        let text = format!("{}Lizenzschlüssel{}", "vorher ".repeat(20), " nachher".repeat(20));
        let (before, hit, after) = cut(&text, "lizenz");
        assert_eq!(
            (before.as_str(), hit.as_str()),
            ("… vorher vorher vorher vorher vorher ", "Lizenzschlüssel")
        );
        assert_eq!(after, format!("{} …", " nachher".repeat(9)));
    }
}
