//! Editing by hand: what moves would change, new plans from moves, solving again around those who stay.

use crate::command::dataset;
use crate::service_client::Server;
use crate::staffing_school::teachers;
use fenzu::check;
use fenzu::jobs::PlanRequest;
use fenzu::jobs::plan::{File, Input, solve};
use fenzu::jobs::request::{Size, Stays};
use fenzu::pipeline::Ready;
use fenzu::plan::Plan;
use fenzu::plan::document::Document;
use fenzu::roster::Limits;
use fenzu::solver::Stop;
use fenzu::words::Lang;
use serde_json::{Value, json};
use std::time::Duration;

fn planned(server: &Server) -> (String, Value) {
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    (list.clone(), server.plan(&json!({"list": list, "groups": 5})))
}

fn id(answer: &Value) -> &str {
    answer["id"].as_str().expect("an id")
}

fn student(plan: &Value, group: usize, at: usize) -> String {
    plan["plan"]["groups"][group]["students"][at].as_str().expect("a student").to_owned()
}

/// Two students of different groups with the same tier and gender are hard to find blindly; any two will do to see effects.
#[test]
fn a_swap_is_priced_and_made() {
    let server = Server::start();
    let (list, plan) = planned(&server);
    let (a, b) = (student(&plan, 0, 0), student(&plan, 1, 0));
    let place = format!("/v1/plans/{}/moves", id(&plan));
    let swap = |apply: bool| json!({"moves": [{"swap": [a, b]}], "apply": apply});
    let looked = server.post(&place, &swap(false)).status(200).json();
    assert!(looked["plan"].is_null());
    let goals = looked["goals"].as_array().expect("goals");
    let before: Vec<&Value> = goals.iter().map(|goal| &goal["before_scaled"]).collect();
    let told: Vec<&Value> =
        plan["plan"]["goals"].as_array().expect("goals").iter().map(|goal| &goal["scaled"]).collect();
    assert_eq!(before, told, "before is what the plan says");
    assert!(goals.iter().any(|goal| goal["before_scaled"] != goal["after_scaled"]), "{goals:?}");

    let answer = server.post(&place, &swap(true)).status(201);
    let new = answer.header("location").expect("a place").to_owned();
    let made = server.get(&new).status(200).json();
    assert_eq!((&made["parent"], &made["state"]), (&plan["id"], &json!("done")));
    let after: Vec<&Value> = goals.iter().map(|goal| &goal["after_scaled"]).collect();
    let told: Vec<&Value> =
        made["plan"]["goals"].as_array().expect("goals").iter().map(|goal| &goal["scaled"]).collect();
    assert_eq!(after, told, "after is what the new plan says");
    let document: Document = serde_json::from_value(made["plan"].clone()).expect("a plan");
    assert!(document.groups[1].students.contains(&a) && document.groups[0].students.contains(&b));
    // Nobody's run ended there, and its page says so.
    assert_eq!((&plan["plan"]["stop"], &made["plan"]["stop"]), (&json!("proved"), &json!("edited")));
    for (plan, by_hand) in [(&plan, false), (&made, true)] {
        let page = server.ask("GET", &format!("/plans/{}", id(plan)), &[("Cookie", "lang=en")], b"").status(200).text();
        assert_eq!(page.contains("Arranged by hand"), by_hand, "{}", id(plan));
        assert!(!page.contains("stopped by the user"));
    }
    // The judge, who shares no code with the solver, agrees with every claim of the edited plan.
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": made["plan"]})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], true, "{verdict:#}");
    // The first plan is as it was; moving back gives its values again, proofs and all.
    assert_eq!(server.get(&format!("/v1/plans/{}", id(&plan))).status(200).json(), plan);
    let back = server.post(&format!("{new}/moves"), &swap(true)).status(201).json();
    let back = server.get(&format!("/v1/plans/{}", back["plan"].as_str().expect("an id"))).status(200).json();
    let values = |plan: &Value| -> Vec<Value> {
        plan["plan"]["goals"].as_array().expect("goals").iter().map(|goal| goal["scaled"].clone()).collect()
    };
    assert_eq!(values(&back), values(&plan));
}

#[test]
fn a_move_that_breaks_a_rule_is_told_and_not_made() {
    let server = Server::start();
    let (_, plan) = planned(&server);
    let place = format!("/v1/plans/{}/moves", id(&plan));
    let two = [student(&plan, 0, 0), student(&plan, 0, 1)];
    let target = plan["plan"]["groups"][1]["id"].clone();
    let moves: Vec<Value> = two.iter().map(|student| json!({"student": student, "to": target})).collect();
    let looked = server.post(&place, &json!({"moves": moves})).status(200).json();
    assert!(!looked["broken"].as_array().expect("findings").is_empty(), "8 and 12 are not within one: {looked:#}");
    let refused = server.post(&place, &json!({"moves": moves, "apply": true})).status(422).json();
    assert!(!refused["faults"].as_array().expect("faults").is_empty());
    let unknown = json!({"moves": [{"student": "nobody", "to": target}, {"student": two[0], "to": "nowhere"}, {"swap": ["x", "y"]}]});
    let problem = server.post(&place, &unknown).problem(422, "unknown_student");
    assert_eq!(problem["faults"].as_array().map(Vec::len), Some(3), "{problem:#}");
    server.post(&place, &json!({"moves": [{"swap": ["x"]}]})).problem(422, "invalid_json");
}

/// Ten may move, forty stay.
#[test]
fn a_plan_is_improved_around_those_who_stay() {
    let server = Server::start();
    let (list, plan) = planned(&server);
    let free: Vec<String> = (0..5).flat_map(|group| [student(&plan, group, 0), student(&plan, group, 1)]).collect();
    let place = format!("/v1/plans/{}/improve", id(&plan));
    let wait = [("Prefer", "wait=60")];
    let new = server.post_with(&place, &wait, &json!({"free": free})).status(200).json();
    assert_eq!((&new["parent"], &new["state"]), (&plan["id"], &json!("done")), "{new:#}");
    let group_of = |plan: &Value, id: &str| {
        let groups = plan["plan"]["groups"].as_array().expect("groups");
        groups.iter().position(|group| group["students"].as_array().expect("students").iter().any(|other| other == id))
    };
    for group in 0..5 {
        for at in 2..10 {
            let stays = student(&plan, group, at);
            assert_eq!(group_of(&new, &stays), Some(group), "{stays} stays");
        }
    }
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": new["plan"]})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], true, "{verdict:#}");
    let all: Vec<String> =
        (0..5).flat_map(|group| (0..10).map(move |at| (group, at))).map(|(g, at)| student(&plan, g, at)).collect();
    let same = server.post_with(&place, &wait, &json!({"locked": all})).status(200).json();
    assert_eq!(same["plan"]["groups"].as_array().expect("groups").len(), 5);
    assert!(all.iter().all(|id| group_of(&same, id) == group_of(&plan, id)));
    server.post(&place, &json!({})).problem(422, "locked_or_free");
    server.post(&place, &json!({"free": [], "locked": []})).problem(422, "locked_or_free");
    server.post(&place, &json!({"free": ["nobody"]})).problem(422, "unknown_student");
}

const WAIT: [(&str, &str); 1] = [("Prefer", "wait=60")];

/// A plan after a request that names it.
fn made(server: &Server, of: &Value, step: &str, body: &Value) -> Value {
    let answer = server.post_with(&format!("/v1/plans/{}/{step}", id(of)), &WAIT, body).json();
    let new = answer["plan"].as_str().or(answer["id"].as_str()).unwrap_or_else(|| panic!("{answer:#}"));
    let new = server.get(&format!("/v1/plans/{new}")).status(200).json();
    assert_eq!((&new["parent"], &new["state"]), (&of["id"], &json!("done")), "{new:#}");
    new
}

fn scaled<'p>(plan: &'p Value, key: &str) -> Vec<i64> {
    let goals: &'p Vec<Value> = plan["goals"].as_array().expect("goals");
    goals.iter().map(|goal| goal[key].as_i64().expect("a whole number")).collect()
}

/// The closed-form bound of every goal, from the judge, who must agree with the plan.
fn closed(server: &Server, list: &str, plan: &Value) -> Vec<i64> {
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": plan["plan"]})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], true, "{verdict:#}");
    scaled(&verdict["verdicts"][0], "scaled_bound")
}

fn everybody(plan: &Value) -> Vec<String> {
    let document: Document = serde_json::from_value(plan["plan"].clone()).expect("a plan");
    document.groups.into_iter().flat_map(|group| group.students).collect()
}

/// Those who stay do so for one improvement only, and no bound that was found around them is told of a plan without them.
#[test]
fn who_stays_is_free_again_afterwards() {
    let server = Server::start();
    let (list, first) = planned(&server);
    let swap = |a: &str, b: &str| json!({"moves": [{"swap": [a, b]}], "apply": true});
    let (a, b) = (student(&first, 0, 0), student(&first, 1, 0));
    let worse = made(&server, &first, "moves", &swap(&a, &b));
    let locked = made(&server, &worse, "improve", &json!({"locked": everybody(&worse)}));
    assert_eq!(locked["plan"]["request"]["rules"]["pin"].as_array().map(Vec::len), Some(50));
    assert_eq!(scaled(&locked["plan"], "scaled"), scaled(&worse["plan"], "scaled"));
    let bounds = scaled(&locked["plan"], "scaled_bound");
    assert_ne!(bounds, closed(&server, &list, &locked), "something is proved of the one plan that is left");

    // Improved again: only the new ones stay, and all others reach what they had reached before.
    let again = made(&server, &locked, "improve", &json!({"locked": [b]}));
    assert_eq!(again["plan"]["request"]["rules"]["pin"], json!([{"student": b, "group": 1}]));
    let free = made(&server, &again, "improve", &json!({"locked": []}));
    assert_eq!(free["plan"]["request"]["rules"]["pin"], json!([]));
    let goals = first["plan"]["goals"].as_array().expect("goals");
    let proved = goals.iter().filter(|goal| goal["proved"] == true).count();
    let [before, after, stuck] =
        [&first, &free, &locked].map(|plan| scaled(&plan["plan"], "scaled")[..proved].to_vec());
    assert_eq!(before, after);
    assert!(stuck > after, "{stuck:?} {after:?}");

    // Moved by hand: back, for the better, and another two, for the worse.
    let (c, d) = (student(&first, 2, 0), student(&first, 3, 0));
    for moves in [swap(&a, &b), swap(&c, &d)] {
        let moved = made(&server, &locked, "moves", &moves);
        assert_eq!(moved["plan"]["request"]["rules"]["pin"], json!([]));
        assert_eq!(scaled(&moved["plan"], "scaled_bound"), closed(&server, &list, &moved));
        // And on from there.
        let next = made(&server, &moved, "moves", &moves);
        assert_eq!(scaled(&next["plan"], "scaled_bound"), closed(&server, &list, &next));
    }
}

/// Improving one class binds the others; what was proved of them so is told of no plan that was edited by hand afterwards.
#[test]
fn classes_beside_an_improved_one_are_free_again_afterwards() {
    let server = Server::start();
    let row = |class: &str, n: u32| format!("{class},{class}-{n:02},学生{class}{n},{}\n", 40 + 17 * n % 53);
    let rows = ["A", "B"].into_iter().flat_map(|class| (1..=12).map(move |n| row(class, n)));
    let list = server.list("two.csv", ("class,id,name,math\n".to_owned() + &rows.collect::<String>()).as_bytes());
    let plan = server.plan(&json!({"list": list, "groups": 3}));
    let swap = |class: usize| {
        let student = |group: usize| plan["plan"][class]["groups"][group]["students"][0].clone();
        let name = ["A", "B"][class];
        json!({"class": name, "moves": [{"swap": [student(0), student(1)]}], "apply": true})
    };
    let worse = made(&server, &plan, "moves", &swap(1));
    assert!(scaled(&worse["plan"][1], "scaled") > scaled(&plan["plan"][1], "scaled"), "the swap is for the worse");
    let improved = made(&server, &worse, "improve", &json!({"class": "A", "locked": []}));
    assert_eq!(scaled(&improved["plan"][1], "scaled"), scaled(&worse["plan"][1], "scaled"), "B stays");
    let moved = made(&server, &improved, "moves", &swap(0));
    let back = made(&server, &moved, "moves", &swap(1));
    assert_eq!(scaled(&back["plan"][1], "scaled"), scaled(&plan["plan"][1], "scaled"));
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": back["plan"]})).status(200).json();
    assert_eq!(verdict["verdicts"][1]["agrees"], true, "{verdict:#}");
    assert_eq!(scaled(&back["plan"][1], "scaled_bound"), scaled(&verdict["verdicts"][1], "scaled_bound"));
}

/// Uploads a staff list for a list; its id.
fn staff_list(server: &Server, list: &str, rows: &[&str]) -> String {
    let staff = teachers(rows);
    let sent = server.upload("/v1/staff", &[("file", "staff.csv", staff.as_bytes()), ("list", "", list.as_bytes())]);
    sent.status(201).json()["id"].as_str().expect("an id").to_owned()
}

/// Who stays keeps the teacher that the rules give, and has the rules' own pin back afterwards.
#[test]
fn who_stays_keeps_the_teacher() {
    let server = Server::start();
    let (list, plan) = planned(&server);
    let class = plan["plan"]["groups"][0]["class"].as_str().expect("a class");
    let staff = staff_list(&server, &list, &["T1,Ann,七（3）班,3,,,,,", "T2,Bob,七（3）班,3,,,,,"]);
    let who = student(&plan, 0, 0);
    // With the class before the id, as rules for several classes have it.
    let pin = json!([{"student": format!("{class}/{who}"), "teacher": "T2"}]);
    let plan = server.plan(&json!({"list": list, "groups": 5, "staff": staff, "rules": {"pin": pin}}));
    let teacher = |plan: &Value| {
        let document: Document = serde_json::from_value(plan["plan"].clone()).expect("a plan");
        let group = document.groups.iter().position(|group| group.students.contains(&who)).expect("a group");
        (group, document.groups[group].teacher.clone())
    };
    let (group, before) = teacher(&plan);
    assert_eq!(before.as_deref(), Some("T2"));
    let locked = made(&server, &plan, "improve", &json!({"locked": [who]}));
    let pin = json!([{"student": who, "group": group + 1, "teacher": "T2"}]);
    assert_eq!(locked["plan"]["request"]["rules"]["pin"], pin);
    assert_eq!(teacher(&locked), (group, Some("T2".to_owned())));
    let free = made(&server, &locked, "improve", &json!({"locked": []}));
    assert_eq!(free["plan"]["request"]["rules"]["pin"], json!([{"student": who, "teacher": "T2"}]));
}

/// Rows of a class, ids `<name>-01` …
fn rows(name: &str, marks: impl IntoIterator<Item = i32>) -> String {
    (1..).zip(marks).map(|(s, mark)| format!("{name}-{s:02},{name},{mark}\n")).collect()
}

const HEAD: &str = "id,class,math\n";

/// The teachers stay with the groups, so moves are held against the staff list too, over all classes.
#[test]
fn moves_know_the_staff_list() {
    let server = Server::start();
    let marks = |students: i32| (0..students).map(|s| 60 + s * 7 % 40);
    let list = [HEAD, &rows("A", marks(17)), &rows("B", marks(16))].concat();
    let list = server.list("grade.csv", list.as_bytes());
    // Ann's own child is in B; she takes the smaller group of A and the other one of B, and no student more.
    let staff = staff_list(&server, &list, &["T1,Ann,A;B,2,16,,,B-01,A;B", "T2,Bob,A;B,2,,,,,"]);
    let plan = server.plan(&json!({"list": list, "groups": 2, "staff": staff}));
    let documents: Vec<Document> = serde_json::from_value(plan["plan"].clone()).expect("plans");
    let groups = |class: usize| {
        let groups = &documents[class].groups;
        let own = groups.iter().position(|group| group.teacher.as_deref() == Some("T1")).expect("Ann's");
        (&groups[own], &groups[1 - own])
    };
    let [(small, large), (own, other)] = [groups(0), groups(1)];
    assert_eq!((small.students.len(), large.students.len()), (8, 9));
    assert!(other.students.contains(&"B-01".to_owned()));
    let harmless = other.students.iter().find(|id| *id != "B-01").expect("a student");
    let cases = [
        (json!({"class": "A", "moves": [{"student": large.students[0], "to": small.id}]}), vec!["teacher_students"]),
        (json!({"class": "B", "moves": [{"swap": ["B-01", own.students[0]]}]}), vec!["teacher_avoids"]),
        (json!({"class": "B", "moves": [{"swap": [harmless, own.students[0]]}]}), vec![]),
    ];
    let place = format!("/v1/plans/{}/moves", id(&plan));
    for (mut asked, codes) in cases {
        let told = |findings: &Value| -> Vec<String> {
            let findings = findings.as_array().expect("findings").iter();
            findings.map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
        };
        assert_eq!(told(&server.post(&place, &asked).status(200).json()["broken"]), codes, "{asked}");
        asked["apply"] = json!(true);
        let answer = server.post(&place, &asked);
        if codes.is_empty() {
            answer.status(201);
        } else {
            assert_eq!(told(&answer.status(422).json()["faults"]), codes);
        }
    }
}

/// Two who are bound to different teachers were apart, which costs the means. Where the edit brings them together, what was
/// proved of plans with them apart is not told of it; and demands that the plan never met break nothing.
#[test]
fn bounds_around_the_teachers_students_end_with_these() {
    let pin = json!({"pin": [{"student": "A-02", "teacher": "T2"}]});
    let request =
        PlanRequest { groups: Some(2), rules: Some(pin), prove: Some("all".to_owned()), ..PlanRequest::default() };
    let input = Input {
        list: file("A.csv", HEAD.to_owned() + &rows("A", [100, 0, 50, 50, 50, 50, 50, 50])),
        staff: Some(file("staff.csv", teachers(&["T1,Ann,A,2,,,,,A-01", "T2,Bob,A,2,1,,,,"]))),
        request,
        ..fitted()
    };
    let documents = solved(&input);
    let again = input.reopened(input.read(), &documents).expect("no fault");
    let class = &again.classes[0];
    let plan = check::plan_of(&class.roster, &documents[0]).expect("a plan");
    assert_ne!(plan.group_of[0], plan.group_of[1]);
    let bounds = |document: &Document| document.goals.iter().map(|goal| goal.scaled_bound).collect::<Vec<_>>();
    let closed = |group_of: &[usize]| {
        let plan = Plan { groups: 2, group_of: group_of.to_vec() };
        let card = check::score(&class.roster, &class.request, &class.policy, &plan);
        card.goals.iter().map(|goal| goal.scaled_bound).collect::<Vec<_>>()
    };
    assert_ne!(bounds(&documents[0]), closed(&plan.group_of), "apart costs something");
    let original = again.original(&documents, input.bounds());
    let same = original.edited(0, plan.group_of.clone(), Lang::En);
    assert_eq!((same.findings, bounds(&same.document)), (Vec::new(), bounds(&documents[0])));
    let mut together = plan.group_of;
    let other = (2..8).find(|&s| together[s] == together[0]).expect("a third");
    together.swap(1, other);
    let edited = original.edited(0, together.clone(), Lang::En);
    assert_eq!((edited.findings, bounds(&edited.document)), (Vec::new(), closed(&together)));
}

/// A class of 48 whose teacher takes four groups; without a staff list it would have five.
fn fitted() -> Input {
    let request = PlanRequest { size: Some(Size::Range { min: 8, max: 13 }), ..PlanRequest::default() };
    Input {
        list: file("A.csv", HEAD.to_owned() + &rows("A", (1..=48).map(|s| 60 + s * 7 % 40))),
        overrides: Vec::new(),
        staff: Some(file("staff.csv", teachers(&["T1,Ann,A,4,,,,,"]))),
        earlier: None,
        request,
        limits: Limits::default(),
    }
}

fn file(name: &str, text: String) -> File {
    File { name: name.to_owned(), bytes: text.into_bytes() }
}

fn groups(ready: &Ready) -> usize {
    ready.classes[0].policy.groups
}

fn solved(input: &Input) -> Vec<Document> {
    let ready = input.ready(input.read(), &Stop::after(None)).expect("no fault");
    let seconds = || Stop::after(Some(Duration::from_secs(20)));
    solve(&ready, &input.request, &seconds, &|_| ()).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// How many groups a plan has is settled with it, whatever a fit to the teachers would find under another clock.
#[test]
fn a_plan_is_reopened_with_its_number_of_groups() {
    let input = fitted();
    let documents = solved(&input);
    assert_eq!(documents[0].groups.len(), 4);
    let no_time = Stop::after(Some(Duration::ZERO));
    assert_eq!(groups(&input.ready(input.read(), &no_time).expect("no fault")), 5, "what a fit without time finds");
    let again = input.reopened(input.read(), &documents).expect("no fault");
    assert_eq!(groups(&again), 4);
    let group_of = check::plan_of(&again.classes[0].roster, &documents[0]).expect("a plan").group_of;
    let edited = again.original(&documents, input.bounds()).edited(0, group_of, Lang::En);
    assert_eq!(edited.findings, []);
    assert!(edited.document.notices.iter().any(|notice| notice.code == "groups_for_teachers"), "told as before");
    // The worker takes what was fitted before the plan was queued, with the reason.
    let fitted = input.fitted(input.read(), &Stop::after(None)).expect("no fault");
    let queued = Input { request: PlanRequest { fitted, ..input.request.clone() }, ..input.clone() };
    let ready = queued.ready(queued.read(), &no_time).expect("no fault");
    assert_eq!(groups(&ready), 4);
    let told = ready.classes[0].problem.notices.iter().find(|notice| notice.code == "groups_for_teachers");
    assert!(told.is_some_and(|notice| notice.message.en.contains("can carry")), "{told:?}");
    // The worker that improves the plan takes its number too.
    let stays = Some(Stays { groups: vec![4], pin: Vec::new() });
    let request = PlanRequest { stays, ..input.request.clone() };
    let improved = Input { request, ..input };
    assert_eq!(groups(&improved.ready(improved.read(), &no_time).expect("no fault")), 4);
}
