//! An invented school: class lists and a staff list in which a full staffing is hidden.
//!
//! Every class of 45–52 gets five groups of about ten. Five slots a class are dealt to teachers first; what a teacher can carry is
//! made from the slots dealt to him or her, reckoned with the largest groups and the visits shared out evenly, so that classes
//! divided evenly can always be staffed in full. Some teachers have room to spare, some teach more classes, some have wishes, and
//! some have an own child in a class in which they were dealt a slot.

use super::names::name;
use super::random::{Aspect, Stream};
use super::rows::{Row, rows};
use super::{ClassSpec, Flag, SUBJECTS};
use crate::words::Lang;

/// Most classes of a sample school.
pub const MAX_CLASSES: usize = 1_000;

/// Teachers of a class.
const TEACHERS: usize = 3;
/// Groups of a class, whatever its size.
const GROUPS: usize = 5;
/// Most classes that a teacher teaches, and most slots dealt to one.
const MOST: usize = 3;
/// Flags that need more visits, all but boarding.
const VISITED: [Flag; 4] = [Flag::LeftBehind, Flag::SingleParent, Flag::Hardship, Flag::KeyStudent];

/// What a sample school is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchoolSpec {
    /// Number of classes, at most [`MAX_CLASSES`]; there are three teachers a class.
    pub classes: usize,
    /// Language of headers, names and everything else.
    pub lang: Lang,
    /// Another seed, another school.
    pub seed: u64,
}

/// The files of a sample school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// File name and CSV of each class list.
    pub lists: Vec<(String, String)>,
    /// CSV of the staff list.
    pub staff: String,
}

struct Class {
    name: String,
    spec: ClassSpec,
    rows: Vec<Row>,
}

/// One teacher with the slots dealt.
#[derive(Default)]
struct Teacher {
    /// Classes taught, the first is the home class.
    classes: Vec<usize>,
    /// Class of each slot.
    slots: Vec<usize>,
    child: Option<(usize, usize)>,
}

/// Makes a school. Same spec, same bytes.
#[must_use]
pub fn school(spec: &SchoolSpec) -> School {
    let count = spec.classes.clamp(1, MAX_CLASSES);
    let mut stream = Stream::new(spec.seed, Aspect::School);
    let classes: Vec<Class> = (0..count).map(|c| class(spec, c, count, &mut stream)).collect();
    let mut teachers = deal(count, &mut stream);
    widen(&mut teachers, count, &mut stream);
    children(&mut teachers, &classes, &mut stream);
    let width = count.to_string().len().max(2);
    let lists = classes.iter().enumerate().map(|(c, class)| (format!("class{:0width$}.csv", c + 1), list(class, c)));
    School { lists: lists.collect(), staff: staff(spec, &teachers, &classes, &mut stream) }
}

/// Classes of three grades: 七1班 … 九6班, or 7-1 … 9-6.
fn class(spec: &SchoolSpec, c: usize, count: usize, stream: &mut Stream) -> Class {
    let each = count.div_ceil(3).max(1);
    let (grade, number) = (c / each, c % each + 1);
    let name = match spec.lang {
        Lang::Zh => format!("{}{number}班", ["七", "八", "九"][grade.min(2)]),
        Lang::En => format!("{}-{number}", 7 + grade),
    };
    let of = ClassSpec {
        students: 45 + stream.below(8),
        flags: Flag::ALL.to_vec(),
        headers: spec.lang,
        people: spec.lang,
        seed: spec.seed.wrapping_mul(10_000).wrapping_add(c as u64),
        ..ClassSpec::default()
    };
    Class { name, rows: rows(&of), spec: of }
}

/// The class as a list of its own; ids are unique in the school.
fn list(class: &Class, c: usize) -> String {
    let mut header = class.spec.header();
    header.insert(2, if class.spec.headers == Lang::Zh { "班级" } else { "class" });
    let mut text = header.join(",") + "\n";
    for (s, row) in class.rows.iter().enumerate() {
        let mut cells = row.cells(&class.spec);
        cells[0] = student_id(c, s);
        cells.insert(2, class.name.clone());
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

fn student_id(c: usize, s: usize) -> String {
    format!("S{:03}{:02}", c + 1, s + 1)
}

/// Three slots of a class go to its own teachers, one to any of them, one to a teacher of another class.
fn deal(count: usize, stream: &mut Stream) -> Vec<Teacher> {
    let mut teachers: Vec<Teacher> =
        (0..TEACHERS * count).map(|t| Teacher { classes: vec![t % count], ..Teacher::default() }).collect();
    for c in 0..count {
        (0..TEACHERS).for_each(|k| teachers[c + k * count].slots.push(c));
    }
    for c in 0..count {
        teachers[c + count * stream.below(TEACHERS)].slots.push(c);
    }
    for c in 0..count {
        // 5 slots a class and room for 9: somebody is always free.
        let free = |t: &usize| {
            let Teacher { classes, slots, .. } = &teachers[*t];
            slots.len() < MOST && (classes.contains(&c) || classes.len() < MOST)
        };
        let free: Vec<usize> = (0..teachers.len()).filter(free).collect();
        let guest = free[stream.below(free.len())];
        teachers[guest].slots.push(c);
        if !teachers[guest].classes.contains(&c) {
            teachers[guest].classes.push(c);
        }
    }
    teachers
}

/// Every second teacher teaches one class more.
fn widen(teachers: &mut [Teacher], count: usize, stream: &mut Stream) {
    for teacher in teachers {
        let more = stream.below(count);
        if stream.below(2) == 0 && teacher.classes.len() < MOST && !teacher.classes.contains(&more) {
            teacher.classes.push(more);
        }
    }
}

/// One teacher in twelve has an own child in the home class, at most one child a class: the class's other slots are for the child.
fn children(teachers: &mut [Teacher], classes: &[Class], stream: &mut Stream) {
    let mut taken = vec![false; classes.len()];
    for teacher in teachers {
        let c = teacher.classes[0];
        let child = stream.below(classes[c].rows.len());
        if stream.below(12) == 0 && !taken[c] {
            taken[c] = true;
            teacher.child = Some((c, child));
        }
    }
}

/// Students and visits of a class's heaviest group where it is divided evenly.
fn heaviest(class: &Class) -> (usize, usize) {
    let students = class.rows.len().div_ceil(GROUPS);
    let visited = |row: &&Row| class.spec.flags.iter().zip(&row.flags).any(|(flag, &is)| is && VISITED.contains(flag));
    let more = class.rows.iter().filter(visited).count().div_ceil(GROUPS);
    (students, 2 * students + 3 * more)
}

fn staff(spec: &SchoolSpec, teachers: &[Teacher], classes: &[Class], stream: &mut Stream) -> String {
    let zh = spec.lang == Lang::Zh;
    let header = if zh {
        "工号,姓名,任教班级,学科,小组上限,学生上限,家访上限,意愿,回避"
    } else {
        "id,name,classes,subjects,max_groups,max_students,max_visits,prefers,avoids"
    };
    let mut text = format!("{header}\n");
    for (t, teacher) in teachers.iter().enumerate() {
        let boy = stream.below(2) == 0;
        let who = name(stream, spec.lang, boy);
        let (en, word) = SUBJECTS[stream.below(SUBJECTS.len())];
        let taught: Vec<&str> = teacher.classes.iter().map(|&c| classes[c].name.as_str()).collect();
        let wish = if stream.below(3) == 0 { taught[stream.below(taught.len())] } else { "" };
        let child = teacher.child.map(|(c, s)| student_id(c, s)).unwrap_or_default();
        let id = format!("T{:03}", t + 1);
        let [groups, students, visits] = capacities(teacher, classes, stream);
        let cells = [
            id.as_str(),
            &who,
            &taught.join(";"),
            if zh { word } else { en },
            &groups,
            &students,
            &visits,
            wish,
            &child,
        ];
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

/// Of three teachers one is limited in groups, one in groups and students, one in groups and visits; two in five have room for one
/// group more.
fn capacities(teacher: &Teacher, classes: &[Class], stream: &mut Stream) -> [String; 3] {
    let dealt = || teacher.slots.iter().map(|&c| heaviest(&classes[c]));
    let (students, visits) = dealt().fold((0, 0), |(s, v), (students, visits)| (s + students, v + visits));
    let more = usize::from(stream.below(5) < 2);
    let (extra_students, extra_visits) = dealt().next().unwrap_or_default();
    let groups = (teacher.slots.len() + more).to_string();
    match stream.below(3) {
        0 => [groups, String::new(), String::new()],
        1 => [groups, (students + more * extra_students).to_string(), String::new()],
        _ => [groups, String::new(), (visits + more * extra_visits).to_string()],
    }
}
