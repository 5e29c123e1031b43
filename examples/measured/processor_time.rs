//! Processor time of processes on this machine, as Linux tells it. For what measures.

use std::fs;

use anyhow::{Context as _, Result};

/// What a process has computed so far, with those that it started and that have ended: milliseconds, to a hundredth of a second
/// (utime, stime, cutime and cstime of proc_pid_stat(5)).
pub fn processor_time(process: &str) -> Result<f64> {
    let said = fs::read_to_string(format!("/proc/{process}/stat"))
        .context("the process is not on this machine, or this is not Linux")?;
    let (_, fields) = said.rsplit_once(')').context("a process without a name")?;
    let spent = fields.split_whitespace().skip(11).take(4).map(|field| Ok(field.parse::<f64>()?));
    Ok(spent.sum::<Result<f64>>()? * 10.0)
}
