//! Columns of yes and no.

use super::remarks;
use super::{Reader, once};
use crate::roster::columns::label;
use crate::roster::doubt::{Answer, option};
use crate::roster::table::Raw;
use crate::roster::value::{self, Mark};
use crate::roster::{Cell, Field};
use crate::words;
use crate::words::{Words, by_count, quoted};
use std::collections::{BTreeSet, HashMap, HashSet};

impl Reader<'_, '_> {
    /// Tells what remarks say of flags that no column of the list is about.
    pub(super) fn tell_flags_in_remarks(&mut self, raws: &[Raw], known: &HashSet<&Field>) {
        if self.field != Field::Notes {
            return;
        }
        let talking: Vec<usize> = (0..raws.len()).filter(|&s| remarks::may_say(&raws[s].line())).collect();
        for flag in remarks::flags().filter(|flag| !known.contains(flag)) {
            let says = |s: &usize| remarks::says(&raws[*s].shown(), &flag) == Some(true);
            let students: Vec<usize> = talking.iter().copied().filter(says).collect();
            let texts = students.iter().map(|&s| raws[s].shown());
            let words: BTreeSet<&str> = texts.flat_map(|text| remarks::words_in(&text, &flag)).collect();
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            let (words, Words { zh, en }) = (quoted(&words, words.len()), label(&flag));
            let (words, said) = (words.zh, words.en);
            let (header, n) = (self.head.text(), students.len());
            let people = by_count(n, "student", "students");
            let message = words!(
                "“{header}”里有 {n} 人写着{words}，没有用来均衡；要均衡，请把这一列改读作“{zh}”",
                "“{header}” says {said} of {n} {people}, which is not balanced; to balance it, read the column as “{en}”"
            );
            self.notice("flag_in_remarks", &students, message);
        }
    }

    /// The marks of a column of remarks that the user reads as a flag: whoever is said to have it has it.
    fn flags_of_remarks(&mut self, raws: &[Raw]) -> Option<Vec<Cell>> {
        let says = |raw: &Raw| remarks::says(&raw.shown(), &self.field);
        let is_plain = |raw: &Raw| value::mark(raw, &self.field) != Mark::Bad;
        if !self.named || raws.iter().all(is_plain) || !raws.iter().any(|raw| says(raw) == Some(true)) {
            return None;
        }
        let is_set = |raw: &Raw| match value::mark(raw, &self.field) {
            Mark::Yes => true,
            Mark::No | Mark::Blank | Mark::Circle => false,
            Mark::Bad => says(raw) == Some(true),
        };
        let set: Vec<bool> = raws.iter().map(is_set).collect();
        let students: Vec<usize> = (0..set.len()).filter(|&s| set[s]).collect();
        let (header, n) = (self.head.text(), students.len());
        let people = by_count(n, "student is", "students are");
        let message = words!(
            "按“{header}”里写的，{n} 人算“是”，其余算“否”",
            "by what “{header}” says, {n} {people} taken as “yes” and all others as “no”"
        );
        self.notice("flag_from_remarks", &students, message);
        Some(set.into_iter().map(Cell::Flag).collect())
    }

    /// A cell of the column; in a short text the words of remarks count as well (父亲外出务工).
    fn mark(&self, raw: &Raw) -> Mark {
        const LONGEST: usize = 12;
        let mark = value::mark(raw, &self.field);
        let text = raw.shown();
        if mark != Mark::Bad || text.chars().count() > LONGEST {
            return mark;
        }
        match remarks::says(&text, &self.field) {
            Some(true) => Mark::Yes,
            Some(false) => Mark::No,
            None => Mark::Bad,
        }
    }

    /// Where nothing says yes but some say no, or nothing, words that are not known may say which kind of yes: asked once.
    fn take_kinds(&mut self, marks: &mut [Mark], raws: &[Raw]) {
        let at: Vec<usize> = (0..marks.len()).filter(|&s| marks[s] == Mark::Bad).collect();
        let is_word = |raw: &Raw| matches!(raw, Raw::Text(text) if text.chars().any(char::is_alphabetic));
        let says_no = marks.iter().any(|mark| matches!(mark, Mark::No | Mark::Blank));
        if at.is_empty() || !says_no || marks.contains(&Mark::Yes) || !at.iter().all(|&s| is_word(&raws[s])) {
            return;
        }
        let (header, Words { zh, en }) = (self.head.text(), Self::samples(&at, raws));
        let message = words!("“{header}”列里写的（{zh}）都算“是”", "what “{header}” says ({en}) is taken as “yes”");
        let answers = vec![
            Answer { label: words!("没错", "that is right"), says: vec!["accept=flag_kinds".to_owned()] },
            self.as_kinds(),
            self.not_used(),
        ];
        self.tell.ask("flag_kinds", self.rows[at[0]].cell(Some(self.head.index)), message, answers);
        for s in at {
            marks[s] = Mark::Yes;
        }
    }

    /// Yes or no of every student.
    pub(super) fn flags(&mut self, raws: &[Raw]) -> Vec<Cell> {
        if let Some(cells) = self.flags_of_remarks(raws) {
            return cells;
        }
        let mut known = HashMap::default();
        let mark = |raw: &Raw| once(&mut known, raw, |raw| self.mark(raw));
        let mut marks: Vec<Mark> = raws.iter().map(mark).collect();
        self.take_kinds(&mut marks, raws);
        // An empty circle says no where something else says yes, and yes beside a cross or blank cells.
        let circle = if marks.contains(&Mark::Yes) { Mark::No } else { Mark::Yes };
        marks.iter_mut().filter(|mark| **mark == Mark::Circle).for_each(|mark| *mark = circle);
        let blank: Vec<usize> = (0..marks.len()).filter(|&s| marks[s] == Mark::Blank).collect();
        // Only yes is ever written: a blank says no. Where no is written too, a blank says nothing.
        let is_marked = !marks.contains(&Mark::No);
        let bad: Vec<usize> = (0..marks.len()).filter(|&s| marks[s] == Mark::Bad).collect();
        let header = self.head.text();
        let remedy = option(&format!("category:{}={header}", header.replace([':', '='], " ")));
        let expected = words!("是/否、√/空白、有/无、Y/N 或 1/0", "yes/no, √/blank, Y/N or 1/0");
        let action = words!(
            "请改成其中一种；若该列分好几类，可按这一列分匀（`{remedy}`）",
            "write one of them; if the column tells several kinds, balance it as it is (`{remedy}`)"
        );
        self.fault("bad_flag", &bad, raws, expected, action);
        if is_marked {
            let (header, n) = (self.head.text(), blank.len());
            let (cells, are) = (by_count(n, "cell", "cells"), by_count(n, "is", "are"));
            let message =
                words!("“{header}”有 {n} 处空白，按“否”处理", "{n} blank {cells} in “{header}” {are} taken as “no”");
            self.notice("flag_blank_no", &blank, message);
        } else {
            self.tell_missing(&blank);
        }
        let cell = |mark| match mark {
            Mark::Yes => Cell::Flag(true),
            Mark::No => Cell::Flag(false),
            Mark::Blank if is_marked => Cell::Flag(false),
            Mark::Blank | Mark::Bad | Mark::Circle => Cell::Empty,
        };
        marks.into_iter().map(cell).collect()
    }
}
