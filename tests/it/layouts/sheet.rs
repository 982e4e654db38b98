//! Puts the columns of a list into sheets: titles, header rows, blocks, rows of statistics, notes.

use super::chance::Chance;
use super::columns::{Col, Part, Value, What, cell, columns, mark};
use super::draw::{Arrangement, ClassBy, Groups, Layout, is_text};
use super::truth::{EXAMS, Truth};

/// A sheet as it is written.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<Value>>,
    /// First row and column, last row and column.
    pub merges: Vec<(usize, usize, usize, usize)>,
    pub hidden: Vec<usize>,
}

/// The sheets of a list.
pub fn sheets(truth: &Truth, layout: &Layout) -> Vec<Sheet> {
    let mut writer = Writer { truth, layout, chance: Chance::new(layout.seed ^ 0xabcd) };
    let all: Vec<usize> = (0..truth.students.len()).collect();
    let of_class = |class: usize| all.iter().copied().filter(|&s| truth.students[s].class == class).collect::<Vec<_>>();
    match layout.arrangement {
        Arrangement::Plain | Arrangement::NoHeader => vec![writer.sheet("Sheet1", Part::All, &all, 0)],
        Arrangement::RowPerMark => vec![writer.sheet("Sheet1", Part::RowPerMark, &all, 0)],
        Arrangement::Across => {
            let plain = Layout { titles: 0, ..layout.clone() };
            let list = Writer { layout: &plain, ..writer.clone() }.block(Part::All, &all, 0);
            let mut whole = Sheet { name: "Sheet1".to_owned(), ..Sheet::default() };
            writer.titles(&mut whole, 1, &all);
            below(&mut whole, turned(list), false);
            vec![whole]
        }
        Arrangement::Beside { gap } => vec![writer.beside(&all, gap)],
        Arrangement::Stacked => {
            let mut whole = Sheet { name: "Sheet1".to_owned(), ..Sheet::default() };
            for class in 0..truth.classes.len() {
                below(&mut whole, writer.block(Part::All, &of_class(class), 0), layout.seed.is_multiple_of(2));
            }
            vec![whole]
        }
        Arrangement::SheetPerClass { more } => {
            let mut sheet = |class: usize| {
                let mut less = layout.clone();
                if more && class == 0 {
                    less.extras.clear();
                }
                let mut writer = Writer { layout: &less, ..writer.clone() };
                writer.sheet(&truth.classes[class], Part::All, &of_class(class), if more { class as u64 } else { 0 })
            };
            (0..truth.classes.len()).map(&mut sheet).collect()
        }
        Arrangement::ListAndMarks => {
            let mut order = all.clone();
            writer.chance.shuffle(&mut order);
            vec![writer.sheet("名册", Part::List, &all, 0), writer.sheet("成绩", Part::Marks, &order, 0)]
        }
        Arrangement::SheetPerExam => (0..2).map(|at| writer.sheet(EXAMS[at].zh, Part::Exam(at), &all, 0)).collect(),
    }
}

/// First and last row, first and last column of merged cells.
type Merges = Vec<(usize, usize, usize, usize)>;

/// How deep a header is, and the header rows with their merged cells.
fn header(cols: &[Col], layout: &Layout) -> (Vec<Vec<Value>>, Merges) {
    let deep = cols.iter().map(|col| col.levels.len()).max().unwrap_or(1);
    let mut rows = vec![vec![Value::Blank; cols.len()]; deep];
    let mut merges = Vec::new();
    let merged = layout.groups == Groups::Merged;
    for (c, col) in cols.iter().enumerate() {
        let (own, groups) = col.levels.split_last().expect("a level");
        if groups.is_empty() {
            let at = if merged || layout.seed.is_multiple_of(2) { 0 } else { deep - 1 };
            rows[at][c] = Value::text(own);
            if merged && deep > 1 && !own.is_empty() {
                merges.push((0, c, deep - 1, c));
            }
            continue;
        }
        rows[deep - 1][c] = Value::text(own);
        for (at, group) in groups.iter().enumerate() {
            let same = |other: &Col| other.levels.len() == deep && other.levels[..=at] == col.levels[..=at];
            let begins = c == 0 || !same(&cols[c - 1]);
            if begins || layout.groups == Groups::Every {
                rows[at][c] = Value::text(group);
            }
            let end = c + cols[c..].iter().take_while(|other| same(other)).count();
            if begins && merged && end > c + 1 {
                merges.push((at, c, at, end - 1));
            }
        }
    }
    (rows, merges)
}

#[derive(Clone)]
struct Writer<'a> {
    truth: &'a Truth,
    layout: &'a Layout,
    chance: Chance,
}

impl Writer<'_> {
    fn sheet(&mut self, name: &str, part: Part, students: &[usize], order: u64) -> Sheet {
        Sheet { name: name.to_owned(), ..self.block(part, students, order) }
    }

    /// A list with all that stands around it.
    fn block(&mut self, part: Part, students: &[usize], order: u64) -> Sheet {
        let cols = columns(self.truth, self.layout, part, order);
        let mut sheet = Sheet::default();
        if self.layout.arrangement != Arrangement::NoHeader {
            self.titles(&mut sheet, cols.len(), students);
            let (rows, merges) = header(&cols, self.layout);
            let first = sheet.rows.len();
            sheet.rows.extend(rows);
            sheet.merges.extend(merges.into_iter().map(|(r, c, s, d)| (r + first, c, s + first, d)));
        }
        let top = sheet.rows.len();
        if self.layout.pseudo {
            self.pseudo(&mut sheet, &cols);
        }
        self.people(&mut sheet, &cols, part, students);
        self.statistics(&mut sheet, &cols);
        self.footers(&mut sheet);
        if self.layout.aside {
            self.aside(&mut sheet, top, cols.len());
        }
        sheet
    }

    fn titles(&mut self, sheet: &mut Sheet, width: usize, students: &[usize]) {
        let class = &self.truth.classes[self.truth.students[students[0]].class];
        let named = self.layout.class_by == ClassBy::Title;
        for at in 0..self.layout.titles {
            let title = match (at, named, self.truth.latin) {
                (0, true, false) => self.chance.one(&[
                    format!("{class}成绩表"),
                    format!("{class}花名册"),
                    format!("2024学年第一学期{class}期中成绩"),
                ]),
                (0, true, true) => {
                    if class.starts_with("Class") {
                        class.clone()
                    } else {
                        format!("Class {class}")
                    }
                }
                (0, false, false) => {
                    self.chance.pick(&["学生成绩登记表", "实验中学学生花名册", "2024-2025学年第一学期"]).to_owned()
                }
                (0, false, true) => "Student list 2024".to_owned(),
                (1, _, false) => self
                    .chance
                    .pick(&["注意：请勿修改表头", "班主任：王老师", "满分150分", "制表时间：2024年9月1日"])
                    .to_owned(),
                (1, _, true) => "Please do not change the header".to_owned(),
                (_, _, false) => "单位：分".to_owned(),
                _ => "Term 1".to_owned(),
            };
            if width > 1 && self.chance.percent(60) {
                sheet.merges.push((at, 0, at, width - 1));
            }
            sheet.rows.push(vec![Value::Text(title)]);
        }
    }

    fn people(&mut self, sheet: &mut Sheet, cols: &[Col], part: Part, students: &[usize]) {
        let (header, _) = header(cols, self.layout);
        for (at, &s) in students.iter().enumerate() {
            if self.layout.blanks && at > 0 && self.chance.percent(12) {
                sheet.rows.push(Vec::new());
            }
            if self.layout.repeated && at > 0 && at.is_multiple_of(7) {
                sheet.rows.extend(header.clone());
            }
            if part == Part::RowPerMark {
                for (m, subject) in self.truth.subjects.iter().enumerate() {
                    let name = if self.truth.latin { subject.en } else { subject.zh };
                    let written = mark(subject.style, self.truth.students[s].marks[m]);
                    sheet.rows.push(
                        cols.iter()
                            .map(|col| match col.what {
                                What::Subject => Value::text(name),
                                What::Mark(_) => written.clone(),
                                what => cell(self.truth, self.layout, what, s, &mut self.chance),
                            })
                            .collect(),
                    );
                }
                continue;
            }
            if self.truth.students[s].hidden {
                sheet.hidden.push(sheet.rows.len());
            }
            let row = cols.iter().map(|col| cell(self.truth, self.layout, col.what, s, &mut self.chance)).collect();
            sheet.rows.push(row);
        }
    }

    /// Where somebody's name or number would stand.
    fn label_at(&mut self, cols: &[Col]) -> usize {
        let named = cols.iter().position(|col| matches!(col.what, What::Name | What::Family)).unwrap_or(0);
        if self.chance.percent(50) && !matches!(cols[0].what, What::Mark(_)) { 0 } else { named }
    }

    /// Points possible or a made-up student below the header.
    fn pseudo(&mut self, sheet: &mut Sheet, cols: &[Col]) {
        let named = cols.iter().position(|col| matches!(col.what, What::Name | What::Family)).unwrap_or(0);
        let label = if self.truth.latin {
            self.chance.pick(&["    Points Possible", "Student, Test", "Max Points"])
        } else {
            self.chance.pick(&["满分", "测试学生", "分值"])
        };
        let cell = |(c, col): (usize, &Col)| match col.what {
            _ if c == named => Value::text(label),
            What::Mark(_) => Value::Number(100.0),
            _ => Value::Blank,
        };
        sheet.rows.push(cols.iter().enumerate().map(cell).collect());
    }

    fn statistics(&mut self, sheet: &mut Sheet, cols: &[Col]) {
        let zh = [
            "平均分",
            "最高分",
            "最低分",
            "及格率",
            "优秀率",
            "合计",
            "班级平均分",
            "标准差",
            "全班平均",
            "优秀人数",
            "参考人数",
        ];
        let en = ["Average", "Class Average", "Highest", "Lowest", "Mean", "Median", "Total", "Std Dev", "Pass Rate"];
        // Words that no reader need know; a row without anything else that tells it from a student's has none of them.
        let unseen = if self.truth.latin {
            ["Goal", "Gap to year", "Q3", "Top of set", "Cut-off"]
        } else {
            ["奈何", "一分两率", "T分", "与兄弟班之比", "过线"]
        };
        let tells_apart = self.truth.gender || !self.truth.ids.is_empty();
        let at = self.label_at(cols);
        for _ in 0..self.layout.statistics {
            let label = if tells_apart && self.chance.percent(30) {
                self.chance.pick(&unseen)
            } else if self.truth.latin {
                self.chance.pick(&en)
            } else {
                self.chance.pick(&zh)
            };
            let is_rate = label.ends_with(['率']) || label == "Pass Rate";
            let row = cols.iter().enumerate().map(|(c, col)| match col.what {
                _ if c == at => Value::text(label),
                What::Mark(s) if is_text(self.truth.subjects[s].style) && self.chance.percent(50) => Value::Blank,
                What::Mark(_) if is_rate => Value::text("86%"),
                What::Mark(_) => Value::Number(self.chance.between(500, 900) as f64 / 10.0),
                _ => Value::Blank,
            });
            sheet.rows.push(row.collect());
        }
    }

    fn footers(&mut self, sheet: &mut Sheet) {
        let n = self.truth.students.len();
        let zh: [&[&str]; 8] = [
            &["班主任：王老师"],
            &["班主任", "王丽"],
            &["制表人：李四", "", "2024年9月1日"],
            &["备注：成绩以教务处公布为准"],
            &["以上名单已核对"],
            &["审核：", "", "签字："],
            &["2024年9月1日"],
            &["注：缺考按0分计"],
        ];
        let en: [&[&str]; 5] = [
            &["Teacher: Ms Smith"],
            &["Teacher", "Ms Smith"],
            &["Note: marks are final"],
            &["Printed 2024-09-01"],
            &["Generated by the school office"],
        ];
        if self.layout.footers > 0 && self.chance.percent(50) {
            sheet.rows.push(Vec::new());
        }
        for _ in 0..self.layout.footers {
            let count = if self.truth.latin { format!("Total: {n} students") } else { format!("共{n}人") };
            let row: Vec<Value> = match self.chance.below(6) {
                0 => vec![Value::Text(count)],
                _ if self.truth.latin => self.chance.one(&en).iter().map(|text| Value::text(text)).collect(),
                _ => self.chance.one(&zh).iter().map(|text| Value::text(text)).collect(),
            };
            sheet.rows.push(row);
        }
    }

    /// Figures beside the list, behind a blank column.
    fn aside(&mut self, sheet: &mut Sheet, top: usize, width: usize) {
        let labels = if self.truth.latin {
            ["Average", "Highest", "Lowest"]
        } else {
            ["平均分", "最高分", "参考人数"]
        };
        for (at, label) in labels.into_iter().enumerate() {
            if let Some(row) = sheet.rows.get_mut(top + at) {
                row.resize(width + 1, Value::Blank);
                row.extend([Value::text(label), Value::Number(self.chance.between(20, 99) as f64)]);
            }
        }
    }

    /// Lists beside one another: a class each, or the rows of one list broken up.
    fn beside(&mut self, all: &[usize], gap: bool) -> Sheet {
        let classes = self.truth.classes.len();
        let parts: Vec<Vec<usize>> = if classes > 1 {
            (0..classes)
                .map(|class| all.iter().copied().filter(|&s| self.truth.students[s].class == class).collect())
                .collect()
        } else {
            all.chunks(all.len().div_ceil(self.chance.between(2, 3))).map(<[usize]>::to_vec).collect()
        };
        let plain = Layout {
            statistics: 0,
            footers: 0,
            titles: if classes > 1 && self.layout.class_by == ClassBy::Title { 1 } else { 0 },
            ..self.layout.clone()
        };
        let mut whole = Sheet { name: "Sheet1".to_owned(), ..Sheet::default() };
        for part in &parts {
            let cols = columns(self.truth, &plain, Part::All, 0).len();
            let right = Writer { layout: &plain, chance: self.chance.clone(), ..*self }.block(Part::All, part, 0);
            beside(&mut whole, right, cols, gap);
        }
        if plain.titles == 0 {
            let mut above = Sheet::default();
            self.titles(&mut above, 1, all);
            above.merges.clear();
            below(&mut above, whole, false);
            whole = Sheet { name: "Sheet1".to_owned(), ..above };
        }
        self.footers(&mut whole);
        whole
    }
}

/// Writes a block to the right of all others; `width` is that of every block.
fn beside(whole: &mut Sheet, right: Sheet, width: usize, gap: bool) {
    let at = whole.rows.iter().map(Vec::len).max().unwrap_or(0);
    let at = if at == 0 { 0 } else { at.div_ceil(width + usize::from(gap)) * (width + usize::from(gap)) };
    for (r, row) in right.rows.into_iter().enumerate() {
        if whole.rows.len() <= r {
            whole.rows.push(Vec::new());
        }
        whole.rows[r].resize(at, Value::Blank);
        whole.rows[r].extend(row);
    }
    whole.merges.extend(right.merges.into_iter().map(|(r, c, s, d)| (r, c + at, s, d + at)));
}

/// Writes a block below all others, a blank row between.
fn below(whole: &mut Sheet, lower: Sheet, blank: bool) {
    if blank && !whole.rows.is_empty() {
        whole.rows.push(Vec::new());
    }
    let at = whole.rows.len();
    whole.rows.extend(lower.rows);
    whole.merges.extend(lower.merges.into_iter().map(|(r, c, s, d)| (r + at, c, s + at, d)));
    whole.hidden.extend(lower.hidden.into_iter().map(|row| row + at));
}

/// The sheet turned by its diagonal.
fn turned(sheet: Sheet) -> Sheet {
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |r: usize, c: usize| sheet.rows[c].get(r).cloned().unwrap_or(Value::Blank);
    let rows = (0..width).map(|r| (0..sheet.rows.len()).map(|c| cell(r, c)).collect()).collect();
    Sheet { name: sheet.name, rows, ..Sheet::default() }
}
