//! What is shown and written of a plan: terminal, JSON, CSV, XLSX, HTML, for teacher and public.

mod fixture;

#[test]
fn scratch() {
    use fenzu::report::*;
    use fenzu::words::Lang;
    let dir = std::path::Path::new("/tmp/report_out");
    std::fs::create_dir_all(dir).unwrap();
    for (lang, l) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let case = fixture::case(lang);
        for (aud, a) in [(Audience::Teacher, "t"), (Audience::Public, "p")] {
            let r = [case.report(lang, aud)];
            std::fs::write(dir.join(format!("{l}{a}.txt")), table(&r)).unwrap();
            std::fs::write(dir.join(format!("{l}{a}.csv")), csv(&r).unwrap()).unwrap();
            std::fs::write(dir.join(format!("{l}{a}.xlsx")), xlsx(&r).unwrap()).unwrap();
            std::fs::write(dir.join(format!("{l}{a}.html")), html(&r).unwrap()).unwrap();
        }
    }
}
