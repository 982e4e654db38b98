//! Cells that name several classes: lists, ranges, exceptions and what stands around them, by the classes that a school has.

use fenzu::roster::class_name::{ClassIndex, Fit};

/// The classes of a cell, joined; `?` for what names none or several.
fn read(index: &ClassIndex, classes: &[&str], cell: &str) -> String {
    let mut found: Vec<usize> = Vec::new();
    for part in index.cell(cell) {
        match part.fit {
            Fit::Classes { classes, .. } => found.extend(classes),
            Fit::Nothing | Fit::Several(_) => return "?".to_owned(),
        }
    }
    found.sort_unstable();
    found.dedup();
    found.iter().map(|class| classes[*class]).collect::<Vec<_>>().join(" ")
}

fn check(classes: &[&str], table: &[(&str, &str)]) {
    let index = ClassIndex::new(classes);
    for (cell, want) in table {
        assert_eq!(read(&index, classes, cell), *want, "{cell}");
    }
}

#[test]
fn lists_ranges_and_exceptions_of_a_middle_school() {
    let classes = ["七1", "七2", "七3", "七4", "八1", "八2", "八3"];
    check(
        &classes,
        &[
            ("七123班", "七1 七2 七3"),
            ("七129班", "?"),
            ("七1.2.3班", "七1 七2 七3"),
            ("七1·2班", "七1 七2"),
            ("七年级：1、3班", "七1 七3"),
            ("七年级（除3班）", "七1 七2 七4"),
            ("七年级除4班外", "七1 七2 七3"),
            ("七年级（不含1、2班）、八1", "七3 七4 八1"),
            ("七年级（除9班）", "?"),
            ("全校（除七年级）", "八1 八2 八3"),
            ("七1班语文", "七1"),
            ("语文：七(1)班", "七1"),
            ("数学 七3班", "七3"),
            ("七1班,七2班等", "七1 七2"),
            ("七2班单周、七3班双周", "七2 七3"),
            ("七2班*", "七2"),
            ("七1、七3 两班", "七1 七3"),
            ("七1(1)", "?"),
            ("七1|七2", "七1 七2"),
            ("七1\\八2", "七1 八2"),
            ("七1…七3", "七1 七2 七3"),
            ("七(1)八(1)", "七1 八1"),
            ("七1八2七3", "七1 七3 八2"),
            ("七（1、2）八（3）", "七1 七2 八3"),
            ("七、八年级1班", "七1 八1"),
            ("七至八年级1班", "七1 八1"),
            ("七-八年级", "七1 七2 七3 七4 八1 八2 八3"),
            ("七八年级", "七1 七2 七3 七4 八1 八2 八3"),
            ("七年级3班至八年级2班", "七3 七4 八1 八2"),
            ("七1—2，4", "七1 七2 七4"),
            ("7月1日", "七1"),
            ("7/2", "七2"),
            ("Year 7", "七1 七2 七3 七4"),
        ],
    );
}

#[test]
fn letters_cohorts_and_groups_of_a_kindergarten() {
    check(
        &["7A", "7B", "7C", "8A"],
        &[
            ("7A-7C", "7A 7B 7C"),
            ("7A–C", "7A 7B 7C"),
            ("7ABC", "7A 7B 7C"),
            ("7A and 8A", "7A 8A"),
            ("Y7B", "7B"),
            ("Form 7C", "7C"),
            ("All Year 7", "7A 7B 7C"),
        ],
    );
    check(&["大一班", "大二班", "中一班"], &[("大1-2班", "大一班 大二班"), ("中一、大二", "大二班 中一班")]);
    check(&["向日葵班", "七(1)班"], &[("向日葵", "向日葵班")]);
    let classes = ["一1", "一2", "一3", "二1", "二2", "二3"];
    let texts = ["2025级1-2班", "2025级3班", "2024级1-3班"];
    let index = ClassIndex::new(&classes).with_texts(texts);
    let found = texts.map(|text| read(&index, &classes, text));
    assert_eq!(found, ["一1 一2", "一3", "二1 二2 二3"]);
}
