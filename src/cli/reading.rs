//! What the user says of the lists: columns named by hand, doubtful readings that are meant, people who are left out.

use crate::fault::Faults;
use crate::roster::Override;
use clap::builder::NonEmptyStringValueParser;

/// How lists are to be read; the same for every command that reads some.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ReadingArgs {
    /// Read a column as something: FIELD is id, name, class, gender, tier, total, rank, score:NAME, flag:NAME, category:NAME
    #[arg(long = "column", value_name = "FIELD=HEADER")]
    columns: Vec<String>,
    /// Take a doubtful reading as it is: the CODE that was told, or every one
    #[arg(long, value_name = "CODE", num_args = 0..=1, require_equals = true, default_missing_value = "all",
        value_parser = NonEmptyStringValueParser::new())]
    accept_reading: Vec<String>,
    /// Leave students out, by ids or names with commas between; `gone`: who seems to have left, `hidden`: hidden rows
    #[arg(long, value_name = "WHO")]
    exclude: Vec<String>,
}

impl ReadingArgs {
    /// What is said, for the reader.
    ///
    /// # Errors
    /// Everything of it that cannot be understood.
    pub(super) fn overrides(&self) -> Result<Vec<Override>, Faults> {
        let mut said = Override::all(&self.columns)?;
        said.extend(self.accept_reading.iter().cloned().map(Override::Accept));
        // Where a comma parts two people is known with the list: names may have one.
        let people = self.exclude.iter().filter(|list| !list.trim().is_empty());
        said.extend(people.cloned().map(Override::Exclude));
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        reading: ReadingArgs,
        lists: Vec<String>,
    }

    fn said(args: &[&str]) -> (Vec<Override>, Vec<String>) {
        let line = Line::try_parse_from(std::iter::once(&"fenzu").chain(args)).expect("a good command line");
        (line.reading.overrides().expect("plain words"), line.lists)
    }

    #[test]
    fn accept_takes_every_doubt_and_never_the_list_behind_it() {
        let (overrides, lists) = said(&["--accept-reading", "class.xlsx"]);
        assert_eq!(overrides, [Override::Accept("all".to_owned())]);
        assert_eq!(lists, ["class.xlsx"]);
        let (overrides, _) = said(&["--accept-reading=people_gone", "class.xlsx", "--accept-reading=rows_hidden"]);
        assert_eq!(overrides, ["people_gone", "rows_hidden"].map(|code| Override::Accept(code.to_owned())));
        assert!(Line::try_parse_from(["fenzu", "--accept-reading="]).is_err());
    }
}
