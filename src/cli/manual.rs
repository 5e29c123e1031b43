//! `manual`: man pages and completions for shells, made from the command line as it is; for whoever packages the program.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, complain};

#[derive(Debug, Args)]
pub(super) struct Manual {
    /// Where to write them: man/*.1, and completions/ with handover.bash, _handover and handover.fish.
    folder: PathBuf,
}

pub(super) fn run(manual: &Manual) -> ExitCode {
    match write(manual) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn write(Manual { folder }: &Manual) -> anyhow::Result<()> {
    let (pages, completions) = (folder.join("man"), folder.join("completions"));
    for made in [&pages, &completions] {
        fs::create_dir_all(made).with_context(|| format!("could not make {}", made.display()))?;
    }
    let context = || format!("could not write below {}", folder.display());
    clap_mangen::generate_to(Cli::command(), &pages).with_context(context)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let mut command = Cli::command();
        clap_complete::generate_to(shell, &mut command, "handover", &completions).with_context(context)?;
    }
    Ok(())
}
