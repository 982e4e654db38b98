//! Tells the rows that are no students: titles, statistics, notes, names of nobody, and what is left over.

use super::doubt::Answer;
use super::options::Override;
use super::people;
use super::rows::{Sorted, What};
use super::table::{Raw, Row};
use super::tell::{Tell, places};
use super::{LeftOut, RowPlace};
use crate::words;
use crate::words::{Words, by_count, quoted};

fn snippets<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for row in rows {
        let text: Vec<String> = row.filled().take(3).map(|(_, cell)| cell.shown()).collect();
        let text: String = text.join(" ").chars().take(40).collect();
        if texts.len() < 5 && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(" | ")
}

/// Tells the rows above a header.
pub fn tell_titles(sheet: &str, titles: &[Row], tell: &mut Tell<'_>) {
    let rows: Vec<RowPlace> = titles.iter().map(|row| row.place(sheet)).collect();
    if rows.is_empty() {
        return;
    }
    let text = snippets(titles.iter());
    let were = by_count(rows.len(), "a title row above the header was", "title rows above the header were");
    let message = words!("表头上方的标题行已跳过：{text}", "{were} skipped: {text}");
    tell.notice("titles_skipped", places(&rows.iter().collect::<Vec<_>>(), None), message);
}

/// Asks about students whose names are words of statistics, unless the user has left them out.
pub fn ask_unlikely(sheet: &str, sorted: &Sorted, overrides: &[Override], tell: &mut Tell<'_>) {
    let is_open = |(name, _): &&(String, usize)| !overrides.iter().any(|said| people::leaves_out(said, name));
    let (names, places_of): (Vec<&str>, Vec<usize>) =
        sorted.unlikely.iter().filter(is_open).map(|(name, s)| (name.as_str(), *s)).unzip();
    if names.is_empty() {
        return;
    }
    let rows: Vec<RowPlace> = places_of.iter().map(|&s| sorted.students[s].place(sheet)).collect();
    let place = places(&rows.iter().collect::<Vec<_>>(), None);
    let quoted = quoted(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), names.len());
    let (looks, zh, en) = (
        by_count(
            names.len(),
            "looks like a heading or a row of statistics and is read as a student",
            "look like headings or rows of statistics and are read as students",
        ),
        quoted.zh,
        quoted.en,
    );
    let message = words!("{zh}像是小标题或统计行，按学生读取", "{en} {looks}");
    let leave = names.iter().map(|name| format!("exclude={name}")).collect();
    let answers = vec![
        Answer { label: words!("是学生", "a student"), says: vec!["accept=name_unlikely".to_owned()] },
        Answer { label: words!("不是学生", "no student"), says: leave },
    ];
    tell.ask("name_unlikely", place, message, answers);
}

/// Asks about rows that divide a list and may not be the names of classes.
pub fn ask_classes(sheet: &str, classes: &[&str], tell: &mut Tell<'_>) {
    if classes.is_empty() {
        return;
    }
    let list = classes.join(", ");
    let message = words!(
        "名册中有几行把学生分成几段，按班级读取：{list}",
        "these rows divide the students and are taken as their classes: {list}"
    );
    tell.doubt("class_rows", sheet.to_owned(), message, words!("是班级", "they are classes"));
}

/// Tells the rows that are no students; what is left over is a doubt.
pub fn tell_others(sheet: &str, others: &[(What, Row)], names: &[usize], tell: &mut Tell<'_>) {
    for what in [What::Statistic, What::Note, What::Repeated, What::Nobody, What::Prepared, What::Left] {
        let rows: Vec<&Row> = others.iter().filter(|(w, _)| *w == what).map(|(_, row)| row).collect();
        if rows.is_empty() {
            continue;
        }
        let text = snippets(rows.iter().copied());
        let at: Vec<RowPlace> = rows.iter().map(|row| row.place(sheet)).collect();
        let place = places(&at.iter().collect::<Vec<_>>(), None);
        let (code, message) = match what {
            What::Statistic => {
                let were = by_count(rows.len(), "a row of statistics was", "rows of statistics were");
                ("statistics_skipped", words!("统计行已跳过：{text}", "{were} skipped: {text}"))
            }
            What::Repeated => {
                let were = by_count(rows.len(), "a repeated header row was", "repeated header rows were");
                ("header_repeated", words!("重复的表头行已跳过", "{were} skipped"))
            }
            What::Prepared => (
                "numbers_unused",
                words!("只有编号、没有姓名和内容的行已跳过", "rows with a number and nothing else were skipped"),
            ),
            What::Note => {
                let were = by_count(rows.len(), "a row of notes or signatures was", "rows of notes or signatures were");
                ("notes_skipped", words!("说明或签字行已跳过：{text}", "{were} skipped: {text}"))
            }
            What::Nobody => {
                for (row, at) in rows.iter().zip(&at) {
                    tell.left_out(nobody(row, names, at));
                }
                let were = by_count(rows.len(), "a row that is no student was", "rows that are no students were");
                ("pseudo_skipped", words!("不是学生的行已跳过：{text}", "{were} skipped: {text}"))
            }
            _ => {
                let n = rows.len();
                let (rows, were) = (by_count(n, "row is", "rows are"), by_count(n, "it was", "they were"));
                let message = words!(
                    "有 {n} 行看不出是学生还是说明，没有编入：{text}",
                    "{n} {rows} neither clearly students nor notes; {were} left out: {text}"
                );
                tell.doubt("rows_left_over", place, message, words!("这些行确实不是学生", "they are no students"));
                continue;
            }
        };
        tell.notice(code, place, message);
    }
}

/// Points possible or a test student, by the name that stands there.
fn nobody(row: &Row, names: &[usize], place: &RowPlace) -> LeftOut {
    let name = names.iter().map(|&c| row.cell(c)).find(|cell| !cell.is_blank());
    let who = name.or_else(|| row.filled().next().map(|(_, cell)| cell)).map(Raw::shown).unwrap_or_default();
    let why: Words = words!("不是学生", "no student");
    LeftOut { who, why, row: place.clone() }
}
