//! Reads `guards.txt`.

/// One guard and the change that removes it.
pub struct Guard {
    pub demands: String,
    pub file: String,
    pub stands: String,
    pub instead: String,
    /// The test of the rooms that notices, where the rules alone show nothing.
    pub room: Option<String>,
}

pub fn read(text: &str) -> Vec<Guard> {
    text.split("\n== ").skip(1).map(guard).collect()
}

fn guard(part: &str) -> Guard {
    let mut lines = part.lines();
    let demands = lines.next().unwrap_or_default().to_owned();
    let file = lines.next().unwrap_or_default().to_owned();
    let lines: Vec<&str> = lines.collect();
    let side = |sign: char| {
        let lines: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix(sign)).collect();
        lines.join("\n")
    };
    let room = lines.iter().find_map(|line| line.strip_prefix("! ")).map(str::to_owned);
    Guard { demands, file, stands: side('-'), instead: side('+'), room }
}

impl Guard {
    /// How often the text that is to be replaced stands in `source`: once, or the guard was changed and this list was not.
    pub fn times(&self, source: &str) -> usize {
        source.matches(&self.stands).count()
    }

    /// The line in which the guard stands.
    pub fn line(&self, source: &str) -> usize {
        source.split(&self.stands).next().unwrap_or_default().matches('\n').count() + 1
    }
}
