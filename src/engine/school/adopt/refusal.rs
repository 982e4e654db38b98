//! Why an edited list is refused.

use super::edited::Line;
use crate::fault::Fault;
use crate::words;
use crate::words::Words;

/// Most students or names that one fault lists.
const LISTED: usize = 20;

fn who(line: &Line) -> String {
    [line.id.as_str(), line.name.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn at(line: &Line, code: &'static str, found: Words, expected: Words, action: Words) -> Fault {
    Fault { code, place: line.place.clone(), found, expected, action }
}

pub(super) fn nobody(line: &Line, class: &str) -> Fault {
    let who = who(line);
    at(
        line,
        "unknown_student",
        words!("“{who}”，{class} 没有这名学生", "\"{who}\", nobody of {class}"),
        words!("这个班的学生", "a student of the class"),
        words!("请改正或删去这一行", "correct or remove the row"),
    )
}

pub(super) fn several(line: &Line) -> Fault {
    let who = who(line);
    at(
        line,
        "ambiguous_student",
        words!("“{who}”，班里有同名的学生", "\"{who}\", whose name several students have"),
        words!("能认出是谁的学号", "an id that tells who it is"),
        words!("请加上学号", "add the id"),
    )
}

pub(super) fn another_name(line: &Line) -> Fault {
    let who = who(line);
    at(
        line,
        "another_name",
        words!("“{who}”，这个学号是别的姓名", "\"{who}\", an id with another's name"),
        words!("名册中的学号和姓名", "id and name as in the list"),
        words!("请改正学号或姓名", "correct the id or the name"),
    )
}

pub(super) fn twice(line: &Line, first: &str) -> Fault {
    let who = who(line);
    at(
        line,
        "duplicate_id",
        words!("“{who}”，{first} 已经写过", "\"{who}\", who stands at {first} already"),
        words!("每名学生一行", "one row a student"),
        words!("请删去其中一行", "remove one of the rows"),
    )
}

pub(super) fn missing(file: &str, class: &str, missing: &[String]) -> Fault {
    let (count, more) = (missing.len(), if missing.len() > LISTED { " …" } else { "" });
    let listed: Vec<&str> = missing.iter().take(LISTED).map(String::as_str).collect();
    let (zh, en) = (listed.join("、") + more, listed.join(", ") + more);
    Fault {
        code: "missing_students",
        place: file.to_owned(),
        found: words!("{class} 少了 {count} 名学生：{zh}", "{class} without {count} of its students: {en}"),
        expected: words!("班里每名学生都在", "every student of the class"),
        action: words!("请把他们补上", "add them"),
    }
}

pub(super) fn without_group(line: &Line) -> Fault {
    let who = who(line);
    at(
        line,
        "plan_no_group",
        words!("“{who}”没有写小组", "\"{who}\" without a group"),
        words!("每名学生一个小组", "a group for every student"),
        words!("请写上小组", "write the group"),
    )
}

fn listed(groups: &[String]) -> (String, String) {
    let more = if groups.len() > LISTED { " …" } else { "" };
    let listed: Vec<&str> = groups.iter().take(LISTED).map(String::as_str).collect();
    (listed.join("、") + more, listed.join(", ") + more)
}

/// A name of a group that neither is known nor stands in most rows of one group.
pub(super) fn no_name(place: &str, group: &str, written: &str, now: &str) -> Fault {
    Fault {
        code: "unknown_group",
        place: place.to_owned(),
        found: words!("{group} 的组名“{written}”", "the name \"{written}\" of {group}"),
        expected: words!(
            "组名“{now}”；改组名时全组各行写一样",
            "the name \"{now}\"; a new name stands in all rows of the group"
        ),
        action: words!("请改正组名", "correct the name"),
    }
}

pub(super) fn no_group(line: &Line, written: &str, groups: &[String]) -> Fault {
    let (zh, en) = listed(groups);
    at(
        line,
        "unknown_group",
        words!("小组“{written}”", "the group \"{written}\""),
        words!("{zh}，或它们的组名", "{en}, or their names"),
        words!("请改正小组", "correct the group"),
    )
}

pub(super) fn several_groups(line: &Line, written: &str, groups: &[String]) -> Fault {
    let (zh, en) = listed(groups);
    at(
        line,
        "ambiguous_group",
        words!("小组“{written}”，可以指几个组", "the group \"{written}\", which can mean several"),
        words!("{zh}", "{en}"),
        words!("请写组号", "write the group's number"),
    )
}

pub(super) fn two_groups(line: &Line) -> Fault {
    let (group, name) = (&line.group, &line.group_name);
    at(
        line,
        "two_groups",
        words!("小组“{group}”和组名“{name}”不是一个组", "the group \"{group}\" with the name \"{name}\" of another"),
        words!("同一个组", "one group"),
        words!("请改正其中一格", "correct one of the cells"),
    )
}

pub(super) fn two_sheets(place: &str, class: &str) -> Fault {
    Fault {
        code: "two_groups",
        place: place.to_owned(),
        found: words!("{class} 的两张工作表改得不一样", "two sheets of {class} that were edited differently"),
        expected: words!("一样的分组", "the same groups"),
        action: words!("请只改其中一张", "edit one of them alone"),
    }
}

pub(super) fn no_class(line: &Line, classes: &[&str]) -> Fault {
    let (class, known) = (&line.class, classes.iter().take(LISTED).copied().collect::<Vec<_>>().join(", "));
    at(
        line,
        "unknown_class",
        words!("班级“{class}”", "the class \"{class}\""),
        words!("已分组的班：{known}", "a class with a plan: {known}"),
        words!("请改正班级", "correct the class"),
    )
}

pub(super) fn whose(file: &str, classes: &[&str]) -> Fault {
    let known = classes.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    Fault {
        code: "unknown_class",
        place: file.to_owned(),
        found: words!("认不出是哪个班的学生", "students of no class, or of several"),
        expected: words!("其中一个班的学生：{known}", "the students of one of these classes: {known}"),
        action: words!("请加上班级一列", "add a column with the class"),
    }
}

pub(super) fn teacher(place: &str, group: &str, written: &str, now: &str) -> Fault {
    Fault {
        code: "adopted_teacher",
        place: place.to_owned(),
        found: words!("{group} 的教师写成“{written}”", "\"{written}\" as the teacher of {group}"),
        expected: words!("现在的教师“{now}”", "the teacher of now, \"{now}\""),
        action: words!(
            "定稿只改分组和组名；换教师请用 --claims 认领或改教师名单，这一格改回原样",
            "only groups and their names are adopted: change teachers with --claims or in the staff list, and restore the cell"
        ),
    }
}

pub(super) fn without_name(place: &str, group: &str, now: &str) -> Fault {
    Fault {
        code: "adopted_name",
        place: place.to_owned(),
        found: words!("{group} 没有组名", "{group} without its name"),
        expected: words!("组名“{now}”，或新的组名", "the name \"{now}\", or a new one"),
        action: words!("请写上组名", "write the name"),
    }
}

pub(super) fn one_name(place: &str, group: &str, name: &str) -> Fault {
    Fault {
        code: "adopted_name",
        place: place.to_owned(),
        found: words!(
            "{group} 的新组名“{name}”，班里另一组已叫这个名",
            "{group} renamed \"{name}\", the name of another group"
        ),
        expected: words!("每组一个组名", "a name of its own for each group"),
        action: words!("请换一个组名", "choose another name"),
    }
}
