//! The summary as a page: every class with its status, proof, balance and staffing, and the teachers' loads as a chart.

use super::summary::{ClassRecord, State, Summary, TeacherRecord};
use crate::plan::document::Status;
use crate::report::ReportError;
use crate::report::figures::number;
use crate::report::names::{goal_word, list, say};
use crate::report::rests_on;
use crate::words::Lang;
use askama::Template;

/// Per cent of the chart's width that the longest bar takes.
const FULL: f64 = 86.0;

#[derive(Template)]
#[template(path = "school/summary.html")]
struct Page<'a> {
    lang: Lang,
    summary: &'a Summary,
    figures: Vec<(String, &'static str)>,
    classes: Vec<Line<'a>>,
    bars: Vec<Bar<'a>>,
}

/// A class.
struct Line<'a> {
    class: &'a ClassRecord,
    /// What its plan rests on.
    rests: Option<String>,
    tone: &'static str,
    word: &'static str,
    proved: String,
    range: String,
    reasons: Vec<&'a str>,
}

/// A teacher's load as a bar, a piece a group.
struct Bar<'a> {
    teacher: &'a TeacherRecord,
    groups: String,
    /// Per cent of the chart's width.
    width: String,
}

impl Page<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        say(self.lang, zh, en)
    }

    fn code(&self) -> &'static str {
        self.say("zh-CN", "en")
    }
}

/// The page.
pub(super) fn page(summary: &Summary, lang: Lang) -> Result<String, ReportError> {
    let most = summary.teachers.iter().map(|teacher| teacher.visits).max().unwrap_or(0).max(1);
    let bar = |teacher| Bar {
        groups: teacher_groups(teacher, lang),
        width: format!("{:.2}", FULL * teacher.visits as f64 / most as f64),
        teacher,
    };
    let page = Page {
        lang,
        figures: figures(summary, lang),
        classes: summary.classes.iter().map(|class| line(class, lang)).collect(),
        bars: summary.teachers.iter().map(bar).collect(),
        summary,
    };
    Ok(page.render()?)
}

/// Group ids of a teacher in one line.
pub(super) fn teacher_groups(teacher: &TeacherRecord, lang: Lang) -> String {
    teacher.groups.join(say(lang, "、", ", "))
}

fn figures(summary: &Summary, lang: Lang) -> Vec<(String, &'static str)> {
    let students: usize = summary.classes.iter().map(|class| class.students).sum();
    let groups: usize = summary.classes.iter().map(|class| class.groups).sum();
    let done = summary.count(State::Done);
    let mut figures = vec![
        (format!("{done} / {}", summary.classes.len() + summary.left), say(lang, "班级已完成", "classes done")),
        (students.to_string(), say(lang, "学生", "students")),
        (groups.to_string(), say(lang, "小组", "groups")),
    ];
    if !summary.teachers.is_empty() {
        figures.push((summary.teachers.len().to_string(), say(lang, "责任教师", "teachers")));
        figures.push((summary.unstaffed().to_string(), say(lang, "小组没有教师", "groups without a teacher")));
    }
    figures
}

fn line(class: &ClassRecord, lang: Lang) -> Line<'_> {
    let (tone, word) = standing(class, lang);
    let reasons = class.error.iter().flat_map(|error| error.message.lines()).collect();
    Line { class, rests: rests_on(class, lang), tone, word, proved: proved(class, lang), range: range(class), reasons }
}

/// What the plan of a class rests on.
pub(super) fn rests_on(class: &ClassRecord, lang: Lang) -> Option<String> {
    class.rests_on.as_ref().and_then(|rests| rests_on::line(rests, lang))
}

/// The proved goals in words.
pub(super) fn proved(class: &ClassRecord, lang: Lang) -> String {
    let goals: Vec<String> = class.proved.iter().map(|goal| goal_word(goal, lang)).collect();
    list(&goals, lang)
}

/// The largest range of group means over all subjects, in points.
pub(super) fn largest_range(class: &ClassRecord) -> Option<f64> {
    class.balance.iter().map(|row| row.range).max_by(f64::total_cmp)
}

fn range(class: &ClassRecord) -> String {
    largest_range(class).map(number).unwrap_or_default()
}

/// The class of style and the word for how a class stands.
pub(super) fn standing(class: &ClassRecord, lang: Lang) -> (&'static str, &'static str) {
    let (tone, zh, en) = match (class.state, class.status) {
        (State::Refused, _) => ("bad", "名册未能使用", "refused"),
        (State::Failed, _) => ("bad", "程序出错", "failed"),
        (State::Done, Some(Status::Optimal)) => ("good", "已证明最优", "optimal"),
        (State::Done, Some(Status::Feasible)) if class.proved.is_empty() => ("fair", "有效，未证明", "valid"),
        (State::Done, Some(Status::Feasible)) if !class.through => ("fair", "有效，部分已证明", "valid, partly proved"),
        (State::Done, Some(Status::Feasible)) => ("good", "已证明", "proved"),
        (State::Done, Some(Status::Infeasible)) => ("bad", "要求相互矛盾", "rules conflict"),
        (State::Done, _) => ("bad", "时间内没有结果", "no result in time"),
    };
    (tone, say(lang, zh, en))
}
