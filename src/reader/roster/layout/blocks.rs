//! Cuts what stands below a header into blocks: lists side by side, lists below one another with titles of their own, and blocks of
//! figures beside a list.

use super::super::class_name::names_class;
use super::super::columns;
use super::super::field::Part;
use super::super::header::{self, Head, Header};
use super::super::heading;
use super::super::list::Assignment;
use super::super::options::Override;
use super::super::table::{Raw, Row, Table};
use super::super::tell::Tell;
use super::super::vocabulary::{self, Is};
use super::super::{Field, column_letters, fold};
use super::MOST_LISTS;
use super::titles::{self, class_in, is_title};
use crate::words;
use std::collections::HashSet;
use std::ops::Range;

/// How many rows of a sheet are looked at to see which columns belong together.
const LOOKED_AT: usize = 400;
/// How many title rows may stand between two lists.
const TITLES: usize = 6;

/// One list of a table, or a part of it that is none.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its columns.
    pub heads: Vec<Head>,
    /// The rows of titles right above its header.
    pub titles: Range<usize>,
    /// The rows below its header.
    pub body: Range<usize>,
    /// The class that its title names.
    pub class: Option<String>,
    /// The same of the only list of a table, whose title need not be its class.
    pub title: Option<String>,
    /// The grade that its titles tell.
    pub grade: Option<String>,
    /// The kind of students that its titles name: 男生.
    pub kind: Option<String>,
    /// Whether the title may name something else than a class.
    pub is_doubtful: bool,
    /// The columns of the sheet that it takes; none where it takes all.
    pub columns: Option<Range<usize>>,
    /// What its columns are where it has no header.
    pub fields: Option<Vec<Field>>,
    /// Columns beside it that hold figures of their own: from, to, and what stands there.
    pub aside: Vec<(usize, usize, String)>,
}

impl Block {
    /// Everything below a header.
    pub fn whole(table: &Table, header: Header) -> Self {
        let body = header.body..table.rows.len();
        Self {
            heads: header.heads,
            titles: 0..header.first,
            body,
            class: None,
            title: None,
            grade: None,
            kind: None,
            is_doubtful: false,
            columns: None,
            fields: None,
            aside: Vec::new(),
        }
    }

    /// Whether no column of the sheet belongs to another block.
    pub fn is_whole(&self) -> bool {
        self.columns.is_none() && self.aside.is_empty()
    }

    /// The block's part of a row.
    pub fn part(&self, row: &Row) -> Row {
        let Some(columns) = &self.columns else { return self.without_aside(row.clone()) };
        let end = columns.end.min(row.cells.len());
        let mut cells = vec![Raw::Empty; columns.start.min(end)];
        cells.extend_from_slice(&row.cells[columns.start.min(end)..end]);
        self.without_aside(Row { cells, ..*row })
    }

    fn without_aside(&self, mut row: Row) -> Row {
        for &(from, to, _) in &self.aside {
            row.cells.iter_mut().take(to).skip(from).for_each(|cell| *cell = Raw::Empty);
        }
        row
    }

    /// How much room its part of all rows takes where it stands beside others.
    pub fn room(&self) -> usize {
        self.columns.as_ref().map_or(0, |columns| columns.end * self.body.len())
    }

    /// The fields of its columns, `rows` being those of its body.
    pub fn assign(&self, rows: &[Row], overrides: &[Override], tell: &mut Tell<'_>) -> Assignment {
        let mut assignment = columns::assign(&self.heads, &rows[..rows.len().min(LOOKED_AT)], overrides, tell);
        if let Some(fields) = &self.fields {
            assignment.fields.clone_from(fields);
            assignment.known = vec![true; fields.len()];
        }
        assignment
    }

    /// Tells the figures beside it.
    pub fn tell_aside(&self, sheet: &str, tell: &mut Tell<'_>) {
        for (from, to, text) in &self.aside {
            let (from, to) = (column_letters(*from), column_letters(to - 1));
            let at = if sheet.is_empty() { format!("{from}:{to}") } else { format!("{sheet}!{from}:{to}") };
            let message = words!("名册旁边的内容没有读取：{text}", "what stands beside the list was not read: {text}");
            tell.notice("aside_skipped", at, message);
        }
    }
}

/// The blocks below a header; where they are too many for any list, some of them.
pub fn of(table: &Table, header: Header, overrides: &[Override]) -> Vec<Block> {
    let mut stacked = stacked(table, header, overrides);
    for block in &mut stacked {
        block.grade = titles::grade_in(&table.rows[block.titles.clone()]);
        block.kind = titles::kind_in(&table.rows[block.titles.clone()]);
    }
    stacked.into_iter().flat_map(|block| side_by_side(table, block)).collect()
}

/// Lists below one another: a further header of the same kind begins a list of its own where a title above it names another class
/// or its columns differ.
fn stacked(table: &Table, header: Header, overrides: &[Override]) -> Vec<Block> {
    let signs = signs(&header.heads);
    let mut first = Block::whole(table, header);
    first.class = table.rows[first.titles.clone()].iter().rev().find_map(class_in);
    let may_come = table.kind != super::super::table::Kind::Json && !signs.is_empty();
    // The first of several header rows may hold no other known word.
    let is_deep = |r: usize| header::around(table, r, overrides).body > r + 1;
    let is_header = |r: usize| header::score(&table.rows[r], overrides) >= 2 || is_deep(r);
    let again = |r: &usize| is_again(&table.rows[*r], &signs) && is_header(*r);
    let mut blocks = vec![first];
    for at in (blocks[0].body.start..table.rows.len()).filter(|r| may_come && again(r)) {
        if blocks.len() > MOST_LISTS {
            break; // refused later
        }
        if blocks.last().is_some_and(|last| at < last.body.start) {
            continue; // a further row of the header just found
        }
        let header = header::around(table, at, overrides);
        let top = (header.first.saturating_sub(TITLES)..header.first)
            .rev()
            .take_while(|&r| is_title(&table.rows[r]))
            .last()
            .unwrap_or(header.first);
        let titles = top.min(header.first)..header.first;
        let class = table.rows[titles.clone()].iter().rev().find_map(class_in);
        let Some(last) = blocks.last_mut() else { continue };
        // Of lists side by side only the longest may go on below the others.
        let stands_above = |head: &Head| {
            let own = last.heads.get(head.index);
            head.levels.iter().all(|level| own.is_some_and(|own| own.levels.contains(level)))
        };
        let same = header.heads.iter().all(stands_above);
        if same && titles.is_empty() {
            continue; // the header once more, as on a new page
        }
        // A header that reaches up into the one before takes none of its rows.
        last.body.end = titles.start.max(last.body.start);
        let class = class.or_else(|| last.class.clone().filter(|_| same));
        blocks.push(Block {
            heads: header.heads,
            titles,
            body: header.body..table.rows.len(),
            class,
            title: None,
            grade: None,
            kind: None,
            is_doubtful: false,
            columns: None,
            fields: None,
            aside: Vec::new(),
        });
    }
    if let [only] = blocks.as_mut_slice() {
        only.title = only.class.take();
    } else if blocks.iter().all(|block| block.class.is_none()) {
        let rows: Vec<&[Row]> = blocks.iter().map(|block| &table.rows[block.titles.clone()]).collect();
        for (block, title) in blocks.iter_mut().zip(titles::that_differ(&rows)) {
            block.is_doubtful = title.as_deref().is_some_and(|title| !names_class(title));
            block.class = title;
        }
    }
    blocks
}

/// The header texts that name people: a row that holds one of them is a header.
fn signs(heads: &[Head]) -> Vec<String> {
    let names = |head: &&Head| {
        heading::header(&head.levels).is_some_and(|m| matches!(m.field, Field::Name | Field::Id) || m.part.is_some())
    };
    heads.iter().filter(names).map(|head| head.lower().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn is_again(row: &Row, signs: &[String]) -> bool {
    // A row that begins with a number is no header (`1、姓名` is none); spares most rows the look at their texts.
    let is_data = |cell: &Raw| match cell {
        Raw::Text(text) => text.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        _ => true,
    };
    if row.filled().next().is_none_or(|(_, cell)| is_data(cell)) {
        return false;
    }
    // Most texts begin otherwise; spares them the look at all of their signs.
    let begins = |text: &str, sign: &str| {
        let first = text.chars().next();
        first == sign.chars().next() || first.is_some_and(fold::is_space)
    };
    let is_sign = |text: &str| signs.iter().any(|sign| begins(text, sign) && *sign == fold::line(text));
    row.filled().any(|(_, cell)| matches!(cell, Raw::Text(text) if is_sign(text)))
        && !row.filled().any(|(_, cell)| cell.is_numeric())
}

/// Lists beside one another: the same headers once more, to the right; what stands apart there without people is figures.
fn side_by_side(table: &Table, block: Block) -> Vec<Block> {
    // A group's cell may seem to stand over the first columns of the next list, so only the lowest cells are compared.
    let texts: Vec<String> = block.heads.iter().map(|head| head.lower().to_owned()).collect();
    let mut starts = columns_of_names(table, &block).unwrap_or_else(|| starts(&block.heads, &texts));
    if starts.len() > 1 {
        // A title may begin over a column without a header, left of the first that has one.
        let titled =
            |c: usize| table.rows[block.titles.clone()].iter().any(|row| !row.cell(block.heads[c].index).is_blank());
        for start in starts.iter_mut().skip(1) {
            if block.heads[*start - 1].levels.is_empty() && titled(*start - 1) && !titled(*start) {
                *start -= 1;
            }
        }
        let ends = starts.iter().skip(1).copied().chain([block.heads.len()]);
        let base = Block { heads: Vec::new(), ..block.clone() };
        let part = |(start, end): (usize, usize)| {
            let columns = block.heads[start].index..block.heads[end - 1].index + 1;
            Block { heads: block.heads[start..end].to_vec(), columns: Some(columns), ..base.clone() }
        };
        let mut parts: Vec<Block> = starts.iter().copied().zip(ends).map(part).collect();
        // Each may have a title of its own; one title at the left is that of the whole.
        let own = |part: &Block| table.rows[part.titles.clone()].iter().rev().find_map(|row| class_in(&part.part(row)));
        let classes: Vec<Option<String>> = parts.iter().map(own).collect();
        for part in &mut parts {
            let above: Vec<Row> = table.rows[part.titles.clone()].iter().map(|row| part.part(row)).collect();
            part.grade = titles::grade_in(&above).or_else(|| part.grade.take());
            part.kind = titles::kind_in(&above);
        }
        let is_each = classes.iter().flatten().count() > 1;
        for (part, class) in parts.iter_mut().zip(classes) {
            part.class = if is_each { class } else { part.class.take() };
        }
        parts.iter_mut().skip(1).for_each(|part| part.titles = part.titles.end..part.titles.end);
        return parts;
    }
    vec![without_figures(table, block)]
}

/// Each column, where all are headed by one word for names and hold different people.
fn columns_of_names(table: &Table, block: &Block) -> Option<Vec<usize>> {
    let headed: Vec<usize> = (0..block.heads.len()).filter(|&c| !block.heads[c].levels.is_empty()).collect();
    let (&first, others) = headed.split_first()?;
    let word = block.heads[first].lower();
    let same = others.iter().all(|&c| block.heads[c].lower() == word);
    if others.is_empty() || !same || heading::word(word).is_none_or(|meaning| meaning.field != Field::Name) {
        return None;
    }
    let cells = |c: usize| table.rows[block.body.clone()].iter().take(LOOKED_AT).map(move |row| row.cell(c).shown());
    let people = |c: &usize| cells(block.heads[*c].index).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let columns: Vec<Vec<String>> = headed.iter().map(people).collect();
    // The same people in other letters are nobody else.
    let are_han =
        |column: &Vec<String>| column.iter().filter(|text| text.contains(fold::is_han)).count() * 2 > column.len();
    let one_script = columns.iter().all(|column| are_han(column) == are_han(&columns[0]));
    let all: Vec<&String> = columns.iter().flatten().collect();
    let are_others = 10 * all.iter().collect::<HashSet<_>>().len() >= 9 * all.len();
    (one_script && are_others).then(|| [0].into_iter().chain(others.iter().copied()).collect())
}

/// Where lists begin: at the first header, and wherever the headers from there on come again with their name or id.
fn starts(heads: &[Head], texts: &[String]) -> Vec<usize> {
    let Some(first) = texts.iter().position(|text| !text.is_empty()) else { return vec![0] };
    let names = |c: usize| {
        heading::word(heads[c].lower()).is_some_and(|m| {
            matches!(m.field, Field::Name | Field::Id) || matches!(m.part, Some(Part::Family | Part::Given))
        })
    };
    // Whether the first `width` headers come again from there on.
    let again = |at: usize, width: usize| {
        if texts[at] != texts[first] {
            return false;
        }
        let pairs: Vec<(usize, usize)> =
            (first..first + width).zip(at..texts.len()).filter(|(a, _)| !texts[*a].is_empty()).collect();
        let same = pairs.iter().filter(|(a, b)| texts[*a] == texts[*b]);
        let (same, people) = same.fold((0, false), |(n, people), (a, _)| (n + 1, people || names(*a)));
        people && same >= 2 && 2 * same > pairs.len()
    };
    let Some(second) = (first + 1..texts.len()).find(|&at| again(at, at - first)) else { return vec![0] };
    // Further lists may stand behind the room of one that has ended.
    let width = (first..second).rev().find(|&c| !texts[c].is_empty()).map_or(1, |last| last + 1 - first);
    let more = (second + width..texts.len()).filter(|&at| again(at, width));
    [0, second].into_iter().chain(more).collect()
}

/// Takes out columns that stand apart: behind a blank column, or with the words of statistics in their header, without people and
/// with fewer rows than the list.
fn without_figures(table: &Table, mut block: Block) -> Block {
    let rows: Vec<&Row> = table.rows[block.body.clone()].iter().take(LOOKED_AT).collect();
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(block.heads.len());
    let filled = |c: usize| rows.iter().filter(|row| !row.cell(c).is_blank()).count();
    let counts: Vec<usize> = (0..width).map(filled).collect();
    let text = |c: usize| block.heads.iter().find(|head| head.index == c).map(Head::text).unwrap_or_default();
    let meaning =
        |c: usize| block.heads.iter().find(|head| head.index == c).and_then(|head| heading::header(&head.levels));
    let people = counts.iter().copied().max().unwrap_or(0);
    let taken = |c: usize| block.aside.iter().any(|(from, to, _)| (*from..*to).contains(&c));
    let is_gap = |c: usize| taken(c) || (counts[c] == 0 && text(c).is_empty());
    let is_figure = |c: usize| {
        let word = text(c);
        vocabulary::is(&word, Is::StatisticWhole) || super::super::rows::is_statistic(&Raw::text(&word))
    };
    let names = |c: usize| meaning(c).is_some_and(|m| matches!(m.field, Field::Name | Field::Id));
    // What stands there by itself, like remarks, belongs to the list.
    let belongs = |c: usize| {
        meaning(c).is_some_and(|m| match m.field {
            Field::Score(_) | Field::Total | Field::Rank => false,
            Field::Other => !is_figure(c),
            _ => true,
        })
    };
    let Some(first) = (0..width).find(|&c| names(c)) else { return block };
    let mut from = first + 1;
    while from < width {
        let starts = (is_gap(from - 1) || is_figure(from)) && !is_gap(from);
        let end = (from..width).find(|&c| is_gap(c)).unwrap_or(width);
        let most = counts[from..end].iter().copied().max().unwrap_or(0);
        if starts
            && people > 2
            && 10 * most <= 6 * people
            && !(from..end).any(|c| names(c) || belongs(c))
            && (from..end).any(|c| counts[c] > 0)
        {
            let words: Vec<String> = (from..end).map(text).filter(|text| !text.is_empty()).collect();
            block.aside.push((from, end, words.join(" ")));
            block.heads.retain(|head| !(from..end).contains(&head.index));
            return block.rest(table);
        }
        from += 1;
    }
    block
}

impl Block {
    /// Looks for further figures beside the list.
    fn rest(self, table: &Table) -> Self {
        if self.aside.len() > 4 { self } else { without_figures(table, self) }
    }
}
