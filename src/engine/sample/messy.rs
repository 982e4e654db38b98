//! A class list as a school office sends it: title rows, a two-row merged header, a merged class column, formulas, an absent mark,
//! full-width digits, a number stored as text, an average row, a note, and a second sheet of remarks. Always in Chinese.

use super::rows::{Row, rows};
use super::{ClassSpec, TierColumn};
use crate::words::Lang;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

/// Column of the first subject; 序号, 学号, 姓名, 性别 and 班级 stand before it.
const FIRST_SUBJECT: u16 = 5;

/// Row of the first student; two titles and two header rows stand above it.
const FIRST_STUDENT: u32 = 4;

/// Words of the tier column from the top, as offices write them.
const TIERS: [&str; 3] = ["优", "中", "待进"];

/// Student and subject (both from 0) of the odd cells.
const ABSENT: (usize, usize) = (5, 1);
const FULL_WIDTH: (usize, usize) = (11, 0);
const STORED_AS_TEXT: (usize, usize) = (20, 2);

/// The class of `spec` as such a workbook, with one subject at least; `headers` and `people` do not matter. Same spec, same bytes.
///
/// # Errors
/// What the XLSX writer reports; none is known to happen.
pub fn messy_xlsx(spec: &ClassSpec) -> Result<Vec<u8>, XlsxError> {
    let spec = ClassSpec { headers: Lang::Zh, people: Lang::Zh, subjects: spec.subjects.max(1), ..spec.clone() };
    let mut book = Workbook::new();
    // The writer would put in the time of writing.
    let made = ExcelDateTime::from_ymd(2026, 9, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let page = Page { spec: &spec, rows: rows(&spec), centre: Format::new().set_align(FormatAlign::Center) };
    page.write(book.add_worksheet().set_name("七（3）班")?)?;
    remarks(book.add_worksheet().set_name("备注说明")?)?;
    book.save_to_buffer()
}

struct Page<'a> {
    spec: &'a ClassSpec,
    rows: Vec<Row>,
    centre: Format,
}

impl Page<'_> {
    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.titles(sheet)?;
        self.header(sheet)?;
        for (row, student) in (FIRST_STUDENT..).zip(0..self.rows.len()) {
            self.student(sheet, row, student)?;
        }
        if self.rows.len() > 1 {
            sheet.merge_range(FIRST_STUDENT, 4, self.end() - 1, 4, "七（3）班", &self.centre)?;
        }
        self.foot(sheet)
    }

    /// The row below the last student.
    fn end(&self) -> u32 {
        (FIRST_STUDENT..).zip(&self.rows).map(|(row, _)| row + 1).last().unwrap_or(FIRST_STUDENT)
    }

    /// Column of 总分.
    fn total(&self) -> u16 {
        (FIRST_SUBJECT..).zip(self.spec.subjects()).map(|(column, _)| column + 1).last().unwrap_or(FIRST_SUBJECT)
    }

    /// Headers right of 总分.
    fn rest(&self) -> Vec<String> {
        let tier = (self.spec.tiers == TierColumn::Written).then(|| "层次".to_owned());
        tier.into_iter().chain(self.spec.flags.iter().map(|flag| format!("是否{}", flag.header(Lang::Zh)))).collect()
    }

    fn titles(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let last = (self.total()..).zip(self.rest()).map(|(column, _)| column + 1).last().unwrap_or(self.total());
        let title = "育才中学2026—2027学年第一学期七（3）班学生名册";
        sheet.merge_range(0, 0, 0, last, title, &self.centre.clone().set_bold())?;
        sheet.merge_range(1, 0, 1, last, "班主任：王老师        制表日期：2026年9月1日", &self.centre)?;
        Ok(())
    }

    fn header(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let total = self.total();
        let before = (0..).zip(["序号", "学号", "姓名", "性别", "班级"].map(str::to_owned));
        for (column, word) in before.chain((total + 1..).zip(self.rest())) {
            sheet.merge_range(2, column, 3, column, &word, &self.centre)?;
        }
        sheet.merge_range(2, FIRST_SUBJECT, 2, total, "成绩", &self.centre)?;
        for (column, (_, word)) in (FIRST_SUBJECT..).zip(self.spec.subjects()) {
            sheet.write(3, column, *word)?;
        }
        sheet.write(3, total, "总分")?;
        Ok(())
    }

    fn student(&self, sheet: &mut Worksheet, row: u32, student: usize) -> Result<(), XlsxError> {
        let who = &self.rows[student];
        sheet.write(row, 0, row - FIRST_STUDENT + 1)?;
        sheet.write(row, 1, &who.id)?;
        sheet.write(row, 2, spaced(&who.name))?;
        sheet.write(row, 3, who.gender(Lang::Zh))?;
        if self.rows.len() == 1 {
            sheet.write(row, 4, "七（3）班")?;
        }
        let mut sum = 0.0;
        for (column, subject) in (FIRST_SUBJECT..).zip(0..who.marks.len()) {
            sum += write_mark(sheet, row, column, who.marks[subject], (student, subject))?;
        }
        let range = range((row, FIRST_SUBJECT), (row, self.total() - 1));
        sheet.write(row, self.total(), Formula::new(format!("=SUM({range})")).set_result(sum.to_string()))?;
        let tier = (self.spec.tiers == TierColumn::Written).then(|| TIERS[who.tier]);
        let rest = tier.into_iter().chain(who.flags.iter().map(|&flag| if flag { "是" } else { "否" }));
        for (column, word) in (self.total() + 1..).zip(rest) {
            sheet.write(row, column, word)?;
        }
        Ok(())
    }

    /// The average row, a note and a line to sign.
    fn foot(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let end = self.end();
        sheet.write(end, 2, "平均分")?;
        for (column, subject) in (FIRST_SUBJECT..).zip(0..self.spec.subjects().len()) {
            let marks = (0..self.rows.len()).filter_map(|student| {
                let mark = self.rows[student].marks[subject];
                numeric(mark, (student, subject))
            });
            let marks: Vec<f64> = marks.collect();
            let count: f64 = marks.iter().map(|_| 1.0).sum();
            let mean = if marks.is_empty() { 0.0 } else { marks.iter().sum::<f64>() / count };
            let range = range((FIRST_STUDENT, column), (end - 1, column));
            sheet.write(end, column, Formula::new(format!("=AVERAGE({range})")).set_result(mean.to_string()))?;
        }
        sheet.write(end + 1, 0, "备注：缺考按空白处理")?;
        sheet.write(end + 3, 0, "班主任签字：____________        教务处（盖章）")?;
        Ok(())
    }
}

/// Two-character names are written with an ideographic space, so that they align with the longer ones.
fn spaced(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    match characters[..] {
        [surname, given] => format!("{surname}\u{3000}{given}"),
        _ => name.to_owned(),
    }
}

/// The mark as a number, where the cell holds one.
fn numeric(mark: Option<u32>, at: (usize, usize)) -> Option<f64> {
    mark.filter(|_| ![ABSENT, FULL_WIDTH, STORED_AS_TEXT].contains(&at)).map(|halves| f64::from(halves) / 2.0)
}

/// Writes a mark and returns what a SUM makes of it: text counts nothing.
fn write_mark(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    mark: Option<u32>,
    at: (usize, usize),
) -> Result<f64, XlsxError> {
    if let Some(number) = numeric(mark, at) {
        sheet.write(row, column, number)?;
        return Ok(number);
    }
    let text = match mark.filter(|_| at != ABSENT) {
        None => "缺考".to_owned(),
        Some(halves) if at == FULL_WIDTH => full_width(&(f64::from(halves) / 2.0).to_string()),
        Some(halves) => (f64::from(halves) / 2.0).to_string(),
    };
    sheet.write(row, column, text)?;
    Ok(0.0)
}

/// ASCII as its full-width forms: `85` → `８５`.
fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)).collect()
}

/// `F5:H5`
fn range(from: (u32, u16), to: (u32, u16)) -> String {
    let cell = |(row, column): (u32, u16)| rust_xlsxwriter::utility::row_col_to_cell(row, column);
    format!("{}:{}", cell(from), cell(to))
}

fn remarks(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.write(0, 0, "填表说明")?;
    sheet.write(1, 0, "1. 层次按上学期期末总分由班主任填写：优、中、待进。")?;
    sheet.write(2, 0, "2. 留守儿童、住校情况以开学登记为准。")?;
    Ok(())
}
