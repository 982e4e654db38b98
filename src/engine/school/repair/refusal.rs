//! Why a repair is refused.

use crate::fault::Fault;
use crate::plan::document::Document;
use crate::roster::{Field, Roster};
use crate::words;
use std::collections::BTreeMap;

pub(super) fn no_one_home(written: &str, found: &[(String, String)]) -> Fault {
    let classes: Vec<&str> = found.iter().map(|(class, _)| class.as_str()).collect();
    let classes = classes.join(", ");
    let (code, told) = if found.is_empty() {
        ("unknown_student", words!("“{written}”，没有这名学生", "\"{written}\", which is nobody's id or name"))
    } else {
        ("ambiguous_student", words!("“{written}”，{classes} 都有", "\"{written}\", in {classes}"))
    };
    Fault {
        code,
        place: "--left".to_owned(),
        found: told,
        expected: words!("一个班里的一名学生", "one student of one class"),
        action: words!(
            "请改正；学号或姓名重复时写成“班级/学号”",
            "correct it; where ids or names repeat, write \"class/id\""
        ),
    }
}

pub(super) fn already_there(class: &str, id: &str) -> Fault {
    Fault {
        code: "duplicate_id",
        place: "--joined".to_owned(),
        found: words!("{class} 已有学号 {id}", "the id {id}, which {class} has already"),
        expected: words!("新来的学生", "students who are new"),
        action: words!("请删去或改正学号", "remove the row or correct the id"),
    }
}

pub(super) fn no_class(joined: &Roster, row: usize, classes: &BTreeMap<String, String>) -> Fault {
    let student = &joined.students[row];
    let who = if student.name.is_empty() { &student.id } else { &student.name };
    let column = joined.columns.iter().position(|column| column.field == Field::Class);
    let found = match student.class.as_str() {
        "" => words!("{who}没有写班级", "no class of {who}"),
        class => words!("{who}的班级“{class}”", "{who} of the class \"{class}\""),
    };
    let known: Vec<&str> = classes.keys().map(String::as_str).take(20).collect();
    let known = known.join(", ");
    Fault {
        code: "unknown_class",
        place: joined.place(row, column),
        found,
        expected: words!("已分组的班：{known}", "a class with a plan: {known}"),
        action: words!("请在名册里写上班级", "write the class into the list"),
    }
}

pub(super) fn nothing_to_do() -> Fault {
    Fault {
        code: "nothing_to_do",
        place: "fenzu school repair".to_owned(),
        found: words!("没有人来，也没有人走", "nobody who joins or leaves"),
        expected: words!("--joined 名册或 --left 学号", "--joined LIST or --left IDS"),
        action: words!("请写明变动", "say who joins or leaves"),
    }
}

pub(super) fn cannot(class: &str, document: &Document) -> Fault {
    let rules = document.conflict.iter().flatten().map(|entry| format!("{} {}", entry.rule, entry.message));
    let rules = rules.collect::<Vec<_>>().join("; ");
    Fault {
        code: "cannot_repair",
        place: class.to_owned(),
        found: words!("变动后没有满足规则的分法：{rules}", "no plan that keeps the rules any more: {rules}"),
        expected: words!("可以同时满足的规则", "rules that can hold together"),
        action: words!("请改规则后重新运行 fenzu school", "change the rules and run fenzu school again"),
    }
}

pub(super) fn no_plan_in_time(class: &str) -> Fault {
    Fault {
        code: "no_plan_in_time",
        place: class.to_owned(),
        found: words!(
            "时限内没有结果，也没有证明无解",
            "neither a plan nor a proof that there is none within the limit"
        ),
        expected: words!("足够的时间", "time enough"),
        action: words!("请加大 --time-limit", "allow more with --time-limit"),
    }
}
