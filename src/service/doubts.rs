//! What is doubtful about a list, and who of it is not divided, in the caller's language.

use crate::report::names;
use crate::roster::doubt::remedies;
use crate::roster::{Answer, Doubt, LeftOut, Override};
use crate::words;
use crate::words::{Lang, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question about a list. It is answered by reading the list again with what an answer says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Doubt)]
pub(super) struct DoubtRecord {
    /// A stable word.
    pub(super) code: String,
    /// Where; empty for the whole list.
    #[serde(rename = "where")]
    pub(super) place: String,
    /// What was seen, and what is made of it unless an answer says otherwise.
    pub(super) message: String,
    /// What can be said to it; the first takes the reading as it is.
    pub(super) answers: Vec<AnswerRecord>,
}

/// One answer to a question.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Answer)]
pub struct AnswerRecord {
    /// In words, as a button shows it.
    pub label: String,
    /// What it adds to `columns` when the list is read again.
    pub says: Vec<String>,
}

/// Somebody, or something in the place of somebody, who is in the list and not among its students.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LeftOut)]
pub(super) struct LeftOutRecord {
    /// The name, or the id where there is none.
    pub(super) who: String,
    /// Why.
    pub(super) why: String,
    /// Where the row stands.
    #[serde(rename = "where")]
    pub(super) place: String,
}

impl DoubtRecord {
    /// A doubt in one language.
    pub(super) fn of(doubt: &Doubt, lang: Lang) -> Self {
        let answer =
            |Answer { label, says }: &Answer| AnswerRecord { label: label.get(lang).to_owned(), says: says.clone() };
        Self {
            code: doubt.code.to_owned(),
            place: doubt.place.clone(),
            message: doubt.message.get(lang).to_owned(),
            answers: doubt.answers.iter().map(answer).collect(),
        }
    }
}

impl AnswerRecord {
    /// What a fault's action names as its exact remedy.
    pub(super) fn remedies(action: &Words, lang: Lang) -> Vec<Self> {
        let answer = |say: String| {
            let label = match say.parse().ok()? {
                Override::Column { field, header } => {
                    let what = names::meaning(&field, &header, lang);
                    words!("把“{header}”读作：{what}", "Read “{header}” as: {what}")
                }
                Override::Accept(_) => words!("就按读到的来", "Take it as it was read"),
                Override::Exclude(who) => words!("不编入：{who}", "Leave out: {who}"),
            };
            Some(Self { label: names::tell(label, lang), says: vec![say] })
        };
        remedies(action).into_iter().filter_map(answer).collect()
    }
}

impl LeftOutRecord {
    /// Somebody who is left out, in one language.
    pub(super) fn of(left: &LeftOut, lang: Lang) -> Self {
        Self { who: left.who.clone(), why: left.why.get(lang).to_owned(), place: left.row.cell(None) }
    }
}
