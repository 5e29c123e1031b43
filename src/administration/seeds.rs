//! The text blocks that Handover brings along: written at the first start, the reseller's to change from then on.

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde::Deserialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::{blocks::create_in, trail::Doer, variables::Kind, words::Words};
use crate::clock::Timestamp;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeds {
    block: Vec<Seed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    kind: Kind,
    title_de: String,
    title_en: String,
    de: Option<String>,
    en: String,
}

fn read() -> anyhow::Result<Vec<(Kind, Words)>> {
    let seeds: Seeds = Figment::from(Toml::string(include_str!("../../templates/text_blocks.toml")))
        .extract()
        .context("templates/text_blocks.toml is not valid")?;
    let trimmed = |text: String| text.trim().to_owned();
    Ok(seeds
        .block
        .into_iter()
        .map(|seed| {
            let Seed { kind, title_de, title_en, de, en } = seed;
            (kind, Words { title_de, title_en, de: de.map(trimmed), en: trimmed(en) })
        })
        .collect())
}

/// Writes them where there is no block at all, all of them or none. `false` where there are some: none is ever deleted, so what
/// somebody retired does not come back.
pub async fn plant(pool: &PgPool, now: Timestamp) -> anyhow::Result<bool> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    // Several processes may start at once.
    sqlx::query!("select event_count from administration_chain for update")
        .fetch_one(&mut *transaction)
        .await
        .context("could not find the end of the trail of administration")?;
    let any = sqlx::query_scalar!(r#"select exists (select from text_blocks) as "any!""#)
        .fetch_one(&mut *transaction)
        .await
        .context("could not look for text blocks")?;
    if any {
        return Ok(false);
    }
    for (kind, words) in read()? {
        create_in(&mut transaction, Doer::Program, (Uuid::now_v7(), kind, &words), now).await?;
    }
    transaction.commit().await.context("could not commit the first text blocks")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::VariantArray as _;

    use super::*;
    use crate::{
        administration::words::{ATLASSIAN, check},
        case::characters::Known,
    };

    #[test]
    fn every_seed_is_a_block_that_could_be_saved() {
        let mut known = Known::default();
        ATLASSIAN.into_iter().for_each(|domain| known.add_domain(domain));
        let seeds = read().unwrap();
        let mut titles = BTreeSet::new();
        for (kind, words) in &seeds {
            for text in words.de.iter().chain([&words.en]) {
                assert_eq!(check(*kind, text, &known).unwrap().as_str(), text, "{}", words.title_en);
            }
            assert_eq!(words.de.is_none(), kind.is_english(), "{}", words.title_en);
            assert!(titles.insert(words.title_de.clone()) && titles.insert(words.title_en.clone()));
        }
        for kind in Kind::VARIANTS {
            assert!(seeds.iter().any(|(of, _)| of == kind), "{kind:?}");
        }
    }
}
