use fenzu::roster::{Reading, Override, read};
#[test]
fn probe() {
    for f in ["class50.csv", "class50_gb18030.csv", "class50_messy.xlsx", "uci-student-por-a.csv"] {
        let bytes = std::fs::read(format!("{}/../shared/data/{f}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let r = read(&bytes, &Reading { file: f, ..Reading::default() });
        match r { Ok(r) => { println!("{f}: {} students", r.students.len());
            for c in &r.columns { println!("  {} {} -> {} {:?}", c.index, c.header, c.field, &c.cells[5]); }
            for n in &r.notices { println!("  [{}] {} {} / {}", n.code, n.place, n.message.zh, n.message.en); } println!("{:?}", r.students[3]); }
            Err(e) => println!("{e}") }
    }
    let _: Override = "a=b".parse().unwrap_or(Override{field: fenzu::roster::Field::Id, header: String::new()});
}
