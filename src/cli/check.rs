//! `fenzu check`: judges a plan, whoever made it.

use super::input::{self, RequestArgs};
use super::output::Format;
use super::{Ending, Failure, output};
use crate::base::order::natural_order;
use crate::check::{self, Finding, ScoreCard};
use crate::explain;
use crate::fault::{Fault, Faults, Notice};
use crate::model::previous::settle;
use crate::model::{Policy, Request, Sizing};
use crate::pipeline::judged::{Given, Judged, judged};
use crate::pipeline::unmatched;
use crate::plan::document::{Document, GroupRecord, RestsOn};
use crate::plan::read::{AssignedRow, PlanFile, read};
use crate::report::rests_on;
use crate::roster::staff::{Directory, Staff, read_staff_file};
use crate::roster::{Limits, Roster};
use crate::words;
use crate::words::{Lang, Words};
use serde_json::json;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::path::PathBuf;

/// Judge a plan: every value, bound, rule and claim, by code that shares nothing with the solver
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu check plan.json --list class.xlsx
  fenzu check plan.csv --list class.xlsx --rules rules.json      columns id,group[,class,teacher]
  fenzu check plan.json --list class.xlsx --teachers staff.xlsx  teachers, capacities and demands too

A plan in JSON is judged by the model it carries, unless --model names another.
Exit code 3 if anything is wrong.")]
pub(super) struct Args {
    /// The plan: fenzu's JSON, or CSV or XLSX with the columns id and group
    plan: PathBuf,
    /// The class list that it divides; may be given several times
    #[arg(long = "list", required = true, value_name = "LIST")]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    request: RequestArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// One class's verdict, or that on the teachers of all.
#[derive(Default)]
struct Verdict {
    class: String,
    /// What its plan rests on; none where there is no plan.
    rests_on: Option<RestsOn>,
    findings: Vec<Finding>,
    card: Option<ScoreCard>,
    /// Whether it is about the teachers.
    is_staff: bool,
    /// What the teachers are judged by; none where there is no plan.
    case: Option<Case>,
    /// Who is who since last semester.
    notices: Vec<Notice>,
}

/// A class with the groups of its plan.
struct Case {
    roster: Roster,
    request: Request,
    policy: Policy,
    groups: Vec<GroupRecord>,
}

impl Case {
    fn rests_on(&self) -> RestsOn {
        explain::rests_on(&self.roster, &self.request, &self.policy)
    }

    fn staffed(&self) -> check::Staffed<'_> {
        check::Staffed { roster: &self.roster, request: &self.request, policy: &self.policy, groups: &self.groups }
    }
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let rosters = args.request.lists(&args.lists)?;
    let staff = |path| read_staff_file(path, &Limits::default(), &Directory::new(&rosters)?);
    let staff = args.request.teachers().map(staff).transpose()?;
    let request = args.request.request(None)?;
    let bytes = input::bytes(&args.plan)?;
    let mut verdicts = match read(&input::shown(&args.plan), &bytes)? {
        PlanFile::Documents(documents) => judge_documents(args, &rosters, &request, &documents)?,
        PlanFile::Assignment(rows) => judge_rows(&rosters, &request, staff.as_ref(), &rows)?,
    };
    verdicts.extend(staff.map(|staff| judge_staffing(&staff, &verdicts)));
    let clean = verdicts.iter().all(|verdict| verdict.findings.is_empty());
    output::print(&match args.format {
        Format::Table => table(&verdicts, lang),
        Format::Json => as_json(&verdicts, lang),
    })?;
    Ok(if clean { Ending::Done } else { Ending::No })
}

fn judge_documents(
    args: &Args,
    rosters: &[Roster],
    request: &Request,
    documents: &[Document],
) -> Result<Vec<Verdict>, Failure> {
    let given = Given {
        model: args.request.model.as_ref().map(|_| request.model.clone()),
        rules: request.rules.clone(),
        previous: request.previous.clone(),
    };
    let place = input::shown(&args.plan);
    let mut verdicts = Vec::new();
    for document in documents {
        let class = document.groups.first().map(|group| group.class.clone()).unwrap_or_default();
        let roster = class_roster(rosters, &class, args)?;
        let Judged { request, policy, card, findings, notices } = judged(&roster, &given, document, &place)?;
        let case = Case { roster, request, policy, groups: document.groups.clone() };
        let rests_on = card.is_some().then(|| case.rests_on());
        verdicts.push(Verdict { class, rests_on, findings, card, is_staff: false, case: Some(case), notices });
    }
    Ok(verdicts)
}

fn judge_rows(
    rosters: &[Roster],
    request: &Request,
    staff: Option<&Staff>,
    rows: &[AssignedRow],
) -> Result<Vec<Verdict>, Failure> {
    let mut verdicts = Vec::new();
    for list in rosters {
        for class in list.classes() {
            let roster = list.of_class(&class);
            let of_class = rows_of(rows, &roster, &class, list.classes().len());
            let mut verdict = Verdict { class, ..Verdict::default() };
            match check::plan_of_rows(&roster, &of_class) {
                Err(findings) => verdict.findings = findings,
                Ok(plan) => {
                    let asked = request.previous.is_some();
                    let mut request = Request { sizing: Some(Sizing::Count(plan.groups)), ..request.clone() };
                    verdict.notices = settle(&mut request, &roster);
                    let policy = Policy::apply(&request, &roster)?;
                    verdict.findings = check::broken_rules(&roster, &request, &policy, &plan);
                    verdict.card = Some(check::score(&roster, &request, &policy, &plan));
                    let groups = group_records(&verdict.class, &of_class, staff);
                    verdict.findings.extend(check::teacher_pins(&request, &groups));
                    verdict.findings.extend((asked && request.previous.is_none()).then(unmatched));
                    verdict.findings.extend(several_teachers(&groups, &of_class, staff));
                    let case = Case { roster, request, policy, groups };
                    verdict.rests_on = Some(case.rests_on());
                    verdict.case = Some(case);
                }
            }
            verdicts.push(verdict);
        }
    }
    Ok(verdicts)
}

/// The teachers of all classes that have a plan.
fn judge_staffing(staff: &Staff, verdicts: &[Verdict]) -> Verdict {
    let cases = verdicts.iter().filter_map(|verdict| verdict.case.as_ref());
    let classes: Vec<check::Staffed<'_>> = cases.map(Case::staffed).collect();
    Verdict {
        class: staff.file.clone(),
        findings: check::staffing(staff, &classes),
        is_staff: true,
        ..Verdict::default()
    }
}

/// The teacher's id where rows give the only teacher of that name instead.
fn meant(staff: Option<&Staff>, written: &str) -> String {
    let Some(staff) = staff.filter(|staff| staff.teacher(written).is_none()) else { return written.to_owned() };
    let mut named = staff.teachers.iter().filter(|teacher| teacher.name == written);
    let only = named.next().filter(|_| named.next().is_none());
    only.map_or_else(|| written.to_owned(), |teacher| teacher.id.clone())
}

/// The rows of each group.
fn by_group(rows: &[AssignedRow]) -> HashMap<&str, Vec<&AssignedRow>> {
    let mut groups: HashMap<&str, Vec<&AssignedRow>> = HashMap::new();
    for row in rows {
        groups.entry(row.group.as_str()).or_default().push(row);
    }
    groups
}

/// Groups whose rows do not agree on the teacher.
fn several_teachers(groups: &[GroupRecord], rows: &[AssignedRow], staff: Option<&Staff>) -> Vec<Finding> {
    let members = by_group(rows);
    let finding = |group: &GroupRecord| {
        let named = members.get(group.name.as_str())?.iter().filter(|row| !row.teacher.is_empty());
        let named: BTreeSet<String> = named.map(|row| meant(staff, &row.teacher)).collect();
        let (count, id, named) = (named.len(), &group.id, named.into_iter().collect::<Vec<_>>());
        let (zh, en) = (named.join("、"), named.join(", "));
        (count > 1).then(|| Finding {
            code: "group_teachers",
            place: format!("groups[{id}].teacher"),
            message: words!("同一个小组写了 {count} 位教师：{zh}", "the rows of one group name {count} teachers: {en}"),
        })
    };
    groups.iter().filter_map(finding).collect()
}

/// The groups of rows, numbered in natural order of their names.
fn group_records(class: &str, rows: &[AssignedRow], staff: Option<&Staff>) -> Vec<GroupRecord> {
    let mut groups: Vec<(&str, Vec<&AssignedRow>)> = by_group(rows).into_iter().collect();
    groups.sort_by(|(a, _), (b, _)| natural_order(a, b));
    let record = |((name, members), number): ((&str, Vec<&AssignedRow>), usize)| GroupRecord {
        id: if class.is_empty() { number.to_string() } else { format!("{class}/{number}") },
        name: name.to_owned(),
        class: class.to_owned(),
        teacher: members.iter().find(|row| !row.teacher.is_empty()).map(|row| meant(staff, &row.teacher)),
        teacher_name: None,
        students: members.iter().map(|row| row.id.clone()).collect(),
        helpers: Vec::new(),
    };
    groups.into_iter().zip(1..).map(record).collect()
}

/// The rows about a class. Where the plan names no classes they are told by id; an id of no class is left to every class to
/// complain about when there is only one.
fn rows_of(rows: &[AssignedRow], roster: &Roster, class: &str, classes: usize) -> Vec<AssignedRow> {
    let ids: HashSet<&str> = roster.students.iter().map(|student| student.id.as_str()).collect();
    let belongs = |row: &&AssignedRow| match row.class.as_str() {
        "" => classes == 1 || ids.contains(row.id.as_str()),
        named => named == class || class.is_empty(),
    };
    rows.iter().filter(belongs).cloned().collect()
}

/// The class that a plan divides; a plan without a class divides a whole list.
fn class_roster(rosters: &[Roster], class: &str, args: &Args) -> Result<Roster, Failure> {
    if class.is_empty()
        && let [roster] = rosters
    {
        return Ok(roster.clone());
    }
    let holds = |roster: &&Roster| roster.students.iter().any(|student| student.class == class);
    let holder = rosters.iter().find(holds).map(|roster| roster.of_class(class));
    holder.or_else(|| named_by_school(rosters, class)).ok_or_else(|| {
        refuse(
            "unknown_class",
            input::shown(&args.plan),
            words!("班级“{class}”", "class \"{class}\""),
            words!("名册中的班级", "a class of the list"),
            words!("请核对 --list", "check --list"),
        )
    })
}

/// A class under the name that `fenzu school` gave it: the file's where its list names none; with the file's before its own
/// where several lists have classes of one name.
fn named_by_school(rosters: &[Roster], class: &str) -> Option<Roster> {
    let stem = |roster: &Roster| roster.file.rsplit_once('.').map_or(roster.file.clone(), |(stem, _)| stem.to_owned());
    let found = rosters.iter().find_map(|roster| {
        let names = roster.classes();
        let is_named = |name: &&String| match name.as_str() {
            "" => class == stem(roster) || class.ends_with(&format!(" {}", stem(roster))) || rosters.len() == 1,
            name => {
                class == format!("{} {name}", stem(roster)) || class.ends_with(&format!(" {} {name}", stem(roster)))
            }
        };
        names.iter().find(is_named).map(|name| roster.of_class(name))
    });
    found.map(|mut roster| {
        for student in &mut roster.students {
            class.clone_into(&mut student.class);
        }
        roster
    })
}

fn refuse(code: &'static str, place: String, found: Words, expected: Words, action: Words) -> Failure {
    Failure::Input(Faults::from(Fault { code, place, found, expected, action }))
}

fn table(verdicts: &[Verdict], lang: Lang) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let class = if verdict.class.is_empty() { "-" } else { &verdict.class };
        let faults = verdict.findings.len();
        let head = match faults {
            0 if verdict.is_staff => words!("{class}：教师安排无误", "{class}: the teachers agree"),
            0 if verdict.card.is_none() => {
                words!("{class}：没有分组结果可以复核", "{class}: there is no plan to judge")
            }
            0 => words!(
                "{class}：无误，每个数值、界限和规则都已复核",
                "{class}: agrees; every value, bound and rule was recomputed"
            ),
            _ => words!("{class}：发现 {faults} 处错误", "{class}: {faults} faults"),
        };
        // Writing to a String cannot fail.
        if let Some(rests) = verdict.rests_on.as_ref().and_then(|rests| rests_on::line(rests, lang)) {
            let _ = writeln!(text, "{rests}");
        }
        let _ = writeln!(text, "{}", head.get(lang));
        for finding in &verdict.findings {
            let _ = writeln!(text, "  [{}] {}: {}", finding.code, finding.place, finding.message.get(lang));
        }
        for notice in &verdict.notices {
            let _ = writeln!(text, "  [{}] {}", notice.code, notice.message.get(lang));
        }
        for goal in verdict.card.iter().flat_map(|card| &card.goals) {
            let (name, unit) = (goal.name.word(), goal.unit.get(lang));
            let _ = writeln!(text, "  {} {name:<10} {:>12.4}  >= {:>12.4}  {unit}", goal.level, goal.value, goal.bound);
        }
    }
    text
}

fn as_json(verdicts: &[Verdict], lang: Lang) -> String {
    let finding =
        |finding: &Finding| json!({"code": finding.code, "where": finding.place, "message": finding.message.get(lang)});
    let notice =
        |notice: &Notice| json!({"code": notice.code, "where": notice.place, "message": notice.message.get(lang)});
    let goal = |goal: &check::CheckedGoal| {
        json!({"name": goal.name.word(), "level": goal.level, "value": goal.value, "bound": goal.bound,
            "scaled": goal.scaled, "scaled_bound": goal.scaled_bound, "unit": goal.unit.get(lang)})
    };
    let verdict = |verdict: &Verdict| {
        let goals: Vec<_> = verdict.card.iter().flat_map(|card| &card.goals).map(goal).collect();
        json!({"class": verdict.class, "rests_on": verdict.rests_on, "agrees": verdict.findings.is_empty(),
            "findings": verdict.findings.iter().map(finding).collect::<Vec<_>>(), "goals": goals,
            "notices": verdict.notices.iter().map(notice).collect::<Vec<_>>()})
    };
    let verdicts: Vec<_> = verdicts.iter().map(verdict).collect();
    format!("{:#}\n", json!({ "verdicts": verdicts }))
}
