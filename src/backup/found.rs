//! What is in a database, as far as a backup says it and a restore compares it.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::manifest::Manifest;
use crate::{migrations, transparency::heads};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub schema: i64,
    pub cases: i64,
    pub log_head: Option<String>,
}

impl Found {
    /// Of a schema that may be older than this program's.
    pub async fn look(connection: &mut PgConnection) -> anyhow::Result<Self> {
        let schema = migrations::applied(&mut *connection).await?.pop().unwrap_or_default();
        let cases = sqlx::query_scalar!(r#"select count(*) as "cases!" from cases"#)
            .fetch_one(&mut *connection)
            .await
            .context("could not count the cases")?;
        let head = if has_log(&mut *connection).await? { heads::current(connection).await? } else { None };
        Ok(Self { schema, cases, log_head: head.map(|head| head.text()) })
    }

    /// What is otherwise than the backup says, a sentence each.
    pub fn differs(&self, manifest: &Manifest) -> Vec<String> {
        let mut differs = Vec::new();
        if self.schema != manifest.schema {
            differs.push(format!("its schema is {}, and the backup says {}", self.schema, manifest.schema));
        }
        if self.cases != manifest.cases {
            differs.push(format!("{} cases are in it, and the backup says {}", self.cases, manifest.cases));
        }
        if self.log_head != manifest.log_head {
            differs.push("the head of its log is not the one that the backup names".to_owned());
        }
        differs
    }
}

pub async fn has_log(connection: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select to_regclass('log_heads') is not null as "has_log!""#)
        .fetch_one(connection)
        .await
        .context("could not look for the log")
}
