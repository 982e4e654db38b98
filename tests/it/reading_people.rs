//! Who of a list belongs to it: states, roles, remarks, names, sections and sheets; people who come twice; long lists.

use crate::lists::{column, csv, good, ids, named, notice, numbers, read_as, texts, write_rows};
use fenzu::roster::{Limits, Roster, read_files};
use rust_xlsxwriter::Workbook;

const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙";

/// A list of twelve with a further column: `usual` for all but the fifth, who has `odd`.
fn with(header: &str, usual: &str, odd: &str) -> String {
    let rows = FAMILIES.chars().enumerate().map(|(i, family)| {
        let (gender, text) = (if i % 2 == 0 { "男" } else { "女" }, if i == 4 { odd } else { usual });
        format!("{},{family}小明,{gender},\"{text}\",{}\n", 101 + i, 50 + 7 * i % 40)
    });
    format!("学号,姓名,性别,{header},数学\n{}", rows.collect::<String>())
}

fn asked(roster: &Roster) -> Vec<&str> {
    roster.doubts.iter().map(|doubt| doubt.code).collect()
}

/// Whether the fifth, and nobody else, is asked about.
fn is_asked(text: &str) -> bool {
    let roster = good(text);
    let gone = roster.doubts.iter().find(|doubt| doubt.code == "people_gone");
    gone.is_some_and(|doubt| doubt.message.zh.starts_with("1 人") && doubt.message.zh.contains("陈小明"))
}

#[test]
fn a_state_that_is_not_the_usual_one_is_asked_about() {
    let zh =
        "转走 已走 借读外出 病休 停课 人籍分离 在籍不在校 空挂 转班 不在校 未报到 离园 下落不明 待核实 转回原籍 其他";
    for word in zh.split(' ') {
        assert!(is_asked(&with("学生状态", "在读", word)), "{word}");
        assert!(is_asked(&with("情况", "在读", word)), "{word} in a column told by its values");
    }
    let en =
        "W|Drop|Exited|Leaver|Moved|Transfer|No longer enrolled|Off roll|On leave|No Show|Code 17|Withdrawn - 10/3";
    for word in en.split('|') {
        assert!(is_asked(&with("Status", "Active", word)), "{word}");
        assert!(is_asked(&with("State", "Enrolled", word)), "{word} in a column told by its values");
    }
    for (usual, here) in [("在读", "复学"), ("在校", "9月转入"), ("在籍", "在读"), ("Active", "active"), ("Active", "")]
    {
        assert_eq!(asked(&good(&with("学籍状态", usual, here))), [""; 0], "{here}");
    }
    let left = named(&with("学生状态", "在读", "待核实"), &["exclude=gone"]).expect("a list");
    assert_eq!((left.students.len(), left.left_out[0].who.as_str()), (11, "陈小明"));
    let kept = named(&with("学生状态", "在读", "待核实"), &["accept=people_gone"]).expect("a list");
    assert_eq!((kept.students.len(), asked(&kept)), (12, vec![]));
}

#[test]
fn answers_of_yes_and_no_and_dates_tell_who_is_there() {
    let cases = [
        ("是否在校", "是", "否"),
        ("是否转出", "否", "是"),
        ("是否休学", "", "是"),
        ("是否参与分组", "是", "否"),
        ("转出时间", "", "2025-10-01"),
        ("离校日期", "", "10月8日"),
        ("Active?", "Y", "N"),
        ("Currently enrolled", "Yes", "No"),
        ("Withdrawn", "", "Yes"),
        ("Exit Date", "", "2025-01-10"),
        ("Date left", "", "10/01/2025"),
    ];
    for (header, usual, odd) in cases {
        assert!(is_asked(&with(header, usual, odd)), "{header}");
        assert_eq!(asked(&good(&with(header, usual, usual))), [""; 0], "{header}");
    }
    for (header, usual, odd) in [("转入时间", "", "2025-09-01"), ("是否在校午餐", "是", "否"), ("是否走读", "否", "是")]
    {
        assert!(!is_asked(&with(header, usual, odd)), "{header}");
    }
}

#[test]
fn remarks_say_who_has_left_in_many_words() {
    let gone = "9月转走|转至县二中|转到城关小学|转去三班|已转|在外借读|不参与分组|已不在本班|家长带走，转外地|去广东读书|\
                10.8退学|休学一年|随父母转去上海|回老家上学|已离校|轉學|下学期转出|withdrawn in October|has left the school|\
                Transferred to Hill High|moved to Leeds|No longer enrolled|Left 3/10|homeschooled since May|off roll";
    let here = "10月转学来|9月转入|原转出，现已转回|未转学|曾休学，已复学|转学生|从实验小学转来|由二班转入|父母离异|母亲去世|\
                家长退伍|生病请假|左眼失明|坐左边|视力减退|爱走神|走读|成绩退步|离家远|早退两次|午休回家|借读生|随班就读|\
                不参加晚自习|父母外出务工，爷爷照看|行走不便|好转|left-handed|hearing loss in left ear|sits on the left|\
                moved from Leeds|moved to set 2|joined, transferred from St Mary's|no longer needs EAL support|quiet and withdrawn|\
                her father left|left early on Friday|mother no longer lives here";
    for word in gone.split('|') {
        assert!(is_asked(&with("备注", "", word)), "{word}");
    }
    for word in here.split('|') {
        assert_eq!(asked(&good(&with("备注", "", word))), [""; 0], "{word}");
    }
}

#[test]
fn names_sections_titles_and_sheets_say_who_has_left() {
    let mut text = with("备注", "", "").replace("陈小明", "陈小明（已转学）");
    assert!(good(&text).doubts[0].message.zh.contains("陈小明（已转学）"));
    text = with("备注", "", "") + ",,,,\n以下为转出学生,,,,\n201,韩冰,男,,60\n202,董洁,女,,70\n";
    let roster = good(&text);
    assert_eq!((asked(&roster), roster.students.len()), (vec!["people_gone"], 14));
    assert!(roster.doubts[0].message.zh.starts_with("2 人") && roster.doubts[0].message.zh.contains("韩冰"));

    let head: &[&str] = &["学号", "姓名", "数学"];
    let mut book = Workbook::new();
    for (name, rows) in [
        ("名单", [["1", "王明", "70"], ["2", "李华", "80"], ["3", "张红", "66"], ["4", "刘洋", "59"]].as_slice()),
        ("转出", [["3", "张红", "66"], ["9", "郑凯", "50"]].as_slice()),
        ("转入", [["5", "陈晨", "61"], ["6", "杨柳", "72"]].as_slice()),
    ] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        let rows: Vec<&[&str]> = std::iter::once(head).chain(rows.iter().map(<[&str; 3]>::as_slice)).collect();
        write_rows(sheet, 0, &rows);
    }
    let roster = read_as("list.xlsx", &book.save_to_buffer().expect("a workbook")).unwrap_or_else(|f| panic!("{f}"));
    assert_eq!(roster.classes(), [""]);
    assert_eq!(asked(&roster), ["people_gone"]);
    let message = &roster.doubts[0].message.zh;
    assert!(
        message.starts_with("2 人") && message.contains("张红 (转出)") && message.contains("郑凯 (转出)"),
        "{message}"
    );
}

#[test]
fn roles_that_are_no_students_are_left_out_or_asked_about() {
    for (header, usual, other) in [
        ("Role", "Student", "Course Director"),
        ("Role", "Member", "Owner"),
        ("Permission", "Member", "Owner"),
        ("成员身份", "普通成员", "群主"),
        ("Profile", "Pupil", "Host"),
    ] {
        let text = with(header, usual, other);
        assert!(is_asked(&text), "{header}: {other}");
        assert_eq!(named(&text, &["exclude=gone"]).expect("a list").students.len(), 11);
    }
    for (header, usual, other) in [
        ("Roles", "Student", "Teacher"),
        ("Type", "Student", "Staff"),
        ("Group", "Students", "Teachers"),
        ("职务", "学生", "班主任"),
    ] {
        let roster = good(&with(header, usual, other));
        assert_eq!((roster.students.len(), roster.left_out[0].who.as_str()), (11, "陈小明"), "{header}");
    }
    assert_eq!(asked(&good(&with("职务", "学生", "学习委员"))), [""; 0]);
}

#[test]
fn a_column_of_class_names_is_the_class_whatever_it_is_called() {
    let rows = |header: &str, classes: &[&str]| {
        let rows = FAMILIES.chars().enumerate();
        let rows = rows.map(|(i, family)| format!("{family}明,{},{}\n", classes[i % classes.len()], 50 + i));
        format!("姓名,{header},数学\n{}", rows.collect::<String>())
    };
    for (header, classes) in [
        ("就读班级", ["三1班", "三2班"]),
        ("年班", ["七年级(1)班", "七年级(2)班"]),
        ("Form", ["7A", "7B"]),
        ("Tutor Group", ["10C", "10D"]),
        ("Klasse", ["5a", "5b"]),
        ("分到", ["Class 1", "Class 2"]),
    ] {
        assert_eq!(good(&rows(header, &classes)).classes(), classes, "{header}");
    }
    for (header, values) in
        [("House", ["Red", "Blue"]), ("CEFR", ["A1", "B2"]), ("毕业班级", ["六1班", "六2班"]), ("Size", ["38", "40"])]
    {
        assert_eq!(good(&rows(header, &values)).classes(), [""], "{header}");
    }
    let seats: String =
        FAMILIES.chars().enumerate().map(|(i, family)| format!("{family}明,2B,{},{}\n", i + 1, 50 + i)).collect();
    assert_eq!(good(&format!("姓名,班別,班號,數學\n{seats}")).classes(), ["2B"]);
    let years = good(&rows("Class", &["Freshman", "Sophomore", "Junior", "5th Year Senior"]));
    assert_eq!(years.classes(), [""]);
    notice(&years, "class_is_year");
    assert_eq!(good(&rows("Class", &["2026", "2027", "2028"])).classes(), [""]);
    assert_eq!(good(&rows("Grade,Homeroom", &["7,A", "7,B", "8,A", "8,B"])).classes(), ["7A", "7B", "8A", "8B"]);
    assert_eq!(good(&rows("入学年份,班级", &["2023,1班", "2023,2班", "2024,1班"])).classes().len(), 3);
}

#[test]
fn a_title_in_a_sheet_goes_before_a_sheet_s_name() {
    let mut book = Workbook::new();
    for (class, names) in
        [("七年级(1)班成绩册", ["王明", "李华", "张红"]), ("七年级(2)班成绩册", ["刘洋", "陈晨", "杨柳"])]
    {
        let rows: Vec<[&str; 2]> = names.iter().map(|name| [*name, "70"]).collect();
        let head: [&[&str]; 2] = [&[class], &["姓名", "数学"]];
        let rows: Vec<&[&str]> = head.into_iter().chain(rows.iter().map(<[&str; 2]>::as_slice)).collect();
        write_rows(book.add_worksheet(), 0, &rows);
    }
    let roster = read_as("list.xlsx", &book.save_to_buffer().expect("a workbook")).unwrap_or_else(|f| panic!("{f}"));
    assert_eq!(roster.classes(), ["七年级(1)班", "七年级(2)班"]);
}

/// Rows of six people: each of `kinds` once with a mark.
fn long(header: &str, kinds: &[&str], more: impl Fn(usize, usize) -> String) -> String {
    let rows = (0..6).flat_map(|i| (0..kinds.len()).map(move |k| (i, k)));
    let family = |i: usize| FAMILIES.chars().nth(i).expect("a family");
    let rows = rows.map(|(i, k)| format!("{},{}明,{},{}\n", 100 + i, family(i), kinds[k], more(i, k)));
    format!("学号,姓名,{header}\n{}", rows.collect::<String>())
}

#[test]
fn long_lists_are_known_by_their_shape() {
    let marks = |i: usize, k: usize| format!("{}", 50 + 5 * i + 3 * k);
    let roster = good(&long("Assignment,Score", &["Essay", "Lab 2", "Poster"], marks));
    assert_eq!(
        (roster.students.len(), numbers(&roster, "score:lab_2")[..2].to_vec()),
        (6, vec![Some(53.0), Some(58.0)])
    );
    let roster = good(&long("单元,得分", &["甲", "乙", "丙", "丁"], marks));
    assert_eq!((roster.students.len(), numbers(&roster, "score:丁")[0]), (6, Some(59.0)));
    let roster = good(&long("考试,科目,成绩", &["期中,语文", "期中,数学", "期末,语文", "期末,数学"], marks));
    assert_eq!((roster.students.len(), numbers(&roster, "score:math_final")[0]), (6, Some(59.0)));
    let ranked = |i: usize, k: usize| format!("{},{},{}", 50 + 5 * i + 3 * k, (i + k) % 6 + 1, ["男", "女"][i % 2]);
    let roster = good(&long("科目,得分,班级名次,性别", &["语文", "数学"], ranked));
    assert!(roster.columns.iter().all(|column| column.header != "班级名次"), "a subject's rank is no rank of the list");
    assert!(notice(&roster, "columns_by_subject").message.zh.contains("班级名次"));
    assert_eq!(column(&roster, "gender").cells.len(), 6);
}

#[test]
fn people_in_several_rows_that_cannot_be_put_together_are_refused_once() {
    let two = |i: usize, k: usize| format!("{},{}", 50 + 5 * i + 3 * k, 60 + 5 * i + 3 * k);
    for text in [
        long("科目,平时成绩,期末成绩", &["语文", "数学"], two),
        long("学期,语文,数学", &["上学期", "下学期"], two),
        long("学期,语文,数学", &["上学期", "下学期"], two).replace("学号,", "代号,"),
    ] {
        let faults = csv(&text).expect_err("must be refused").0;
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["rows_repeat_people"], "{text}");
        assert!(faults[0].found.zh.contains("2 行"));
    }
}

#[test]
fn one_person_twice_is_asked_about_whatever_his_numbers() {
    let roster =
        good("ID,Name,Maths,Art\n1,Nora Abbott,70,8\n2,Leo Barros,65,7\n3,Mina Cho,80,6\n4,nora  abbott,70,8\n");
    assert_eq!(asked(&roster), ["person_twice"]);
    assert_eq!(asked(&good("ID,Name,Maths\n1,Nora Abbott,70\n2,Leo Barros,65\n4,Nora Abbott,71\n")), [""; 0]);
    let between = "Name,Maths,Art\nNora Abbott,70,8\nNora Abbott,65,7\nNORA ABBOTT,70,8\n";
    let roster = good(between);
    assert_eq!(asked(&roster), ["person_twice"], "another of the name stands between");
    assert!(roster.notices.iter().any(|notice| notice.code == "names_repeat"), "and is told");
    let faults = csv("Name,Email,Maths\nNora,n@x.y,70\nLeo,l@x.y,60\nNORA,N@X.Y,50\n").expect_err("must be refused").0;
    assert_eq!(faults[0].code, "duplicate_id");
}

#[test]
fn two_files_of_the_same_names_are_asked_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder.path().join("list.csv"), folder.path().join("marks.csv"));
    std::fs::write(&one, "学号,姓名,性别\n1,王明,男\n2,李华,女\n3,张红,女\n").expect("a file");
    std::fs::write(&two, "学号,姓名,数学\n2,王明,70\n3,李华,80\n1,张红,90\n").expect("a file");
    let rosters = read_files(&[&one, &two], &[], &Limits::default()).unwrap_or_else(|faults| panic!("{faults}"));
    let doubts: Vec<&str> = rosters.iter().flat_map(asked).collect();
    assert_eq!(doubts, ["list_same_names"]);
}

#[test]
fn cells_written_as_formulas_of_one_text_are_that_text() {
    let roster = good("学号,姓名,数学\n=\"007\",=\"王明\",=\"85\"\n\"=\"\"008\"\"\",李华,90\n");
    assert_eq!((ids(&roster), texts(&roster, "name")), (vec!["007", "008"], vec!["王明", "李华"]));
    assert_eq!(numbers(&roster, "score:math"), [Some(85.0), Some(90.0)]);
}

/// A comma may part people, or belong to a name of the list.
#[test]
fn names_with_commas_are_left_out_whole() {
    let list = "Student,Math\n\"Doe, Jane\",90\n\"Roe, Richard\",80\nAda,70\nBen,60\n";
    let left = |who: &str| {
        let roster = named(list, &[&format!("exclude={who}")]).expect("a list");
        roster.left_out.iter().map(|left| left.who.clone()).collect::<Vec<_>>()
    };
    assert_eq!(left("Doe, Jane"), ["Doe, Jane"]);
    assert_eq!(left("Ada, Ben"), ["Ada", "Ben"]);
    assert_eq!(left("Ben,Doe, Jane"), ["Doe, Jane", "Ben"]);
    assert_eq!(left("Doe, Jane, Roe, Richard"), ["Doe, Jane", "Roe, Richard"]);
    assert!(left("Doe").is_empty());
}

#[test]
fn lists_of_teachers_are_asked_about() {
    let list = |header: &str, row: &str| {
        let rows = FAMILIES.chars().enumerate().map(|(i, family)| {
            let (number, name) = (format!("10{i}"), format!("{family}小明"));
            row.replace("NO", &number).replace("NAME", &name) + "\n"
        });
        csv(&format!("{header}\n{}", rows.collect::<String>()))
    };
    let teachers = [
        ("工号,姓名,性别,任教学科,任教班级", "NO,NAME,男,语文,七1班"),
        ("序号,教师姓名,学科,联系电话", "NO,NAME,语文,138"),
        ("Staff ID,Name,Department", "NO,NAME,Maths"),
        ("姓名,性别,职称,学历", "NAME,女,高级,本科"),
    ];
    for (header, row) in teachers {
        let roster = list(header, row).expect("a list");
        assert_eq!((roster.students.len(), asked(&roster).contains(&"list_of_teachers")), (12, true), "{header}");
    }
    let students = [
        ("学号,姓名,性别,班主任", "NO,NAME,男,王红"),
        ("姓名,性别,职务,任课教师", "NAME,男,班长,王红"),
        ("学号,姓名,语文,任教班级", "NO,NAME,80,七1班"),
    ];
    for (header, row) in students {
        let roster = list(header, row).expect("a list");
        assert!(!asked(&roster).contains(&"list_of_teachers"), "{header}");
    }
    for header in ["id,name,classes,subjects,max_groups", "工号,姓名,任教班级,学科,小组上限"] {
        let faults = list(header, "NO,NAME,七1班,语文,2").expect_err("a staff list");
        assert_eq!(faults.0.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["staff_list"], "{header}");
    }
}

#[test]
fn a_sheet_of_teachers_beside_the_students_is_passed_over() {
    let mut book = Workbook::new();
    let students: &[&[&str]] = &[&["姓名", "语文"], &["王子涵", "80"], &["李佳怡", "81"], &["张若曦", "82"]];
    write_rows(book.add_worksheet().set_name("学生").expect("a name"), 0, students);
    let teachers: &[&[&str]] = &[&["姓名", "学科", "电话"], &["王红", "语文", "138"], &["李强", "数学", "139"]];
    write_rows(book.add_worksheet().set_name("教师").expect("a name"), 0, teachers);
    let roster = read_as("list.xlsx", &book.save_to_buffer().expect("a workbook")).expect("a list");
    assert_eq!((roster.students.len(), notice(&roster, "sheet_skipped").place.as_str()), (3, "教师"));
}

#[test]
fn people_in_further_columns_of_names_are_read_or_asked_about() {
    let cells = "王子涵,李佳怡\n张若曦,刘欣怡\n陈俊杰,杨博文\n";
    let roster = good(&format!("姓名,姓名\n{cells}"));
    assert_eq!(texts(&roster, "name"), ["王子涵", "张若曦", "陈俊杰", "李佳怡", "刘欣怡", "杨博文"]);
    for header in ["七1班,七2班", "第一组,第二组", "Group 1,Group 2", "姓名1,姓名2", "7A,7B"] {
        let roster = good(&format!("{header}\n{cells}"));
        assert_eq!((roster.students.len(), asked(&roster)), (3, vec!["people_beside"]), "{header}");
        assert!(roster.doubts[0].message.zh.contains("另外 3 人"), "{header}");
    }
    // Beside marks one of two columns is read.
    let marks = good("姓名,姓名,语文\n王子涵,李佳怡,80\n张若曦,刘欣怡,81\n陈俊杰,杨博文,82\n");
    assert_eq!((marks.students.len(), asked(&marks)), (3, vec!["people_beside"]));
    // Other letters of the same people, and parents, are nobody else.
    let same = good("姓名,姓名\n王子涵,王子涵\n张若曦,张若曦\n陈俊杰,陈俊杰\n");
    assert_eq!((same.students.len(), asked(&same)), (3, vec![]));
    let parents = good("姓名,父亲姓名,语文\n王子涵,王大明,80\n张若曦,张大明,81\n陈俊杰,陈大明,82\n");
    assert_eq!((parents.students.len(), asked(&parents)), (3, vec![]));
}
