//! What a reading leaves in doubt: a question with its answers. A list with open doubts is not divided: the page asks, the
//! command line stops unless the user says that the reading is meant.

use crate::fault::{Fault, Faults};
use crate::words::Words;

/// One question about a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// A stable word for programs, e.g. `people_gone`; `accept=CODE` takes the reading as it is.
    pub code: &'static str,
    /// Where: `Sheet1!E12`, `line 12 (E12)`, or empty for the whole list.
    pub place: String,
    /// What was seen and what is made of it unless the user says otherwise.
    pub message: Words,
    /// What can be said to it; the first takes the reading as it is.
    pub answers: Vec<Answer>,
}

/// One answer to a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer in words, as a button shows it.
    pub label: Words,
    /// What it adds to the user's words about the list, each as [`super::Override`] reads it.
    pub says: Vec<String>,
}

impl Doubt {
    /// The doubt as a fault of the file, for those who cannot be asked.
    #[must_use]
    pub fn fault(&self, file: &str) -> Fault {
        let place = if self.place.is_empty() { file.to_owned() } else { format!("{file} {}", self.place) };
        let mut action = Words::default();
        for answer in &self.answers {
            let options: Vec<String> = answer.says.iter().map(|say| option(say)).collect();
            let options = options.join(" ");
            for (text, label, (gap, brackets)) in [
                (&mut action.zh, &answer.label.zh, ("；", ("（`", "`）"))),
                (&mut action.en, &answer.label.en, ("; ", (" (`", "`)"))),
            ] {
                if !text.is_empty() {
                    text.push_str(gap);
                }
                text.push_str(label);
                text.push_str(brackets.0);
                text.push_str(&options);
                text.push_str(brackets.1);
            }
        }
        Fault {
            code: self.code,
            place,
            found: self.message.clone(),
            expected: crate::words!("您的确认", "your word for it"),
            action,
        }
    }
}

/// The faults of the doubts that are left open; nothing where there are none.
///
/// # Errors
/// One fault for each doubt.
pub fn settled(doubts: &[Doubt], file: &str) -> Result<(), Faults> {
    if doubts.is_empty() { Ok(()) } else { Err(Faults(doubts.iter().map(|doubt| doubt.fault(file)).collect())) }
}

/// A user's word as the option of the command line that says it.
#[must_use]
pub fn option(say: &str) -> String {
    let quoted = |text: &str| {
        if text.contains(|c: char| c.is_whitespace() || "\"'()&;|<>".contains(c)) {
            format!("\"{text}\"")
        } else {
            text.to_owned()
        }
    };
    match say.split_once('=') {
        Some(("accept", code)) => format!("--accept-reading={code}"),
        Some(("exclude", who)) => format!("--exclude {}", quoted(who)),
        _ => format!("--column {}", quoted(say)),
    }
}

/// The options that a fault's action names between backticks, each as the user's word that does the same: what would mend the
/// reading, exactly. Examples stand without backticks.
#[must_use]
pub fn remedies(action: &Words) -> Vec<String> {
    action.en.split('`').skip(1).step_by(2).filter_map(said).collect()
}

/// The user's word that an option of the command line says: the other way round.
fn said(option: &str) -> Option<String> {
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    let (option, value) = option.trim().split_once([' ', '='])?;
    if value.contains(" --") {
        return None; // several at once
    }
    match option {
        "--column" => Some(bare(value)),
        "--accept-reading" => Some(format!("accept={}", bare(value))),
        "--exclude" => Some(format!("exclude={}", bare(value))),
        _ => None,
    }
}
