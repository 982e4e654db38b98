//! `fenzu school`: every class of a school in one run, from whatever the lists come in, and none stopped by another.

use crate::command::{Ended, Folder, agrees, dataset, fenzu};
use fenzu::plan::document::Document;
use fenzu::sample::{ClassSpec, class_csv};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

/// A class list of `students`.
pub fn class(students: usize, seed: u64) -> String {
    class_csv(&ClassSpec { students, seed, ..ClassSpec::default() })
}

/// A folder of class lists `c01.csv` … of 24 to 27 students.
pub fn lists(folder: &Folder, count: usize) -> String {
    let path = folder.path("lists");
    std::fs::create_dir_all(&path).expect("a folder");
    for i in 1..=count {
        std::fs::write(format!("{path}/c{i:02}.csv"), class(24 + i % 4, i as u64)).expect("a list");
    }
    path
}

/// `fenzu school INPUT --output OUT OPTIONS`.
pub fn school(input: &str, output: &str, options: &[&str]) -> Ended {
    fenzu(&[&["school", input, "--output", output][..], options].concat())
}

/// `summary.json` of an output folder.
pub fn summary(output: &str) -> Value {
    let text = std::fs::read_to_string(format!("{output}/summary.json")).expect("a summary");
    serde_json::from_str(&text).expect("JSON")
}

/// The plan of a class.
pub fn plan(output: &str, class: &str) -> Document {
    let text = std::fs::read_to_string(format!("{output}/classes/{class}.json")).expect("a plan");
    serde_json::from_str(&text).expect("a plan")
}

/// Every file of an output folder with its bytes; seconds are taken out of the summary.
pub fn files(output: &str) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).expect("below").display().to_string();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(Path::new(output), Path::new(output), &mut found);
    let mut summary = summary(output);
    summary["elapsed_seconds"] = Value::Null;
    found.insert("summary.json".to_owned(), summary.to_string().into_bytes());
    found
}

/// Groups of every class by its name, as sets of ids.
fn groups(output: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let summary = summary(output);
    let classes = summary["classes"].as_array().expect("classes").iter();
    classes
        .map(|class| {
            let file = class["file"].as_str().expect("a file");
            let groups = plan(output, file).groups.into_iter().map(|group| group.students).collect();
            (class["class"].as_str().expect("a name").to_owned(), groups)
        })
        .collect()
}

#[test]
fn a_broken_class_stops_no_other() {
    let folder = Folder::new();
    let lists = lists(&folder, 20);
    let noise: Vec<u8> = (0..3000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(format!("{lists}/c07.csv"), noise).expect("a file");
    let out = folder.path("out");
    let ended = school(&lists, &out, &["--groups", "3"]).code(2);
    assert!(ended.text().contains("20 classes, 19 done"), "{}", ended.text());
    let summary = summary(&out);
    let classes = summary["classes"].as_array().expect("classes");
    let states: Vec<&str> = classes.iter().filter_map(|class| class["state"].as_str()).collect();
    assert_eq!(states.iter().filter(|state| **state == "done").count(), 19);
    let broken = &classes[6];
    assert_eq!((broken["class"].as_str(), broken["state"].as_str()), (Some("c07"), Some("refused")));
    let error = &broken["error"];
    assert!(error["where"].as_str().is_some_and(|place| place.contains("c07.csv")), "{error}");
    assert!(
        !error["code"].as_str().unwrap_or_default().is_empty()
            && !error["message"].as_str().unwrap_or_default().is_empty()
    );
    for i in (1..=20).filter(|i| *i != 7) {
        for file in ["classes/{}.json", "classes/{}.xlsx", "public/{}.html"] {
            let path = format!("{out}/{}", file.replace("{}", &format!("c{i:02}")));
            assert!(Path::new(&path).exists(), "{path}");
        }
    }
    assert!(!Path::new(&format!("{out}/classes/c07.json")).exists());
    agrees(&format!("{out}/classes/c03.json"), &format!("{lists}/c03.csv"), &[]);
}

#[test]
fn folder_zip_workbook_and_one_list_give_the_same_plans() {
    let folder = Folder::new();
    let lists = lists(&folder, 4);
    let names = ["c01", "c02", "c03", "c04"];
    let texts: Vec<String> =
        names.iter().map(|name| std::fs::read_to_string(format!("{lists}/{name}.csv")).expect("a list")).collect();
    let (zip, book) =
        (folder.write("lists.zip", zipped(&names, &texts)), folder.write("all.xlsx", workbook(&names, &texts)));
    let one = folder.write("one.csv", with_class_column(&names, &texts));
    let plans = |input: &str, name: &str| {
        let out = folder.path(name);
        school(input, &out, &["--size", "8"]).code(0);
        groups(&out)
    };
    let of_folder = plans(&lists, "a");
    assert_eq!(of_folder.keys().collect::<Vec<_>>(), names);
    assert!(of_folder.values().all(|groups| groups.len() == 3));
    assert_eq!(plans(&zip, "b"), of_folder);
    assert_eq!(plans(&book, "c"), of_folder);
    assert_eq!(plans(&one, "d"), of_folder);
}

fn zipped(names: &[&str], texts: &[String]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in names.iter().zip(texts) {
        zip.start_file(format!("lists/{name}.csv"), zip::write::SimpleFileOptions::default()).expect("a file");
        zip.write_all(text.as_bytes()).expect("bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

fn workbook(names: &[&str], texts: &[String]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, text) in names.iter().zip(texts) {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number),
                    Err(_) => sheet.write_string(row, column, cell),
                }
                .expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn with_class_column(names: &[&str], texts: &[String]) -> String {
    let header = texts[0].lines().next().expect("a header");
    let rows =
        names.iter().zip(texts).flat_map(|(name, text)| text.lines().skip(1).map(move |row| format!("{name},{row}\n")));
    format!("class,{header}\n") + &rows.collect::<String>()
}

#[test]
fn classes_of_one_name_are_told_apart_and_names_become_safe_files() {
    let folder = Folder::new();
    let lists = folder.path("school");
    for (grade, seed) in [("七年级", 1), ("八年级", 2)] {
        std::fs::create_dir_all(format!("{lists}/{grade}")).expect("a folder");
        std::fs::write(format!("{lists}/{grade}/1班.csv"), class(20, seed)).expect("a list");
    }
    let odd = "class,".to_owned() + &class(16, 3).replace("\n", "\na/b: c?,");
    let odd = odd.trim_end_matches("a/b: c?,").to_owned()
        + &class(16, 4).lines().skip(1).map(|row| format!("CON,{row}\n")).collect::<String>();
    std::fs::write(format!("{lists}/odd.csv"), odd).expect("a list");
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(0);
    let summary = summary(&out);
    let named: Vec<(&str, &str)> = summary["classes"]
        .as_array()
        .expect("classes")
        .iter()
        .map(|class| (class["class"].as_str().expect("a name"), class["file"].as_str().expect("a file")))
        .collect();
    let names: Vec<&str> = named.iter().map(|(class, _)| *class).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(
        names.contains(&"七年级1班")
            && names.contains(&"八年级1班")
            && names.contains(&"a/b: c?")
            && names.contains(&"CON"),
        "{names:?}"
    );
    for (class, file) in named {
        assert!(!file.contains(['/', ':', '?']) && file != "CON", "{file}");
        assert_eq!(plan(&out, file).groups[0].class, class);
    }
}

#[test]
fn rules_go_to_the_classes_of_their_students() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let ids = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(format!("{lists}/{name}.csv")).expect("a list");
        text.lines().skip(1).map(|row| row.split(',').next().expect("an id").to_owned()).collect()
    };
    let (first, second) = (ids("c01"), ids("c02"));
    let rules = serde_json::json!({"together": [[format!("c01/{}", first[0]), format!("c01/{}", first[1])]],
        "pin": [{"student": format!("c02/{}", second[2]), "group": 2}]});
    let rules = folder.write("rules.json", rules.to_string());
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "3", "--rules", &rules]).code(0);
    let one = plan(&out, "c01");
    assert!(one.groups.iter().any(|group| group.students.contains(&first[0]) && group.students.contains(&first[1])));
    assert!(plan(&out, "c02").groups[1].students.contains(&second[2]));
    let stranger = folder.write("bad.json", r#"{"together": [["nobody", "none"]]}"#);
    let bad = folder.path("bad");
    let ended = school(&lists, &bad, &["--rules", &stranger]).code(2);
    assert!(ended.err.contains("unknown_student") && ended.err.contains("an id of the lists"), "{}", ended.err);
    assert!(!Path::new(&bad).exists(), "nothing is written when input of the whole school is refused");
}

#[test]
fn a_rule_on_a_broken_class_stops_no_other() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let text = std::fs::read_to_string(format!("{lists}/c01.csv")).expect("a list");
    let ids: Vec<&str> = text.lines().skip(1).take(3).map(|row| row.split(',').next().expect("an id")).collect();
    std::fs::write(format!("{lists}/c02.csv"), [0, 159, 146, 150, 7, 0]).expect("a file");
    let rules = serde_json::json!({"together": [["c02/X1", "c02/X2"], [ids[0], ids[1]]],
        "pin": [{"student": "c02/X3", "group": 1}, {"student": ids[2], "group": 2}]});
    let rules = folder.write("rules.json", rules.to_string());
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "3", "--rules", &rules]).code(2);
    let summary = summary(&out);
    assert_eq!(summary["classes"][0]["state"], "done");
    let told: Vec<(&str, &str)> = summary["notices"]
        .as_array()
        .expect("notices")
        .iter()
        .map(|notice| (notice["code"].as_str().expect("a code"), notice["where"].as_str().expect("a place")))
        .collect();
    assert_eq!(told, [("rule_left_out", "rules.together[0]"), ("rule_left_out", "rules.pin (c02/X3)")]);
    let plan = plan(&out, "c01");
    assert!(plan.groups.iter().any(|group| ids[..2].iter().all(|id| group.students.iter().any(|other| other == id))));
    assert!(plan.groups[1].students.iter().any(|id| id == ids[2]));
}

#[test]
fn every_folder_of_a_district_is_a_school() {
    let folder = Folder::new();
    let district = folder.path("district");
    for (school, seed) in [("north", 1), ("south", 5)] {
        std::fs::create_dir_all(format!("{district}/{school}")).expect("a folder");
        for i in 1..=2 {
            std::fs::write(format!("{district}/{school}/c{i}.csv"), class(20, seed + i)).expect("a list");
        }
    }
    let out = folder.path("out");
    let ended = school(&district, &out, &["--schools", "--groups", "2"]).code(0);
    assert!(ended.text().contains("2 schools, 4 classes, 80 students"), "{}", ended.text());
    for school in ["north", "south"] {
        assert_eq!(summary(&format!("{out}/{school}"))["classes"].as_array().map(Vec::len), Some(2));
    }
    assert_eq!(summary(&out)["schools"][1]["school"], "south");
}

#[test]
fn a_school_that_fails_stops_no_other() {
    let folder = Folder::new();
    let (district, out) = (folder.path("district"), folder.path("out"));
    for school in ["north", "south"] {
        std::fs::create_dir_all(format!("{district}/{school}")).expect("a folder");
        std::fs::write(format!("{district}/{school}/c1.csv"), class(20, 1)).expect("a list");
    }
    // A file stands where the first school's folder should be.
    std::fs::create_dir_all(&out).expect("a folder");
    std::fs::write(format!("{out}/north"), "").expect("a file");
    let ended = school(&district, &out, &["--schools", "--groups", "2"]).code(1);
    assert!(
        ended.text().contains("north: failed (") && ended.text().contains("2 schools, 1 classes"),
        "{}",
        ended.text()
    );
    let schools = &summary(&out)["schools"];
    assert_eq!((&schools[0]["state"], &schools[1]["state"]), (&"failed".into(), &"done".into()));
    assert!(schools[0]["error"].as_str().is_some_and(|error| error.contains("north")), "{schools}");
    assert_eq!(summary(&format!("{out}/south"))["classes"][0]["state"], "done");
}

#[test]
fn a_proved_no_is_told_and_the_others_are_written() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let text = std::fs::read_to_string(format!("{lists}/c01.csv")).expect("a list");
    let ids: Vec<String> =
        text.lines().skip(1).take(4).map(|row| format!("c01/{}", row.split(',').next().expect("an id"))).collect();
    let rules = folder.write("rules.json", serde_json::json!({"apart": [ids]}).to_string());
    let out = folder.path("out");
    let ended = school(&lists, &out, &["--groups", "3", "--rules", &rules]).code(3);
    assert!(ended.text().contains("c01: the rules cannot hold together"), "{}", ended.text());
    assert_eq!(summary(&out)["classes"][0]["status"], "infeasible");
    assert_eq!(plan(&out, "c02").groups.len(), 3);
}

#[test]
fn a_folder_without_lists_is_refused() {
    let folder = Folder::new();
    let empty = folder.path("empty");
    std::fs::create_dir_all(&empty).expect("a folder");
    let out = folder.path("out");
    let ended = school(&empty, &out, &[]).code(2);
    assert!(ended.err.contains("no_lists"), "{}", ended.err);
    let ended = school(&dataset("class50.csv"), &out, &["--teachers", &folder.path("nowhere.csv")]).code(2);
    assert!(ended.err.contains("unreadable_file"), "{}", ended.err);
}
