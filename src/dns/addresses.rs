//! The addresses of a host. Whether one may be spoken to is for whoever asks.

use std::net::IpAddr;

use futures_util::future::join;
use hickory_resolver::proto::rr::{RData, RecordType};

use super::{Said, ask};
use crate::config::Dns;

/// So many addresses of one name are looked at.
const MOST_ADDRESSES: usize = 32;

/// The addresses of a host that a message is to be sent to: what the first resolver says that answers. They need not agree, for
/// big sites answer everybody otherwise; who asks judges every one. Empty where there is none.
///
/// # Errors
/// Where no resolver answers, or one names more addresses than anybody needs.
pub async fn find_addresses(settings: &Dns, name: &str) -> anyhow::Result<Vec<IpAddr>> {
    let mut failed = None;
    for server in &settings.resolvers {
        let ask = |record| ask(*server, settings.timeout_seconds, name, record);
        let (four, six) = join(ask(RecordType::A), ask(RecordType::AAAA)).await;
        let mut found = Vec::new();
        match (four, six) {
            (Err(error), Err(_)) => {
                failed = Some(error);
                continue;
            }
            (four, six) => {
                for said in [four, six].into_iter().flatten() {
                    if let Said::Records(records) = said {
                        found.extend(records.iter().filter_map(|data| match data {
                            RData::A(address) => Some(IpAddr::V4(address.0)),
                            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
                            _ => None,
                        }));
                    }
                }
            }
        }
        anyhow::ensure!(found.len() <= MOST_ADDRESSES, "a name has too many addresses");
        return Ok(found);
    }
    Err(failed.unwrap_or_else(|| anyhow::anyhow!("no resolver is configured")))
}
