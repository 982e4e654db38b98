//! How the sheets of a plan print and open: pages, repeated headers, panes, heights, widths.

use super::{parts, teacher_xlsx};
use fenzu::words::Lang;

/// The XML of the sheet with this number, from 1.
fn sheet(number: usize) -> String {
    let name = format!("xl/worksheets/sheet{number}.xml");
    parts(&teacher_xlsx(Lang::Zh)).into_iter().find(|(part, _)| *part == name).unwrap().1
}

#[test]
fn every_sheet_is_a4_landscape_and_one_page_wide() {
    for number in 1..=5 {
        let xml = sheet(number);
        assert!(xml.contains("<pageSetUpPr fitToPage=\"1\"/>"), "sheet {number}");
        assert!(xml.contains("paperSize=\"9\"") && xml.contains("orientation=\"landscape\""), "sheet {number}");
    }
}

#[test]
fn the_list_of_a_class_keeps_its_header_and_prints_on_one_page() {
    let xml = sheet(2);
    assert!(xml.contains("<pane xSplit=\"2\" ySplit=\"1\" topLeftCell=\"C2\""), "{xml}");
    assert!(!xml.contains("fitToHeight=\"0\""), "one page");
    assert!(xml.contains("<oddHeader>&amp;L&amp;A&amp;R&amp;F</oddHeader>"), "{xml}");
    let book = parts(&teacher_xlsx(Lang::Zh)).into_iter().find(|(part, _)| part == "xl/workbook.xml").unwrap().1;
    assert!(book.contains("_xlnm.Print_Titles\" localSheetId=\"1\">名单!$1:$1<"), "{book}");
}

#[test]
fn titles_have_their_height_and_columns_fill_the_notice() {
    for number in [1, 3, 4, 5] {
        let xml = sheet(number);
        let row = xml.split("<row ").nth(1).unwrap();
        assert!(row.split('>').next().unwrap().contains("ht=\"27\""), "sheet {number}: {row}");
    }
    let columns = sheet(1).split("<cols>").nth(1).unwrap().split("</cols>").next().unwrap().to_owned();
    // Three groups: three columns of 30 characters (and the padding that Excel adds).
    assert!(columns.contains("min=\"1\" max=\"3\" width=\"30."), "{columns}");
}

#[test]
fn numbers_of_the_score_card_are_rounded_for_the_eye() {
    let styles = parts(&teacher_xlsx(Lang::Zh)).into_iter().find(|(part, _)| part == "xl/styles.xml").unwrap().1;
    assert!(styles.contains("formatCode=\"0.00#\""), "{styles}");
    let xml = sheet(4);
    let cell = |value: &str| {
        let before = xml.split(value).next().unwrap();
        before.rsplit("s=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    assert_ne!(cell("<v>5.666667</v>"), cell("<v>1</v>"), "a whole number keeps its plain format");
}
