//! Collects what is told about a list while it is read: faults (a limited number is kept) and notices, with their places.

use super::doubt::{Answer, Doubt};
use super::header::Head;
use super::options::Override;
use super::why::Why;
use super::{Field, LeftOut, RowPlace, column_letters};
use crate::fault::{Fault, Faults, Notice};
use crate::words;
use crate::words::{Words, by_count, listed, quoted};
use std::collections::BTreeMap;

/// How many faults are shown; the rest is only counted.
const SHOWN_FAULTS: usize = 50;
/// How many notices of one kind are shown; the rest is only counted: every class of the list would carry them.
const SHOWN_NOTICES: usize = 12;
/// How many columns a doubt names.
const SHOWN_COLUMNS: usize = 12;

/// Faults and notices of one list.
#[derive(Debug)]
pub struct Tell<'a> {
    file: &'a str,
    faults: Vec<Fault>,
    hidden: usize,
    notices: Vec<Notice>,
    doubts: Vec<Doubt>,
    left_out: Vec<LeftOut>,
    strangers: Vec<String>,
    /// Columns that look like marks and are not used: header and letter.
    unused: Vec<(String, String)>,
    /// Columns that say what another one says already: that one and the other, each with its letter.
    carried: Vec<[(String, String); 2]>,
    /// Columns headed as another one, which is used, and other than it: header, letter and the letter of that one.
    repeated: Vec<[String; 3]>,
    /// Columns that could be used and hold nothing: header and letter.
    void: Vec<(String, String)>,
}

/// Everything told of a list that is not refused.
#[derive(Debug)]
pub struct Told {
    /// What is worth knowing.
    pub notices: Vec<Notice>,
    /// What is to be asked.
    pub doubts: Vec<Doubt>,
    /// Who is not among the students.
    pub left_out: Vec<LeftOut>,
    /// Whom the user wants left out and the list does not have.
    pub strangers: Vec<String>,
}

impl<'a> Tell<'a> {
    /// Nothing told yet.
    #[must_use]
    pub fn new(file: &'a str) -> Self {
        Self {
            file,
            faults: Vec::new(),
            hidden: 0,
            notices: Vec::new(),
            doubts: Vec::new(),
            left_out: Vec::new(),
            strangers: Vec::new(),
            unused: Vec::new(),
            carried: Vec::new(),
            repeated: Vec::new(),
            void: Vec::new(),
        }
    }

    /// Adds a fault at a place inside the file; an empty place means the whole file.
    pub fn fault(&mut self, code: &'static str, place: &str, why: Why) {
        if self.faults.len() == SHOWN_FAULTS {
            self.hidden += 1;
            return;
        }
        let place = if place.is_empty() { self.file.to_owned() } else { format!("{} {place}", self.file) };
        self.faults.push(why.at(code, place));
    }

    /// Adds a notice; an empty place means the whole list.
    pub fn notice(&mut self, code: &'static str, place: String, message: Words) {
        self.notices.push(Notice { code, place, message });
    }

    /// Adds a doubt that is settled by taking the reading as it is; `yes` says so.
    pub fn doubt(&mut self, code: &'static str, place: String, message: Words, yes: Words) {
        self.ask(code, place, message, vec![Answer { label: yes, says: vec![format!("accept={code}")] }]);
    }

    /// Adds a doubt with its answers.
    pub fn ask(&mut self, code: &'static str, place: String, message: Words, answers: Vec<Answer>) {
        self.doubts.push(Doubt { code, place, message, answers });
    }

    /// Tells of somebody who is not among the students.
    pub fn left_out(&mut self, who: LeftOut) {
        self.left_out.push(who);
    }

    /// Tells of somebody to be left out whom the list does not have.
    pub fn stranger(&mut self, who: &str) {
        self.strangers.push(who.to_owned());
    }

    /// Tells of a column that looks like marks and is not used.
    pub fn unused_marks(&mut self, head: &Head) {
        self.unused.push((head.text(), column_letters(head.index)));
    }

    /// Tells of a column that says what another one, which is used, says already.
    pub fn carried(&mut self, head: &Head, used: &Head) {
        let pair = [head, used].map(|head| (head.text(), column_letters(head.index)));
        if !self.carried.contains(&pair) {
            self.carried.push(pair);
        }
    }

    /// Asks about a column with the header of another one, which is used, and other contents.
    pub fn repeated(&mut self, head: &Head, used: &Head) {
        self.repeated.push([head.text(), column_letters(head.index), column_letters(used.index)]);
    }

    /// One doubt for all columns with the header of another one.
    fn ask_repeated(&mut self) {
        let repeated = std::mem::take(&mut self.repeated);
        let Some([text, letter, there]) = repeated.first() else { return };
        let letters: Vec<String> = repeated.iter().map(|[_, letter, _]| letter.clone()).collect();
        let place = listed(&letters, SHOWN_COLUMNS).en;
        let message = match repeated.len() {
            1 => words!(
                "{there} 列和 {letter} 列的表头都是“{text}”，内容不同，只用 {there} 列",
                "columns {there} and {letter} are both headed “{text}” and differ; only {there} is used"
            ),
            n => words!(
                "有 {n} 列的表头与前面的列相同，内容不同，没有用到（如 {letter} 列“{text}”，用的是 {there} 列）",
                "{n} columns have the header of one before them, differ and are not used (such as {letter} “{text}”; {there} is used)"
            ),
        };
        self.doubt("header_twice", place, message, words!("只用前一列", "the first is meant"));
    }

    /// Tells of a column that could be used and holds nothing.
    pub fn void(&mut self, head: &Head) {
        self.void.push((head.text(), column_letters(head.index)));
    }

    /// One notice for all columns that hold nothing.
    fn tell_void(&mut self) {
        let (headers, letters): (Vec<String>, Vec<String>) = std::mem::take(&mut self.void).into_iter().unzip();
        if !headers.is_empty() {
            let (Words { zh, en }, n) = (quoted(&headers, SHOWN_COLUMNS), headers.len());
            let (hold, are) = (by_count(n, "holds", "hold"), by_count(n, "is", "are"));
            let message = words!("{zh}没有可用的内容，没有用到", "{en} {hold} no values and {are} not used");
            self.notice("column_empty", listed(&letters, SHOWN_COLUMNS).en, message);
        }
    }

    /// One notice for all columns that say what another one says already.
    fn tell_carried(&mut self) {
        let carried = std::mem::take(&mut self.carried);
        if carried.is_empty() {
            return;
        }
        let letters: Vec<String> = carried.iter().map(|[(_, letter), _]| letter.clone()).collect();
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for [(header, letter), (used, there)] in carried.iter().take(SHOWN_COLUMNS) {
            zh.push(format!("用 {there} 列“{used}”，不用 {letter} 列“{header}”"));
            en.push(format!("{there} “{used}”, not {letter} “{header}”"));
        }
        let more = if carried.len() > SHOWN_COLUMNS { "…" } else { "" };
        let (zh, en) = (zh.join("；") + more, en.join("; ") + more);
        let message = words!("同一内容只用一列：{zh}", "of columns that say the same only one is used: {en}");
        self.notice("column_carried", listed(&letters, SHOWN_COLUMNS).en, message);
    }

    /// One doubt for all columns that look like marks and are not used, unless the user has said which columns are.
    fn ask_unused(&mut self, overrides: &[Override]) {
        let chosen = |said: &Override| matches!(said.column(), Some((Field::Score(_), _)));
        if self.unused.is_empty() || overrides.iter().any(chosen) {
            return;
        }
        let name =
            |(header, letter): &(String, String)| if header.is_empty() { letter.clone() } else { header.clone() };
        let names: Vec<String> = self.unused.iter().map(name).collect();
        let (Words { zh, en }, n) = (quoted(&names, SHOWN_COLUMNS), names.len());
        let letters: Vec<&str> = self.unused.iter().map(|(_, letter)| letter.as_str()).collect();
        let place = letters.join(", ");
        let subject = |name: &String| format!("score:{}={name}", name.replace([':', '='], " "));
        let (look, header, are) =
            (by_count(n, "looks", "look"), by_count(n, "header is", "headers are"), by_count(n, "it is", "they are"));
        let (its, them) = (by_count(n, "its", "their"), by_count(n, "it", "them"));
        let message = words!(
            "{zh}像是成绩，但表头认不出，没有用到",
            "{en} {look} like marks, but {its} {header} not known and {are} not used"
        );
        let answers = vec![
            Answer { label: words!("不需要", "not needed"), says: vec!["accept=column_unused".to_owned()] },
            Answer {
                label: words!("也按成绩均衡", "balance {them} as marks"),
                says: names.iter().map(subject).collect(),
            },
        ];
        self.ask("column_unused", place, message, answers);
    }

    /// For a part of the list, of which nothing is told yet.
    #[must_use]
    pub fn part(&self) -> Self {
        Self::new(self.file)
    }

    /// Takes over what was told of a part.
    pub fn take(&mut self, part: Tell<'_>) {
        let room = SHOWN_FAULTS.saturating_sub(self.faults.len());
        self.hidden += part.hidden + part.faults.len().saturating_sub(room);
        self.faults.extend(part.faults.into_iter().take(room));
        self.notices.extend(part.notices);
        self.doubts.extend(part.doubts);
        self.left_out.extend(part.left_out);
        self.strangers.extend(part.strangers);
        self.unused.extend(part.unused);
        self.carried.extend(part.carried);
        self.repeated.extend(part.repeated);
        self.void.extend(part.void);
    }

    /// Whether something is in doubt.
    #[must_use]
    pub fn doubts(&self) -> bool {
        !self.doubts.is_empty() || !self.unused.is_empty() || !self.repeated.is_empty()
    }

    /// What this one and then what the other was told.
    #[must_use]
    pub fn before(mut self, other: Tell<'_>) -> Self {
        self.take(other);
        self
    }

    /// Whether the list is refused.
    #[must_use]
    pub fn refused(&self) -> bool {
        !self.faults.is_empty()
    }

    /// All that is told of a list, doubts that the user has settled as notices; or all faults where there are any.
    ///
    /// # Errors
    /// The faults told so far.
    pub fn close(mut self, overrides: &[Override]) -> Result<Told, Faults> {
        self.ask_unused(overrides);
        self.ask_repeated();
        let doubts = std::mem::take(&mut self.doubts);
        let left_out = std::mem::take(&mut self.left_out);
        let strangers = std::mem::take(&mut self.strangers);
        let (settled, doubts): (Vec<Doubt>, Vec<Doubt>) =
            doubts.into_iter().partition(|doubt| overrides.iter().any(|said| said.accepts(doubt.code)));
        let notices = self.finish()?;
        let settled =
            settled.into_iter().map(|doubt| Notice { code: doubt.code, place: doubt.place, message: doubt.message });
        Ok(Told { notices: notices.into_iter().chain(settled).collect(), doubts, left_out, strangers })
    }

    /// The notices, or all faults where there are any.
    ///
    /// # Errors
    /// The faults told so far.
    pub fn finish(mut self) -> Result<Vec<Notice>, Faults> {
        self.tell_carried();
        self.tell_void();
        if self.faults.is_empty() {
            return Ok(fewer(self.notices));
        }
        if self.hidden > 0 {
            let more = self.hidden;
            let why = Why {
                found: words!("还有 {more} 处问题未列出", "{more} more faults, not shown"),
                expected: words!("没有问题", "none"),
                action: words!("请先改正以上各处，再重新读取", "correct the ones above and read the list again"),
            };
            self.faults.push(why.at("more_faults", self.file.to_owned()));
        }
        Err(Faults(self.faults))
    }
}

/// The first notices of each kind, and how many more there are.
fn fewer(notices: Vec<Notice>) -> Vec<Notice> {
    let (mut shown, mut counts) = (Vec::new(), BTreeMap::<&str, (usize, String)>::new());
    for notice in notices {
        let (count, place) = counts.entry(notice.code).or_default();
        *count += 1;
        if *count <= SHOWN_NOTICES {
            shown.push(notice);
        } else if place.is_empty() {
            *place = notice.place;
        }
    }
    for (code, (count, place)) in counts.into_iter().filter(|(_, (count, _))| *count > SHOWN_NOTICES) {
        let more = count - SHOWN_NOTICES;
        let message = words!(
            "从这里起还有 {more} 处同类的提示，没有一一列出",
            "from here on {more} more notices of this kind, not shown"
        );
        shown.push(Notice { code, place, message });
    }
    shown
}

/// The places of several cells of one column (or of whole rows), runs drawn together: `Sheet1!G10, G12:G15`,
/// `lines 10, 12-15 (G10, G12:G15)`.
#[must_use]
pub fn places(rows: &[&RowPlace], column: Option<usize>) -> String {
    if let [row] = rows {
        return row.cell(column);
    }
    let alike = |a: &&RowPlace, b: &&RowPlace| a.sheet == b.sheet && a.cells == b.cells && !a.cells.is_apart();
    let by_sheet = rows.chunk_by(alike).map(|rows| {
        let [first, .., _] = rows else { return rows.first().map(|row| row.cell(column)).unwrap_or_default() };
        let letters = column.map(|c| column_letters(first.cells.column(c))).unwrap_or_default();
        let numbers: Vec<usize> = rows.iter().map(|row| row.row).collect();
        let lines: Vec<usize> = rows.iter().filter_map(|row| row.line).collect();
        let cells = runs(&numbers, &letters, ":");
        match first.sheet.as_str() {
            _ if !lines.is_empty() => format!("lines {} ({cells})", runs(&lines, "", "-")),
            sheet if !sheet.is_empty() => format!("{sheet}!{cells}"),
            _ => cells,
        }
    });
    by_sheet.collect::<Vec<_>>().join("; ")
}

fn runs(numbers: &[usize], prefix: &str, to: &str) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] => format!("{prefix}{first}{to}{prefix}{last}"),
        [only] => format!("{prefix}{only}"),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(", ")
}
