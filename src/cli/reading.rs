//! What the user says of lists: what a column is, which reading is meant, who is left out.

use crate::fault::Faults;
use crate::roster::Override;

/// Shared by all commands that read lists.
#[derive(Debug, clap::Args)]
pub(super) struct ReadingArgs {
    /// Read a column as something: FIELD is id, name, class, gender, tier, total, rank, score:NAME, flag:NAME, category:NAME
    #[arg(long = "column", value_name = "FIELD=HEADER")]
    columns: Vec<String>,
    /// A doubtful reading is meant as it is: the CODE of its message, or all of them
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "all")]
    accept_reading: Vec<String>,
    /// Who is not to be grouped, by id or name, several with commas; `gone` for those who left, `hidden` for hidden rows
    #[arg(long, value_name = "WHO")]
    exclude: Vec<String>,
}

impl ReadingArgs {
    /// All of it in the reader's words.
    ///
    /// # Errors
    /// What is not a column.
    pub(super) fn overrides(&self) -> Result<Vec<Override>, Faults> {
        let separators = [',', '，', '、', ';', '；'];
        let left_out = self.exclude.iter().flat_map(|list| list.split(separators)).map(str::trim);
        let left_out = left_out.filter(|who| !who.is_empty()).map(|who| format!("exclude={who}"));
        let accepted = self.accept_reading.iter().map(|code| format!("accept={code}"));
        Override::all(&self.columns.iter().cloned().chain(accepted).chain(left_out).collect::<Vec<_>>())
    }
}
