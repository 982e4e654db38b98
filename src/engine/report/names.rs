//! The words for goals, units, proofs, tiers, columns and values in both languages.

use crate::goals::about;
use crate::model::{GoalName, Layer, Model};
use crate::plan::document::{BalanceKind, BalanceRecord, GoalRecord, Proof};
use crate::report::text::clean;
use crate::roster::field::KNOWN_FLAGS;
use crate::roster::{Cell, Field};
use crate::words::{Lang, Words};

/// One of two fixed texts.
#[must_use]
pub fn say(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A text made for one language.
#[must_use]
pub fn tell(words: Words, lang: Lang) -> String {
    match lang {
        Lang::Zh => words.zh,
        Lang::En => words.en,
    }
}

/// Several names in one line.
#[must_use]
pub fn list(names: &[String], lang: Lang) -> String {
    match (lang, names) {
        (Lang::Zh, _) => names.join("、"),
        (Lang::En, [first @ .., last]) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (Lang::En, _) => names.join(", "),
    }
}

/// A goal's short name.
pub(super) fn goal(record: &GoalRecord, lang: Lang) -> String {
    goal_word(&record.name, lang)
}

/// The short name of the goal with this word; the word itself if it is not known here.
#[must_use]
pub fn goal_word(word: &str, lang: Lang) -> String {
    GoalName::of_word(word).map_or(word, |goal| about(goal).label.get(lang)).to_owned()
}

/// What a goal measures, in a teacher's words.
pub(super) fn goal_meaning(record: &GoalRecord, lang: Lang) -> &'static str {
    GoalName::of_word(&record.name).map_or("", |goal| about(goal).meaning.get(lang))
}

/// The unit of a goal's value, short where there is such a word.
pub(super) fn unit(record: &GoalRecord, lang: Lang) -> String {
    let unit = |goal: GoalName| about(goal).short_unit.unwrap_or_else(|| goal.unit()).get(lang);
    GoalName::of_word(&record.name).map_or(record.unit.as_str(), unit).to_owned()
}

/// How a goal was proved, or that it was not. Of goals that share a level their sum is proved, which may be above the sum of their bounds.
pub(super) fn proof(record: &GoalRecord, lang: Lang) -> String {
    let (zh, en) = match (record.proved, record.proof) {
        (false, _) => ("尚未证明", "not proved"),
        (true, Some(Proof::ClosedForm)) => ("算式（取整下限）", "rounding bound"),
        (true, Some(Proof::Cover)) => ("穷举全部好组", "all groups listed"),
        (true, Some(Proof::Partition)) => ("列出全部小组，线性规划定下限", "all groups, linear programme"),
        (true, Some(Proof::Mip)) => ("整数规划", "integer programme"),
        (true, None) => ("已证明", "proved"),
    };
    let of_sum = record.proved && record.shared.is_some();
    let sum = if of_sum { say(lang, "同级合计：", "sum: ") } else { "" };
    format!("{sum}{}", say(lang, zh, en))
}

/// The mark of a tier: shape tells it where colour cannot.
pub(super) fn tier_mark(tier: usize, tiers: usize) -> &'static str {
    const BETWEEN: [&str; 4] = ["●", "◆", "★", "✚"];
    match tier {
        0 => "▲",
        last if last + 1 >= tiers => "■",
        middle => BETWEEN[(middle - 1) % BETWEEN.len()],
    }
}

/// The layers of the model, top first.
#[must_use]
pub fn layers(model: &Model) -> &[Layer] {
    model.tiers.as_ref().map(|tiers| tiers.layers.as_slice()).unwrap_or_default()
}

/// Words for columns that schools know: field name, Chinese, English, and for flags the short sign on a card.
const COLUMNS: [(&str, &str, &str, &str); 21] = [
    ("chinese", "语文", "Chinese", ""),
    ("math", "数学", "Maths", ""),
    ("english", "英语", "English", ""),
    ("physics", "物理", "Physics", ""),
    ("chemistry", "化学", "Chemistry", ""),
    ("biology", "生物", "Biology", ""),
    ("history", "历史", "History", ""),
    ("geography", "地理", "Geography", ""),
    ("politics", "政治", "Politics", ""),
    ("science", "科学", "Science", ""),
    ("gender", "性别", "gender", ""),
    ("tier", "层次", "tier", ""),
    ("total", "总分", "total", ""),
    ("rank", "名次", "rank", ""),
    ("ethnic_group", "民族", "ethnic group", ""),
    ("notes", "备注", "notes", ""),
    ("left_behind", "留守儿童", "left-behind", "守"),
    ("single_parent", "单亲", "single-parent", "单"),
    ("hardship", "困难", "hardship", "困"),
    ("boarding", "住校", "boarding", "宿"),
    ("key_student", "重点学生", "key student", "重"),
];

/// A place as people say it: `line 13 (A13)` is 第 13 行（A13） in Chinese.
#[must_use]
pub fn place(place: &str, lang: Lang) -> String {
    let parts = ["lines ", "line "].iter().find_map(|word| place.split_once(word));
    let told = parts.and_then(|(before, rest)| {
        let (rows, cells) = rest.strip_suffix(')')?.split_once(" (")?;
        let cells = if rows.replace('-', ":") == cells { String::new() } else { format!("（{cells}）") };
        Some(format!("{before}第 {rows} 行{cells}"))
    });
    told.filter(|_| lang == Lang::Zh).unwrap_or_else(|| place.to_owned())
}

/// Where in a plan or a summary something stands, as people say it: `groups[3].helpers` is 第3组, `goals[means].scaled` the goal.
#[must_use]
pub fn part(place: &str, lang: Lang) -> String {
    const PARTS: [(&str, &str, &str); 4] = [
        ("groups[", "第{}组", "group {}"),
        ("goals[", "目标“{}”", "goal “{}”"),
        ("classes[", "{}", "{}"),
        ("teachers[", "教师 {}", "teacher {}"),
    ];
    const KEYS: [(&str, &str, &str); 6] = [
        ("students", "学生数", "students"),
        ("groups", "小组", "groups"),
        ("unstaffed", "没有教师的小组", "groups without a teacher"),
        ("proved", "已证明的目标", "goals proved"),
        ("status", "结果", "result"),
        ("visits", "家访次数", "home visits"),
    ];
    let told = PARTS.iter().find_map(|(start, zh, en)| {
        let (own, rest) = place.strip_prefix(start)?.rsplit_once(']')?;
        let own = if *start == "goals[" { goal_word(own, lang) } else { own.to_owned() };
        let key = KEYS.iter().find(|(key, ..)| rest.strip_prefix('.') == Some(key));
        let key = key.filter(|_| matches!(*start, "classes[" | "teachers[")).map(|(_, zh, en)| say(lang, zh, en));
        Some(
            [say(lang, zh, en).replace("{}", &own), key.unwrap_or_default().to_owned()].join(" ").trim_end().to_owned(),
        )
    });
    told.unwrap_or_else(|| place.to_owned())
}

/// A column's label: its header as the list has it; where it has none, the usual word.
#[must_use]
pub fn column(name: &str, header: &str, lang: Lang) -> String {
    let header = clean(header);
    if header.is_empty() { usual(name, lang) } else { header }
}

/// The usual word for what a column is read as; a name that schools do not know is its own.
#[must_use]
pub fn usual(name: &str, lang: Lang) -> String {
    match COLUMNS.iter().find(|known| known.0 == name) {
        Some((_, zh, en, _)) => say(lang, zh, en).to_owned(),
        None => clean(name),
    }
}

/// What a column is read as, in words; `own` is the column's own name.
#[must_use]
pub fn meaning(field: &Field, own: &str, lang: Lang) -> String {
    let (zh, en) = match field {
        Field::Id => ("学号", "number (id)"),
        Field::Name => ("姓名", "name"),
        Field::Class => ("班级", "class"),
        Field::Score(_) => return format!("{}{}", say(lang, "成绩：", "marks: "), clean(own)),
        Field::Category(_) => ("按这一列分匀", "kind, to be balanced"),
        Field::Flag(name) if !KNOWN_FLAGS.contains(&name.as_str()) => {
            ("是或否（按它分匀）", "yes or no, to be balanced")
        }
        Field::Other => ("不使用，只保留", "not used, only kept"),
        field => return usual(field.name(), lang),
    };
    say(lang, zh, en).to_owned()
}

/// The short sign of a flag on a student's card.
pub(super) fn flag_sign(name: &str, header: &str, lang: Lang) -> String {
    let known = COLUMNS.iter().find(|known| known.0 == name).map(|known| known.3).filter(|sign| !sign.is_empty());
    match (lang, known) {
        (Lang::Zh, Some(sign)) => sign.to_owned(),
        (Lang::Zh, None) => clean(header).chars().take(1).collect(),
        (Lang::En, _) => column(name, header, lang),
    }
}

/// What a balance row is about: a subject, a tier, the boys, those who board …
#[must_use]
pub fn balance(record: &BalanceRecord, model: &Model, lang: Lang) -> String {
    let (name, value) = record.column.split_once('=').unwrap_or((&record.column, ""));
    if record.kind == BalanceKind::Tier {
        let key = if value.is_empty() { name } else { value };
        let layer = layers(model).iter().find(|layer| layer.key == key);
        return layer.map_or_else(|| clean(key), |layer| layer.label.get(lang).to_owned());
    }
    let label = column(name, &record.header, lang);
    match (record.kind, value) {
        (BalanceKind::Score, _) | (_, "" | "yes") => label,
        (_, "male" | "female") => gender(value, lang).to_owned(),
        (_, value) => format!("{label}{}{}", say(lang, "：", ": "), clean(value)),
    }
}

/// A gender, understood or as written.
#[must_use]
pub fn gender(value: &str, lang: Lang) -> &str {
    match value {
        "male" => say(lang, "男", "male"),
        "female" => say(lang, "女", "female"),
        other => other,
    }
}

/// A cell as a list writes it, so that it reads back as what it was.
#[must_use]
pub fn cell(cell: &Cell, field: &Field, lang: Lang) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Absent => say(lang, "缺考", "absent").to_owned(),
        Cell::Text(text) if *field == Field::Gender => gender(text, lang).to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Number(x) => x.to_string(),
        Cell::Flag(yes) => if *yes { say(lang, "是", "yes") } else { say(lang, "否", "no") }.to_owned(),
    }
}
