//! The text format of Prometheus (version 0.0.4), for figures that are read when they are asked for.

use std::fmt::Write as _;

use crate::clock::Timestamp;

/// The text under work.
#[derive(Debug, Default)]
pub struct Page(pub String);

/// Labels, each name with its value, and the figure.
pub type Sample<'a> = (&'a [(&'a str, &'a str)], i64);

impl Page {
    pub fn number(&mut self, name: &str, help: &str, value: i64) {
        self.gauge(name, help, &[(&[], value)]);
    }

    pub fn flag(&mut self, name: &str, help: &str, is: bool) {
        self.number(name, help, i64::from(is));
    }

    /// Seconds since 1970; 0 for never.
    pub fn moment(&mut self, name: &str, help: &str, at: Option<Timestamp>) {
        self.number(name, help, at.map_or(0, |at| at.as_second()));
    }

    pub fn seconds(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, help);
        // Writing to a string can't fail.
        let _ = writeln!(self.0, "handover_{name} {value}");
    }

    /// One figure for each value of one label.
    pub fn by(&mut self, name: &str, help: &str, label: &str, figures: &[(String, i64)]) {
        let labels: Vec<_> = figures.iter().map(|(word, _)| [(label, word.as_str())]).collect();
        let samples: Vec<Sample<'_>> =
            labels.iter().zip(figures).map(|(labels, (_, value))| (labels.as_slice(), *value)).collect();
        self.gauge(name, help, &samples);
    }

    pub fn gauge(&mut self, name: &str, help: &str, samples: &[Sample<'_>]) {
        self.head(name, help);
        for (labels, value) in samples {
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.0, "handover_{name}{labels} {value}");
        }
    }

    fn head(&mut self, name: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP handover_{name} {help}\n# TYPE handover_{name} gauge");
    }
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_as_prometheus_reads_it() {
        let mut page = Page::default();
        page.number("queued", "Waiting", 3);
        page.gauge("cases", "By state", &[(&[("state", "a\"\\\n"), ("waiting_for", "us")], 1), (&[], 2)]);
        page.by("left", "By whom", "party", &[("us".to_owned(), 4)]);
        assert_eq!(
            page.0,
            "# HELP handover_queued Waiting\n# TYPE handover_queued gauge\nhandover_queued 3\n\
             # HELP handover_cases By state\n# TYPE handover_cases gauge\n\
             handover_cases{state=\"a\\\"\\\\\\n\",waiting_for=\"us\"} 1\nhandover_cases 2\n\
             # HELP handover_left By whom\n# TYPE handover_left gauge\nhandover_left{party=\"us\"} 4\n"
        );
    }
}
