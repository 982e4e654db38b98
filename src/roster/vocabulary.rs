//! Header words in Chinese and English and what they mean. A word counts only whole (after [`key`]); nothing is guessed.

use super::Field;
use super::fold::{fold, key};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The field it names.
    pub field: Field,
    /// How well: of two columns for one field the higher fit wins.
    pub fit: u8,
    /// Which exam or group of columns it belongs to (`midterm`, `final`, or the upper header), to tell equal subjects apart.
    pub exam: Option<String>,
}

/// The name of marks whose subject the header does not tell (成绩, score).
const ANY_SUBJECT: &str = "score";

/// Words with one meaning, fields as `read_as` writes them: `(field, fit, words)`.
const WORDS: &[(&str, u8, &str)] = &[
    ("id", 10, "学号 id studentid studentno studentnumber"),
    ("id", 9, "学籍号 全国学籍号 学籍辅号"),
    ("id", 8, "考号 准考证号 考生号"),
    ("id", 7, "编号 学生编号 no"),
    ("id", 1, "序号"),
    ("name", 10, "姓名 学生姓名 name studentname fullname"),
    ("name", 8, "名字 考生姓名"),
    ("class", 10, "班级 class classname 所在班级 行政班 班级名称"),
    ("class", 8, "班 班别"),
    ("gender", 10, "性别 gender sex"),
    ("tier", 10, "层次 tier 学生层次"),
    ("tier", 7, "类别 等次 level 学生类别"),
    ("total", 10, "总分 总成绩 total totalscore totalmarks"),
    ("total", 7, "合计 总计 总分数 sum 成绩总分"),
    ("rank", 10, "班名次 班级名次 班级排名 班排名 班排 班名 classrank"),
    ("rank", 8, "名次 排名 rank 总分排名 总分名次"),
    (
        "rank",
        5,
        "年级排名 年级名次 年排名 年名次 级名次 级排名 级名 校排名 校名次 全校排名 区排名 graderank schoolrank",
    ),
    ("left_behind", 10, "留守儿童 留守 留守学生 leftbehind leftbehindchild leftbehindchildren"),
    ("single_parent", 10, "单亲 单亲家庭 单亲学生 singleparent singleparentfamily"),
    ("hardship", 10, "困难 特殊困难 家庭困难 困难学生 困难家庭 家庭经济困难 hardship"),
    ("hardship", 8, "贫困 特困 贫困生 特困生 贫困家庭 贫困户 建档立卡 建档立卡户 低保 低保户"),
    ("boarding", 10, "住校 寄宿 住宿 住校生 寄宿生 住宿生 boarding boarder"),
    ("key_student", 10, "重点学生 控辍保学重点学生 keystudent"),
    ("key_student", 8, "控辍保学 重点关注 重点关注学生"),
    ("ethnic_group", 10, "民族 ethnicgroup ethnic ethnicity"),
    ("notes", 10, "备注 notes note remarks remark"),
    ("score:score", 5, "成绩 分数 得分 考试成绩 各科成绩 学科成绩 score scores mark marks"),
];

/// Subjects: `(name, words)`.
const SUBJECTS: &[(&str, &str)] = &[
    ("chinese", "语文 chinese"),
    ("math", "数学 math maths mathematics"),
    ("english", "英语 外语 english"),
    ("physics", "物理 physics"),
    ("chemistry", "化学 chemistry"),
    ("biology", "生物 生物学 biology"),
    ("politics", "政治 思想政治 思政 道德与法治 道法 思品 思想品德 品德 politics"),
    ("history", "历史 history"),
    ("geography", "地理 geography"),
    ("science", "科学 science"),
    ("pe", "体育 体育与健康 pe physicaleducation"),
    ("music", "音乐 music"),
    ("art", "美术 art arts"),
    ("it", "信息 信息技术 信息科技 计算机 it ict"),
    ("technology", "技术 通用技术 technology"),
    ("labour", "劳动 劳技 labour labor"),
    ("combined_science", "理综 理科综合 combinedscience"),
    ("combined_arts", "文综 文科综合 combinedarts"),
    ("japanese", "日语 japanese"),
    ("russian", "俄语 russian"),
    ("french", "法语 french"),
    ("german", "德语 german"),
    ("spanish", "西班牙语 spanish"),
];

/// What may stand before or after a subject, total or rank: `(name, words)`; longer words first.
const EXAMS: &[(&str, &str)] = &[
    ("midterm", "期中考试 期中测试 期中 midtermexam midterm"),
    ("final", "期末考试 期末测试 期末 finalexam final"),
    ("monthly_1", "第一次月考 第1次月考"),
    ("monthly_2", "第二次月考 第2次月考"),
    ("monthly_3", "第三次月考 第3次月考"),
    ("monthly_4", "第四次月考 第4次月考"),
    ("monthly", "月考 monthly"),
    ("mock_1", "一模"),
    ("mock_2", "二模"),
    ("mock_3", "三模"),
    ("mock", "模拟考试 模拟 mock"),
    ("entrance", "入学考试 入学 entrance"),
    ("coursework", "平时 coursework"),
    ("last_term", "上学期"),
    ("second_term", "下学期"),
    ("this_term", "本学期"),
];

/// Words that may follow a subject: 数学成绩, math score.
const MARK_SUFFIXES: [&str; 8] = ["成绩", "分数", "得分", "scores", "score", "marks", "mark", "分"];

/// Parts of an upper header that make a subject's column below it something other than marks.
const NOT_MARKS: [&str; 8] = ["名次", "排名", "等级", "等第", "进步", "进退", "rank", "grade"];

static BY_WORD: LazyLock<HashMap<&'static str, (Field, u8)>> = LazyLock::new(|| {
    let words = WORDS.iter().filter_map(|(field, fit, words)| Some((field.parse().ok()?, *fit, *words)));
    let subjects = SUBJECTS.iter().map(|(name, words)| (Field::Score((*name).to_owned()), 10, *words));
    words
        .chain(subjects)
        .flat_map(|(field, fit, words)| words.split(' ').map(move |w| (w, (field.clone(), fit))))
        .collect()
});

/// The usual header of a field; empty where there is none.
#[must_use]
pub fn first_word(field: &Field) -> &'static str {
    let named = WORDS.iter().find(|(word, _, _)| word.parse::<Field>().is_ok_and(|known| known == *field));
    named.and_then(|(_, _, words)| words.split(' ').next()).unwrap_or_default()
}

/// What one header cell means by itself.
#[must_use]
pub fn word(text: &str) -> Option<Meaning> {
    if text.len() > 120 || !text.contains(char::is_alphabetic) {
        return None; // no header word is as long or without letters; spares most cells the work below
    }
    let word = key(&without_full_marks(text));
    if let Some(found) = whole(&word) {
        return Some(found);
    }
    let (exam, core) = split_exam(&word)?;
    let meaning = whole(core)?;
    matches!(meaning.field, Field::Score(_) | Field::Total | Field::Rank).then(|| Meaning {
        fit: meaning.fit.saturating_sub(1),
        exam: Some(exam.to_owned()),
        ..meaning
    })
}

/// What a column with an upper and a lower header cell means; the upper one may be empty.
#[must_use]
pub fn header(upper: &str, lower: &str) -> Option<Meaning> {
    let low = word(lower)?;
    if upper.is_empty() {
        return Some(low);
    }
    let up = word(upper);
    let subject_above = up.clone().filter(|m| matches!(&m.field, Field::Score(name) if name != ANY_SUBJECT));
    let exam = low.exam.clone().or_else(|| exam_of(upper, up.as_ref()));
    match (&low.field, subject_above) {
        (Field::Score(name), Some(above)) if name == ANY_SUBJECT => Some(Meaning { exam, ..above }),
        (Field::Score(name), None) if name == ANY_SUBJECT && up.is_some_and(|m| m.field == Field::Total) => {
            Some(Meaning { field: Field::Total, fit: 9, exam: low.exam })
        }
        (Field::Rank, Some(_)) => None,
        (Field::Score(_) | Field::Total, _) if NOT_MARKS.iter().any(|part| key(upper).contains(part)) => None,
        _ => Some(Meaning { exam, ..low }),
    }
}

/// Whether the text names an exam and nothing else (期中).
#[must_use]
pub fn is_exam(text: &str) -> bool {
    exam_name(&key(text)).is_some()
}

fn exam_of(upper: &str, up: Option<&Meaning>) -> Option<String> {
    let word = key(upper);
    let named = exam_name(&word).map(str::to_owned);
    named.or_else(|| up.and_then(|m| m.exam.clone())).or_else(|| (up.is_none() && !word.is_empty()).then_some(word))
}

fn exam_name(word: &str) -> Option<&'static str> {
    EXAMS.iter().find(|(_, words)| words.split(' ').any(|w| w == word)).map(|(name, _)| *name)
}

fn split_exam(word: &str) -> Option<(&'static str, &str)> {
    let all = EXAMS.iter().flat_map(|(name, words)| words.split(' ').map(move |w| (*name, w)));
    all.filter_map(|(name, w)| Some((name, word.strip_prefix(w).or_else(|| word.strip_suffix(w))?)))
        .find(|(_, core)| !core.is_empty())
}

fn whole(word: &str) -> Option<Meaning> {
    let meaning = |field: &Field, fit: u8| Meaning { field: field.clone(), fit, exam: None };
    if let Some((field, fit)) = BY_WORD.get(word) {
        return Some(meaning(field, *fit));
    }
    if let Some((field @ Field::Flag(_), fit)) = word.strip_prefix("是否").and_then(|rest| BY_WORD.get(rest)) {
        return Some(meaning(field, *fit));
    }
    let subject = MARK_SUFFIXES.iter().find_map(|suffix| word.strip_suffix(suffix))?;
    match BY_WORD.get(subject)? {
        (field @ Field::Score(name), fit) if name != ANY_SUBJECT => Some(meaning(field, fit - 1)),
        _ => None,
    }
}

/// Takes off a bracket that tells full marks: `数学（满分150分）`, `数学(150)`.
fn without_full_marks(text: &str) -> String {
    let text = fold(text);
    let Some((before, rest)) = text.split_once(['(', '[', '【']) else { return text };
    let Some((inside, after)) = rest.split_once([')', ']', '】']) else { return text };
    let inside = key(inside);
    let digits = inside.trim_start_matches("满分").trim_end_matches('分').trim_end_matches("marks");
    if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) { format!("{before}{after}") } else { text }
}
