//! Names of classes: every usual way of writing names the class that it means, and no other.

use fenzu::roster::class_name::{ClassIndex, Fit, clear, readings, renamed, same};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const NUMERALS: [&str; 21] = [
    "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六",
    "十七", "十八", "十九", "二十",
];

#[test]
fn every_usual_spelling_of_a_class_says_the_same() {
    let table: &[(&str, &[&str])] = &[
        (
            "3-1",
            &[
                "三(1)班",
                "三1班",
                "三（1）班",
                "3-1",
                "3.1",
                "三.1",
                "三年级1班",
                "三年级（一）班",
                "三年一班",
                "3年1班",
                "小学三年级1班",
                "三(一)班",
                "三一班",
                "三 (1) 班",
                "３（１）班",
                "三①班",
                "三㈠班",
                "三年级 1",
                "3 1班",
                "三年级第1班",
                "三年级第一班",
                "小三(1)班",
                "三（1班）",
                "三年级1班花名册",
                "三(1)班学生名单",
                "三(1)班班主任",
                "三(1)班（45人）",
                "青石镇中心小学三年级1班花名册",
                "2025—2026学年度第一学期 三年级1班",
                "实验一小三(1)班",
                "3–1班",
                "三·1班",
                "Grade 3 Class 1",
                "G3C1",
                "Class 3-1",
                "03-01",
                "三[1]班",
                "三【1】班",
            ],
        ),
        (
            "7-1",
            &[
                "七(1)班",
                "初一(1)班",
                "7.1",
                "七年级 1",
                "初一1班",
                "初中一年级1班",
                "初1(1)班",
                "初中七年级（1）班",
                "临江二中七(1)班",
                "某某中学初中部初一1班",
                "初11班",
                "2025级七年级1班",
            ],
        ),
        (
            "10-3",
            &[
                "高一(3)班",
                "高一3班",
                "高中一年级3班",
                "十年级3班",
                "某某高级中学高一（3）班",
                "2025级高一(3)班",
                "高1(3)班",
            ],
        ),
        ("11-文3", &["高二文(3)班", "高二(文)3班", "高二文科3班", "高二(3)班（文科）", "高二年级文3班"]),
        ("2023级-2", &["2023级2班", "2023级(2)班", "23级2班", "2023级二班", "2023级 2", "2023(2)班", "2023-2班"]),
        ("高2025级-3", &["高2025级3班", "高中2025级（3）班", "高25级3班"]),
        ("2026届-4", &["2026届4班", "2026届（4）班", "26届4班"]),
        ("3-A", &["三A班", "三年级A班", "3A", "3-a", "三（Ａ）班", "Grade 3A"]),
        ("7-11", &["七(11)班", "七11班", "七十一班", "七年级十一班", "7.11", "七(十一)班"]),
        ("12-10", &["高三(10)班", "12.10", "高三十班", "十二年级10班"]),
        ("7-实验", &["七年级实验班", "七年级（实验）班", "初一实验班"]),
        ("7-实验2", &["七年级实验2班", "七实验(2)班", "七(2)实验班"]),
        ("大2", &["大二班", "大(2)班", "大2班"]),
        ("5", &["5班", "第5班", "五班", "(5)班", "5", "Class 5"]),
        ("1-向日葵", &["一年级向日葵班"]),
    ];
    for (key, spellings) in table {
        for spelling in *spellings {
            let keys: Vec<String> = readings(spelling).iter().map(ToString::to_string).collect();
            assert!(keys.contains(&(*key).to_owned()), "{spelling}: {keys:?}, not {key}");
        }
        for pair in spellings.windows(2).filter(|pair| pair.iter().all(|text| clear(text).is_some())) {
            assert!(same(pair[0], pair[1]), "{pair:?}");
        }
    }
}

#[test]
fn what_is_no_class_says_none() {
    for text in [
        "",
        "张伟",
        "语文",
        "班主任",
        "七年级",
        "初一",
        "合计",
        "2025-09-01",
        "七1-3班",
        "七1、2班",
        "7.1-7.3",
        "七(1)(2)班",
    ] {
        assert!(readings(text).is_empty(), "{text}: {:?}", readings(text));
    }
    // No list of classes is as long; it comes back as one part that names none.
    let index = ClassIndex::new(&["七1班", "七2班"]);
    for text in ["一", "1、", "七1班", "(", "1-", "班1"].map(|text| text.repeat(20_000)) {
        assert!(readings(&text).is_empty());
        let parts = index.cell(&text);
        assert!(matches!(parts.as_slice(), [part] if part.fit == Fit::Nothing), "{}", parts.len());
    }
}

#[test]
fn a_name_with_two_readings_is_clear_to_nobody() {
    for text in ["12班", "31班", "101", "十一班", "12级3班"] {
        assert!(readings(text).len() > 1 && clear(text).is_none(), "{text}: {:?}", readings(text));
    }
    assert!(!same("12班", "1(2)班") && same("12班", "１２班"));
}

#[test]
fn a_class_is_renamed_once_a_year_and_leaves_at_the_end_of_its_stage() {
    for (before, now) in
        [("八(1)班", "九1班"), ("初二(3)班", "九年级3班"), ("高一文2班", "高二(文)2班"), ("3-2", "四(2)班")]
    {
        assert!(renamed(before, now) && !renamed(now, before), "{before} {now}");
    }
    for (before, now) in
        [("六(1)班", "七(1)班"), ("九(1)班", "高一(1)班"), ("八(1)班", "九(2)班"), ("2023级2班", "2023级2班")]
    {
        assert!(!renamed(before, now), "{before} {now}");
    }
}

/// The classes that a cell names, by their names; `?` before those that it may name, `-` where it names none.
fn cell(index: &ClassIndex, classes: &[&str], text: &str) -> String {
    let names = |found: &[usize]| found.iter().map(|class| classes[*class]).collect::<Vec<_>>().join(" ");
    let parts = index.cell(text).into_iter().map(|part| match part.fit {
        Fit::Classes { classes, .. } => names(&classes),
        Fit::Nothing => "-".to_owned(),
        Fit::Several(classes) => format!("?{}", names(&classes)),
    });
    parts.collect::<Vec<_>>().join(" | ")
}

#[test]
fn lists_and_ranges_name_each_class_and_no_other() {
    let one = ["七1班", "七2班", "七3班", "七4班", "七12班", "七13班"];
    let index = ClassIndex::new(&one);
    let table = [
        ("七1-3班", "七1班 七2班 七3班"),
        ("七(1)-(3)班", "七1班 七2班 七3班"),
        ("七(1-3)班", "七1班 七2班 七3班"),
        ("七(1)班-(3)班", "七1班 七2班 七3班"),
        ("七(1)班至七(3)班", "七1班 七2班 七3班"),
        ("七1至3班", "七1班 七2班 七3班"),
        ("七1~3班", "七1班 七2班 七3班"),
        ("七年级1—3班", "七1班 七2班 七3班"),
        ("7.1-7.3", "七1班 七2班 七3班"),
        ("7-1-3", "七1班 七2班 七3班"),
        ("1-3班", "七1班 七2班 七3班"),
        ("一至三班", "七1班 七2班 七3班"),
        ("七1、2班", "七1班 | 七2班"),
        ("七(1)(2)班", "七1班 七2班"),
        ("七(1、2)班", "七1班 七2班"),
        ("七（1，2）班", "七1班 七2班"),
        ("七1班七2班", "七1班 | 七2班"),
        ("七(1)班(2)班", "七1班 | 七2班"),
        ("七1 七2", "七1班 | 七2班"),
        ("七1和七2", "七1班 | 七2班"),
        ("七1、2、3、4班", "七1班 | 七2班 | 七3班 | 七4班"),
        ("七1班、2-4班", "七1班 | 七2班 七3班 七4班"),
        ("1,2班", "七1班 | 七2班"),
        ("七(12)班", "七12班"),
        ("七12班", "七12班"),
        ("七13班", "七13班"),
        ("七年级", "七1班 七2班 七3班 七4班 七12班 七13班"),
        ("七年级全部", "七1班 七2班 七3班 七4班 七12班 七13班"),
        ("七年级各班", "七1班 七2班 七3班 七4班 七12班 七13班"),
        ("全年级", "七1班 七2班 七3班 七4班 七12班 七13班"),
        ("全校", "七1班 七2班 七3班 七4班 七12班 七13班"),
        ("七1-6班", "-"),
        ("七3-1班", "-"),
        ("八1班", "-"),
        ("七1班、七年级五班", "七1班 | -"),
    ];
    for (text, want) in table {
        assert_eq!(cell(&index, &one, text), want, "{text}");
    }
}

#[test]
fn what_the_school_has_decides_what_a_stroke_means() {
    let primary = ["一(1)班", "一(2)班", "二(1)班", "二(2)班", "三(1)班", "三(2)班", "三(4)班"];
    let index = ClassIndex::new(&primary);
    for (text, want) in [
        ("3-2", "三(2)班"),
        ("3-1、3-2、2-1", "三(1)班 | 三(2)班 | 二(1)班"),
        ("3-1、3-4", "三(1)班 | 三(4)班"),
        ("1-2", "一(2)班"),
        ("一、二年级1班", "一(1)班 | 二(1)班"),
        ("一、二(2)班", "一(2)班 | 二(2)班"),
        ("一1、2班，二1、2班", "一(1)班 | 一(2)班 | 二(1)班 | 二(2)班"),
        ("二、三年级", "二(1)班 二(2)班 | 三(1)班 三(2)班 三(4)班"),
        ("4班", "三(4)班"),
        ("1班", "?一(1)班 二(1)班 三(1)班"),
        ("全年级", "-"),
        ("201", "二(1)班"),
        ("1-4", "-"),
    ] {
        assert_eq!(cell(&index, &primary, text), want, "{text}");
    }
    let first = ["一(1)班", "一(2)班", "一(3)班"];
    let index = ClassIndex::new(&first);
    assert_eq!(cell(&index, &first, "1-3"), "?一(1)班 一(2)班 一(3)班");
    let names = index.clone().with_texts(["1-1", "1-2", "1-3"]);
    assert_eq!(cell(&names, &first, "1-3"), "一(3)班");
    let ranges = index.with_texts(["1-2", "2-3", "1-3"]);
    assert_eq!(cell(&ranges, &first, "1-3"), "一(1)班 一(2)班 一(3)班");
}

#[test]
fn years_of_coming_are_told_by_the_other_classes() {
    let office = ["一(1)班", "一（2）班", "二(1)班", "三(1)班", "4.1", "五年级1班", "2020级1班", "六年2班"];
    let index = ClassIndex::new(&office);
    for (text, want) in [
        ("六(1)班", "2020级1班"),
        ("六年级2班", "六年2班"),
        ("2020级（1）班", "2020级1班"),
        ("6.1、6.2", "2020级1班 | 六年2班"),
    ] {
        assert_eq!(cell(&index, &office, text), want, "{text}");
    }
    let junior = ["七(1)班", "七(2)班", "八(1)班", "九(1)班", "九(3)班"];
    let index = ClassIndex::new(&junior);
    assert_eq!(cell(&index, &junior, "2023级1班"), "?七(1)班 八(1)班 九(1)班");
    assert_eq!(cell(&index, &junior, "2023级3班"), "九(3)班");
    let index = index.with_texts(["2023级1班", "2024级1班", "2025级1班", "2025级2班"]);
    assert_eq!(cell(&index, &junior, "2023级1班、2025级2班"), "九(1)班 | 七(2)班");
    let bare = ["1班", "2班", "12班"];
    let index = ClassIndex::new(&bare);
    assert_eq!(cell(&index, &bare, "1(2)班"), "2班");
    assert_eq!(cell(&index.with_texts(["七(1)班", "七(2)班"]), &bare, "七(2)班、七十二班"), "2班 | 12班");
}

/// A class of the generator's school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Class {
    grade: usize,
    number: usize,
}

/// Ways of writing a class that say its grade.
const WAYS: usize = 17;

fn written(class: Class, way: usize) -> String {
    let Class { grade, number } = class;
    let (g, n) = (NUMERALS[grade], NUMERALS[number]);
    let stage = match grade {
        1..=6 => format!("小学{g}年级"),
        7..=9 => format!("初{}", NUMERALS[grade - 6]),
        _ => format!("高{}", NUMERALS[grade - 9]),
    };
    match way {
        0 => format!("{g}({number})班"),
        1 => format!("{g}（{number}）班"),
        2 => format!("{g}{number}班"),
        3 => format!("{grade}-{number}"),
        4 => format!("{grade}.{number}"),
        5 => format!("{g}年级{number}班"),
        6 => format!("{g}年级（{n}）班"),
        7 => format!("{grade}年{number}班"),
        8 => format!("{stage}({number})班"),
        9 => format!("{stage}{number}班"),
        10 => format!("{g}年级 {number}"),
        11 => format!("{g}年级{number}班花名册"),
        12 => format!("Grade {grade} Class {number}"),
        13 => format!("{g}({number})"),
        14 => format!("{grade}（{number}）班"),
        15 => format!("{g}（{n}）班"),
        _ => format!("2025-2026学年第一学期{g}年级{number}班"),
    }
}

fn end_of(school: &[Class]) -> usize {
    school.last().map_or(0, |class| class.grade)
}

fn school() -> impl Strategy<Value = Vec<Class>> {
    let grades = prop_oneof![Just(1..=6), Just(7..=9), Just(10..=12), Just(1..=9), Just(7..=12), Just(4..=4)];
    let grades = grades.prop_flat_map(|grades| {
        let all: Vec<usize> = grades.collect();
        (1..=all.len()).prop_flat_map(move |most| subsequence(all.clone(), most))
    });
    let classes =
        grades.prop_flat_map(|grades| grades.into_iter().map(|g| (Just(g), 1_usize..=20)).collect::<Vec<_>>());
    classes.prop_map(|grades| {
        grades.into_iter().flat_map(|(grade, last)| (1..=last).map(move |number| Class { grade, number })).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever way the lists write the classes and whatever way a cell writes one, the cell names that class.
    #[test]
    fn any_spelling_names_its_class((school, ways, way) in (school(), prop::collection::vec(0..WAYS, 1..4), 0..WAYS)) {
        let names: Vec<String> = school.iter().enumerate().map(|(at, class)| written(*class, ways[at % ways.len()])).collect();
        let index = ClassIndex::new(&names);
        for (at, class) in school.iter().enumerate() {
            prop_assert_eq!(index.class(&written(*class, way)), Some(at), "{} in {:?}", written(*class, way), names);
        }
    }

    /// Two classes never say the same, and one always does.
    #[test]
    fn two_classes_never_say_the_same(
        (a, b) in (1_usize..=12, 1_usize..=20).prop_flat_map(|a| (Just(a), (1_usize..=12, 1_usize..=20))),
        (x, y) in (0..WAYS, 0..WAYS),
    ) {
        let (a, b) = (Class { grade: a.0, number: a.1 }, Class { grade: b.0, number: b.1 });
        prop_assert_eq!(same(&written(a, x), &written(b, y)), a == b, "{} {}", written(a, x), written(b, y));
    }

    /// A cell of several classes, written one by one or as a range, names them and no other, or it is told.
    #[test]
    fn lists_of_classes_are_never_misread(
        (school, from, many, way, form) in (school(), any::<prop::sample::Index>(), 1_usize..6, 0..WAYS, 0_usize..5),
        sign in select(vec!["、", "；", ",", "，", ";"]),
    ) {
        let names: Vec<String> = school.iter().map(|class| written(*class, 0)).collect();
        let from = from.index(school.len());
        let grade = school[from].grade;
        let last = (from + many).min(school.len()).min(from + school[from..].iter().filter(|c| c.grade == grade).count());
        let meant: Vec<usize> = (from..last).collect();
        let (first, end) = (school[from], school[last - 1]);
        let (g, a, b) = (NUMERALS[grade], first.number, end.number);
        let text = match form {
            0 if a < b => format!("{g}{a}-{b}班"),
            1 if a < b => format!("{g}年级({a})-({b})班"),
            2 => format!("{g}{}班", (a..=b).flat_map(|n| ["(".to_owned(), n.to_string(), ")".to_owned()]).collect::<String>()),
            3 => format!("{g}{}班", (a..=b).map(|n| n.to_string()).collect::<Vec<_>>().join(sign)),
            _ => meant.iter().map(|at| written(school[*at], way)).collect::<Vec<_>>().join(sign),
        };
        let mut found = Vec::new();
        for part in ClassIndex::new(&names).cell(&text) {
            match part.fit {
                Fit::Classes { classes, .. } => found.extend(classes),
                // 4-5 in a school of the one grade 四 may be 四(5)班 too.
                Fit::Several(may) => {
                    prop_assert!(school[0].grade == end_of(&school) && may.iter().any(|class| meant.contains(class)), "{text} in {names:?}");
                    found.clone_from(&meant);
                }
                Fit::Nothing => prop_assert!(false, "{text} in {names:?}"),
            }
        }
        prop_assert_eq!(found, meant, "{} in {:?}", text, names);
    }

    #[test]
    fn no_text_makes_it_stumble(text in "[一二三十0-9初高小班级年届()（）、，;\\-~至.文a-z ]{0,24}") {
        let names = ["一(1)班", "七(1)班", "2023级2班", "高一文3班", "12班"];
        let index = ClassIndex::new(&names).with_texts([text.as_str()]);
        for part in index.cell(&text) {
            prop_assert!(index.near(&part.text).iter().all(|class| *class < names.len()));
        }
        let _ = (clear(&text), renamed(&text, &text));
    }
}
